"""The soft rules: what a placement is worth, term by term. Written once: solvers, proposals and reasons all read it here."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from allocations.engine.floor import Floor, close_stands, floor_of
from allocations.engine.instance import Applicant, Assignment, Instance

if TYPE_CHECKING:
    from allocations.engine.floor import Floats

RANK_VALUES = (1.0, 0.7, 0.4)
NO_THEME_VALUE = 0.5
SIDE_MISSING, SIDE_TOO_MANY = 0.5, 0.25
PERSONAL = ("preference", "open_sides", "area")  # wishes, which priority points make weigh more


@dataclass(frozen=True, slots=True)
class Term:
    """Points of one aim, with what it rests on: a value from 0 to 1, and the other applicant where it is about two."""

    name: str
    points: float
    value: float
    other: int | None = None


@dataclass(frozen=True, slots=True)
class PlacementScore:
    applicant: int
    stand: int
    terms: tuple[Term, ...]

    @property
    def points(self) -> float:
        return sum(term.points for term in self.terms)


@dataclass(frozen=True, slots=True)
class Score:
    """``total`` puts the number of those placed before all comfort: one more placed always wins."""

    placements: dict[int, PlacementScore]
    unplaced: tuple[int, ...]
    reward: float

    @property
    def comfort(self) -> float:
        """Points of all placements."""
        return sum(placement.points for placement in self.placements.values())

    @property
    def total(self) -> float:
        return self.comfort + self.reward * len(self.placements)


def wish_values(applicant: Applicant, instance: Instance, floor: Floor) -> "dict[str, Floats]":
    """For each aim that concerns this applicant alone, its value from 0 to 1 on each stand. An aim without a wish is left out."""
    import numpy as np

    values: dict[str, Floats] = {}
    if applicant.preferences:
        ranks = dict(zip(applicant.preferences, RANK_VALUES, strict=False))
        values["preference"] = np.array([ranks.get(stand.id, 0.0) for stand in floor.stands])
    if applicant.open_sides is not None:
        more = floor.open_sides - applicant.open_sides
        values["open_sides"] = np.maximum(0.0, 1.0 - np.where(more < 0, -SIDE_MISSING * more, SIDE_TOO_MANY * more))
    if applicant.area_wished_m2 is not None:
        values["area"] = _area_value(applicant, applicant.area_wished_m2, floor)
    if applicant.categories and instance.zones:
        value = np.full(len(floor.stands), NO_THEME_VALUE)
        for zone, theme in instance.zones.items():
            if theme and zone in floor.zones:
                value[floor.zones[zone]] = 1.0 if theme & applicant.categories else 0.0
        values["zone"] = value
    return values


def _area_value(applicant: Applicant, wished: float, floor: Floor) -> "Floats":
    import numpy as np

    room_below = max(wished - applicant.area_min_m2, 0.0) or wished
    room_above = wished if applicant.area_max_m2 is None else max(applicant.area_max_m2 - wished, 0.0) or wished
    off = floor.area - wished
    return np.maximum(0.0, 1.0 - np.where(off < 0, -off / room_below, off / room_above))


def own_points(applicant: Applicant, instance: Instance, floor: Floor) -> "dict[str, Floats]":
    """Points of each aim that concerns this applicant alone, on each stand."""
    import numpy as np

    weights = instance.weights
    values = wish_values(applicant, instance, floor)
    points = {name: getattr(weights, name) * value for name, value in values.items()}
    most = sum(getattr(weights, name) for name in PERSONAL if name in values)
    fulfilled = sum((points[name] for name in PERSONAL if name in values), np.zeros(len(floor.stands)))
    share = priority_share(applicant, instance)
    points["priority"] = weights.priority * share * 0.5 * (1.0 + (fulfilled / most if most else np.ones(len(floor.stands))))
    for name, weight, before in _moves(applicant, instance):
        points[name] = -weight * np.array([float(stand.id != before) for stand in floor.stands])
    return points


def move_points(applicant: Applicant, instance: Instance, stand_id: int) -> float:
    """What ``own_points`` take off on this stand because it would be another one than was offered or planned."""
    return -sum(weight for _, weight, before in _moves(applicant, instance) if stand_id != before)


def _moves(applicant: Applicant, instance: Instance) -> Iterator[tuple[str, float, int]]:
    """Where the applicant stands by an offer or a plan, with the name and the weight of staying there."""
    for name, before in (("moved_offered", instance.offered), ("moved_planned", instance.planned)):
        if applicant.id in before:
            yield name, getattr(instance.weights, name), before[applicant.id]


def sum_of(points: "dict[str, Floats]") -> "Floats":
    """All aims together."""
    import numpy as np

    return np.sum(list(points.values()), axis=0)


def priority_share(applicant: Applicant, instance: Instance) -> float:
    """Its priority points as a part of the most that anybody has."""
    return max(applicant.points, 0.0) / instance.most_points if instance.most_points > 0 else 0.0


def asked_pairs(instance: Instance) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Ids of those who both ask to be near, and of those of whom one asks to be far; each pair once, at one site on a common day."""
    known = {applicant.id: applicant for applicant in instance.applicants}

    def meet(one: Applicant, two: int) -> bool:
        return two in known and two != one.id and known[two].site == one.site and bool(known[two].days & one.days)

    near: set[tuple[int, int]] = set()
    away: set[tuple[int, int]] = set()
    for applicant in instance.applicants:
        pair = {other: (min(applicant.id, other), max(applicant.id, other)) for other in applicant.near | applicant.away}
        near |= {pair[other] for other in applicant.near if meet(applicant, other) and applicant.id in known[other].near}
        away |= {pair[other] for other in applicant.away if meet(applicant, other)}
    return sorted(near), sorted(away)


