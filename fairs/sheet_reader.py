"""A program of its own: the workbook on its standard input becomes lines of JSON on its standard output.

What an .xlsx makes a reader do cannot be told from its size: 200 KB may take 400 MB, 2 KB a minute. So it is read by a process that
ends at its limits without taking anybody along (fairs/sheet_process.py), that knows neither Django nor the settings, and that can
write to nobody but its parent. Each line is a row, ``[7, ["name", "", "2024-01-27"]]``, or the last word, ``{"error": "broken"}``;
the first one, ``[0, ["Companies", "Notes"]]``, names the sheets.
"""

import io
import json
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Any

MEGABYTE = 1_000_000
TITLE_ROWS_AT_MOST = 20  # title rows above the header row
_LONGEST_NAME = 100  # of a sheet; spreadsheets allow 31


def cell_text(cell: Any) -> str:
    """A cell as the text that a person reads in it: 7707083893.0 is 7707083893, a date is 2024-01-27."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        shown = float(f"{cell:.15g}")  # so many digits a spreadsheet shows: 10.23, where the file has 10.229999999999999
        return str(int(shown)) if shown.is_integer() and abs(shown) < 1e15 else repr(shown)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if not isinstance(cell, (str, int, Decimal)):
        return "="  # an array formula, or another of Excel's special cells
    return unicodedata.normalize("NFC", str(cell)).replace("\xa0", " ").strip()


def normal_header(text: str) -> str:
    """Headers are compared without case, and with "_" and line breaks as spaces."""
    return " ".join(text.replace("_", " ").casefold().split()).rstrip("*: ")


def main() -> None:
    wanted = json.loads(sys.argv[1])
    _limit(memory=wanted["memory"], seconds=wanted["seconds"])
    try:
        for number, cells in _rows(sys.stdin.buffer.read(), wanted):
            _say([number, cells])
    except MemoryError:
        _say({"error": "memory"})
    except _NoSuchSheet as error:
        _say({"error": "sheet", "names": error.args[0]})
    except Exception as error:  # whatever openpyxl meets in a broken file: KeyError, ValueError, XML errors
        _say({"error": "memory" if "out of memory" in str(error) else "broken"})
    else:
        _say({"error": ""})


class _NoSuchSheet(Exception):
    pass


def _limit(*, memory: int, seconds: int) -> None:
    """Of address space, of the processor's time, and no file is written. Beyond them the system refuses, or ends the process."""
    import resource  # the module itself is imported for cell_text where there may be none

    limits = {resource.RLIMIT_AS: (memory * MEGABYTE,) * 2, resource.RLIMIT_CPU: (seconds, seconds + 1), resource.RLIMIT_FSIZE: (0, 0)}
    for kind, most in limits.items():
        with suppress(ValueError, OSError):  # not every system knows every limit; the parent watches the clock as well
            resource.setrlimit(kind, most)


def _rows(content: bytes, wanted: dict[str, Any]) -> Iterator[tuple[int, list[str]]]:
    """The names of the sheets as row 0, the one that is read first; then each row of that sheet."""
    sys.modules["numpy"] = None  # type: ignore[assignment]  # openpyxl takes it along where it is installed, 100 MB and more
    import openpyxl

    # Formulas as such, not what some program computed last: the reader refuses them.
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    sheet = wanted["sheet"]
    if sheet is not None and sheet not in book.sheetnames:
        raise _NoSuchSheet(book.sheetnames)
    worksheets = [book[sheet]] if sheet is not None else _filled(book.worksheets, wanted)
    yield 0, [worksheet.title[:_LONGEST_NAME] for worksheet in worksheets]
    if worksheets:
        yield from _rows_of(worksheets[0], wanted)


def _filled(worksheets: list[Any], wanted: dict[str, Any]) -> list[Any]:
    """Those that are not empty: first the one whose header row has most of the headers that the table needs, then the others."""
    heads = [(worksheet, list(islice(_rows_of(worksheet, wanted), TITLE_ROWS_AT_MOST))) for worksheet in worksheets]
    filled = [(worksheet, _found(head, wanted["headers"])) for worksheet, head in heads if head]
    best = max(filled, key=lambda one: one[1], default=(None, 0))[0]
    return sorted((worksheet for worksheet, _count in filled), key=lambda worksheet: worksheet is not best)


def _found(head: list[tuple[int, list[str]]], headers: list[list[str]]) -> int:
    """How many of the headers one of these rows has; each is given with all its spellings."""
    rows = [{normal_header(cell) for cell in cells} for _number, cells in head]
    return max(sum(not row.isdisjoint(spellings) for spellings in headers) for row in rows)


def _rows_of(worksheet: Any, wanted: dict[str, Any]) -> Iterator[tuple[int, list[str]]]:
    worksheet.reset_dimensions()  # a file may claim a million columns
    longest, empty = wanted["longest"], 0
    for number, cells in enumerate(worksheet.iter_rows(max_col=wanted["columns"], values_only=True), start=1):
        row = [cell_text(cell[:longest] if isinstance(cell, str) else cell) for cell in cells]
        while row and not row[-1]:
            row.pop()
        empty = 0 if row else empty + 1
        if empty > wanted["empty_rows"]:
            return
        if row:
            yield number, row


def _say(line: Any) -> None:
    sys.stdout.write(f"{json.dumps(line)}\n")


if __name__ == "__main__":
    main()
