"""Tables that leave the desk, as CSV or XLSX: every cell is a text or a number, and no text becomes a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a spreadsheet may take for the beginning of a formula when it opens a CSV file. A phone number with its plus is none.
_FORMULA = re.compile(r"\s*[=+\-@|\t\r]")
_HARMLESS = re.compile(r"\+[0-9][0-9 ()-]*|-?[0-9]+(?:[.,][0-9]+)?")

Row = Sequence[Any]


def csv_answer(name: str, header: Row, rows: Iterable[Row]) -> HttpResponse:
    """A CSV file to download, in UTF-8 with the mark that Excel needs to see that it is."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([harmless(cell) for cell in header])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return _file(f"{name}.csv", "text/csv; charset=utf-8", text.getvalue().encode("utf-8-sig"))


def xlsx_answer(name: str, header: Row, rows: Iterable[Row]) -> HttpResponse:
    """An XLSX file to download, with its first row kept in sight."""
    from openpyxl import Workbook  # 15 MB that a web worker which never writes a table need not carry

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, cell, bold=True) for cell in header])
    for row in rows:
        sheet.append([_cell(sheet, cell) for cell in row])
    content = io.BytesIO()
    book.save(content)
    return _file(f"{name}.xlsx", XLSX, content.getvalue())


def harmless(value: Any) -> str:
    """The text of a CSV cell; one that a spreadsheet would run gets an apostrophe before it."""
    text = "" if value is None else str(value)
    return f"'{text}" if _FORMULA.match(text) and not _HARMLESS.fullmatch(text) else text


def _cell(sheet: Any, value: Any, *, bold: bool = False) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font

    if isinstance(value, str):
        cell = WriteOnlyCell(sheet)
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"  # a text it stays, whatever it begins with
    else:
        cell = WriteOnlyCell(sheet, value=value)
    if bold:
        cell.font = Font(bold=True)
    return cell


def _file(name: str, content_type: str, content: bytes) -> HttpResponse:
    header = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    answer = HttpResponse(content, content_type=content_type, headers={"Content-Disposition": header, "X-Content-Type-Options": "nosniff"})
    answer["Cache-Control"] = "private, no-store"
    return answer