def are_apart(one: Applicant, two: Applicant, instance: Instance) -> bool:
    """Whether some product of the one should not be close to some product of the other."""
    return any(frozenset((a, b)) in instance.products_apart for a in one.categories for b in two.categories)


def reward(instance: Instance) -> float:
    """Points for being placed at all: more than all that comfort can win or lose in the whole fair."""
    weights, near, away = instance.weights, *asked_pairs(instance)
    each = weights.preference + weights.open_sides + weights.area + weights.zone + weights.priority
    closeness = sum(sum(close.values()) for close in close_stands(instance)) / 2
    moves = weights.moved_offered * len(instance.offered) + weights.moved_planned * len(instance.planned)
    gains = each * len(instance.applicants) + weights.near * len(near)
    days = max(1, len({applicant.days for applicant in instance.applicants}))  # on disjoint days a stand has several exhibitors
    losses = weights.away * len(away) + weights.products * closeness * days * days + moves
    return float(int(gains + losses) + 1)


def score(instance: Instance, assignment: Assignment) -> Score:
    """What an assignment is worth, placement by placement. Each half of a pair carries half of its points. Checks no hard rule."""
    places = {stand.id: place for place, stand in enumerate(instance.stands)}
    terms: dict[int, list[Term]] = {}
    for applicant in instance.applicants:
        if applicant.id in assignment:
            stand = floor_of(instance, (instance.stands[places[assignment[applicant.id]]],))
            values = wish_values(applicant, instance, stand)
            terms[applicant.id] = [
                Term(name, float(points[0]), float(values[name][0]) if name in values else 0.0)
                for name, points in own_points(applicant, instance, stand).items()
            ]
    for name, weight, one, two, closeness in _pairs(instance, assignment, places):
        for who, other in ((one, two), (two, one)):
            terms[who].append(Term(name, weight * closeness / 2, closeness, other))
    return Score(
        placements={who: PlacementScore(who, assignment[who], tuple(found)) for who, found in terms.items()},
        unplaced=tuple(applicant.id for applicant in instance.applicants if applicant.id not in assignment),
        reward=reward(instance),
    )


def _pairs(instance: Instance, assignment: Assignment, places: dict[int, int]) -> Iterator[tuple[str, float, int, int, float]]:
    """Every pair that stands close and gains or loses by it: name of the aim, points, the two, closeness."""
    close, weights = close_stands(instance), instance.weights
    for name, weight, pairs in zip(("near", "away"), (weights.near, -weights.away), asked_pairs(instance), strict=True):
        for one, two in pairs:
            if one in assignment and two in assignment:
                closeness = close[places[assignment[one]]].get(places[assignment[two]], 0.0)
                if closeness:
                    yield name, weight, one, two, closeness
    if instance.products_apart:
        for first, second, closeness in _close_applicants(instance, assignment, places, close):
            if are_apart(first, second, instance):
                yield "products", -weights.products, first.id, second.id, closeness


def _close_applicants(
    instance: Instance, assignment: Assignment, places: dict[int, int], close: list[dict[int, float]]
) -> Iterator[tuple[Applicant, Applicant, float]]:
    """Those who are placed close to each other and have a day in common, each pair once."""
    occupants: dict[int, list[Applicant]] = {}
    for applicant in instance.applicants:
        if applicant.id in assignment:
            occupants.setdefault(places[assignment[applicant.id]], []).append(applicant)
    for place in sorted(occupants):
        for other in sorted(close[place]):
            if place < other:
                for one, two in product(occupants[place], occupants.get(other, [])):
                    if one.days & two.days:
                        yield one, two, close[place][other]
