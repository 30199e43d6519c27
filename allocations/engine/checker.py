"""Checks an answer against DOMAIN's hard rules and counts its score anew. Shares no code with rules, objective or solvers, on purpose:
a mistake there is found here. It is slow and plain, and imports the data classes alone.
"""

from dataclasses import dataclass

from allocations.engine.instance import Applicant, Assignment, Instance, Stand


@dataclass(frozen=True, slots=True)
class Violation:
    """A hard rule that is broken, with whom and where."""

    rule: str
    applicants: tuple[int, ...] = ()
    stands: tuple[int, ...] = ()


def violations(instance: Instance, assignment: Assignment) -> list[Violation]:
    """Every hard rule that the assignment breaks; empty for a valid one."""
    applicants = {applicant.id: applicant for applicant in instance.applicants}
    stands = {stand.id: stand for stand in instance.stands}
    found: list[Violation] = []
    for who, where in assignment.items():
        if who not in applicants or where not in stands:
            found.append(Violation("unknown", (who,), (where,)))
    known = {who: where for who, where in assignment.items() if who in applicants and where in stands}
    for who, where in known.items():
        if instance.accepted.get(who) != where:  # an accepted stand is a fact, whatever it is like
            found.extend(Violation(rule, (who,), (where,)) for rule in _misfits(applicants[who], stands[where], instance))
    found.extend(_doubles(applicants, known))
    found.extend(_unkept(instance, applicants, known))
    found.extend(_scattered(instance, stands, known))
    return found


def _misfits(applicant: Applicant, stand: Stand, instance: Instance) -> list[str]:
    broken = []
    if stand.site != applicant.site:
        broken.append("site")
    if any(day not in stand.days for day in applicant.days):
        broken.append("days")
    if stand.blocked:
        broken.append("blocked")
    if stand.id in instance.kept_out:
        broken.append("kept_out")
    if stand.area_m2 + 1e-6 < applicant.area_min_m2:
        broken.append("area_too_small")
    if applicant.area_max_m2 is not None and stand.area_m2 - 1e-6 > applicant.area_max_m2:
        broken.append("area_too_large")
    if stand.power_kw + 1e-6 < applicant.power_kw:
        broken.append("power")
    if applicant.water and not stand.water:
        broken.append("water")
    if applicant.drain and not stand.drain:
        broken.append("drain")
    return broken


def _doubles(applicants: dict[int, Applicant], placed: dict[int, int]) -> list[Violation]:
    """Two on one stand on one day."""
    found = []
    taken: dict[tuple[int, object], int] = {}
    for who, where in placed.items():
        rivals = {taken[where, day] for day in applicants[who].days if (where, day) in taken}
        found.extend(Violation("double", (rival, who), (where,)) for rival in sorted(rivals))
        for day in applicants[who].days:
            taken.setdefault((where, day), who)
    return found


def _unkept(instance: Instance, applicants: dict[int, Applicant], placed: dict[int, int]) -> list[Violation]:
    """Accepted ones that left their stand (unless another accepted one has it on the same day), locked ones elsewhere than their lock."""
    found = []
    for who, where in instance.accepted.items():
        rivals = [other for other, stand in instance.accepted.items() if other != who and stand == where]
        contested = any(day in applicants[other].days for other in rivals for day in applicants[who].days)
        if placed.get(who) != where and not (contested and who not in placed):
            found.append(Violation("accepted", (who,), (where,)))
    for who, where in instance.locks.items():
        if who in placed and placed[who] not in (where, instance.accepted.get(who)):
            found.append(Violation("lock", (who,), (where,)))
    return found


def _scattered(instance: Instance, stands: dict[int, Stand], placed: dict[int, int]) -> list[Violation]:
    """Pavilions in pieces. What members have accepted is a fact: each piece must then hold one of those."""
    edges: dict[int, set[int]] = {number: set() for number in stands}
    for stand in stands.values():
        for other in stand.neighbours:
            if other in stands:
                edges[stand.id].add(other)
                edges[other].add(stand.id)
    members: dict[tuple[int, str], list[int]] = {}
    for applicant in instance.applicants:
        if applicant.pavilion is not None and applicant.id in placed:
            members.setdefault((applicant.pavilion, applicant.site), []).append(applicant.id)
    found = []
    for group in members.values():
        pieces = _pieces({placed[who] for who in group}, edges)
        anchors = {placed[who] for who in group if instance.accepted.get(who) == placed[who]}
        loose = [piece for piece in pieces if not piece & anchors]
        if loose and len(pieces) > 1:
            found.append(Violation("pavilion", tuple(sorted(group)), tuple(sorted(loose[0]))))
    return found


