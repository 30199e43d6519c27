"""A hall's floor plan as SVG: plain values in, a drawing out. What the stands are called and coloured by, the caller says.

Lengths of the hall are metres with y upward; the sheet is drawn in its own units with y downward. Texts are escaped by the XML library,
and what XML cannot hold is left out of them. A drawing holds no script and points to nothing outside itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fairs import floor_labels
from fairs.geometry import Outline
from fairs.units import number_text

SVG: Final = "http://www.w3.org/2000/svg"
INK, PAPER, QUIET = "#111827", "#ffffff", "#4b5563"
# Fonts of letters come before those of Chinese characters, which have letters too but set ’ and “ ” as wide as a character.
_LETTERS = "'Noto Sans', 'Helvetica Neue', Arial, 'Liberation Sans'"
_FONT = f"{_LETTERS}, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
# 1 : n, where a hall is printed; the first that fits its sheet.
_SCALES = (20, 25, 50, 75, 100, 125, 150, 200, 250, 300, 400, 500, 750, 1000, 1500, 2000, 3000, 5000, 10000)
_BARS_M = (1, 2, 5, 10, 20, 50, 100, 200, 500)


@dataclass(frozen=True)
class DrawnStand:
    """``name`` is written under the number as far as there is room; ``title`` is what a pointer reads in full."""

    number: str
    outline: Outline
    fill: str
    name: str = ""
    title: str = ""
    is_hatched: bool = False
    is_framed: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LegendEntry:
    fill: str
    label: str
    is_hatched: bool = False
    is_framed: bool = False


@dataclass(frozen=True)
class Sheet:
    """What is drawn. ``north_degrees``: how far north lies clockwise from the top of the plan."""

    title: str
    subtitle: str
    hall_outline: Outline
    stands: Sequence[DrawnStand]
    legend: Sequence[LegendEntry]
    note: str = ""
    north_degrees: float = 0


@dataclass(frozen=True)
class Paper:
    """A sheet to print on, in mm, lying; a hall that is higher than wide stands it up."""

    name: str
    long_mm: int
    short_mm: int


PAPERS = {"a3": Paper("A3", 420, 297), "a4": Paper("A4", 297, 210)}
_SCREEN_WIDTH = 1200.0


@dataclass(frozen=True)
class _Frame:
    """Where things go: the sheet's size, the size of its letters, units a metre, and the hall's upper left corner on it."""

    width: float
    height: float
    letter: float
    unit: float
    left: float
    top: float
    hall_left: float
    hall_top: float
    scale: int = 0

    def point(self, x: float, y: float) -> tuple[float, float]:
        return self.left + (x - self.hall_left) * self.unit, self.top + (self.hall_top - y) * self.unit

    def points(self, outline: Outline) -> str:
        return " ".join(f"{x:.2f},{y:.2f}" for x, y in (self.point(float(x), float(y)) for x, y in outline))


def draw(sheet: Sheet, *, paper: Paper | None = None) -> bytes:
    """The SVG: for the screen as wide as its reader wants, or true to a scale on ``paper``."""
    frame = _on_paper(sheet, paper) if paper else _on_screen(sheet)
    root = Element("svg", {"xmlns": SVG, "viewBox": f"0 0 {frame.width:g} {frame.height:g}", "role": "img"})
    if paper:
        root.set("width", f"{frame.width:g}mm")
        root.set("height", f"{frame.height:g}mm")
    _set_font(root)
    SubElement(root, "title").text = _plain(f"{sheet.title} · {sheet.subtitle}")
    _hatch(root, frame)
    SubElement(root, "rect", {"width": "100%", "height": "100%", "fill": PAPER})
    _head(root, sheet, frame)
    draw_floor(root, sheet, frame)
    _foot(root, sheet, frame, paper)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="utf-8")


def floor_only(sheet: Sheet) -> Element:
    """The hall and its stands alone, without title and legend, ten units a metre: for a page that says the rest around it."""
    left, top, width, height = _bounds(sheet.hall_outline)
    frame = _Frame(width * 10 + 10, height * 10 + 10, 8, 10, 5, 5, left, top)
    root = Element("svg", {"xmlns": SVG, "viewBox": f"0 0 {frame.width:g} {frame.height:g}"})
    _set_font(root)
    _hatch(root, frame)
    draw_floor(root, sheet, frame)
    return root


def _set_font(root: Element) -> None:
    """Outside Chinese, quotation marks are narrow even where a Chinese font is the only one."""
    root.set("font-family", _FONT)
    if not (get_language() or "").startswith("zh"):
        root.set("style", "font-feature-settings: 'pwid'")


def text_of(root: Element) -> str:
    """A drawing as text, to stand within a page."""
    return tostring(root, encoding="unicode")


def draw_floor(root: Element, sheet: Sheet, frame: _Frame) -> None:
    """The hall's outline and its stands with their labels."""
    line = frame.letter / 12
    outline = {"points": frame.points(sheet.hall_outline), "fill": "#f9fafb", "stroke": QUIET, "stroke-width": f"{2 * line:.2f}"}
    SubElement(root, "polygon", {**outline, "stroke-linejoin": "round", "class": "hall"})
    for stand in sheet.stands:
        group = SubElement(root, "g", {"class": "stand", **{name: _plain(value) for name, value in stand.attributes.items()}})
        SubElement(group, "title").text = _plain(stand.title or stand.number)
        shape = {"points": frame.points(stand.outline), "stroke": INK, "stroke-width": f"{(3 if stand.is_framed else 1) * line:.2f}"}
        SubElement(group, "polygon", {**shape, "fill": stand.fill, "class": "shape"})
        if stand.is_hatched:
            SubElement(group, "polygon", {"points": shape["points"], "fill": "url(#hatch)", "pointer-events": "none"})
        _label(group, stand, frame)


