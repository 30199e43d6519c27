"""Fairs to allocate, the same for the same seed. One full placement is planted: everybody can be placed.

Who wants what is made up around the planted stand, then blurred: sizes, popular stands near the entrance that many name at once,
competitors, friends. A fifth of the exhibitors is in pavilions of 4 to 8, a tenth in competitor pairs, a tenth in near pairs.
"""

import math
import random
from dataclasses import dataclass, field, replace

from allocations.engine.instance import Applicant, Instance, Stand
from allocations.engine.weights import BALANCED
from benchmarks.allocation_halls import DAYS, LATE_DAYS, SITE, halls

# Stands, exhibitors, seed.
SIZES = {150: (150, 130, 20240127), 500: (500, 450, 20240128), 1000: (1000, 900, 20240130), 5000: (5000, 4500, 20240205)}

THEMES = [{"02", "16"}, {"03"}, {"04"}, {"10", "11", "19"}, {"15", "20", "21"}, {"17", "18"}, {"22"}, {"33", "44"}, {"87"}]
CATEGORIES = sorted(set().union(*THEMES))
APART = frozenset(frozenset(pair) for pair in (("03", "18"), ("03", "33"), ("16", "33"), ("02", "18")))
REGIONS = 30


@dataclass
class Draft:
    """An instance in the making: ``planted`` has the stand of each applicant, by place."""

    rng: random.Random
    stands: list[Stand]
    zones: dict[str, frozenset[str]]
    popularity: dict[int, float]
    planted: list[Stand] = field(default_factory=list)
    pavilion: list[int | None] = field(default_factory=list)
    applicants: list[Applicant] = field(default_factory=list)


def instance(size: int) -> tuple[Instance, dict[int, int]]:
    """The fair of so many stands, and the placement that was planted in it."""
    stands, exhibitors, seed = SIZES[size]
    return make(stands=stands, exhibitors=exhibitors, seed=seed)


