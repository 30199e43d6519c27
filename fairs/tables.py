"""Tables that organisers send, as CSV or XLSX: read whole, every cell a trimmed text, every error with its row and column.

The importers of stands, companies and programmes stand on this. Nothing here knows what a column means.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from api.text import quoted
from fairs.sheet_reader import cell_text, normal_header
from fairs.table_files import TableFileError, UnreadableTextError, table_text, worksheet_rows
from fairs.table_headers import header_index, header_problems, is_unknown, known_headers, needed_spellings

LARGEST_FILE = 20_000_000  # bytes
LARGEST_ROW_COUNT = 100_000
LARGEST_CELL_COUNT = 2_000_000
LARGEST_CELL = 32_767  # characters, as in a spreadsheet
EMPTY_ROWS_AT_MOST = 100  # after so many the rest of the sheet is formatting, not data
csv.field_size_limit(LARGEST_FILE)  # ours is checked where the cell's column is known
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)")
_QUOTED = re.compile(r'"[^"]*"')
YES = {"yes", "y", "true", "1", "x", "да", "истина", "是", "有", "真"}
NO = {"", "no", "n", "false", "0", "-", "нет", "ложь", "否", "无", "假"}


@dataclass(frozen=True)
class RowError:
    """What is wrong in one cell; ``row`` counts as the spreadsheet does, from 1; 0 is the whole file, and "" the whole row."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        if not self.row:
            return f"{self.column}: {self.message}" if self.column else self.message
        sentence = _("row %(row)s, column %(column)s: %(message)s") if self.column else _("row %(row)s: %(message)s")
        return sentence % {"row": self.row, "column": self.column, "message": self.message}


class TableError(Exception):
    """A table cannot be taken; ``errors`` names every reason. Its text has one line an error."""

    def __init__(self, errors: Iterable[RowError]) -> None:
        self.errors = list(errors)
        super().__init__("\n".join(str(error) for error in self.errors))

    @classmethod
    def whole(cls, message: str) -> "TableError":
        return cls([RowError(0, "", message)])


@dataclass(frozen=True)
class Row:
    """One line of a table: its number in the file, and the text under each header ("" for an empty cell)."""

    number: int
    values: Mapping[str, str]

    def error(self, column: str, message: str) -> RowError:
        return RowError(self.number, column, str(message))


@dataclass(frozen=True)
class Table:
    """``encoding`` is what a CSV file was read as; "" for a worksheet. ``errors`` are left by ``keep_errors`` of :func:`read_table`.

    ``sheets`` are those of a workbook that are not empty: the first one was read. ``written`` has each header as the file has it.
    """

    headers: list[str]
    rows: list[Row] = field(default_factory=list)
    encoding: str = ""
    errors: list[RowError] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    written: Mapping[str, str] = field(default_factory=dict)

    @property
    def assumed_encoding(self) -> str:
        """The encoding where it was a guess that a person should look at."""
        return "" if self.encoding.startswith("utf") else self.encoding


def read_table(
    source: str | Path | IO[bytes],
    *,
    name: str = "",
    sheet: str | None = None,
    columns: Mapping[str, Sequence[str]] | None = None,
    required: Iterable[str] = (),
    keep_errors: bool = False,
) -> Table:
    """The table in a CSV or XLSX file.

    ``name`` is the file's name where ``source`` is an open file. ``columns`` maps each known header to other spellings of
    it (case and spaces do not matter); unknown, doubled and missing (``required``) ones are errors. Without ``columns``
    headers stay as they are, and only doubled ones are errors. Title rows above the header are skipped when ``columns``
    is given. Of a workbook ``sheet`` is read, else the first sheet that has the ``required`` columns. With ``keep_errors``
    unknown headers and what is wrong with single cells do not raise: the table has these errors, "" in place of such a cell and
    nothing of such a column.
    Raises :class:`TableError`.
    """
    encoding = ""
    sheets: list[str] = []
    required = list(required)
    needed = needed_spellings(columns or {}, required)
    content = _content(source)
    file_name = name or str(getattr(source, "name", source))
    try:
        if content.startswith(b"PK\x03\x04"):
            lines = worksheet_rows(content, sheet=sheet, headers=needed, empty_rows=EMPTY_ROWS_AT_MOST, longest=LARGEST_CELL + 1)
            _row, sheets = next(lines)
        elif content.startswith(b"\xd0\xcf\x11\xe0"):
            raise TableError.whole(_("This is an old or encrypted Excel file: save it as .xlsx without a password."))
        else:
            text, encoding = table_text(content, name=file_name, headers=needed)
            lines = _csv_lines(text)
        numbered = [(number, [cell_text(cell) for cell in cells]) for number, cells in _limited(lines)]
    except UnreadableTextError as error:
        raise TableError([_first_unreadable(content, str(error))]) from error
    except TableFileError as error:
        raise TableError.whole(str(error)) from error
    if not numbered:
        raise TableError.whole(_("%(name)s has no rows.") % {"name": Path(file_name).name or _("The file")})
    try:
        table = _build(numbered, columns=columns, required=required)
    except TableError as error:
        raise TableError(_in_sheet(error.errors, sheets)) from error
    errors = _with_sheet(table, sheets)
    if errors and not keep_errors:
        raise TableError(errors)
    return replace(table, encoding=encoding, sheets=sheets, errors=errors)


