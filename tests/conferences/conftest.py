"""What tests of conferences share."""

import re
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from pytest_django import DjangoCaptureOnCommitCallbacks

from conferences.models import Conference
from fairs import sheet_reader
from fairs.sheet_process import SheetUnread
from tests.factories.conferences import ConferenceFactory

NOW = datetime(2030, 1, 15, 9, tzinfo=UTC)
CODE = re.compile(r"^\s*([\dA-Z-]{35})\s*$", re.MULTILINE)


@pytest.fixture
def conference(db: None) -> Conference:
    return ConferenceFactory(capacity=2)


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    """A folder of its own for what is uploaded."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def letters(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Callable[[Callable[[], Any]], list[Any]]:
    """Do something and return the letters that left by it."""

    def letters(act: Callable[[], Any]) -> list[Any]:
        before = len(mail.outbox)
        with django_capture_on_commit_callbacks(execute=True):
            act()
        return mail.outbox[before:]

    return letters


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


def code_in(letter: Any) -> str:
    """The code that a letter shows on a line of its own."""
    return CODE.search(letter.body)[1]
