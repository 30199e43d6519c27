"""Rows of equal stands drawn from a pattern: how many, how large, how far apart, and how they are numbered."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

from django.utils.translation import gettext as _

from fairs import geometry
from fairs.domain.stand_layout import AISLE_M, rectangle
from fairs.domain.stands import FloorProblem, FloorRefused
from fairs.enums import HallCorner, NextRow, RowDirection

MOST_STANDS = 5000
LONGEST_NUMBER = 20  # of Stand.number
_LETTER_THEN_DIGITS = re.compile(r"(.*?)([A-Z]+)([^A-Z0-9]?)([0-9]+)")
_DIGITS = re.compile(r"(.*?)([0-9]+)")


@dataclass(frozen=True)
class Pattern:
    """Lengths in metres. ``margin_x`` and ``margin_y`` are kept free from the walls that meet in ``corner``.

    With ``doubles`` two rows stand back to back, then comes an aisle. After ``cross_after`` stands of a row (0: never) comes an aisle too.
    """

    first_number: str = "A01"
    next_row: NextRow = NextRow.LETTER
    rows: int = 4
    per_row: int = 10
    width: float = 3.0
    depth: float = 3.0
    doubles: bool = True
    aisle: float = AISLE_M
    corner: HallCorner = HallCorner.LOWER_LEFT
    direction: RowDirection = RowDirection.ALONG_X
    margin_x: float = AISLE_M
    margin_y: float = AISLE_M
    cross_after: int = 0


def draw(pattern: Pattern, *, hall: geometry.Outline) -> dict[str, list[list[float]]]:
    """The stands' outlines by number, row after row. Raises FloorRefused for numbers that cannot be counted on like this."""
    _require_sane(pattern)
    return dict(zip(numbers(pattern), _outlines(pattern, hall), strict=True))


def numbers(pattern: Pattern) -> Iterator[str]:
    """Each stand's number, row after row. Raises FloorRefused."""
    for row in range(pattern.rows):
        for place in range(pattern.per_row):
            number = _number(pattern, row, place)
            if len(number) > LONGEST_NUMBER:
                raise _refused("first_number", _("A number has at most %(most)d characters.") % {"most": LONGEST_NUMBER})
            yield number


def filling(pattern: Pattern, *, hall: geometry.Outline) -> Pattern:
    """The pattern with as many rows and stands a row as the rectangle around the hall has room for.

    At the far walls it keeps the same margins, or an aisle where they are wider.
    """
    along, across = _extent(hall, pattern.direction)
    margins = (pattern.margin_x, pattern.margin_y) if pattern.direction == RowDirection.ALONG_X else (pattern.margin_y, pattern.margin_x)
    free, room = (size - margin - min(margin, AISLE_M) + 1e-6 for size, margin in zip((along, across), margins, strict=True))
    per_row, rows = max(1, int(free // pattern.width)), 0
    while _start_of_row(pattern, rows) + pattern.depth <= room and (rows + 1) * per_row <= MOST_STANDS:
        rows += 1
    return replace(pattern, rows=max(1, rows), per_row=min(per_row, MOST_STANDS))


def _require_sane(pattern: Pattern) -> None:
    if pattern.rows * pattern.per_row > MOST_STANDS:
        raise _refused("rows", _("At most %(most)d stands are drawn at once.") % {"most": MOST_STANDS})


def _refused(field: str, message: str) -> FloorRefused:
    return FloorRefused([FloorProblem("", field, "pattern", message)])


def _number(pattern: Pattern, row: int, place: int) -> str:
    first = pattern.first_number
    if pattern.next_row == NextRow.LETTER:
        found = _LETTER_THEN_DIGITS.fullmatch(first)
        if not found:
            raise _refused("first_number", _("Write a letter and then a number, such as A01 or H2-A01."))
        head, letters, mark, digits = found.groups()
        return f"{head}{_letters_after(letters, row)}{mark}{_counted(digits, place)}"
    found = _DIGITS.fullmatch(first)
    if not found:
        raise _refused("first_number", _("Write a number at the end, such as 101 or H2-101."))
    head, digits = found.groups()
    if pattern.next_row == NextRow.GOES_ON:
        return f"{head}{_counted(digits, row * pattern.per_row + place)}"
    if len(digits) < 3 or int(digits[-2:]) + pattern.per_row - 1 > 99:
        raise _refused("first_number", _("Rows that begin at 101, 201 … have at most 99 stands: write three digits, such as 101."))
    return f"{head}{_counted(digits, 100 * row + place)}"


def _counted(digits: str, more: int) -> str:
    return str(int(digits) + more).zfill(len(digits))


def _letters_after(letters: str, more: int) -> str:
    """A, B … Z, AA, AB …, as spreadsheets name their columns."""
    value = 0
    for letter in letters:
        value = 26 * value + ord(letter) - ord("A") + 1
    value, found = value + more, ""
    while value:
        value, rest = divmod(value - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def _start_of_row(pattern: Pattern, row: int) -> float:
    """How far a row is from the first one."""
    if pattern.doubles:
        return row // 2 * (2 * pattern.depth + pattern.aisle) + row % 2 * pattern.depth
    return row * (pattern.depth + pattern.aisle)


def _start_of_stand(pattern: Pattern, place: int) -> float:
    return place * pattern.width + (place // pattern.cross_after * pattern.aisle if pattern.cross_after else 0)


def _extent(hall: geometry.Outline, direction: RowDirection) -> tuple[float, float]:
    """The hall's length along the rows and across them."""
    left, low, right, high = geometry.bounds(hall)
    return (right - left, high - low) if direction == RowDirection.ALONG_X else (high - low, right - left)


def _outlines(pattern: Pattern, hall: geometry.Outline) -> Iterator[list[list[float]]]:
    left, low, right, high = geometry.bounds(hall)
    from_right = pattern.corner in (HallCorner.LOWER_RIGHT, HallCorner.UPPER_RIGHT)
    from_above = pattern.corner in (HallCorner.UPPER_LEFT, HallCorner.UPPER_RIGHT)
    for row, place in product(range(pattern.rows), range(pattern.per_row)):
        x, y = _start_of_stand(pattern, place), _start_of_row(pattern, row)
        width, depth = pattern.width, pattern.depth
        if pattern.direction == RowDirection.ALONG_Y:
            x, y, width, depth = y, x, depth, width
        x = right - pattern.margin_x - x - width if from_right else left + pattern.margin_x + x
        y = high - pattern.margin_y - y - depth if from_above else low + pattern.margin_y + y
        yield rectangle(x, y, width, depth)
