"""Outlines on a hall's floor: plain lists of corners [x, y] in metres in, sentences and numbers out.

Shapely is imported inside the functions: with its library it costs a web worker 25 MB, and only those who change a floor need it.
"""

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

Outline = Sequence[Sequence[float]]
Key = TypeVar("Key", bound=Hashable)

# Two outlines that share less are neighbours, not rivals: corners are measured in centimetres, not in atoms.
OVERLAP_FROM_M2 = 0.001


def polygon(outline: Outline) -> Any:
    """The shapely polygon of an outline; its last corner is joined to the first."""
    from shapely.geometry import Polygon

    return Polygon([(float(x), float(y)) for x, y in outline])


def encloses_a_floor(outline: Outline) -> bool:
    """Whether an outline crosses nowhere and has something within."""
    shape = polygon(outline)
    return bool(shape.is_valid and shape.area > 0)


def crossing(outline: Outline) -> tuple[float, float] | None:
    """Where an outline crosses or touches itself; None where it does not, or where all of it is one line."""
    from shapely.validation import explain_validity

    shape = polygon(outline)
    place = re.search(r"elf-intersection\[(\S+) (\S+)\]", str(explain_validity(shape))) if shape.convex_hull.area else None
    return (float(place[1]), float(place[2])) if place else None


def bounds(outline: Outline) -> tuple[float, float, float, float]:
    """Left, low, right and high of the upright rectangle around an outline."""
    left, low, right, high = polygon(outline).bounds
    return float(left), float(low), float(right), float(high)


def is_same(one: Outline, other: Outline) -> bool:
    """Whether two outlines are the same to the millimetre, whichever corner each begins at and whichever way it runs."""
    return bool(polygon(one).normalize().equals_exact(polygon(other).normalize(), tolerance=0.001))


def area(outline: Outline) -> float:
    """In m²."""
    return float(polygon(outline).area)


def lies_within(inner: Outline, outer: Outline) -> bool:
    """Whether no more than a sliver of ``inner`` stands out of ``outer``."""
    return float(polygon(inner).difference(polygon(outer)).area) < OVERLAP_FROM_M2


def overlaps(outlines: Mapping[Key, Outline]) -> Iterator[tuple[Key, Key, float]]:
    """Each pair that overlaps, in the order of ``outlines``, with the shared area in m². Outlines must be valid."""
    from shapely import STRtree

    keys = list(outlines)
    shapes = [polygon(outlines[key]) for key in keys]
    tree = STRtree(shapes)
    for later, shape in enumerate(shapes):
        for earlier in sorted(int(place) for place in tree.query(shape, predicate="intersects")):
            if earlier < later:
                shared = float(shape.intersection(shapes[earlier]).area)
                if shared >= OVERLAP_FROM_M2:
                    yield keys[earlier], keys[later], shared
