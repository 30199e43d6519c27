"""What a table of stands may say of each, and how its cells are read."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from fairs import tables
from fairs.domain import stands
from fairs.units import number_text

COLUMNS = {
    "hall": ["зал", "展厅", "展馆", "馆"],
    "number": ["stand", "stand number", "номер", "номер стенда", "стенд", "展位号"],
    "outline": ["контур", "corners", "轮廓"],
    "x": ["x, m", "x, м", "x, 米"],
    "y": ["y, m", "y, м", "y, 米"],
    "width": ["width, m", "ширина", "ширина, м", "宽", "宽度"],
    "depth": ["depth, m", "глубина", "глубина, м", "深", "深度"],
    "area_m2": ["area", "area, m²", "площадь", "площадь, м²", "面积"],
    "open_sides": ["открытых сторон", "открытые стороны", "开口"],
    "zone": ["зона", "专区"],
    "power_kw": ["power", "power, kW", "мощность", "мощность, кВт", "功率"],
    "water": ["вода", "水"],
    "drain": ["слив", "канализация", "排水"],
    "internet": ["интернет", "网络"],
    "floor_load_kg_m2": ["floor load", "floor load, kg/m²", "нагрузка на пол", "нагрузка на пол, кг/м²", "承重", "地面承重"],
    "height_limit_m": ["height limit", "height limit, m", "предел высоты", "предел высоты, м", "限高"],
    "first_day": ["rented from", "сдаётся с", "出租开始日"],
    "last_day": ["rented until", "сдаётся по", "出租结束日"],
    "blocked": ["закрыт", "занят организатором", "停用"],
    "blocked_reason": ["причина", "why", "原因"],
}
REQUIRED = ["number"]
PLACE = ("x", "y", "width", "depth")  # of a stand whose corners are not written: in metres, x and y of its lower left corner


def outline_of(text: str) -> list[list[float]]:
    """Corners written as “0 0; 3 0; 3 3; 0 3”, in metres. Raises ValueError."""
    try:
        corners = [[float(tables.as_decimal(number)) for number in corner.split()] for corner in text.strip(" ;").split(";")]
    except ValueError:
        corners = []
    corners = [[plain(number) for number in corner] for corner in corners]
    problem = stands.outline_problem(corners) if corners else _("Write the corners as “0 0; 3 0; 3 3; 0 3”, in metres.")
    if problem:
        raise ValueError(problem)
    return corners


def plain(number: float) -> float:
    """3 rather than 3.0, so that the same outline is the same JSON."""
    return int(number) if number.is_integer() else number


def metres_of(text: str) -> float:
    return float(tables.as_decimal(text))


def size_of(text: str) -> float:
    """A width or a depth, in metres."""
    size = metres_of(text)
    if 1000 < size <= 1_000_000:
        facts = {"number": number_text(size), "metres": number_text(size / 1000)}
        raise ValueError(_("%(number)s looks like millimetres: write metres, such as %(metres)s.") % facts)
    if not 0 < size <= 1000:
        raise ValueError(_("Write metres: a number above 0 and up to 1000."))
    return size


def _or_none(read: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda text: read(text) if text else None


READERS: dict[str, Callable[[str], Any]] = {
    "outline": _or_none(outline_of),
    "x": _or_none(metres_of),
    "y": _or_none(metres_of),
    "width": _or_none(size_of),
    "depth": _or_none(size_of),
    "area_m2": _or_none(tables.as_decimal),
    "open_sides": _or_none(tables.as_whole_number),
    "power_kw": lambda text: tables.as_decimal(text or "0"),
    "water": tables.as_flag,
    "drain": tables.as_flag,
    "internet": tables.as_flag,
    "floor_load_kg_m2": _or_none(tables.as_whole_number),
    "height_limit_m": _or_none(tables.as_decimal),
    "first_day": _or_none(tables.as_date),
    "last_day": _or_none(tables.as_date),
    "blocked": tables.as_flag,
    "blocked_reason": str,
}
