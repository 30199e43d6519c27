"""The floor as the engine needs it: which stands are neighbours, which face each other, where they lie, on which days they can be had."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from fairs import geometry
from fairs.domain.neighbours import across_aisle, neighbours
from fairs.geometry import Outline
from fairs.models import Hall, Stand


@dataclass(frozen=True)
class Closeness:
    """By id of a stand: those that share an edge with it, and those that face it across an aisle."""

    neighbours: dict[int, frozenset[int]]
    across: dict[int, frozenset[int]]


def stands_of(halls: Collection[Hall]) -> Iterable[Stand]:
    """All stands of the halls, in one query."""
    return Stand.objects.filter(hall__in=halls).select_related("hall__site", "zone").order_by("pk")


def days_of(stand: Stand) -> tuple[date, date]:
    """First and last day on which the stand can be had at all."""
    site = stand.hall.site
    return stand.first_day or site.starts_on, stand.last_day or site.ends_on


def zone_of(stand: Stand) -> str:
    """The zone's name for the engine, unique in the fair; '' where the stand lies in none."""
    return f"{stand.hall.slug}/{stand.zone.slug}" if stand.zone else ""


def zones_of(stands: Iterable[Stand]) -> dict[str, frozenset[str]]:
    """The product groups that each zone is meant for."""
    return {zone_of(stand): frozenset(stand.zone.category_codes) for stand in stands if stand.zone}


def centre(stand: Stand) -> tuple[float, float]:
    """In metres, in its hall."""
    point = geometry.polygon(stand.outline).centroid
    return round(point.x, 3), round(point.y, 3)


def closeness(stands: Iterable[Stand]) -> Closeness:
    """Which of the stands lie how, hall by hall."""
    outlines: dict[int, dict[int, Outline]] = {}
    for stand in stands:
        outlines.setdefault(stand.hall_id, {})[stand.pk] = stand.outline
    ids = [pk for hall in outlines.values() for pk in hall]
    beside = [pair for hall in outlines.values() for pair in neighbours(hall)]
    facing = [pair for hall in outlines.values() for pair in across_aisle(hall)]
    return Closeness(_both_ways(ids, beside), _both_ways(ids, facing))


def _both_ways(ids: Iterable[int], pairs: Iterable[tuple[int, int]]) -> dict[int, frozenset[int]]:
    close: dict[int, set[int]] = {pk: set() for pk in ids}
    for one, other in pairs:
        close[one].add(other)
        close[other].add(one)
    return {pk: frozenset(others) for pk, others in close.items()}
