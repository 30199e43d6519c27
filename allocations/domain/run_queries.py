"""Runs and proposals as lists show them."""

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from allocations.models import AllocationRun
from exhibitors.models import Application
from fairs.models import Stand


def with_counts(runs: QuerySet[AllocationRun]) -> QuerySet[AllocationRun]:
    """Each run with ``line_count`` and ``placed_count`` of its proposal; 0 where there is none yet."""
    placed = Count("proposal__lines", filter=Q(proposal__lines__stand__isnull=False))
    return runs.annotate(line_count=Count("proposal__lines"), placed_count=placed)


def names_of(application_ids: Iterable[int]) -> dict[int, str]:
    """The companies' names by id of their application."""
    rows = Application.objects.filter(pk__in=set(application_ids)).select_related("company")
    return {row.pk: str(row.company) for row in rows}


def numbers_of(stand_ids: Iterable[int]) -> dict[int, str]:
    """The numbers of stands by their ids."""
    return dict(Stand.objects.filter(pk__in=set(stand_ids)).values_list("pk", "number"))
