"""Runs and proposals as lists show them."""

from django.db.models import Count, Q, QuerySet

from allocations.models import AllocationRun


def with_counts(runs: QuerySet[AllocationRun]) -> QuerySet[AllocationRun]:
    """Each run with ``line_count`` and ``placed_count`` of its proposal; 0 where there is none yet."""
    placed = Count("proposal__lines", filter=Q(proposal__lines__stand__isnull=False))
    return runs.annotate(line_count=Count("proposal__lines"), placed_count=placed)
