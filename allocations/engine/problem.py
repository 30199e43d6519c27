"""An instance made ready for solving: points of every applicant on every stand in one table, places instead of ids."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from allocations.engine.floor import close_stands, floor_of
from allocations.engine.instance import NEIGHBOUR_CLOSENESS, Applicant, Assignment, Instance
from allocations.engine.objective import are_apart, asked_pairs, own_points, sum_of
from allocations.engine.rules import excluded, fixed

if TYPE_CHECKING:
    from allocations.engine.floor import Flags, Floats


@dataclass(frozen=True)
class Problem:
    """``points[applicant, stand]``, -inf where a rule of fit or something fixed excludes the stand. Applicants and stands by place."""

    instance: Instance
    points: "Floats"
    close: list[dict[int, float]]
    neighbours: list[list[int]]
    pavilions: tuple[tuple[int, ...], ...]
    """Two or more members each; who is left out by a lock that cannot be kept is in none."""
    pavilion_of: list[int | None]
    placed: dict[int, int]
    """Who is fixed, and where."""
    accepted: frozenset[int]
    """Those of the fixed who are a fact: a pavilion may stand in pieces that each hold one."""
    near: list[tuple[int, int]]
    away: list[tuple[int, int]]
    days: list[int]
    """Applicants with the same number come on the same days."""
    meets: "Flags"
    """``meets[a, b]``: those of days a and those of days b share a day, so that a stand holds not both."""
    products: list[int]
    """Applicants with the same number have the same delicate products and days."""
    apart: "Flags"
    """``apart[a, b]``: products a and b should not be close, and their owners share a day."""

    @property
    def size(self) -> tuple[int, int]:
        applicants, stands = self.points.shape
        return applicants, stands

    def assignment(self, places: dict[int, int]) -> dict[int, int]:
        """Ids in place of places."""
        applicants, stands = self.instance.applicants, self.instance.stands
        return {applicants[who].id: stands[where].id for who, where in sorted(places.items())}

    def places(self, assignment: Assignment) -> dict[int, int]:
        """Places in place of ids."""
        applicants = {applicant.id: place for place, applicant in enumerate(self.instance.applicants)}
        stands = {stand.id: place for place, stand in enumerate(self.instance.stands)}
        return {applicants[who]: stands[where] for who, where in assignment.items()}


def problem_of(instance: Instance) -> Problem:
    """Costs applicants × stands × 8 bytes: 180 MB for 4,500 and 5,000."""
    import numpy as np

    floor = floor_of(instance)
    points = np.full((len(instance.applicants), len(instance.stands)), -np.inf)
    for row, applicant in zip(points, instance.applicants, strict=True):
        allowed = ~excluded(applicant, floor)
        row[allowed] = sum_of(own_points(applicant, instance, floor))[allowed]
    held = fixed(instance)
    who_is = {applicant.id: place for place, applicant in enumerate(instance.applicants)}
    where_is = {stand.id: place for place, stand in enumerate(instance.stands)}
    placed = {who_is[who]: where_is[where] for who, where in held.placed.items()}
    left_out = {who_is[who] for who in held.left_out}
    _hold(points, placed, left_out, instance)
    members = (tuple(who for who in group if who not in left_out) for group in instance.pavilions().values())
    pavilions = tuple(group for group in members if len(group) > 1)
    near, away = ([(who_is[one], who_is[two]) for one, two in pairs] for pairs in asked_pairs(instance))
    delicate = frozenset().union(*instance.products_apart)
    days, meets = _classes([who.days for who in instance.applicants], lambda one, two: bool(one.days & two.days), instance)
    products, apart = _classes(
        [(who.categories & delicate, who.days) for who in instance.applicants],
        lambda one, two: bool(one.days & two.days) and are_apart(one, two, instance),
        instance,
    )
    return Problem(
        instance=instance,
        points=points,
        close=close_stands(instance),
        neighbours=[
            [other for other, degree in sorted(found.items()) if degree == NEIGHBOUR_CLOSENESS] for found in close_stands(instance)
        ],
        pavilions=pavilions,
        pavilion_of=_pavilion_of(pavilions, len(instance.applicants)),
        placed=placed,
        accepted=frozenset(who_is[who] for who in instance.accepted) & placed.keys(),
        near=near,
        away=away,
        days=days,
        meets=meets,
        products=products,
        apart=apart,
    )


def _hold(points: "Floats", placed: dict[int, int], left_out: set[int], instance: Instance) -> None:
    """Leave those who are fixed their stand alone, and take it from everybody who shares a day with them."""
    import numpy as np

    for who in left_out:
        points[who] = -np.inf
    floor = floor_of(instance)
    for who, where in placed.items():
        rivals = [place for place, other in enumerate(instance.applicants) if other.days & instance.applicants[who].days]
        points[rivals, where] = -np.inf
    for who, where in placed.items():
        points[who] = -np.inf
        points[who, where] = sum_of(own_points(instance.applicants[who], instance, floor))[where]


def _pavilion_of(pavilions: tuple[tuple[int, ...], ...], count: int) -> list[int | None]:
    result: list[int | None] = [None] * count
    for number, group in enumerate(pavilions):
        for who in group:
            result[who] = number
    return result


def _classes(keys: list[Any], relates: Callable[[Applicant, Applicant], bool], instance: Instance) -> "tuple[list[int], Flags]":
    """A number for each different key, in the order of applicants, and which of them relate to which."""
    import numpy as np

    codes: dict[Any, int] = {}
    numbers = [codes.setdefault(key, len(codes)) for key in keys]
    samples = dict(zip(numbers, instance.applicants, strict=True))
    related = np.array([[relates(samples[one], samples[two]) for two in range(len(codes))] for one in range(len(codes))], dtype=bool)
    return numbers, related.reshape(len(codes), len(codes))
