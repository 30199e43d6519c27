"""Where a stand's label goes and how large it may be: all by arithmetic, because whoever draws has no fonts to measure with."""

import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from fairs.geometry import Outline

_LEADING = 1.15  # from line to line, in sizes
_MARGIN = 0.92  # of the width that letters may fill
_MOST_LINES = 4
_TURN_FROM = 1.3  # so much larger a label must get to be worth a turned head


@dataclass(frozen=True)
class Box:
    """The middle of the room for a label, and its size, in metres."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Line:
    """``baseline`` is downward from the middle of the box."""

    text: str
    size: float
    baseline: float
    is_number: bool = False


@dataclass(frozen=True)
class Label:
    lines: tuple[Line, ...]
    is_turned: bool


@lru_cache(maxsize=4096)
def ems(text: str) -> float:
    """About how wide a text is, in sizes of its font: a Chinese character is a square, others somewhat more than half of one."""
    return sum(1.0 if unicodedata.east_asian_width(letter) in "WF" else _width(letter) for letter in text)


def _width(letter: str) -> float:
    """Latin letters are the narrowest; Cyrillic ones are wider."""
    return (0.7 if letter.isupper() else 0.56) + (0.06 if letter > "\u0400" else 0)


def fit(number: str, name: str, width: float, height: float, *, most: float, least: float) -> Label:
    """The largest label for a box of this size. A name is broken, and at ``least`` cut with an ellipsis; the number is always whole."""
    upright, turned = _lines(number, name, width, height, most, least), _lines(number, name, height, width, most, least)
    is_turned = turned[0].size > upright[0].size * _TURN_FROM
    return Label(lines=tuple(turned if is_turned else upright), is_turned=is_turned)


def _lines(number: str, name: str, width: float, height: float, most: float, least: float) -> list[Line]:
    width *= _MARGIN
    size = min(most, width / max(ems(number), 0.5), height * 0.8)
    if not name or size < least or height < size * 1.4:
        return [Line(number, size, size * 0.36, is_number=True)]
    size = max(min(size, height * 0.4), least)
    room = height * _MARGIN - size * _LEADING
    broken, small = _broken(name, width, room, most=size * 0.8, least=min(least, size))
    if not broken:
        return [Line(number, size, size * 0.36, is_number=True)]
    total = size * _LEADING + len(broken) * small * _LEADING
    y = -total / 2 + size * 0.95
    lines = [Line(number, size, y, is_number=True)]
    y += size * (_LEADING - 0.95)
    for text in broken:
        y += small * 0.95
        lines.append(Line(text, small, y))
        y += small * (_LEADING - 0.95)
    return lines


@lru_cache(maxsize=4096)
def _broken(name: str, width: float, room: float, *, most: float, least: float) -> tuple[tuple[str, ...], float]:
    """The lines of a name and their size; none where not even one line of the smallest fits."""
    best: tuple[tuple[str, ...], float] = ((), 0.0)
    for count in range(1, _MOST_LINES + 1):
        lines = tuple(_balanced(name, count))
        size = min(most, width / max(ems(line) for line in lines), room / (len(lines) * _LEADING))
        if size > best[1] * 1.05:
            best = (lines, size)
    if best[1] >= least:
        return best
    count = min(int(room / (least * _LEADING)), _MOST_LINES)
    return (tuple(_cut(name, count, width / least)), least) if count else ((), 0.0)


def _balanced(name: str, count: int) -> Iterator[str]:
    """The words on ``count`` lines of about the same width; a long one among them is broken as it comes."""
    goal = ems(name) / count
    line = ""
    for piece in _pieces(name):
        if line and ems(line + piece) > goal * 1.15:
            yield line.strip()
            line = ""
        line += piece
    if line.strip():
        yield line.strip()


def _cut(name: str, count: int, widest: float) -> Iterator[str]:
    """As much of the name as ``count`` lines hold, with an ellipsis where there is more of it."""
    pieces = [letter for piece in _pieces(name) for letter in ([piece] if ems(piece) <= widest else piece)]
    line, written = "", 1
    for number, piece in enumerate(pieces):
        if not line or ems((line + piece).rstrip()) <= widest:
            line += piece
            continue
        if written == count:
            line = line.rstrip()
            while line and ems(line + "…") > widest:
                line = line[:-1]
            yield line.rstrip() + "…"
            return
        yield line.strip()
        line, written = pieces[number], written + 1
    if line.strip():
        yield line.strip()


def _pieces(name: str) -> Iterator[str]:
    """Where a line may be broken: after a space, after a hyphen, around a Chinese character."""
    piece = ""
    for letter in name:
        if unicodedata.east_asian_width(letter) in "WF":
            if piece:
                yield piece
            yield letter
            piece = ""
            continue
        piece += letter
        if letter in " -–":
            yield piece
            piece = ""
    if piece:
        yield piece


def box_of(outline: Outline) -> Box:
    """The whole of a rectangle; of another shape a box around the place that is farthest from its edges."""
    corners = [(float(x), float(y)) for x, y in outline]
    xs, ys = [x for x, _y in corners], [y for _x, y in corners]
    whole = Box((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2, max(xs) - min(xs), max(ys) - min(ys))
    if len(corners) == 4 and all(x in (min(xs), max(xs)) and y in (min(ys), max(ys)) for x, y in corners):
        return whole
    steps = [step / 12 for step in range(1, 12)]
    places = [(min(xs) + whole.width * i, min(ys) + whole.height * j) for j in steps for i in steps]
    inside = [place for place in places if _is_inside(place, corners)]
    if not inside:
        return whole
    x, y = max(inside, key=lambda place: _room_around(place, corners))
    room = _room_around((x, y), corners)
    return Box(x, y, *_grown(x, y, room, corners, whole))


def _grown(x: float, y: float, room: float, corners: Sequence[tuple[float, float]], whole: Box) -> tuple[float, float]:
    """A box about the place as wide as it may be while it is half as high as the room around it, and so on: the larger of few."""
    best = (room * 1.4, room * 1.4)
    for half_height in (room * 0.5, room * 0.7, room * 0.95):
        half_width = room * 0.3
        while half_width < whole.width and all(
            _is_inside((x + side * half_width, y + end * half_height), corners) for side in (-1, 1) for end in (-1, 1)
        ):
            half_width += room * 0.1
        found = (2 * (half_width - room * 0.1), 2 * half_height)
        if found[0] * found[1] > best[0] * best[1]:
            best = found
    return best


def _is_inside(place: tuple[float, float], corners: Sequence[tuple[float, float]]) -> bool:
    """Whether a ray to the right crosses the outline an odd number of times."""
    x, y = place
    crossings = 0
    for (x1, y1), (x2, y2) in pairwise([*corners, corners[0]]):
        crossings += (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1)
    return crossings % 2 == 1


def _room_around(place: tuple[float, float], corners: Sequence[tuple[float, float]]) -> float:
    """The distance from ``place`` to the nearest edge."""
    return min(_distance(place, start, end) for start, end in pairwise([*corners, corners[0]]))


def _distance(place: tuple[float, float], start: tuple[float, float], end: tuple[float, float]) -> float:
    (x, y), (x1, y1), (x2, y2) = place, start, end
    length = (x2 - x1) ** 2 + (y2 - y1) ** 2
    along = max(0.0, min(1.0, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length)) if length else 0.0
    return math.hypot(x - x1 - along * (x2 - x1), y - y1 - along * (y2 - y1))
