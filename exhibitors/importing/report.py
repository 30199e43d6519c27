"""What an import of companies did, and the way from a refusal to the cell that caused it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from api.problems import Refused
from exhibitors.importing.desk import CellRefused
from exhibitors.importing.reading import Reading
from exhibitors.importing.rows import CompanyRow
from fairs.tables import RowError

_COLUMNS = {"zh-hans": "zh", "ru": "ru", "en": "en"}
_AREAS = {"min": "area_min", "wished": "area", "max": "area_max"}


@dataclass
class Report:
    """Counts of companies; with errors, or after a dry run, nothing was written."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: list[RowError] = field(default_factory=list)
    kept: list[RowError] = field(default_factory=list)  # cells that were left alone, because a person has edited what they say
    dry_run: bool = False
    created_ids: list[int] = field(default_factory=list)
    updated_ids: list[int] = field(default_factory=list)
    states: dict[str, int] = field(default_factory=dict)  # of the applications of these companies: how many in which state
    late: int = 0  # of these applications: how many came after the fair's window
    letters: int = 0
    assumed_encoding: str = ""  # of a CSV file that was neither UTF-8 nor UTF-16
    reading: Reading = field(default_factory=Reading)

    @property
    def total(self) -> int:
        return self.created + self.updated + self.unchanged

    @property
    def is_written(self) -> bool:
        return not self.errors and not self.dry_run


def errors_of(row: CompanyRow, refusal: Refused | CellRefused, *, site_slugs: list[str]) -> Iterator[RowError]:
    """The refusal as errors of cells; ``site_slugs`` are the sites in the order of the refusal's pointers."""
    if isinstance(refusal, CellRefused):
        yield row.row.error(refusal.column, str(refusal))
        return
    errors = refusal.facts.get("errors")
    if not errors:
        yield row.row.error("submitted_at" if refusal.code == "applications-closed" else "status", str(refusal))
        return
    for error in errors:
        yield row.row.error(column_of(error["pointer"], error["code"], site_slugs), str(error["detail"]))


def column_of(pointer: str, code: str, site_slugs: list[str]) -> str:
    """The table's column for a pointer of the domain: ``/tax_ids/inn`` is inn, ``/sites/0/first_day`` is shenyang_first_day."""
    match pointer.strip("/").split("/"):
        case ["tax_ids", name] | ["company", "tax_ids", name]:
            return name
        case ["name" | "description" | "brands" as name, language]:
            return f"{name}_{_COLUMNS[language]}"
        case ["contacts", _, name]:
            return f"contact_{name}"
        case ["sites", number, "requested_area_m2", name] if int(number) < len(site_slugs):
            return f"{site_slugs[int(number)]}_{_AREAS[name]}"
        case ["sites", number, name] if int(number) < len(site_slugs):
            return f"{site_slugs[int(number)]}_{name}"
        case ["sites", *_]:
            return f"{site_slugs[0]}_area" if site_slugs else "status"
        case ["company"]:
            return "legal_name"
        case [name, *_]:
            return name
    return ""
