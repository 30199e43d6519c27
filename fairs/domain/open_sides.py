"""How many sides of a stand are open, told from the plan: from the stands around it and the walls of the hall (docs/adr/0016)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fairs.edges import Edges, edges_of
from fairs.geometry import Key, Outline, polygon

if TYPE_CHECKING:
    import numpy as np

PASSAGE_M = 1.0  # so deep must the floor in front of a side be that a visitor can stand there
FREE_SHARE = 0.5  # of that floor, from which the side is open
SIDES = 4


def open_sides(outlines: Mapping[Key, Outline], *, hall: Outline) -> dict[Key, int]:
    """The number of open sides of each stand of a hall, from 0 to 4.

    A stand has four sides, those of the smallest rectangle around it; each edge belongs to the one that it looks to. A side is open
    when half of the floor in front of it, 1 m deep, is within the hall and no other stand's. Outlines must be valid.
    """
    import numpy as np
    import shapely

    if not outlines:
        return {}
    edges = edges_of(outlines)
    strips = edges.strips(PASSAGE_M)
    floor = shapely.area(strips)
    free = _within(strips, floor, polygon(hall)) - _taken(edges, strips)
    side = edges.owner * SIDES + _side_of(edges)
    floor_of_side = np.bincount(side, weights=floor, minlength=len(outlines) * SIDES)
    free_of_side = np.bincount(side, weights=np.maximum(free, 0), minlength=len(outlines) * SIDES)
    is_open = (floor_of_side > 0) & (free_of_side >= FREE_SHARE * floor_of_side)
    is_closed = (floor_of_side > 0) & ~is_open
    counts = np.where(is_closed.reshape(-1, SIDES).any(axis=1), is_open.reshape(-1, SIDES).sum(axis=1), SIDES)
    return dict(zip(outlines, counts.tolist(), strict=True))


def _within(strips: np.ndarray[Any, Any], floor: np.ndarray[Any, Any], hall: Any) -> np.ndarray[Any, Any]:
    """How many m² of each strip are within the hall; ``floor`` is the whole of each."""
    import shapely

    shapely.prepare(hall)
    crosses = ~shapely.covers(hall, strips)
    within = floor.copy()
    within[crosses] = shapely.area(shapely.intersection(strips[crosses], hall))
    return within


def _taken(edges: Edges, strips: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """How many m² of each strip stands take."""
    import numpy as np
    import shapely

    strip, stand = edges.stands_on(strips)
    taken = shapely.area(shapely.intersection(strips[strip], edges.shapes[stand]))
    return np.bincount(strip, weights=taken, minlength=len(strips))


def _side_of(edges: Edges) -> np.ndarray[Any, Any]:
    """The side, from 0 to 3, that each edge looks to: by its direction from that of the smallest rectangle around its outline."""
    import numpy as np
    import shapely

    around = shapely.get_coordinates(shapely.get_exterior_ring(shapely.oriented_envelope(edges.shapes))).reshape(-1, SIDES + 1, 2)
    first = around[:, 1] - around[:, 0]
    turned = np.arctan2(edges.outward[:, 1], edges.outward[:, 0]) - np.arctan2(first[:, 1], first[:, 0])[edges.owner]
    return (np.rint(turned / (np.pi / 2)).astype(int)) % SIDES
