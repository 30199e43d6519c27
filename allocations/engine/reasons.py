"""Why somebody has no stand, what else would fit, and which rules exclude each other: numbers and names of rules, no sentences."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from allocations.engine.blocks import pieces
from allocations.engine.floor import Floor, floor_of
from allocations.engine.instance import Applicant, Assignment, Instance
from allocations.engine.objective import own_points, sum_of
from allocations.engine.problem import problem_of
from allocations.engine.rules import Contradiction, Rule, exclusions, fixed

if TYPE_CHECKING:
    from allocations.engine.floor import Flags, Floats

ALTERNATIVES = 3


@dataclass(frozen=True, slots=True)
class Alternative:
    """A stand that somebody else could be given: ``points`` by its own wishes, who has it now, and rules that it would break."""

    stand: int
    points: float
    taken_by: tuple[int, ...] = ()
    broken: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Unplaced:
    """``excluded`` counts the stands of its site that each rule excludes, ``alone`` those that this rule alone excludes."""

    applicant: int
    stands: int
    excluded: dict[Rule, int]
    alone: dict[Rule, int]
    rules: tuple[Rule, ...]
    """The fewest rules that together leave no stand."""
    alternatives: tuple[Alternative, ...]


def unplaced(instance: Instance, assignment: Assignment) -> list[Unplaced]:
    """For everybody without a stand, in the order of ``applicants``: which rules prevent it, and what comes nearest."""
    floor = floor_of(instance)
    occupants = _occupants(instance, assignment)
    return [_reason(one, instance, floor, assignment, occupants) for one in instance.applicants if one.id not in assignment]


def alternatives(instance: Instance, assignment: Assignment, applicant_id: int, *, count: int = ALTERNATIVES) -> tuple[Alternative, ...]:
    """The best other stands for one applicant: free ones that fit first, then those that fit and are taken, then those one rule excludes.

    Raises KeyError for an applicant that is not in the instance.
    """
    applicant = {one.id: one for one in instance.applicants}[applicant_id]
    floor = floor_of(instance)
    masks = _masks(applicant, instance, floor, assignment, _occupants(instance, assignment))
    return _alternatives(applicant, instance, floor, masks, assignment, count)


def contradictions(instance: Instance) -> list[Contradiction]:
    """Rules that exclude each other whoever is placed: among what is fixed, for one applicant, for a pavilion, for all of a site."""
    floor = floor_of(instance)
    found = list(fixed(instance).contradictions)
    for applicant in instance.applicants:
        if applicant.id not in instance.accepted and applicant.id not in instance.locks:
            masks = exclusions(applicant, floor)
            del masks[Rule.SITE]
            rules = _fewest(masks, ~floor.sites.get(applicant.site, floor.none()))
            if rules:
                found.append(Contradiction(rules, (applicant.id,)))
    return [*found, *_pavilions(instance), *_crowded_sites(instance)]


def _occupants(instance: Instance, assignment: Assignment) -> dict[int, list[Applicant]]:
    found: dict[int, list[Applicant]] = {}
    for applicant in instance.applicants:
        if applicant.id in assignment:
            found.setdefault(assignment[applicant.id], []).append(applicant)
    return found


def _rivals(applicant: Applicant, occupants: dict[int, list[Applicant]], stand: int) -> tuple[int, ...]:
    return tuple(other.id for other in occupants.get(stand, []) if other.id != applicant.id and other.days & applicant.days)


def _masks(
    applicant: Applicant, instance: Instance, floor: Floor, assignment: Assignment, occupants: dict[int, list[Applicant]]
) -> "dict[Rule, Flags]":
    """Rules of fit, then what follows from who stands where."""
    import numpy as np

    masks = exclusions(applicant, floor)
    rivals = [_rivals(applicant, occupants, stand.id) for stand in floor.stands]
    places = list(zip(floor.stands, rivals, strict=True))
    accepted = np.array([any(instance.accepted.get(who) == stand.id for who in found) for stand, found in places], dtype=bool)
    locked = np.array([any(instance.locks.get(who) == stand.id for who in found) for stand, found in places], dtype=bool)
    own = {**instance.locks, **instance.accepted}.get(applicant.id)
    elsewhere = np.array([own is not None and stand.id != own for stand in floor.stands], dtype=bool)
    masks[Rule.ACCEPTED] = accepted
    masks[Rule.LOCK] = elsewhere | (locked & ~accepted)
    masks[Rule.PAVILION] = _outside_pavilion(applicant, instance, floor, assignment)
    masks[Rule.TAKEN] = np.array([bool(found) for found in rivals], dtype=bool) & ~(accepted | locked)
    return masks


def _outside_pavilion(applicant: Applicant, instance: Instance, floor: Floor, assignment: Assignment) -> "Flags":
    """Stands that share no edge with the stands of its pavilion, where any of it is placed."""
    import numpy as np

    members = [
        one.id
        for one in instance.applicants
        if one.pavilion is not None and (one.pavilion, one.site) == (applicant.pavilion, applicant.site) and one.id != applicant.id
    ]
    block = {assignment[who] for who in members if who in assignment}
    if not block:
        return floor.none()
    beside = {stand.id for stand in floor.stands if stand.neighbours & block}
    beside |= {other for stand in floor.stands if stand.id in block for other in stand.neighbours}
    return np.array([stand.id not in beside for stand in floor.stands], dtype=bool)


def _reason(
    applicant: Applicant, instance: Instance, floor: Floor, assignment: Assignment, occupants: dict[int, list[Applicant]]
) -> Unplaced:
    masks = _masks(applicant, instance, floor, assignment, occupants)
    elsewhere = masks.pop(Rule.SITE)
    here = ~elsewhere
    broken = sum((mask.astype(int) for mask in masks.values()), floor.none().astype(int))
    return Unplaced(
        applicant=applicant.id,
        stands=int(here.sum()),
        excluded={rule: int((mask & here).sum()) for rule, mask in masks.items() if (mask & here).any()},
        alone={rule: int((mask & here & (broken == 1)).sum()) for rule, mask in masks.items() if (mask & here & (broken == 1)).any()},
        rules=_fewest(masks, elsewhere) or ((Rule.SITE,) if not here.any() else ()),
        alternatives=_alternatives(applicant, instance, floor, {**masks, Rule.SITE: elsewhere}, assignment, ALTERNATIVES),
    )


def _fewest(masks: "dict[Rule, Flags]", elsewhere: "Flags") -> tuple[Rule, ...]:
    """The fewest rules that together exclude every stand of the site; none where they do not, or where the site has no stands."""
    active = {rule: mask for rule, mask in masks.items() if (mask & ~elsewhere).any()}
    if elsewhere.all() or not _all_excluded(list(active.values()), elsewhere):
        return ()
    for count in range(1, len(active) + 1):
        for rules in combinations(active, count):
            if _all_excluded([active[rule] for rule in rules], elsewhere):
                return rules
    return ()


def _all_excluded(masks: "list[Flags]", elsewhere: "Flags") -> bool:
    excluded = elsewhere.copy()
    for mask in masks:
        excluded |= mask
    return bool(excluded.all())


def _alternatives(
    applicant: Applicant, instance: Instance, floor: Floor, masks: "dict[Rule, Flags]", assignment: Assignment, count: int
) -> tuple[Alternative, ...]:
    """At most one rule of fit broken; taken stands after free ones, broken rules last; the more points the earlier."""
    points: Floats = sum_of(own_points(applicant, instance, floor))
    occupants = _occupants(instance, assignment)
    never = (Rule.SITE, Rule.BLOCKED, Rule.KEPT_OUT, Rule.ACCEPTED, Rule.LOCK)
    found = []
    for place, stand in enumerate(floor.stands):
        broken = tuple(rule for rule, mask in masks.items() if mask[place] and rule is not Rule.TAKEN)
        if stand.id != assignment.get(applicant.id) and len(broken) <= 1 and not any(rule in never for rule in broken):
            taken_by = _rivals(applicant, occupants, stand.id)
            found.append(
                ((len(broken), len(taken_by), -float(points[place])), Alternative(stand.id, float(points[place]), taken_by, broken))
            )
    return tuple(one for _, one in sorted(found, key=lambda pair: (pair[0], pair[1].stand))[:count])


def _pavilions(instance: Instance) -> Iterator[Contradiction]:
    """Pavilions for which no connected part of the floor that fits somebody of them is large enough."""
    import numpy as np

    problem = problem_of(instance)
    fits = np.isfinite(problem.points)
    for group in problem.pavilions:
        usable = np.nonzero(fits[list(group)].any(axis=0))[0].tolist()
        largest = max((len(piece) for piece in pieces(usable, problem.neighbours)), default=0)
        if largest < len(group):
            members = tuple(instance.applicants[who].id for who in group)
            yield Contradiction((Rule.PAVILION,), members, (), (("members", float(len(group))), ("largest_block", float(largest))))


def _crowded_sites(instance: Instance) -> Iterator[Contradiction]:
    """Applicants of whom too many fit the same few stands: the largest such set at each site, with all of them and all of the stands."""
    import numpy as np
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import maximum_bipartite_matching

    problem = problem_of(instance)
    fits = np.isfinite(problem.points)
    if not fits.size or not problem.meets.all():
        return
    matched = maximum_bipartite_matching(csr_matrix(fits), perm_type="column")
    holders = {int(stand): who for who, stand in enumerate(matched) if stand >= 0}
    seen: set[int] = set()
    for who in np.nonzero((matched < 0) & fits.any(axis=1))[0].tolist():
        if who in seen:
            continue
        crowd, stands = _rivalry(who, fits, holders)
        seen |= crowd
        ids = tuple(instance.applicants[one].id for one in sorted(crowd))
        yield Contradiction((Rule.TAKEN,), ids, tuple(instance.stands[stand].id for stand in sorted(stands)))


def _rivalry(who: int, fits: "Flags", holders: dict[int, int]) -> tuple[set[int], set[int]]:
    """All who compete with ``who`` for the stands that any of them fits: one more than there are stands."""
    import numpy as np

    crowd, stands, border = {who}, set[int](), [who]
    while border:
        for stand in np.nonzero(fits[border.pop()])[0].tolist():
            stands.add(stand)
            if holders[stand] not in crowd:
                crowd.add(holders[stand])
                border.append(holders[stand])
    return crowd, stands
