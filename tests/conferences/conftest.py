"""What tests of conferences share."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from pytest_django import DjangoCaptureOnCommitCallbacks

from conferences.models import Conference
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


def code_in(letter: Any) -> str:
    """The code that a letter shows on a line of its own."""
    return CODE.search(letter.body)[1]
