"""Stands of which only the sizes are known, laid out in a hall: in rows, in their order, with an aisle between the rows."""

from collections.abc import Iterable, Mapping
from typing import Any

from fairs.domain.stand_columns import plain
from fairs.geometry import OVERLAP_FROM_M2, Key, Outline, polygon

AISLE_M = 3.0
_STEP_M = 1.0  # so far a stand is moved on where something is in its way
_TIDY = 3  # decimals: a millimetre


def rectangle(x: float, y: float, width: float, depth: float) -> list[list[float]]:
    """The outline with its lower left corner at ``x``, ``y``; metres to the millimetre."""
    left, low, right, high = (plain(round(float(metres), _TIDY)) for metres in (x, y, x + width, y + depth))
    return [[left, low], [right, low], [right, high], [left, high]]


def lay_out(
    sizes: Mapping[Key, tuple[float, float]], *, hall: Outline, there: Iterable[Outline] = (), aisle: float = AISLE_M
) -> dict[Key, list[list[float]]]:
    """Outlines for stands of ``width, depth``: side by side along x from the hall's lower left, an aisle off its walls.

    A row is as deep as its deepest stand, and stands on after an aisle. What is ``there`` stays and is gone around. Those for which
    no room is left are not in the answer.
    """
    from shapely import STRtree, prepare

    room = polygon(hall)
    prepare(room)
    taken = STRtree([polygon(outline) for outline in there])
    left, low, right, high = room.bounds
    x, y, row_depth = left + aisle, low + aisle, 0.0
    found: dict[Key, list[list[float]]] = {}
    for key, (width, depth) in sizes.items():
        place: tuple[float, float] | None = (x, y)
        start, start_y, start_depth = x, y, row_depth
        while place is not None:
            x, y = place
            if x + width > right - aisle:
                x, y, row_depth = left + aisle, y + (row_depth + aisle if row_depth else _STEP_M), 0.0
            if y + depth > high or left + aisle + width > right - aisle:
                place = None
                break
            outline = rectangle(x, y, width, depth)
            if _is_free(outline, room, taken):
                found[key] = outline
                x, row_depth = x + width, max(row_depth, depth)
                break
            place = (x + _STEP_M, y)
        if place is None:
            x, y, row_depth = start, start_y, start_depth  # a smaller one may still find room
    return found


def _is_free(outline: Outline, room: Any, taken: Any) -> bool:
    shape = polygon(outline)
    if not room.covers(shape):
        return False
    return all(shape.intersection(taken.geometries[place]).area < OVERLAP_FROM_M2 for place in taken.query(shape, predicate="intersects"))
