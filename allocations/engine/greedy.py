"""What a careful planner does by hand: pavilions as blocks first, then by priority points, then by time of application.

It is the yardstick of the solvers, and their start. It is not tuned.
"""

from typing import TYPE_CHECKING

from allocations.engine.blocks import stragglers
from allocations.engine.problem import Problem
from allocations.engine.standing import Standing

if TYPE_CHECKING:
    from allocations.engine.floor import Floats


def greedy(problem: Problem) -> dict[int, int]:
    """Everybody in turn on the stand that brings most at that moment. Places of applicants → places of stands."""
    standing = Standing(problem)
    for group in sorted(problem.pavilions, key=lambda group: _turn_of_pavilion(problem, group)):
        _place_pavilion(standing, group)
    _leave_stragglers(standing)
    singles = [who for who in range(problem.size[0]) if problem.pavilion_of[who] is None and who not in standing.places]
    for who in sorted(singles, key=lambda who: _turn(problem, who)):
        gains = standing.gains(who)
        best = int(gains.argmax()) if len(gains) else -1
        if best >= 0 and gains[best] > float("-inf"):
            standing.place(who, best)
    return standing.places


def _turn(problem: Problem, who: int) -> tuple[float, int]:
    applicant = problem.instance.applicants[who]
    return (-applicant.points, applicant.submitted)


def _turn_of_pavilion(problem: Problem, group: tuple[int, ...]) -> tuple[float, ...]:
    """The large ones first, for they are the hardest to seat; then by their members' points and the first of their applications."""
    applicants = [problem.instance.applicants[who] for who in group]
    return (-len(group), -sum(one.points for one in applicants), min(one.submitted for one in applicants))


def _place_pavilion(standing: Standing, group: tuple[int, ...]) -> None:
    """Grows a block from every stand for the member whose turn comes first; keeps the one that seats most, then brings most."""
    problem = standing.problem
    block = {who: standing.places[who] for who in group if who in standing.places}
    members = sorted((who for who in group if who not in block), key=lambda who: _turn(problem, who))
    if not members:
        return
    gains = {who: standing.gains(who) for who in members}
    if block:
        best = _grow(problem, dict(block), members, gains)
    else:
        best = _best_block(problem, members, gains)
    for who, where in best.items():
        if who not in block:
            standing.place(who, where)


def _leave_stragglers(standing: Standing) -> None:
    """A lock may hold a member where no block reaches it: it is not placed, and its stand is kept for it."""
    for group in standing.problem.pavilions:
        for who in stragglers(standing.problem, group, standing.places):
            standing.remove(who)


def _best_block(problem: Problem, members: list[int], gains: "dict[int, Floats]") -> dict[int, int]:
    best: dict[int, int] = {}
    best_points = 0.0
    for beginner in members:  # the next one begins only where the first finds no stand at all
        hope = sum(float(gains[who].max()) for who in members if who != beginner)
        for start in (-gains[beginner]).argsort(kind="stable"):
            gain = float(gains[beginner][start])
            if gain == float("-inf") or (len(best) == len(members) and gain + hope <= best_points):
                break
            block = _grow(problem, {beginner: int(start)}, [who for who in members if who != beginner], gains)
            points = sum(float(gains[who][where]) for who, where in block.items())
            if (len(block), points) > (len(best), best_points) or not best:
                best, best_points = block, points
        if best:
            break
    return best


def _grow(problem: Problem, block: dict[int, int], waiting: list[int], gains: "dict[int, Floats]") -> dict[int, int]:
    """Adds to ``block`` each of ``waiting`` in turn on its best stand beside the block; who finds none waits for the block to grow."""
    border = {other for where in block.values() for other in problem.neighbours[where]} - set(block.values())
    while waiting:
        late: list[int] = []
        for who in waiting:
            where = max(sorted(border), key=lambda stand: gains[who][stand], default=None)
            if where is None or gains[who][where] == float("-inf"):
                late.append(who)
                continue
            block[who] = where
            border = (border | set(problem.neighbours[where])) - set(block.values())
        if len(late) == len(waiting):
            break
        waiting = late
    return block
