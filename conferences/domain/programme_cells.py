"""What stands in one cell of a programme's workbook, read; all that cannot be understood in a row is told together."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from api.text import clean_line, clean_text
from conferences.domain.moments import moment_in
from fairs import tables
from fairs.table_words import known_language
from fairs.tables import Row

LANGUAGES = {"ru": "ru", "zh": "zh-hans", "en": "en"}  # the end of a header: the language
LONG_TEXTS = ("abstract", "biography")  # of several lines


class CellError(Exception):
    """Cells that cannot be understood: messages by column."""

    def __init__(self, messages: dict[str, list[str]]) -> None:
        self.messages = messages
        super().__init__(str(messages))


class CellErrors:
    """Reads the cells of one row and remembers every one that cannot be understood."""

    def __init__(self) -> None:
        self.messages: dict[str, list[str]] = {}

    def take(self, row: Row, column: str, read: Callable[[str], Any]) -> Any:
        try:
            return read(row.values.get(column, ""))
        except ValueError as error:
            self.messages.setdefault(column, []).append(str(error))
            return None

    def take_texts(self, row: Row, name: str, *, is_required: bool) -> dict[str, str]:
        texts = by_language(row, name)
        if is_required and not any(texts.values()):
            self.messages.setdefault(f"{name}_en", []).append(_("Write it in one language at least."))
        return texts

    def raise_any(self) -> None:
        if self.messages:
            raise CellError(self.messages)


def messages_by_field(error: "ValidationError | CellError") -> dict[str, list[str]]:
    if isinstance(error, CellError):
        return error.messages
    return error.message_dict if hasattr(error, "error_dict") else {"": error.messages}


def cell(row: Row, column: str, read: Callable[[str], Any]) -> Any:
    errors = CellErrors()
    value = errors.take(row, column, read)
    errors.raise_any()
    return value


def by_language(row: Row, name: str) -> dict[str, str]:
    """The texts in the languages that the table has a column for."""
    clean = clean_text if name in LONG_TEXTS else clean_line
    there = {language: f"{name}_{end}" for end, language in LANGUAGES.items() if f"{name}_{end}" in row.values}
    return {language: clean(row.values[header]) for language, header in there.items()}


def columns_of(row: Row, name: str, *, is_required: bool = False) -> dict[str, str]:
    """The texts of a row as the columns of the table: ``name_zh_hans`` for the header ``name_zh``."""
    errors = CellErrors()
    texts = errors.take_texts(row, name, is_required=is_required)
    errors.raise_any()
    return {f"{name}_{language.replace('-', '_')}": text for language, text in texts.items()}


def parts(text: str) -> list[str]:
    return [part.strip() for part in text.replace(";", ",").replace("，", ",").split(",") if part.strip()]


def known(code: str, rows: dict[str, Any]) -> Any:
    if code not in rows:
        raise ValueError(_("“%(code)s” is not known here.") % {"code": code[:40]})
    return rows[code]


def languages(text: str) -> tuple[str, ...]:
    return tuple(map(known_language, parts(text)))


def natural(text: str) -> int | None:
    if not text:
        return None
    number = tables.as_whole_number(text)
    if number < 0:
        raise ValueError(_("“%(text)s” is below zero.") % {"text": text[:40]})
    return number


def moment(text: str, zone: Any) -> datetime:
    """2024-01-28 09:00, local to the fair unless an offset is written."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(_("“%(text)s” is not a moment like 2024-01-28 09:00.") % {"text": text[:40]}) from error
    return moment_in(zone, read)
