"""The floor as the engine needs it: which stands are neighbours, which face each other, where they lie, on which days they can be had."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from fairs import geometry
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
    neighbours: dict[int, set[int]] = {}
    across: dict[int, set[int]] = {}
    by_hall: dict[int, list[Stand]] = {}
    for stand in stands:
        neighbours[stand.pk], across[stand.pk] = set(), set()
        by_hall.setdefault(stand.hall_id, []).append(stand)
    for some in by_hall.values():
        shapes = [geometry.polygon(stand.outline) for stand in some]
        for place, shape in enumerate(shapes):
            for other in range(place):
                if shape.distance(shapes[other]) < 0.02 and shape.buffer(0.01).intersection(shapes[other]).area > 0.005:
                    neighbours[some[place].pk].add(some[other].pk)
                    neighbours[some[other].pk].add(some[place].pk)
    return Closeness({pk: frozenset(found) for pk, found in neighbours.items()}, {pk: frozenset(found) for pk, found in across.items()})
