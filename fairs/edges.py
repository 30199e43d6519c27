"""The edges of many outlines at once, as arrays: what neighbours, aisles and open sides are told from (docs/adr/0016).

Shapely and numpy are imported inside the functions, for the same reason as in fairs/geometry.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fairs.geometry import Key, Outline

if TYPE_CHECKING:
    import numpy as np

_TOUCH_M = 0.001
_STRAIGHT_M = 0.01  # a corner that stands out less is none


@dataclass(frozen=True)
class Edges:
    """``shapes`` are the outlines as polygons, ``tree`` finds among them; the other arrays have a row for each of their edges."""

    shapes: np.ndarray[Any, Any]
    tree: Any
    owner: np.ndarray[Any, Any]  # the place of the edge's polygon in ``shapes``
    lines: np.ndarray[Any, Any]
    outward: np.ndarray[Any, Any]  # unit vectors away from the polygon

    def strips(self, depth: float) -> np.ndarray[Any, Any]:
        """The floor in front of each edge, ``depth`` metres deep and as wide as the edge."""
        import numpy as np
        import shapely

        near = shapely.get_coordinates(self.lines).reshape(-1, 2, 2)
        far = near + depth * self.outward[:, None]
        strips: np.ndarray[Any, Any] = shapely.polygons(np.concatenate([near, far[:, ::-1]], axis=1))
        return strips

    def stands_on(self, floor: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """For each piece of ``floor`` the polygons that may stand on it; those that touch it from outside mostly are not named."""
        import numpy as np
        import shapely

        piece, stand = self.tree.query(floor, predicate="intersects")
        left, low, right, high = shapely.bounds(floor)[piece].T
        its_left, its_low, its_right, its_high = shapely.bounds(self.shapes)[stand].T
        wide = np.minimum(right, its_right) - np.maximum(left, its_left) > _TOUCH_M
        deep = np.minimum(high, its_high) - np.maximum(low, its_low) > _TOUCH_M
        return piece[wide & deep], stand[wide & deep]


def edges_of(outlines: Mapping[Key, Outline]) -> Edges:
    """The edges of valid outlines; corners on a straight line are none."""
    import numpy as np
    import shapely

    polygons = [shapely.polygons(outline) for outline in outlines.values()]
    shapes = shapely.orient_polygons(shapely.simplify(np.array(polygons, dtype=object), _STRAIGHT_M))
    points, owner = shapely.get_coordinates(shapely.get_exterior_ring(shapes), return_index=True)
    follows = owner[1:] == owner[:-1]
    start, end, owner = points[:-1][follows], points[1:][follows], owner[1:][follows]
    along = (end - start) / np.hypot(*(end - start).T)[:, None]
    return Edges(
        shapes=shapes,
        tree=shapely.STRtree(shapes),
        owner=owner,
        lines=shapely.linestrings(np.stack([start, end], axis=1)),
        outward=np.stack([along[:, 1], -along[:, 0]], axis=1),
    )
