"""The rows of the page of what will be sent in the next 14 days, and those of reminders, which nobody has written yet."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import caches
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from redis.exceptions import RedisError as CacheError

from api.text import fold
from exhibitors.domain.reminders_ahead import Ahead, Letter, Mailbox, reminders_ahead
from fairs.models import Fair
from fairs.moments import offset_text, span_text

NAMED = 10  # readers of a row; of reminders all are behind a link
COMPANIES_NAMED = 5  # of a deadline in the letter of one of staff
KEPT_SECONDS = 120  # so long what was worked out for many readers is shown again
MANY = 500  # readers

_LANGUAGES = dict(settings.LANGUAGES)
_WHAT = {
    False: gettext_lazy("reminders of deadlines, one letter to each reader"),
    True: gettext_lazy("to staff: deadlines of their exhibitors, one letter to each reader"),
}


@dataclass(frozen=True)
class Line:
    """A reader as the page names one: who, in which language, at which moment on the own clock, and what the letter is about."""

    name: str
    email: str
    language: str
    moment: str
    about: Sequence[str]


@dataclass(frozen=True)
class Planned:
    """Something that goes at ``at`` (the business clock's), to ``count`` readers or about ``count`` applications."""

    at: datetime
    fair: Fair
    what: str
    count: int
    of: str
    url: str = ""
    readers: Sequence[Line] = field(default_factory=list)
    key: str = ""  # the address of the row alone, where it can be opened
    until: datetime | None = None  # where its letters go at several moments

    @property
    def day(self) -> str:
        return date_format(self.at.astimezone(self.fair.zone), "SHORT_DATE_FORMAT")

    @property
    def moment(self) -> str:
        return span_text(self.at, self.until or self.at, self.fair.zone)

    @property
    def named(self) -> Sequence[Line]:
        return self.readers[:NAMED]

    @property
    def more(self) -> int:
        return max(0, self.count - NAMED) if self.key else 0


def line_of(name: str, email: str, language: str, time_zone: str, *, at: datetime, about: Sequence[str]) -> Line:
    local = at.astimezone(ZoneInfo(time_zone))
    moment = f"{date_format(local, 'SHORT_DATETIME_FORMAT')} {time_zone} ({offset_text(local)})"
    return Line(name, email, str(_LANGUAGES.get(language, language)), moment, about)


class _Readers(Sequence[Line]):
    """Of thousands of letters those that a page shows are put into words."""

    def __init__(self, ahead: Ahead, letters: list[tuple[Letter, Mailbox]]) -> None:
        self.ahead, self.letters = ahead, letters

    def __len__(self) -> int:
        return len(self.letters)

    def __getitem__(self, place: int | slice) -> "Line | list[Line]":  # type: ignore[override]
        if isinstance(place, slice):
            return [self._line(*each) for each in self.letters[place]]
        return self._line(*self.letters[place])

    def _line(self, letter: Letter, mailbox: Mailbox) -> Line:
        reader = mailbox.reader
        about = [self._told(told.deadline, mailbox.about(told)) for told in letter.told]
        return line_of(reader.name, reader.email, reader.language, reader.time_zone, at=letter.at, about=about)

    def _told(self, deadline: int, applications: Sequence[int]) -> str:
        names = [self.ahead.companies[pk] for pk in applications[:COMPANIES_NAMED]]
        if len(applications) > COMPANIES_NAMED:
            names.append(_("and %(number)d more") % {"number": len(applications) - COMPANIES_NAMED})
        return _("%(deadline)s: %(company)s") % {"deadline": self.ahead.deadlines[deadline], "company": ", ".join(names)}


def digests(fair: Fair, *, now: datetime, until: datetime, words: Sequence[str]) -> list[Planned]:
    """A row for each day and kind. ``words``: of readers and companies that have each of them in their names or addresses."""
    ahead = _kept(fair, now=now, until=until)
    rows: dict[tuple[str, bool], list[tuple[Letter, Mailbox]]] = {}
    days: dict[datetime, str] = {}
    for mailbox in ahead.mailboxes:
        if not _has(words, mailbox, ahead):
            continue
        for letter in mailbox.letters:
            day = days.setdefault(letter.at, f"{letter.at.astimezone(fair.zone):%Y-%m-%d}")
            rows.setdefault((day, letter.for_staff), []).append((letter, mailbox))
    found = []
    for (day, for_staff), letters in rows.items():
        letters.sort(key=lambda each: (each[0].at, each[1].reader.address))
        found.append(
            Planned(
                letters[0][0].at,
                fair,
                str(_WHAT[for_staff]),
                len(letters),
                _("letters"),
                readers=_Readers(ahead, letters),
                key=f"{fair.pk}-{day}-{'staff' if for_staff else 'exhibitors'}",
                until=letters[-1][0].at,
            )
        )
    return found


def _has(words: Sequence[str], mailbox: Mailbox, ahead: Ahead) -> bool:
    if not words:
        return True
    about = {pk for letter in mailbox.letters for told in letter.told for pk in mailbox.about(told)}
    text = fold(" ".join([mailbox.reader.name, mailbox.reader.email, *(ahead.companies[pk] for pk in about)]))
    return all(word in text for word in words)


def _kept(fair: Fair, *, now: datetime, until: datetime) -> Ahead:
    """Of a large fair what was worked out a moment ago; of others it is worked out anew."""
    key = f"reminders-ahead:{fair.pk}:{get_language()}:{int(now.timestamp()) // KEPT_SECONDS}"
    try:
        kept: Ahead | None = caches["shared"].get(key)
    except (CacheError, OSError):
        kept = None
    if kept is not None:
        return kept
    found = reminders_ahead(fair, now=now, until=until)
    if len(found.mailboxes) >= MANY:
        with suppress(CacheError, OSError):  # without it is worked out anew the next time
            caches["shared"].set(key, found, timeout=KEPT_SECONDS)
    return found
