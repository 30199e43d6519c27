"""The files in which organisers keep their stands: a table (CSV, XLSX) or a map (GeoJSON), read into the same rows."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from fairs.domain.stand_columns import COLUMNS, REQUIRED
from fairs.sheet_process import SheetUnread, map_features
from fairs.sheet_reader import normal_header
from fairs.tables import LARGEST_CELL, LARGEST_FILE, Row, RowError, Table, TableError, read_table

LARGEST_MAP = 100_000  # features
# What our own map says besides (exhibitors/domain/floor_plan.py): of a stand, and of the hall's own outline, which is skipped.
_EXPORTED = {"id", "type", "site", "building", "name", "kind", "status", "exhibitors"}
_DEGREES = (180.0, 90.0)
_FARTHEST_M = 1e12  # what is nearer and yet too far is told with the hall (validators.validate_outline)
_SMALLER_THAN_A_STAND = 0.01  # m²


@dataclass(frozen=True)
class MapError(RowError):
    """A RowError that counts features and calls the columns properties, as the authors of maps do."""

    def __str__(self) -> str:
        sentence = _("feature %(row)s, property %(column)s: %(message)s") if self.column else _("feature %(row)s: %(message)s")
        return sentence % {"row": self.row, "column": self.column, "message": self.message}


@dataclass(frozen=True)
class MapRow(Row):
    def error(self, column: str, message: str) -> RowError:
        return MapError(self.number, column, str(message))


@dataclass(frozen=True)
class StandFile:
    """``unread`` are properties of a map that mean nothing here."""

    table: Table
    unread: list[str] = field(default_factory=list)


def read_stands(source: str | Path | IO[bytes], *, name: str = "") -> StandFile:
    """The stands in a CSV, XLSX or GeoJSON file. Raises TableError, OSError."""
    file_name = name or str(getattr(source, "name", source))
    if isinstance(source, (str, Path)):
        with Path(source).open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    else:
        content = source.read(LARGEST_FILE + 1)
    if not content.strip():
        raise TableError.whole(_("The file is empty."))
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") or file_name.lower().endswith((".geojson", ".json")):
        return _read_map(content)
    return StandFile(read_table(io.BytesIO(content), name=file_name, columns=COLUMNS, required=REQUIRED))


def _read_map(content: bytes) -> StandFile:
    if len(content) > LARGEST_FILE:
        raise TableError.whole(_("The file is larger than %(size)s MB.") % {"size": LARGEST_FILE // 1_000_000})
    try:
        features = list(map_features(content, most=LARGEST_MAP, longest=LARGEST_CELL))
    except SheetUnread as error:
        raise TableError.whole(_reason(error)) from error
    features = [(number, feature) for number, feature in features if feature["properties"].get("type") != "hall"]
    if not features:
        raise TableError.whole(_("There are no stands in this file."))
    known = {normal_header(spelling): header for header, aliases in COLUMNS.items() for spelling in (header, *aliases)}
    headers = {known.get(normal_header(name), name) for _number, feature in features for name in feature["properties"]}
    taken = [header for header in COLUMNS if header in headers] + ["outline"]
    errors: list[RowError] = []
    rows: list[Row] = []
    shapes = []
    for number, feature in features:
        texts = {known.get(normal_header(name), name): text for name, text in feature["properties"].items()}
        row = MapRow(number, {header: texts.get(header, "") for header in (*taken, "number")})
        try:
            ring = _outer_ring(feature)
        except ValueError as error:
            errors.append(row.error("", str(error)))
            continue
        shapes.append(ring)
        rows.append(MapRow(number, {**row.values, "outline": "; ".join(f"{x!r} {y!r}" for x, y in ring)}))
    if shapes and all(_is_in_degrees(ring) for ring in shapes):
        raise TableError.whole(_reason(SheetUnread("globe")))
    if errors:
        raise TableError(errors)
    return StandFile(Table(taken, rows, encoding="utf-8"), sorted(headers - set(COLUMNS) - _EXPORTED))


def _outer_ring(feature: dict[str, Any]) -> list[tuple[float, float]]:
    """The corners of a polygon, without the last that repeats the first. Raises ValueError."""
    rings = feature["rings"]
    if feature["type"] == "MultiPolygon" and isinstance(rings, list) and len(rings) == 1:
        rings = rings[0]
    elif feature["type"] != "Polygon":
        kind = {"kind": feature["type"]}
        raise ValueError(_("A stand is one polygon; this is a %(kind)s.") % kind)
    if not isinstance(rings, list) or not rings:
        raise ValueError(_("This polygon has no corners."))
    if len(rings) > 1:
        raise ValueError(_("This polygon has a hole: a stand is drawn by its outer edge alone."))
    ring = list(_corners(rings[0]))
    return ring[:-1] if len(ring) > 1 and ring[0] == ring[-1] else ring


def _corners(ring: Any) -> Iterator[tuple[float, float]]:
    for corner in ring if isinstance(ring, list) else [None]:
        numbers: list[Any] = corner[:2] if isinstance(corner, list) and len(corner) >= 2 else [None]
        if not all(_is_metres(number) for number in numbers):
            raise ValueError(_("A corner of this polygon is no pair of numbers."))
        yield numbers[0], numbers[1]


def _is_metres(number: Any) -> bool:
    """Whether JSON's number can be one: not NaN or Infinity, nor a hundred digits."""
    return isinstance(number, (int, float)) and not isinstance(number, bool) and -_FARTHEST_M < number < _FARTHEST_M


def _is_in_degrees(ring: list[tuple[float, float]]) -> bool:
    """Whether the corners can be longitude and latitude: within the globe's bounds, and in metres smaller than any stand."""
    xs, ys = [x for x, _y in ring], [y for _x, y in ring]
    is_on_globe = all(abs(x) <= _DEGREES[0] for x in xs) and all(abs(y) <= _DEGREES[1] for y in ys)
    return is_on_globe and bool(ring) and (max(xs) - min(xs)) * (max(ys) - min(ys)) < _SMALLER_THAN_A_STAND


def _reason(error: SheetUnread) -> str:
    return {
        "kind": _("This is no GeoJSON of stands: a FeatureCollection of polygons is read."),
        "globe": _("These are longitudes and latitudes. Write metres from the hall's lower left corner, as the hall's own plan has them."),
        "many": _("There are more than %(count)s features in this file.") % {"count": LARGEST_MAP},
        "memory": _("This file takes more memory than reading it may: save only the stands of one hall."),
        "time": _("This file takes longer than reading it may: save only the stands of one hall."),
    }.get(error.why, _("This file is no valid JSON in UTF-8: export it once more."))
