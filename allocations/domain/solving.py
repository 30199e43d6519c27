"""The engine is asked: greedy first, then the solver from there with a time limit; the better of the two is kept."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from allocations.engine import reasons
from allocations.engine import solve as engine
from allocations.engine.instance import Assignment, Instance
from allocations.engine.objective import Score, score
from allocations.engine.rules import Contradiction, fixed

OPTIMAL_GAP = 1e-6
MOST_ROUNDS = 3
SHARE_OF_A_ROUND = 0.8  # of what is left of the bar: nobody knows whether another round comes


@dataclass(frozen=True)
class Solution:
    """``assignment`` from applicants to stands; points as the engine counts them; ``bound`` None where the solver knows none."""

    assignment: Assignment
    score: Score
    greedy_score: float
    bound: float | None = None
    method: str = "greedy"
    is_optimal: bool = False


def contradictions_of(instance: Instance) -> list[Contradiction]:
    """What is fixed and cannot be: no answer of the engine would keep it all."""
    return list(fixed(instance).contradictions)


def tensions_of(instance: Instance) -> list[Contradiction]:
    """Rules that exclude each other whoever is placed: of one applicant, of a pavilion, of too many for the same few stands."""
    return reasons.contradictions(instance)


def solve(
    instance: Instance, *, seed: int, time_limit_seconds: float, progress: Callable[[float], None], stop: Callable[[], bool]
) -> Solution:
    """The best that is found within the time, never worse than greedy, nor than what is there now where that is possible.

    Nobody loses an offered stand to somebody else for nothing in return: where the best answer has no other stand for it, it keeps its own.
    ``progress`` hears how far it is, from 0 to 1; ``stop`` is asked now and then whether nobody waits any more.
    """
    began = time.monotonic()
    solution = _solve(instance, seed=seed, seconds=time_limit_seconds, progress=_part_of(progress, 0), stop=stop)
    for number in range(1, MOST_ROUNDS + 1):
        losers = {who: where for who, where in instance.offered.items() if who not in solution.assignment}
        held = replace(instance, locks={**instance.locks, **losers})
        if not losers or stop() or fixed(held).contradictions:
            break
        instance = held
        left = max(1.0, time_limit_seconds - (time.monotonic() - began))
        solution = _solve(instance, seed=seed, seconds=left, progress=_part_of(progress, number), stop=stop)
    return solution


def _part_of(progress: Callable[[float], None], number: int) -> Callable[[float], None]:
    """What a round's own progress, from 0 to 1, is of the whole: a later round goes on where the one before it ended."""
    left = (1 - SHARE_OF_A_ROUND) ** number
    return lambda share: progress(1 - left + left * SHARE_OF_A_ROUND * share)


def _solve(instance: Instance, *, seed: int, seconds: float, progress: Callable[[float], None], stop: Callable[[], bool]) -> Solution:
    now_there = {**instance.planned, **instance.offered, **instance.locks, **instance.accepted}
    found = engine.solve(
        instance,
        seconds=seconds,
        seed=seed,
        start=now_there or None,
        progress=lambda far: progress(far.done),
        cancelled=stop,
    )
    return Solution(
        assignment=found.assignment,
        score=score(instance, found.assignment),
        greedy_score=found.greedy_comfort,
        bound=found.bound if len(found.assignment) == found.placeable else None,
        method=found.method,
        is_optimal=found.gap is not None and found.gap < OPTIMAL_GAP,
    )
