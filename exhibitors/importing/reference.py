"""The files of the reference lists, ours (exhibitors/data/) or an organiser's."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from exhibitors.domain import reference
from fairs.domain.tally import Tally
from fairs.tables import Row, RowError, TableError, read_table

SHIPPED = Path(__file__).resolve().parent.parent / "data"
_NAMES = {"name_ru": "name_ru", "name_zh": "name_zh_hans", "name_en": "name_en"}  # header: column

Write = Callable[[Iterable[Mapping[str, Any]]], Tally]


def load_regions(path: Path = SHIPPED / "regions.csv") -> Tally:
    """Regions from a table ``code, country, name_ru, name_zh, name_en, time_zones`` (";" between zones). Raises TableError."""
    return _load(path, ["code", "country", *_NAMES, "time_zones"], reference.write_regions, _region)


def load_categories(path: Path = SHIPPED / "categories.csv") -> Tally:
    """Product categories from a table ``code, name_ru, name_zh, name_en``. Raises TableError."""
    return _load(path, ["code", *_NAMES], reference.write_categories, _category)


def _region(row: Row) -> dict[str, Any]:
    zones = [zone.strip() for zone in row.values["time_zones"].split(";") if zone.strip()]
    return {**_category(row), "country": row.values["country"], "time_zones": zones}


def _category(row: Row) -> dict[str, Any]:
    return {"code": row.values["code"], **{column: row.values[header] for header, column in _NAMES.items()}}


@transaction.atomic
def _load(path: Path, headers: list[str], write: Write, values_of: Callable[[Row], dict[str, Any]]) -> Tally:
    table = read_table(path, columns={header: [] for header in headers}, required=headers)
    errors: list[RowError] = []
    seen: set[str] = set()
    for row in table.rows:
        errors += [row.error(header, _("This cell is empty.")) for header in headers if not row.values[header]]
        if row.values["code"] in seen:
            errors.append(row.error("code", _("This code is there twice.")))
        seen.add(row.values["code"])
    if errors:
        raise TableError(errors)
    try:
        return write(values_of(row) for row in table.rows)
    except ValidationError as error:
        raise TableError.whole("; ".join(error.messages)) from error