def make(*, stands: int, exhibitors: int, seed: int) -> tuple[Instance, dict[int, int]]:
    rng = random.Random(seed)
    floor = halls(rng, stands)
    zones = {zone: frozenset(rng.choice(THEMES)) if rng.random() < 0.8 else frozenset() for zone in dict.fromkeys(s.zone for s in floor)}
    draft = Draft(rng, floor, zones, {stand.id: _popularity(stand) for stand in floor})
    _plant(draft, exhibitors)
    order = rng.sample(range(exhibitors), exhibitors)
    draft.applicants = [_applicant(draft, number, order[number]) for number in range(exhibitors)]
    _pair_up(draft)
    planted = {applicant.id: stand.id for applicant, stand in zip(draft.applicants, draft.planted, strict=True)}
    singles = [applicant.id for applicant in draft.applicants if applicant.pavilion is None]
    told = rng.sample(singles, exhibitors // 15)
    accepted, offered, locked = told[0::4], told[1::4] + told[2::4], told[3::4]
    made = Instance(
        stands=tuple(_late(draft)),
        applicants=tuple(draft.applicants),
        weights=BALANCED,
        zones=zones,
        products_apart=APART,
        locks={who: planted[who] for who in locked},
        accepted={who: planted[who] for who in accepted},
        offered={who: planted[who] for who in offered},
    )
    return made, planted


def _popularity(stand: Stand) -> float:
    """Everybody wants to stand near the entrance, which is in the middle of the hall's lower wall, and at a corner."""
    x, y = stand.centre
    return math.exp(-math.hypot(x - 38, y) / 30) * (1 + 0.4 * (stand.open_sides - 1))


def _plant(draft: Draft, exhibitors: int) -> None:
    """Blocks for a fifth of the exhibitors, then single stands."""
    rng = draft.rng
    by_id = {stand.id: stand for stand in draft.stands}
    free = {stand.id for stand in draft.stands if not stand.blocked}
    pavilion = 0
    while len(draft.planted) < exhibitors // 5:
        size, block = rng.randint(4, 8), [rng.choice(sorted(free))]
        while len(block) < size:
            border = {other for one in block for other in by_id[one].neighbours if other in free} - set(block)
            if not border:
                break
            block.append(rng.choice(sorted(border)))
        if len(block) < 4:
            continue
        pavilion += 1
        free -= set(block)
        draft.planted += [by_id[number] for number in block]
        draft.pavilion += [pavilion] * len(block)
    rest = rng.sample(sorted(free), exhibitors - len(draft.planted))
    draft.planted += [by_id[number] for number in rest]
    draft.pavilion += [None] * len(rest)


def _applicant(draft: Draft, number: int, order: int) -> Applicant:
    rng, stand, pavilion = draft.rng, draft.planted[number], draft.pavilion[number]
    wished = max(6.0, stand.area_m2 + rng.choices((0, -3, 3, -6, 6), (50, 18, 14, 8, 10))[0])
    least = math.floor(min(wished, stand.area_m2) * rng.uniform(0.7, 1.0))
    most = math.ceil(max(wished, stand.area_m2) * rng.uniform(1.0, 1.4))
    theme = sorted(draft.zones[stand.zone])
    categories = {rng.choice(theme) if theme and rng.random() < 0.6 else rng.choice(CATEGORIES)}
    if rng.random() < 0.25:
        categories.add(rng.choice(CATEGORIES))
    sides = rng.choices((None, stand.open_sides, 1, 2, 3), (40, 30, 8, 15, 7))[0]
    applicant = Applicant(
        id=number + 1,
        site=SITE,
        days=LATE_DAYS if pavilion is None and rng.random() < 0.05 else DAYS,
        area_min_m2=float(least),
        area_wished_m2=wished,
        area_max_m2=float(most) if rng.random() < 0.95 else None,
        submitted=order,
        open_sides=sides,
        categories=frozenset(categories),
        power_kw=rng.choice([kw for kw in (0.0, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0) if kw <= stand.power_kw][-4:]),
        water=stand.water and rng.random() < 0.5,
        drain=stand.drain and rng.random() < 0.4,
        points=float(min(100, int(rng.expovariate(1 / 18)))),
        region=f"R{(pavilion or rng.randrange(REGIONS)) % REGIONS:02}",
        pavilion=pavilion,
    )
    return replace(applicant, preferences=_preferences(draft, applicant))


def _preferences(draft: Draft, applicant: Applicant) -> tuple[int, ...]:
    """Stands that fit and are popular; those of a pavilion look around one spot that all of them know."""
    rng = draft.rng
    if rng.random() > (0.6 if applicant.pavilion is None else 0.25):
        return ()
    fitting = [
        stand
        for stand in draft.stands
        if applicant.area_min_m2 <= stand.area_m2 <= (applicant.area_max_m2 or math.inf) and not stand.blocked
    ]
    seen = rng.sample(fitting, min(60, len(fitting)))
    if applicant.pavilion is not None:
        spot = draft.stands[applicant.pavilion * 7919 % len(draft.stands)]
        seen = sorted((one for one in fitting if one.hall == spot.hall), key=lambda one: math.dist(one.centre, spot.centre))[:15]
    seen = sorted(seen, key=lambda one: -draft.popularity[one.id] * rng.uniform(0.5, 1.0))
    return tuple(stand.id for stand in seen[: rng.choices((1, 2, 3), (30, 30, 40))[0]])


def _pair_up(draft: Draft) -> None:
    """A tenth in competitor pairs of a category in common, a tenth in pairs who both ask to be near; some ask and are not asked."""
    rng, applicants = draft.rng, draft.applicants
    count = max(1, len(applicants) // 20)
    numbers = rng.sample(range(len(applicants)), len(applicants))
    pairs: list[tuple[int, int]] = []
    while len(pairs) < count and numbers:
        one = numbers.pop()
        rivals = [two for two in numbers if applicants[two].categories & applicants[one].categories and _strangers(draft, one, two)]
        if rivals:
            numbers.remove(rivals[0])
            pairs.append((one, rivals[0]))
    for one, two in pairs:
        applicants[one] = replace(applicants[one], away=frozenset({applicants[two].id}))
    numbers = rng.sample(range(len(applicants)), len(applicants))
    for _ in range(count):
        one = numbers.pop()
        two = next(
            other for other in reversed(numbers) if _strangers(draft, one, other) and applicants[other].id not in applicants[one].away
        )
        numbers.remove(two)
        applicants[one] = replace(applicants[one], near=frozenset({applicants[two].id}))
        applicants[two] = replace(applicants[two], near=frozenset({applicants[one].id}))
    for one in numbers[: count // 2]:
        applicants[one] = replace(applicants[one], near=frozenset({applicants[numbers[-1]].id} - {applicants[one].id}))


def _strangers(draft: Draft, one: int, two: int) -> bool:
    return draft.pavilion[one] is None or draft.pavilion[one] != draft.pavilion[two]


def _late(draft: Draft) -> list[Stand]:
    """A few stands can be had on the later days alone: only those that nobody needs all the time."""
    needed = {stand.id: applicant.days for applicant, stand in zip(draft.applicants, draft.planted, strict=True)}
    rng = draft.rng
    return [
        replace(stand, days=LATE_DAYS) if needed.get(stand.id, LATE_DAYS) == LATE_DAYS and rng.random() < 0.2 else stand
        for stand in draft.stands
    ]
