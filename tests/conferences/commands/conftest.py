"""What the tests of imports may ask for."""

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from fairs import sheet_reader
from fairs.sheet_process import SheetUnread


@pytest.fixture
def _workbooks_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a process for each of four sheets: tests/fairs/test_sheet_process.py is about those, and test_demo_files takes them."""

    def rows(content: bytes, **wanted: Any) -> Iterator[tuple[int, list[str]]]:
        try:
            yield from sheet_reader._rows(content, wanted)
        except sheet_reader._NoSuchSheet as error:
            raise SheetUnread("sheet", error.args[0]) from error
        except Exception as error:
            raise SheetUnread("broken") from error

    monkeypatch.setattr("fairs.table_files.sheet_rows", rows)
    monkeypatch.setitem(sys.modules, "numpy", None)  # as the reader does, but for the length of a test
