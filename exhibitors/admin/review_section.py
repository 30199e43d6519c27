"""A section of the one-screen review, and how its values are written."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from accounts.models import User
from api.languages import active_language, pick
from exhibitors.models import Application


@dataclass(frozen=True)
class Section:
    """``facts`` are label and value, ``rows`` a table under ``header``; without either the section says that there is nothing."""

    slug: str
    title: str
    facts: list[tuple[str, Any]] = field(default_factory=list)
    header: list[str] = field(default_factory=list)
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    is_open: bool = False
    url: str = ""  # where the same can be changed, or read in full

    @property
    def count(self) -> int | None:
        return len(self.rows) if self.header else None

    @property
    def is_empty(self) -> bool:
        return not self.facts and not self.rows


@dataclass(frozen=True)
class Subject:
    """The application with whoever reads about it."""

    application: Application
    reader: User
    looked_at: datetime | None = None  # when this reader looked the last time before this

    @property
    def zone(self) -> Any:
        return self.application.fair.zone


def title(texts: Any) -> str:
    return pick(texts, active_language())


def day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def lines(texts: Iterable[str]) -> SafeString:
    return format_html_join(SafeString("<br>"), "{}", ((text,) for text in texts))


def given(facts: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [(label, value) for label, value in facts if value not in ("", None)]
