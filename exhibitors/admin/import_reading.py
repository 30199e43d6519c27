"""How an uploaded table was read, on the page of its import: the sheet, the first rows, and cells in the words of the file."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from exhibitors.enums import ImportState
from exhibitors.models import CompanyImport
from fairs.tables import sheets_text

_LOOKED_AT = (ImportState.CHECKED, ImportState.REFUSED)  # when somebody asks whether the table was read rightly


class ToldCell(NamedTuple):
    """A cell that the report speaks of: ``company`` is the legal name in its row, ``column`` the header as the file has it."""

    row: int
    company: str
    column: str
    message: str


def told_cells(report: Mapping[str, Any], kind: str) -> list[ToldCell]:
    """Those of the report's ``errors`` or ``kept``."""
    reading = report.get("reading", {})
    written, names = reading.get("written", {}), reading.get("names", {})
    return [ToldCell(row, names.get(str(row), ""), written.get(column, column), message) for row, column, message in report.get(kind, [])]


def reading_context(upload: CompanyImport) -> dict[str, Any]:
    """For read.html: ``sheets`` is a sentence, ``columns`` and ``rows`` are the first rows of the table."""
    reading = upload.report.get("reading", {})
    written = reading.get("written", {})
    is_shown = upload.state in _LOOKED_AT
    return {
        "sheets": sheets_text(reading.get("sheets", [])),
        "columns": [written.get(column, column) for column in reading.get("columns", [])],
        "rows": reading.get("rows", []) if is_shown else [],
    }
