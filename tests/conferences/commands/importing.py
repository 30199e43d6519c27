"""Commands that bring in an organiser's file, as the tests call them."""

from io import StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from conferences.models import Conference, Delegate, Room, Session, Speaker, Track


def run(command: str, path: Path, fair: str, **options: Any) -> str:
    out = StringIO()
    call_command(command, str(path), "--fair", fair, stdout=out, stderr=out, **options)
    return out.getvalue()


def refused(command: str, path: Path, conference: Conference, **options: Any) -> list[str]:
    with pytest.raises(CommandError) as refusal:
        run(command, path, conference.fair.slug, **options)
    for model in (Room, Track, Speaker, Session, Delegate):
        assert not model.objects.exists()
    first, *errors = str(refusal.value).splitlines()
    assert first.endswith(": nothing was loaded.")
    return errors


def in_dialect(path: Path, rows: list[list[str]], dialect: str) -> Path:
    """A list of delegates as a spreadsheet saves it: "xlsx", or separator and encoding of a text file."""
    file = path / f"delegates.{'xlsx' if dialect == 'xlsx' else 'csv'}"
    if dialect == "xlsx":
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(file)
        return file
    separator, encoding = dialect.split(" ")
    file.write_bytes("\r\n".join({"tab": "\t"}.get(separator, separator).join(row) for row in rows).encode(encoding))
    return file