def _pieces(chosen: set[int], edges: dict[int, set[int]]) -> list[set[int]]:
    rest, pieces = set(chosen), list[set[int]]()
    while rest:
        piece, border = set[int](), {rest.pop()}
        while border:
            piece |= border
            border = {other for one in border for other in edges[one] if other in rest}
            rest -= border
        pieces.append(piece)
    return pieces


def comfort(instance: Instance, assignment: Assignment) -> float:
    """The points of all placements, counted from the words of the rules and not from the objective's code."""
    applicants = {applicant.id: applicant for applicant in instance.applicants}
    stands = {stand.id: stand for stand in instance.stands}
    top = max([applicant.points for applicant in instance.applicants] + [0.0])
    total = sum(_own(applicants[who], stands[where], instance, top) for who, where in assignment.items())
    occupants: dict[int, list[Applicant]] = {}
    for who, where in assignment.items():
        occupants.setdefault(where, []).append(applicants[who])
    for (here, there), closeness in _close(stands).items():
        for one in occupants.get(here, []):
            for two in occupants.get(there, []):
                if one.days & two.days:
                    total += closeness * _pair(one, two, instance)
    return total


def _own(applicant: Applicant, stand: Stand, instance: Instance, top: float) -> float:
    weights, parts = instance.weights, []
    if applicant.preferences:
        rank = applicant.preferences.index(stand.id) if stand.id in applicant.preferences else 9
        parts.append((weights.preference, {0: 1.0, 1: 0.7, 2: 0.4}.get(rank, 0.0)))
    if applicant.open_sides is not None:
        missing, extra = max(applicant.open_sides - stand.open_sides, 0), max(stand.open_sides - applicant.open_sides, 0)
        parts.append((weights.open_sides, max(1 - 0.5 * missing - 0.25 * extra, 0)))
    if applicant.area_wished_m2 is not None:
        parts.append((weights.area, _near_wish(applicant, applicant.area_wished_m2, stand.area_m2)))
    wishes = sum(weight * value for weight, value in parts)
    most = sum(weight for weight, _ in parts)
    total = wishes
    if applicant.categories and instance.zones:
        theme = instance.zones.get(stand.zone) or frozenset()
        total += weights.zone * (0.5 if not theme else 1.0 if theme & applicant.categories else 0.0)
    if top > 0 and applicant.points > 0:
        total += weights.priority * applicant.points / top * (0.5 + 0.5 * (wishes / most if most > 0 else 1.0))
    if instance.offered.get(applicant.id, stand.id) != stand.id:
        total -= weights.moved_offered
    if instance.planned.get(applicant.id, stand.id) != stand.id:
        total -= weights.moved_planned
    return total


def _near_wish(applicant: Applicant, wished: float, area: float) -> float:
    if area < wished:
        span = wished - applicant.area_min_m2
    else:
        span = wished if applicant.area_max_m2 is None else applicant.area_max_m2 - wished
    return max(0.0, 1 - abs(area - wished) / (span if span > 0 else wished))


def _close(stands: dict[int, Stand]) -> dict[tuple[int, int], float]:
    close: dict[tuple[int, int], float] = {}
    for stand in stands.values():
        for others, degree in ((stand.across, 0.5), (stand.neighbours, 1.0)):
            for other in others:
                if other in stands and other != stand.id:
                    key = (min(stand.id, other), max(stand.id, other))
                    close[key] = max(close.get(key, 0.0), degree)
    return close


def _pair(one: Applicant, two: Applicant, instance: Instance) -> float:
    points = 0.0
    if one.site == two.site:
        if two.id in one.near and one.id in two.near:
            points += instance.weights.near
        if two.id in one.away or one.id in two.away:
            points -= instance.weights.away
    if any({a, b} in [set(pair) for pair in instance.products_apart] for a in one.categories for b in two.categories):
        points -= instance.weights.products
    return points
