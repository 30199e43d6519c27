"""200 requests offer the last stand to 200 admitted applications, 50 times over."""

import math

from benchmarks.processes import Server
from chaos.figures import Figures
from chaos.volley import Answer, Call, fire
from chaos.world import World
from exhibitors.enums import PlacementStatus
from exhibitors.models import Placement, PlacementDay

RACERS = 200


def measure(server: Server, world: World, figures: Figures, *, rounds: int) -> None:
    waiting = world.applications(RACERS + rounds)
    winners, conflicts, answers = [], [], []
    for _round in range(rounds):
        won, found = _race(server, world, waiting)
        winners.append(won)
        conflicts.append(sum(answer.status == 409 for answer in found))
        answers += found
    figures.add("stand_race_winners_max", max(winners))
    figures.add("stand_race_winners_min", min(winners))
    figures.add("stand_race_conflicts_min", min(conflicts))
    figures.add("stand_race_5xx", sum(answer.status >= 500 or answer.status == 0 for answer in answers))
    figures.add("stand_race_p99_seconds", percentile([answer.seconds for answer in answers], 99))


def measure_unguarded(server: Server, world: World, figures: Figures, *, rounds: int) -> None:
    """The same on a server without the constraint and the locks (tests/chaos/unguarded.py): shows that the race is one."""
    waiting = world.applications(RACERS + RACERS * rounds)
    figures.add("stand_race_winners_unguarded", max(_race(server, world, waiting)[0] for _round in range(rounds)))


def _race(server: Server, world: World, waiting: list) -> tuple[int, list[Answer]]:
    """How many have the stand, counted in the database, and the answers; the winners leave ``waiting``."""
    stand = world.stand()
    headers = {"X-Session-Token": world.organiser}
    racers = waiting[:RACERS]
    answers = fire(server.port, [Call("POST", world.path(racer, "offer-stand/"), {"stand": stand.pk}, headers) for racer in racers])
    won = Placement.objects.filter(stand=stand, status__in=PlacementStatus.live)
    winners = set(won.values_list("application", flat=True))
    told = {racer.pk for racer, answer in zip(racers, answers, strict=True) if answer.status == 200}
    assert told == winners, f"answered 200: {len(told)}, in the database: {len(winners)}"
    assert PlacementDay.objects.filter(stand=stand).count() == 10 * len(winners)
    waiting[:] = [racer for racer in waiting if racer.pk not in winners]
    return len(winners), answers


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[math.ceil(len(values) * share / 100) - 1]
