"""A workbook is read by a process that ends at its limits; without them the same file is read, at what it costs."""

import resource
import time
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from api import archives
from fairs import sheet_process
from fairs.sheet_process import SheetUnread, sheet_rows
from tests.uploaded import hungry_sheet, sheet, slow_sheet

ONE_ROW = '<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>'
PLAIN: dict[str, Any] = {"sheet": None, "headers": [], "empty_rows": 100, "columns": 200, "longest": 100}


def rows_of(content: bytes, **given: Any) -> list[tuple[int, list[str]]]:
    """Without row 0, which names the sheets."""
    return list(sheet_rows(content, **{**PLAIN, **given}))[1:]


def why(content: bytes, **given: Any) -> str:
    with pytest.raises(SheetUnread) as unread:
        rows_of(content, **given)
    return unread.value.why


def program(monkeypatch: pytest.MonkeyPatch, folder: Path, text: str) -> None:
    """Another reader in the place of ours."""
    path = folder / "reader.py"
    path.write_text(text)
    monkeypatch.setattr(sheet_process, "_PROGRAM", path)


def test_what_takes_too_much_memory_ends_the_reader_and_not_us(monkeypatch: pytest.MonkeyPatch) -> None:
    content = hungry_sheet()
    archives.members(content)  # by its directory there is nothing wrong with it
    monkeypatch.setattr(sheet_process, "MEMORY", 65)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert why(content) == "memory"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # KB
    monkeypatch.setattr(sheet_process, "MEMORY", 4000)
    assert rows_of(content) == [(1, ["name"])]


def test_what_takes_too_long_ends_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    content = slow_sheet()
    archives.members(content)
    monkeypatch.setattr(sheet_process, "SECONDS", 1)
    assert why(content) == "time"
    monkeypatch.setattr(sheet_process, "SECONDS", 60)
    rows = sheet_rows(content, **PLAIN)
    assert [number for number, _cells in islice(rows, 5_001)] == [*range(5_001)]
    rows.close()


def test_who_waits_is_ended_by_the_clock(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program(monkeypatch, tmp_path, "import time; time.sleep(60)")
    monkeypatch.setattr(sheet_process, "SECONDS_IN_ALL", 0.3)
    began = time.monotonic()
    assert why(b"x" * 10_000_000) == "time"  # more than a pipe holds
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("end", ["import sys; sys.stdout.write('[1, [\"cut')", "import os; os.abort()", "", "1 / 0"])
def test_who_ends_in_the_middle_of_a_word_has_read_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, end: str) -> None:
    program(monkeypatch, tmp_path, end)
    assert why(b"x") == "memory"


def test_the_reader_has_nothing_of_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECRET_KEY", "very secret")
    text = "import json, os, sys; print('[0, []]'); print(json.dumps([1, [*os.environ, *sys.path]])); print(json.dumps({'error': ''}))"
    program(monkeypatch, tmp_path, text)
    ((_number, known),) = rows_of(b"x")
    assert not {"SECRET_KEY", "DATABASE_URL", "HOME"} & set(known)
    assert not [path for path in known if path == str(Path.cwd()) or path == str(tmp_path)]


def test_the_reader_ends_with_who_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    popen = sheet_process.subprocess.Popen
    monkeypatch.setattr(sheet_process.subprocess, "Popen", lambda *given, **named: made.append(popen(*given, **named)) or made[-1])
    rows = sheet_rows(slow_sheet(20_000), **PLAIN)
    assert [next(rows), next(rows)] == [(0, ["S"]), (1, ["7919"])]
    rows.close()
    assert made[0].poll() is not None


def test_it_says_what_it_found() -> None:
    assert rows_of(sheet(ONE_ROW)) == [(1, ["name"])]
    assert why(sheet("<row><c>")) == "broken"
    assert why(b"PK\x03\x04") == "broken"
    with pytest.raises(SheetUnread) as unread:
        rows_of(sheet(ONE_ROW), sheet="Other")
    assert (unread.value.why, unread.value.names) == ("sheet", ["S"])


def test_it_reads_no_further_than_it_was_told() -> None:
    long = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"x" * 5000}</t></is></c><c r="ZZ1"><v>1</v></c></row>'
    assert rows_of(sheet(long), longest=10) == [(1, ["x" * 10])]
    far = f'{ONE_ROW}<row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    assert rows_of(sheet(far)) == [(1, ["name"])]


def test_a_sheet_that_claims_a_million_columns_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """1.5 KB that keep a reader busy for a minute."""
    monkeypatch.setattr(sheet_process, "SECONDS", 2)
    content = sheet(f'{ONE_ROW}<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', before='<dimension ref="A1:XFD1048576"/>')
    assert len(content) < 2_000
    assert rows_of(content) == [(1, ["name"])]


def test_the_limits_are_what_we_say() -> None:
    assert (sheet_process.MEMORY, sheet_process.SECONDS, sheet_process.SECONDS_IN_ALL) == (300, 30, 60)
