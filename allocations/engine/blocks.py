"""Pavilions as blocks: which stands hang together by shared edges, and what each block is worth to a pavilion."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from allocations.engine.problem import Problem

if TYPE_CHECKING:
    import numpy as np

    from allocations.engine.floor import Floats

    Places = np.ndarray[Any, np.dtype[np.int32]]

LARGEST_LISTED = 8  # members: all blocks of so many stands are listed, some 40 for each stand of a usual hall
MOST_BLOCKS = 500_000
CHUNK = 1_000
NEVER = -1e6  # points in place of -inf, where sums and differences are made


def pieces(stands: Iterable[int], neighbours: Sequence[Iterable[int]]) -> list[set[int]]:
    """The connected parts of a set of stands, the largest first."""
    rest = set(stands)
    found: list[set[int]] = []
    while rest:
        piece, border = set[int](), {min(rest)}
        while border:
            piece |= border
            border = {other for one in border for other in neighbours[one] if other in rest} - piece
        rest -= piece
        found.append(piece)
    return sorted(found, key=lambda piece: (-len(piece), min(piece)))


def stragglers(problem: Problem, group: Sequence[int], places: Mapping[int, int]) -> list[int]:
    """Members who stand apart from their block and must go. The block is the pieces with accepted members, else the largest."""
    here = {who: places[who] for who in group if who in places}
    parts = pieces(here.values(), problem.neighbours)
    if len(parts) < 2:
        return []
    facts = {where for who, where in here.items() if who in problem.accepted}
    locked = {where for who, where in here.items() if who in problem.placed}
    if facts:
        kept = set().union(*(part for part in parts if part & facts))
    else:
        kept = max(parts, key=lambda part: (len(part & locked), len(part)))
    return [who for who, where in here.items() if where not in kept]


def joining(problem: Problem, who: int, places: Mapping[int, int]) -> set[int] | None:
    """The stands on which somebody stands together with its pavilion, where the others of it stay; None where it may be any stand."""
    number = problem.pavilion_of[who]
    others = [one for one in problem.pavilions[number] if one != who and one in places] if number is not None else []
    if not others:
        return None
    facts = {places[one] for one in others if one in problem.accepted}
    parts = pieces((places[one] for one in others), problem.neighbours)
    loose = [_beside(part, problem) for part in parts if not part & facts]
    kept = [_beside(part, problem) for part in parts if part & facts]
    return set.intersection(*loose, *([set().union(*kept)] if kept else []))


def _beside(part: set[int], problem: Problem) -> set[int]:
    return {other for one in part for other in problem.neighbours[one]}


def connected(neighbours: Sequence[Sequence[int]], sizes: set[int]) -> "dict[int, Places]":
    """Every connected set of so many stands, a row each, sorted. A size with more than ``MOST_BLOCKS`` is left out, and all above it."""
    import numpy as np

    sets = {(stand,) for stand in range(len(neighbours))}
    found: dict[int, Places] = {}
    for size in range(2, max(sizes, default=0) + 1):
        sets = {tuple(sorted((*one, other))) for one in sets for stand in one for other in neighbours[stand] if other not in one}
        if len(sets) > MOST_BLOCKS:
            break
        if size in sizes:
            found[size] = np.array(sorted(sets), dtype=np.int32).reshape(-1, size)
    return found


def block_points(points: "Floats", members: Sequence[int], blocks: "Places") -> "Floats":
    """The most points that the members can have on each block, one a stand; ``NEVER`` or less where a member fits nowhere.

    Exact: the best for each subset of a block's stands, member by member.
    """
    import numpy as np

    count, size = blocks.shape
    result = np.empty(count)
    table = points[np.asarray(members)]
    for first in range(0, count, CHUNK):
        part = np.ascontiguousarray(table[:, blocks[first : first + CHUNK].T])
        best = np.full((1 << size, part.shape[2]), 2 * NEVER)
        best[0] = 0.0
        for subset in range(1, 1 << size):
            member = subset.bit_count() - 1
            for place in range(size):
                if subset >> place & 1:
                    np.maximum(best[subset], best[subset ^ (1 << place)] + part[member, place], out=best[subset])
        result[first : first + CHUNK] = best[-1]
    return result
