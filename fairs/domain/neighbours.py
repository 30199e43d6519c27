"""Which stands touch, and which look at each other across an aisle: told from the outlines, never typed in (docs/adr/0016)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fairs.edges import Edges, edges_of
from fairs.geometry import Key, Outline

if TYPE_CHECKING:
    import numpy as np

WALL_M = 0.05  # between two stands there may be a partition wall: so far apart they still touch
SHARED_EDGE_M = 0.5  # stands that touch over less than this, or at a corner, are no neighbours
AISLE_M = 6.0  # a wider aisle parts those on its two sides
FACING_M = 1.0  # stands that look at each other over less are not across from each other
_OPPOSITE = -0.7  # of the two edges' directions: they look at each other within 45 degrees


def neighbours(outlines: Mapping[Key, Outline]) -> dict[tuple[Key, Key], float]:
    """The pairs that stand side by side or back to back, in the order of ``outlines``, each with the edge they share in metres.

    For the stands of one hall (outlines of two halls lie in two planes). Outlines must be valid. 10,000 stands take some seconds.
    """
    if len(outlines) < 2:
        return {}
    keys = list(outlines)
    shared = _shared(edges_of(outlines))
    return {(keys[one], keys[other]): length for (one, other), length in sorted(shared.items())}


def _shared(edges: Edges) -> dict[tuple[int, int], float]:
    """The places of each pair that touches, with the length in metres; the shorter of what either of the two sees."""
    import shapely

    edge, other = edges.tree.query(edges.lines, predicate="dwithin", distance=WALL_M)
    apart = edges.owner[edge] != other
    edge, other = edge[apart], other[apart]
    around = shapely.buffer(edges.shapes, WALL_M, join_style="mitre")
    length = shapely.length(shapely.intersection(edges.lines[edge], around[other]))
    beside = length > 2 * WALL_M  # less: an edge that only ends at the other's corner
    seen = _sums(edges.owner[edge[beside]], other[beside], length[beside])
    touching = {(one, two): min(width, seen.get((two, one), 0)) for (one, two), width in seen.items() if one < two}
    return {pair: round(width, 2) for pair, width in touching.items() if width >= SHARED_EDGE_M}


def across_aisle(outlines: Mapping[Key, Outline], *, aisle: float = AISLE_M) -> dict[tuple[Key, Key], float]:
    """The pairs that face each other over at most ``aisle`` metres with nothing between, each with the distance in metres.

    In the order of ``outlines``; stands that touch are no such pair. For the stands of one hall, with valid outlines.
    """
    import shapely

    if len(outlines) < 2:
        return {}
    keys, edges = list(outlines), edges_of(outlines)
    one, two, distance = _opposite_edges(edges, aisle)
    strips = edges.strips(aisle)
    between = shapely.intersection(strips[one], strips[two])  # as wide as the two see of each other, as deep as they are apart
    sees = shapely.area(between) >= FACING_M * distance
    one, two, distance, between = one[sees], two[sees], distance[sees], between[sees]
    is_free = _is_free(edges, one, two, between)
    nearest: dict[tuple[int, int], float] = {}
    for a, b, metres in zip(
        edges.owner[one][is_free].tolist(), edges.owner[two][is_free].tolist(), distance[is_free].tolist(), strict=True
    ):
        nearest[a, b] = min(nearest.get((a, b), aisle), round(metres, 2))
    for pair in _shared(edges):
        nearest.pop(pair, None)
    return {(keys[a], keys[b]): metres for (a, b), metres in sorted(nearest.items())}


def _opposite_edges(edges: Edges, aisle: float) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Pairs of edges of two outlines of which each lies in front of the other and looks the other way, with their distance."""
    import shapely

    one, two = shapely.STRtree(edges.lines).query(edges.strips(aisle), predicate="intersects")
    looks_back = (edges.outward[one] * edges.outward[two]).sum(axis=1) < _OPPOSITE
    once = edges.owner[one] < edges.owner[two]  # one that sees is seen: each pair is found from both ends
    one, two = one[looks_back & once], two[looks_back & once]
    distance = shapely.distance(edges.lines[one], edges.lines[two])
    apart = (distance > WALL_M) & (distance <= aisle)
    return one[apart], two[apart], distance[apart]


def _is_free(edges: Edges, one: np.ndarray[Any, Any], two: np.ndarray[Any, Any], between: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Of each piece of floor ``between`` two edges: whether other stands leave a way of sight from one to the other."""
    import numpy as np
    import shapely

    piece, stand = edges.stands_on(between)
    third = (stand != edges.owner[one][piece]) & (stand != edges.owner[two][piece])
    piece, stand = piece[third], stand[third]
    places, group = np.unique(piece, return_inverse=True)
    built = shapely.buffer(shapely.multipolygons(edges.shapes[stand], indices=group), 0)  # stands that touch become one
    ways, way_of = shapely.get_parts(shapely.difference(between[places], built), return_index=True)
    reaches_both = np.ones(len(ways), dtype=bool)
    for ends in (one, two):
        reaches_both &= shapely.length(shapely.intersection(ways, edges.lines[ends[places][way_of]])) >= FACING_M
    is_free = np.ones(len(between), dtype=bool)
    is_free[places] = np.bincount(way_of[reaches_both], minlength=len(places)) > 0
    return is_free


def _sums(one: np.ndarray[Any, Any], two: np.ndarray[Any, Any], values: np.ndarray[Any, Any]) -> dict[tuple[int, int], float]:
    found: dict[tuple[int, int], float] = {}
    for a, b, value in zip(one.tolist(), two.tolist(), values.tolist(), strict=True):
        found[a, b] = found.get((a, b), 0.0) + value
    return found
