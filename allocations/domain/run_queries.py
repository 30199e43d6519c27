"""Runs and proposals as lists show them."""

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from allocations.models import AllocationRun
from exhibitors.enums import ApplicationStatus
from exhibitors.models import Application
from fairs.models import Stand


def with_counts(runs: QuerySet[AllocationRun]) -> QuerySet[AllocationRun]:
    """Each run with how many lines of its proposal have a stand (``placed_count``), have none (``unplaced_count``), or are of companies
    that take no part any more (``gone_count``); 0 where there is none yet."""
    gone = Q(proposal__lines__application__status__in=ApplicationStatus.ended)
    return runs.annotate(
        placed_count=Count("proposal__lines", filter=Q(proposal__lines__stand__isnull=False) & ~gone),
        unplaced_count=Count("proposal__lines", filter=Q(proposal__lines__stand__isnull=True) & ~gone),
        gone_count=Count("proposal__lines", filter=gone),
    )


def names_of(application_ids: Iterable[int]) -> dict[int, str]:
    """The companies' names by id of their application."""
    rows = Application.objects.filter(pk__in=set(application_ids)).select_related("company")
    return {row.pk: str(row.company) for row in rows}


def numbers_of(stand_ids: Iterable[int]) -> dict[int, str]:
    """The numbers of stands by their ids."""
    return dict(Stand.objects.filter(pk__in=set(stand_ids)).values_list("pk", "number"))