def _label(group: Element, stand: DrawnStand, frame: _Frame) -> None:
    """Number and name as large as the stand lets them be, upright where that makes them larger."""
    box = floor_labels.box_of(stand.outline)
    x, y = frame.point(box.x, box.y)
    label = floor_labels.fit(
        stand.number, stand.name, box.width * frame.unit, box.height * frame.unit, most=frame.letter * 1.1, least=frame.letter * 0.36
    )
    attributes = {"text-anchor": "middle", "fill": INK, "pointer-events": "none"}
    if label.is_turned:
        attributes["transform"] = f"rotate(-90 {x:.2f} {y:.2f})"
    text = SubElement(group, "text", attributes)
    for line in label.lines:
        place = {"x": f"{x:.2f}", "y": f"{y + line.baseline:.2f}", "font-size": f"{line.size:.2f}"}
        SubElement(text, "tspan", {**place, **({"font-weight": "700"} if line.is_number else {})}).text = _plain(line.text)


def _head(root: Element, sheet: Sheet, frame: _Frame) -> None:
    x = frame.letter * 1.2
    _text(root, sheet.title, x, frame.letter * 2.4, frame.letter * 1.5, weight="700")
    _text(root, sheet.subtitle, x, frame.letter * 4.1, frame.letter * 1.05, fill=QUIET)


def _foot(root: Element, sheet: Sheet, frame: _Frame, paper: Paper | None) -> None:
    letter = frame.letter
    rows = _legend_rows(sheet.legend, frame)
    y = frame.height - letter * (1.2 + 1.9 * (len(rows) - 1) + (1.7 if sheet.note else 0))
    for row in rows:
        for entry, x in row:
            _swatch(root, entry, x, y, letter)
            _text(root, entry.label, x + letter * 1.9, y, letter)
        y += letter * 1.9
    if sheet.note:
        _text(root, sheet.note, letter * 1.2, frame.height - letter, letter * 0.85, fill=QUIET)
    bottom = frame.height - letter * 1.4
    _north(root, frame.width - letter * 2.6, bottom - letter * 1.4, letter, sheet.north_degrees)
    _scale_bar(root, frame, frame.width - letter * 5.5, bottom, paper)


def _legend_rows(legend: Sequence[LegendEntry], frame: _Frame) -> list[list[tuple[LegendEntry, float]]]:
    """The entries with where each begins, on as many lines as they need beside scale and north."""
    letter, room = frame.letter, frame.width - frame.letter * 22
    rows: list[list[tuple[LegendEntry, float]]] = [[]]
    x = letter * 1.2
    for entry in legend:
        width = letter * (3.2 + floor_labels.ems(entry.label))
        if rows[-1] and x + width > room:
            rows.append([])
            x = letter * 1.2
        rows[-1].append((entry, x))
        x += width
    return rows


def _swatch(root: Element, entry: LegendEntry, x: float, y: float, letter: float) -> None:
    box = {"x": f"{x:.2f}", "y": f"{y - letter:.2f}", "width": f"{letter * 1.4:.2f}", "height": f"{letter * 1.2:.2f}"}
    stroke = {"stroke": INK, "stroke-width": f"{letter / (4 if entry.is_framed else 12):.2f}"}
    SubElement(root, "rect", {**box, "fill": entry.fill, **stroke})
    if entry.is_hatched:
        SubElement(root, "rect", {**box, "fill": "url(#hatch)"})