def sheets_text(sheets: Sequence[str]) -> str:
    """Which of a table's ``sheets`` was read, and which were not; "" where there are no others."""
    if len(sheets) < 2:
        return ""
    read, *others = sheets
    return _("Read: sheet %(read)s. Not read: %(others)s.") % {"read": quoted([read]), "others": quoted(others)}


def _with_sheet(table: Table, sheets: Sequence[str]) -> list[RowError]:
    """Its errors; those about columns name the sheet that was read, where there are others."""
    above = [error for error in table.errors if error.row < table.rows[0].number]
    return [*_in_sheet(above, sheets), *table.errors[len(above) :]]


def _in_sheet(errors: Iterable[RowError], sheets: Sequence[str]) -> Iterator[RowError]:
    """The errors with the name of the sheet that was read, where there are others."""
    for error in errors:
        if len(sheets) > 1:
            named = _("Sheet “%(sheet)s”: %(message)s") % {"sheet": sheets[0], "message": error.message}
            yield replace(error, message=named)
        else:
            yield error


def _first_unreadable(content: bytes, message: str) -> RowError:
    """Where the first text stands that is no UTF-8."""
    headers: list[str] = []
    try:
        for number, cells in _csv_lines(content.decode("latin-1")):
            headers = headers or cells
            for place, cell in enumerate(cells):
                try:
                    cell.encode("latin-1").decode("utf-8")
                except UnicodeDecodeError:
                    header = headers[place] if place < len(headers) and headers is not cells else ""
                    return RowError(number, header if header.isascii() and header else str(place + 1), message)
    except TableError:
        pass  # nor can its quotes be read
    return RowError(0, "", message)


