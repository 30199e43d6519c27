"""Pavilions as blocks: which stands hang together by shared edges."""

from collections.abc import Iterable, Mapping, Sequence

from allocations.engine.problem import Problem


def pieces(stands: Iterable[int], neighbours: Sequence[Iterable[int]]) -> list[set[int]]:
    """The connected parts of a set of stands, the largest first."""
    rest = set(stands)
    found: list[set[int]] = []
    while rest:
        piece, border = set(), {min(rest)}
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