def _scale_bar(root: Element, frame: _Frame, right: float, y: float, paper: Paper | None) -> None:
    """Black and white halves, of a round length near ten letters; on paper with the scale that the sheet is true to."""
    letter = frame.letter
    metres = max((bar for bar in _BARS_M if bar * frame.unit <= letter * 13), default=_BARS_M[0])
    half = metres * frame.unit / 2
    for number, fill in enumerate((INK, PAPER)):
        box = {"x": f"{right - (2 - number) * half:.2f}", "y": f"{y - letter * 0.4:.2f}", "width": f"{half:.2f}"}
        SubElement(
            root, "rect", {**box, "height": f"{letter * 0.4:.2f}", "fill": fill, "stroke": INK, "stroke-width": f"{letter / 14:.2f}"}
        )
    marks = [("0", right - 2 * half), (number_text(metres / 2), right - half), (_("%(metres)d m") % {"metres": metres}, right)]
    for text, x in marks:
        _text(root, text, x, y - letter * 0.7, letter * 0.85, anchor="middle")
    if paper:
        scale = _("1 : %(scale)d on %(paper)s") % {"scale": frame.scale, "paper": paper.name}
        _text(root, scale, right - half, y + letter * 0.9, letter * 0.8, anchor="middle", fill=QUIET)


def _north(root: Element, x: float, y: float, letter: float, degrees: float) -> None:
    group = SubElement(root, "g", {"transform": f"rotate({degrees:g} {x:.2f} {y:.2f})"})
    tip, foot, side = y - letter * 1.3, y + letter * 1.3, letter * 0.75
    for sign, fill in ((-1, INK), (1, PAPER)):
        points = f"{x:.2f},{tip:.2f} {x + sign * side:.2f},{foot:.2f} {x:.2f},{foot - letter * 0.6:.2f}"
        SubElement(group, "polygon", {"points": points, "fill": fill, "stroke": INK, "stroke-width": f"{letter / 14:.2f}"})
    _text(group, _("N"), x, tip - letter * 0.3, letter, anchor="middle", weight="700")


def _hatch(root: Element, frame: _Frame) -> None:
    step = frame.letter / 2
    size = {"width": f"{step:.2f}", "height": f"{step:.2f}", "patternUnits": "userSpaceOnUse", "patternTransform": "rotate(45)"}
    pattern = SubElement(SubElement(root, "defs"), "pattern", {"id": "hatch", **size})
    SubElement(pattern, "rect", {"width": f"{step / 6:.2f}", "height": f"{step:.2f}", "fill": INK, "fill-opacity": "0.5"})


def _text(
    root: Element, text: str, x: float, y: float, size: float, *, anchor: str = "start", weight: str = "400", fill: str = INK
) -> None:
    place = {"x": f"{x:.2f}", "y": f"{y:.2f}", "font-size": f"{size:.2f}", "text-anchor": anchor}
    SubElement(root, "text", {**place, "font-weight": weight, "fill": fill}).text = _plain(text)


def _on_screen(sheet: Sheet) -> _Frame:
    left, top, width, height = _bounds(sheet.hall_outline)
    letter = _SCREEN_WIDTH / 70
    unit = (_SCREEN_WIDTH - 2.4 * letter) / width
    head, foot = letter * 5.4, _foot_height(sheet, _SCREEN_WIDTH, letter)
    return _Frame(_SCREEN_WIDTH, head + height * unit + foot, letter, unit, letter * 1.2, head, left, top)


def _on_paper(sheet: Sheet, paper: Paper) -> _Frame:
    left, top, width, height = _bounds(sheet.hall_outline)
    long, short = float(paper.long_mm), float(paper.short_mm)
    sheet_width, sheet_height = (long, short) if width >= height else (short, long)
    letter = long / 110
    head, foot = letter * 5.4, _foot_height(sheet, sheet_width, letter)
    room_x, room_y = sheet_width - 2.4 * letter, sheet_height - head - foot
    scale = next((n for n in _SCALES if width * 1000 / n <= room_x and height * 1000 / n <= room_y), _SCALES[-1])
    unit = 1000 / scale
    hall_x, hall_y = (sheet_width - width * unit) / 2, head + (room_y - height * unit) / 2
    return _Frame(sheet_width, sheet_height, letter, unit, hall_x, hall_y, left, top, scale)


def _foot_height(sheet: Sheet, width: float, letter: float) -> float:
    rows = _legend_rows(sheet.legend, _Frame(width, 0, letter, 1, 0, 0, 0, 0))
    return letter * max(5.4, 3 + 1.9 * len(rows) + (1.7 if sheet.note else 0))


def _bounds(outline: Outline) -> tuple[float, float, float, float]:
    """Left, top, width and height of the hall, in metres."""
    xs, ys = [float(corner[0]) for corner in outline], [float(corner[1]) for corner in outline]
    return min(xs), max(ys), max(xs) - min(xs), max(ys) - min(ys)


def _plain(text: str) -> str:
    """Without the characters that XML has no place for."""
    return "".join(character for character in text if _is_allowed(ord(character)))


def _is_allowed(code: int) -> bool:
    return code in (0x9, 0xA, 0xD) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF
