"""Small halls made up at random, with everything that can go wrong in one: contradictory locks, impossible areas, days that differ."""

from datetime import date, timedelta
from random import Random

from allocations.engine.instance import Applicant, Instance, Stand
from allocations.engine.weights import PRESETS

DAY = date(2030, 1, 27)
DAYS = frozenset(DAY + timedelta(days=number) for number in range(4))
EARLY, LATE = (frozenset(sorted(DAYS)[:2]), frozenset(sorted(DAYS)[2:]))


def stand(number: int, **fields: object) -> Stand:
    """A row stand of 9 m² for all days, unless said otherwise."""
    usual = {"site": "expo", "hall": "A", "zone": "", "centre": (3.0 * number, 0.0), "area_m2": 9.0, "open_sides": 1, "days": DAYS}
    return Stand(id=number, **{**usual, **fields})


def row(count: int, **fields: object) -> tuple[Stand, ...]:
    """Stands 1 to ``count`` side by side."""
    return tuple(
        stand(number, neighbours=frozenset({number - 1, number + 1} & set(range(1, count + 1))), **fields) for number in range(1, count + 1)
    )


def applicant(number: int, **fields: object) -> Applicant:
    """Takes any stand of 6 to 12 m² and wishes nothing, unless said otherwise."""
    usual = {"site": "expo", "days": DAYS, "area_min_m2": 6.0, "area_wished_m2": None, "area_max_m2": 12.0, "submitted": number}
    return Applicant(id=number, **{**usual, **fields})


def random_hall(rng: Random, *, stands: int, applicants: int) -> Instance:
    """Two rows back to back at each of two sites; what was accepted agrees with itself, as the database makes sure."""
    floor = [_random_stand(rng, number, stands) for number in range(stands)]
    crowd = [_random_applicant(rng, 100 + number, applicants, stands) for number in range(applicants)]
    accepted: dict[int, int] = {}
    for one in rng.sample(crowd, min(len(crowd), rng.randint(0, 2))):
        places = [place.id for place in floor if place.site == one.site and place.id not in accepted.values()]
        if places:
            accepted[one.id] = rng.choice(places)
    some = [one.id for one in crowd if rng.random() < 0.2]
    return Instance(
        stands=tuple(floor),
        applicants=tuple(crowd),
        weights=rng.choice(list(PRESETS.values())),
        zones={"north": frozenset({"03"}), "south": frozenset({"18", "22"}), "free": frozenset()},
        products_apart=frozenset({frozenset({"03", "18"})}),
        locks={who: rng.randrange(stands) for who in some[::2]},
        kept_out=frozenset(number for number in range(stands) if rng.random() < 0.05),
        accepted=accepted,
        offered={who: rng.randrange(stands) for who in some[1::2]},
        planned={who: rng.randrange(stands) for who in some},
    )


def _random_stand(rng: Random, number: int, stands: int) -> Stand:
    beside = {number - 2, number + 2, number + 1 if number % 2 == 0 else number - 1}
    return Stand(
        id=number,
        site="mall" if number >= stands * 3 // 4 else "expo",
        hall="A",
        zone=rng.choice(("north", "south", "free", "")),
        centre=(3.0 * (number // 2), 3.0 * (number % 2)),
        area_m2=rng.choice((6.0, 9.0, 9.0, 12.0, 18.0)),
        open_sides=rng.randint(1, 4),
        days=rng.choice((DAYS, DAYS, DAYS, EARLY, LATE)),
        power_kw=rng.choice((0.0, 3.0, 5.0)),
        water=rng.random() < 0.5,
        drain=rng.random() < 0.5,
        blocked=rng.random() < 0.05,
        neighbours=frozenset(other for other in beside if 0 <= other < stands and rng.random() < 0.9),
        across=frozenset(other for other in (number - 7, number + 5) if 0 <= other < stands and rng.random() < 0.5),
    )


def _random_applicant(rng: Random, number: int, applicants: int, stands: int) -> Applicant:
    others = [100 + other for other in range(applicants)]
    least = rng.choice((4.0, 6.0, 9.0))
    return Applicant(
        id=number,
        site=rng.choice(("expo", "expo", "mall")),
        days=rng.choice((DAYS, DAYS, EARLY, LATE)),
        area_min_m2=least,
        area_wished_m2=rng.choice((None, least, least + 3)),
        area_max_m2=rng.choice((None, least + 3, least + 6)),
        submitted=rng.randrange(1000),
        open_sides=rng.choice((None, 1, 2, 3)),
        categories=frozenset(rng.sample(("03", "18", "22", "87"), rng.randint(0, 2))),
        power_kw=rng.choice((0.0, 0.0, 3.0, 5.0)),
        water=rng.random() < 0.2,
        drain=rng.random() < 0.1,
        preferences=tuple(rng.sample(range(stands), min(stands, rng.randint(0, 3)))),
        near=frozenset(rng.sample(others, min(len(others), rng.randint(0, 3)))),
        away=frozenset(rng.sample(others, min(len(others), rng.randint(0, 1)))),
        points=float(rng.choice((0, 0, 5, 40))),
        pavilion=rng.choice((None, None, 1, 2)),
    )
