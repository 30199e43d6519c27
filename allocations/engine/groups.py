"""Applicants who are placed together: pavilions on a block, and two who both ask to be near on two stands that are close."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from allocations.engine.blocks import LARGEST_LISTED, NEVER, block_points, connected
from allocations.engine.problem import Problem

if TYPE_CHECKING:
    import numpy as np

    from allocations.engine.blocks import Places
    from allocations.engine.floor import Floats


@dataclass(frozen=True)
class Group:
    """``blocks`` has a row for each choice of stands, ``points`` what it is worth at most. Of a pair the first takes the first stand."""

    members: tuple[int, ...]
    blocks: "Places"
    points: "Floats"
    is_pavilion: bool
    is_complete: bool
    """Whether the blocks are all the ways to stand together: a bound may rest on it."""


@dataclass(frozen=True)
class Edges:
    """Every two stands that are close, both ways round, and how close."""

    one: "np.ndarray[Any, np.dtype[np.intp]]"
    two: "np.ndarray[Any, np.dtype[np.intp]]"
    closeness: "Floats"


def edges_of(problem: Problem) -> Edges:
    import numpy as np

    found = [(one, two, closeness) for one, close in enumerate(problem.close) for two, closeness in close.items()]
    one, two, closeness = zip(*found, strict=True) if found else ((), (), ())
    return Edges(np.array(one, dtype=np.intp), np.array(two, dtype=np.intp), np.array(closeness, dtype=float))


def usable_points(problem: Problem) -> "Floats":
    """Points with ``NEVER`` in place of -inf."""
    import numpy as np

    return np.where(np.isfinite(problem.points), problem.points, NEVER)


def pavilions_of(problem: Problem, points: "Floats") -> list[Group]:
    """A group for each pavilion, with those of its members who fit anywhere; without blocks where no block holds them all."""
    able = [tuple(who for who in group if (points[who] > NEVER / 2).any()) for group in problem.pavilions]
    listed = connected(problem.neighbours, {len(group) for group in able if 1 < len(group) <= LARGEST_LISTED})
    groups = []
    for members in able:
        if len(members) < 2:
            continue
        is_complete = len(members) in listed
        if is_complete:
            blocks = listed[len(members)]
            blocks = blocks[(points[list(members)].max(axis=0) > NEVER / 2)[blocks].all(axis=1)]
            for who in members:
                blocks = blocks[(points[who] > NEVER / 2)[blocks].any(axis=1)]
            worth = block_points(points, members, blocks)
        else:
            blocks, worth = _grown(problem, points, members)
        fits = worth > NEVER / 2
        is_complete = is_complete and _all_meet(problem, members)
        groups.append(Group(members, blocks[fits], worth[fits], is_pavilion=True, is_complete=is_complete))
    return groups


def _all_meet(problem: Problem, members: tuple[int, ...]) -> bool:
    """Whether every two share a day. Who never meet may stand together on one stand, which no block lists."""
    import numpy as np

    days = [problem.days[who] for who in members]
    return bool(problem.meets[np.ix_(days, days)].all())


def _grown(problem: Problem, points: "Floats", members: tuple[int, ...]) -> "tuple[Places, Floats]":
    """For a pavilion too large to list its blocks: one grown from each stand, always by the stand that is best for somebody."""
    import numpy as np

    from allocations.engine.matching import best_match

    appeal = points[list(members)].max(axis=0)
    held = {problem.placed[who] for who in members if who in problem.placed}
    found: dict[tuple[int, ...], float] = {}
    for start in sorted(held) or np.nonzero(appeal > NEVER / 2)[0].tolist():
        block = {int(start)}
        while len(block) < len(members):
            border = {other for one in block for other in problem.neighbours[one] if appeal[other] > NEVER / 2} - block
            if not border:
                break
            block.add(max(sorted(border & held or border), key=lambda stand: float(appeal[stand])))
        key = tuple(sorted(block))
        if len(key) == len(members) and key not in found:
            table = points[np.ix_(members, key)]
            rows, columns = best_match(table)
            found[key] = float(table[rows, columns].sum())
    blocks = np.array(list(found), dtype=np.int32).reshape(-1, len(members))
    return blocks, np.array(list(found.values()), dtype=float)


def pairs_of(problem: Problem, points: "Floats", edges: Edges) -> list[Group]:
    """A group for two who both ask to be near, neither in a pavilion; each applicant is in one group at most."""
    import numpy as np

    weight = problem.instance.weights.near
    groups: list[Group] = []
    used: set[int] = {who for group in problem.pavilions for who in group}
    for one, two in problem.near:
        if one in used or two in used or not weight:
            continue
        worth = points[one][edges.one] + points[two][edges.two] + weight * edges.closeness
        fits = worth > NEVER / 2
        if fits.any():
            used |= {one, two}
            blocks = np.stack([edges.one[fits], edges.two[fits]], axis=1).astype(np.int32)
            groups.append(Group((one, two), blocks, worth[fits], is_pavilion=False, is_complete=True))
    return groups