def _content(source: str | Path | IO[bytes]) -> bytes:
    if isinstance(source, (str, Path)):
        with Path(source).open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    else:
        content = source.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise TableError.whole(_("The file is larger than %(size)s MB.") % {"size": LARGEST_FILE // 1_000_000})
    if not content.strip():
        raise TableError.whole(_("The file is empty."))
    return content


def _csv_lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The records with their numbers; one with line breaks inside quotes counts once, as in a spreadsheet."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, cells
    except csv.Error as error:
        sentence = _("The quotes or separators cannot be read (%(reason)s).") % {"reason": error}
        raise TableError([RowError(number + 1, "", sentence)]) from error


def _separator(text: str) -> str:
    """The one of ; , and tab that the most of the first lines hold equally often, quoted texts aside; a comma when none is there."""
    lines = _QUOTED.sub("", text[:100_000]).splitlines()[:50]
    best = (0, 0, ",")
    for separator in ";\t,":
        counts = Counter(line.count(separator) for line in lines if separator in line)
        for count, frequency in counts.items():
            best = max(best, (frequency, count, separator))
    return best[2]


def _limited(lines: Iterable[tuple[int, Sequence[str]]]) -> Iterator[tuple[int, Sequence[str]]]:
    rows = cells_in_all = characters = 0
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        rows, cells_in_all, characters = rows + 1, cells_in_all + len(cells), characters + sum(map(len, cells))
        if rows > LARGEST_ROW_COUNT:
            raise TableError.whole(_("The table has more than %(count)s rows.") % {"count": LARGEST_ROW_COUNT})
        if cells_in_all > LARGEST_CELL_COUNT:
            raise TableError.whole(_("The table has more than %(count)s cells.") % {"count": LARGEST_CELL_COUNT})
        if characters > LARGEST_FILE:
            raise TableError.whole(_("The table has more than %(count)s characters.") % {"count": LARGEST_FILE})
        yield number, cells


def _build(numbered: list[tuple[int, list[str]]], *, columns: Mapping[str, Sequence[str]] | None, required: list[str]) -> Table:
    known = known_headers(columns or {})
    start = header_index([cells for _number, cells in numbered], known)
    number, header_cells = numbered[start]
    while header_cells and not header_cells[-1]:
        header_cells.pop()
    problems, can_be_read = header_problems(header_cells, known, required)
    errors = [RowError(number, column, message) for column, message in problems]
    if not can_be_read:
        raise TableError(errors)
    headers = [known.get(normal_header(cell), cell) for cell in header_cells]
    ignored = {cell for cell in header_cells if is_unknown(cell, known)}
    if not numbered[start + 1 :]:
        raise TableError.whole(_("There are no rows under the headers."))
    rows = []
    for row_number, cells in numbered[start + 1 :]:
        errors += (error for error in _cell_errors(row_number, headers, cells) if error.column not in ignored)
        wrong = {error.column for error in errors if error.row == row_number} if errors else set()
        texts = dict(zip_longest(headers, cells[: len(headers)], fillvalue=""))
        values = {header: "" if header in wrong else text for header, text in texts.items() if header not in ignored}
        rows.append(Row(row_number, values))
    written = {header: cell for header, cell in zip(headers, header_cells, strict=True) if cell not in ignored}
    return Table([*written], rows, errors=errors, written=written)


def _cell_errors(number: int, headers: list[str], cells: list[str]) -> Iterator[RowError]:
    if any(cells[len(headers) :]):
        yield RowError(number, "", _("There are more cells than headers."))
    for header, text in zip(headers, cells, strict=False):
        if text.startswith(("=", "@")):
            yield RowError(number, header, _("This is a formula: write its value."))
        elif "\x00" in text:
            yield RowError(number, header, _("There is a NUL character in this text."))
        elif len(text) > LARGEST_CELL:
            yield RowError(number, header, _("This text is longer than %(count)d characters.") % {"count": LARGEST_CELL})


# --- what cells mean: each raises ValueError with a sentence for the row's error ---------------------------------------


def as_number_code(text: str) -> str:
    """A tax or registration number as its digits and letters. Excel may have made a number of it.

    "7707083893.0" and "7 707 083 893" are put right; "7,707E+09" has lost digits and is refused.
    """
    compact = "".join(text.split()).lstrip("'")
    head, point, tail = compact.replace(",", ".").partition(".")
    if point and head.isdigit() and tail and set(tail) == {"0"}:
        return head
    if _is_power_of_ten(compact):
        raise ValueError(
            _("A spreadsheet has turned this number into %(text)s and lost digits: format the column as text.") % {"text": text}
        )
    return compact.upper()


def _is_power_of_ten(text: str) -> bool:
    mantissa, mark, exponent = text.upper().replace(",", ".").partition("E")
    # A USCC may hold an E between digits; only "7.7E+9" with a sign or a point is a number in disguise.
    return bool(mark) and exponent[:1] in ("+", "-") and exponent[1:].isdigit() and mantissa.replace(".", "", 1).isdigit()


def as_decimal(text: str) -> Decimal:
    """A number with a point or a comma; spaces between thousands are ignored."""
    plain = "".join(text.split()).replace(",", ".")
    if not _NUMBER.fullmatch(plain) or abs(Decimal(plain)) >= Decimal("1e15"):
        raise ValueError(_("“%(text)s” is not a number.") % {"text": text[:40]})
    return Decimal(plain)


def as_whole_number(text: str) -> int:
    number = as_decimal(text)
    if number != number.to_integral_value():
        raise ValueError(_("“%(text)s” is not a whole number.") % {"text": text[:40]})
    return int(number)


def as_flag(text: str) -> bool:
    """yes or no, да or нет, 是 or 否; an empty cell is no."""
    lowered = text.casefold()
    if lowered in YES:
        return True
    if lowered in NO:
        return False
    raise ValueError(_("“%(text)s” is neither yes nor no.") % {"text": text[:40]})


def as_date(text: str) -> date:
    """2024-01-27 or 27.01.2024."""
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%Y/%m/%d"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise ValueError(_("“%(text)s” is not a date like 2024-01-27 or 27.01.2024.") % {"text": text[:40]})
