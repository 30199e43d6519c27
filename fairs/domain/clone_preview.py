"""What would move to when if a fair got a next edition, and which of the new moments are to be looked at. Nothing is written."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _

from fairs.cloning import Edition
from fairs.quiet_time import holidays

_SATURDAY = 5


@dataclass(frozen=True)
class Move:
    """Something that lies at ``before`` and would lie at ``after``: days from the first to the last, or one moment."""

    what: str
    before: tuple[date | datetime, ...]
    after: tuple[date | datetime, ...]
    remarks: list[str] = field(default_factory=list)


def days_that_move(edition: Edition) -> list[Move]:
    """The days of the fair and of its sites."""
    source = edition.source
    found = [(_("The fair"), source), *((str(site), site) for site in source.sites.all())]
    return [
        Move(what, (row.starts_on, row.ends_on), (edition.day(row.starts_on), edition.day(row.ends_on)))  # type: ignore[attr-defined]
        for what, row in found
    ]


def moments_that_move(edition: Edition) -> list[Move]:
    """When applications open and close, and the deadlines, the earliest first; with what speaks against the new day."""
    source = edition.source
    found = [(_("Applications open"), source.applications_open_at), (_("Applications close"), source.applications_close_at)]
    found += [(str(deadline), deadline.due_at) for deadline in source.deadlines.all()]
    return [
        Move(what, (at,), (edition.moment(at),), list(_remarks(edition, edition.moment(at))))
        for what, at in sorted(found, key=lambda each: each[1])
    ]


def _remarks(edition: Edition, at: datetime) -> Iterator[str]:
    day = at.astimezone(edition.source.zone).date()
    if at <= edition.now:
        yield _("past already: nobody is reminded of it")
    if day.weekday() >= _SATURDAY:
        yield _("at the weekend")
    countries = sorted({days.country for days in holidays() if days.first <= day <= days.last})
    if countries:
        yield _("a public holiday in %(countries)s") % {"countries": ", ".join(countries)}


def unknown_holidays(edition: Edition) -> list[tuple[str, int]]:
    """Countries whose public holidays are not known up to the end of the new fair, and the last year for which they are."""
    known: dict[str, int] = {}
    for days in holidays():
        known[days.country] = max(known.get(days.country, 0), days.first.year)
    return sorted((country, year) for country, year in known.items() if year < edition.fair.ends_on.year)
