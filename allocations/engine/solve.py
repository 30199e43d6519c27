"""The way from an instance to an answer: by hand, then prices, then the search; the best of them that the checker passes."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from allocations.engine import checker
from allocations.engine.blocks import stragglers
from allocations.engine.greedy import greedy
from allocations.engine.groups import edges_of, pairs_of, pavilions_of, usable_points
from allocations.engine.instance import Assignment, Instance
from allocations.engine.objective import reward
from allocations.engine.prices import Prices, Relaxation, find_prices
from allocations.engine.problem import Problem, problem_of
from allocations.engine.search import COLD, HOT, Search

PRICE_ROUNDS = 400
PRICE_SHARE = 0.25  # of the time, at most
FULL_POLISHES = 4
POLISH_EVERY = 7  # moves
REPORT_EVERY = 50  # rounds


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: 0 to 1, and what it has so far."""

    done: float
    placed: int
    comfort: float


@dataclass(frozen=True, slots=True)
class Solution:
    """``bound``: no placement of all ``placeable`` applicants has more comfort (engine/prices.py says why)."""

    assignment: dict[int, int]
    comfort: float
    greedy_comfort: float
    greedy_placed: int
    bound: float
    placeable: int
    method: str
    """What the answer comes from: ``search``, ``greedy`` or ``start``."""
    rounds: int
    seconds: float
    was_cancelled: bool = False

    @property
    def gap(self) -> float | None:
        """(bound - comfort) / bound; None where not everybody who could be was placed."""
        return (self.bound - self.comfort) / self.bound if self.bound > 0 and len(self.assignment) == self.placeable else None


@dataclass
class Run:
    """When to stop and whom to tell. Without a limit of rounds, as many as usual for the size; the time is a limit in any case."""

    seconds: float
    rounds: int
    progress: Callable[[Progress], None] | None = None
    cancelled: Callable[[], bool] | None = None
    cools_by_clock: bool = True
    """Cool down in time where the machine is slow; by rounds alone where the same answer is wanted twice."""
    began: float = field(default_factory=time.monotonic)
    was_cancelled: bool = False

    def elapsed(self) -> float:
        return time.monotonic() - self.began

    def is_over(self, share: float = 1.0) -> bool:
        if self.cancelled is not None and not self.was_cancelled:
            self.was_cancelled = self.cancelled()
        return self.was_cancelled or self.elapsed() >= share * self.seconds

    def report(self, done: float, placed: int, comfort: float) -> None:
        if self.progress is not None:
            self.progress(Progress(min(done, 1.0), placed, comfort))


def solve(
    instance: Instance,
    *,
    seconds: float = 60.0,
    seed: int = 1,
    rounds: int | None = None,
    start: Assignment | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Solution:
    """The best answer found within ``seconds``, never worse than greedy, nor than ``start`` where that breaks no hard rule.

    With ``rounds``, the same instance and seed lead to the same answer if the time does not run out first. ``cancelled`` is asked now and
    then, and the best so far is the answer. Who cannot be placed is left out; engine/reasons.py says why.
    """
    problem = problem_of(instance)
    run = Run(seconds, rounds if rounds is not None else usual_rounds(problem), progress, cancelled, rounds is None)
    by_hand = greedy(problem)
    answers = {"greedy": problem.assignment(by_hand)}
    run.report(0.02, len(by_hand), checker.comfort(instance, answers["greedy"]))
    prices, found, done = _search(problem, by_hand, run, seed)
    if found is not None:
        answers["search"] = found
    if start is not None:
        answers["start"] = dict(start)
    method = _best(instance, answers)
    comfort = {name: checker.comfort(instance, answers[name]) for name in ("greedy", method)}
    run.report(1.0, len(answers[method]), comfort[method])
    return Solution(
        assignment=answers[method],
        comfort=comfort[method],
        greedy_comfort=comfort["greedy"],
        greedy_placed=len(by_hand),
        bound=prices.bound,
        placeable=prices.placeable,
        method=method,
        rounds=done,
        seconds=run.elapsed(),
        was_cancelled=run.was_cancelled,
    )


def usual_rounds(problem: Problem) -> int:
    """Moves after which little is won: some thousand, and more for a larger fair."""
    return 8500 + 12 * problem.size[0]


def _best(instance: Instance, answers: dict[str, dict[int, int]]) -> str:
    """The one that places most and then brings most, of those that the checker passes."""
    passed = {name: answer for name, answer in answers.items() if not checker.violations(instance, answer)}
    if not passed:
        raise RuntimeError("No answer passes the checker: this is a mistake in the solvers.")
    return max(passed, key=lambda name: (len(passed[name]), checker.comfort(instance, passed[name]), name))


def _search(problem: Problem, by_hand: dict[int, int], run: Run, seed: int) -> tuple[Prices, dict[int, int] | None, int]:
    points, edges = usable_points(problem), edges_of(problem)
    groups = pavilions_of(problem, points) + pairs_of(problem, points, edges)
    relaxation = Relaxation(problem, points, groups, edges)
    prices = find_prices(relaxation, rounds=PRICE_ROUNDS, stop=lambda: run.is_over(PRICE_SHARE))
    if run.is_over() or not problem.size[1]:
        return prices, None, 0
    search = Search(problem, points, groups, prices.stands, reward=reward(problem.instance), seed=seed)
    search.begin(by_hand)
    best_points, best = search.points, dict(search.standing.places)
    for _ in range(FULL_POLISHES):
        if not run.is_over():
            search.polish()
    done, scale = 0, min(1.0, 500 / max(1, problem.size[0]))
    while done < run.rounds and not run.is_over() and not _is_proved(prices, best_points - search.reward * len(best), len(best)):
        spent = max(done / run.rounds, run.elapsed() / run.seconds if run.cools_by_clock else 0.0)
        heat = scale * HOT * (COLD / HOT) ** spent
        _step(search, done, heat)
        done += 1
        if search.points > best_points + 1e-6:
            best_points, best = search.points, dict(search.standing.places)
        if done % REPORT_EVERY == 0:
            run.report(max(done / run.rounds, run.elapsed() / run.seconds), len(best), best_points - search.reward * len(best))
    return prices, _settled(problem, best), done


def _is_proved(prices: Prices, comfort: float, placed: int) -> bool:
    """Everybody who can be is placed, and no placement of all has more comfort: there is nothing left to look for."""
    return placed == prices.placeable and comfort >= prices.bound - 1e-6


def _step(search: Search, number: int, heat: float) -> None:
    if number % POLISH_EVERY == 0 or not search.groups:
        search.polish(300)
        return
    lost = [group for group, found in enumerate(search.groups) if found.members[0] not in search.standing.places]
    if lost and search.random.random() < 0.3:
        search.move(search.random.choice(lost), heat)
    else:
        search.move(search.pick(), heat)


def _settled(problem: Problem, places: dict[int, int]) -> dict[int, int]:
    """Without members who stand apart from their pavilion, which a lock that no block reaches may bring about."""
    apart = {who for group in problem.pavilions for who in stragglers(problem, group, places)}
    return problem.assignment({who: where for who, where in places.items() if who not in apart})
