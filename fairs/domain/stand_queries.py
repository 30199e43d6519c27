"""Stands with what the public may know of them."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import BooleanField, Case, CharField, Exists, Max, Min, Q, QuerySet, Value, When

from fairs.enums import StandStatus, StandUse
from fairs.models import Stand
from fairs.site_days import Days

# Who stands where is known on a floor above (exhibitors), which says here how to ask for it.
_taken: list[Callable[[], Exists]] = []


def register_taken(condition: Callable[[], Exists]) -> None:
    """Called from ``AppConfig.ready``: ``condition()`` is true of a stand (``OuterRef("pk")``) that is publicly taken."""
    _taken.append(condition)


# The same for staff: who has, is offered or waits for each stand (stand id: its uses).
UsesOf = Callable[[Collection[int], datetime], dict[int, list[dict[str, Any]]]]
_uses: list[UsesOf] = []


def register_uses(find: UsesOf) -> None:
    """Called from ``AppConfig.ready``: ``find(stand_ids, now)`` tells what staff who place exhibitors may know of these stands."""
    _uses.append(find)


# Whether a stand is used so: a condition for its row.
UsedAs = Callable[[StandUse, datetime], Exists]
_used_as: list[UsedAs] = []


def register_used_as(condition: UsedAs) -> None:
    """Called from ``AppConfig.ready``: ``condition(use, now)`` is true of a stand (``OuterRef("pk")``) that is used so."""
    _used_as.append(condition)


def used_as(stands: QuerySet[Stand], uses: Collection[StandUse], *, or_unused: bool, now: datetime) -> QuerySet[Stand]:
    """Those of the stands that have any of ``uses``, or none at all if wanted: for staff alone."""
    none_at_all = ~_any_of(StandUse, now) if or_unused else Q(pk__in=[])
    return stands.filter(_any_of(uses, now) | none_at_all)


def _any_of(uses: Iterable[StandUse], now: datetime) -> Q:
    return reduce(or_, (Q(make(use, now)) for make in _used_as for use in uses), Q(pk__in=[]))


def mark_uses(stands: Collection[Stand], *, now: datetime) -> None:
    """Give each of these stands ``uses``: for staff alone, for most of it is not public."""
    found = [find([stand.pk for stand in stands], now) for find in _uses]
    for stand in stands:
        stand.uses = [use for one in found for use in one.get(stand.pk, [])]  # type: ignore[attr-defined]


def with_taken(stands: QuerySet[Stand]) -> QuerySet[Stand]:
    """The same stands, each with ``taken``: whether somebody has accepted it. Offers and plans do not count."""
    condition = reduce(or_, (Q(make()) for make in _taken), Q(pk__in=[]))
    return stands.annotate(taken=Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField()))


def with_status(stands: QuerySet[Stand]) -> QuerySet[Stand]:
    """The same stands, each with ``taken`` and the public ``status`` (StandStatus)."""
    return with_taken(stands).annotate(
        status=Case(
            When(blocked=True, then=Value(StandStatus.BLOCKED)),
            When(taken=True, then=Value(StandStatus.TAKEN)),
            default=Value(StandStatus.AVAILABLE),
            output_field=CharField(),
        )
    )


def days_of_stands(site_id: int) -> Days:
    """First and last day for which stands of a site are rented that are not rented on all of its days."""
    found = Stand.objects.filter(hall__site=site_id).aggregate(first=Min("first_day"), last=Max("last_day"))
    return found["first"], found["last"]
