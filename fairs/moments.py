"""Moments as people of a fair read them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import get_language

from notifications.moments import moment_in_zones


def moment_text(moment: datetime | None, zone: ZoneInfo) -> str:
    """A moment as the fair's wall clock shows it, with the distance from UTC that holds then: 12 Dec 2023, 09:00 (UTC+8)."""
    if moment is None:
        return "–"
    local = moment.astimezone(zone)
    return f"{formats.date_format(local, 'SHORT_DATETIME_FORMAT')} ({offset_text(local)})"


def span_text(first: datetime, last: datetime, zone: ZoneInfo) -> str:
    """From one moment to another on the fair's wall clock: 28 Jan 2024, 09:00–09:30 (UTC+8); one moment where both read the same."""
    first, last = first.astimezone(zone), last.astimezone(zone)
    begins = formats.date_format(first, "SHORT_DATETIME_FORMAT")
    if first.date() != last.date():
        return f"{begins} – {moment_text(last, zone)}"
    ends = "" if f"{first:%H:%M}" == f"{last:%H:%M}" else f"–{last:%H:%M}"
    return f"{begins}{ends} ({offset_text(first)})"


def moment_of_both(moment: datetime | None, *, fair_zone: str, reader_zone: str) -> str:
    """The fair's wall clock and the reader's beside it: 12 Dec 2023, 09:00 (Beijing) / 04:00 (Moscow)."""
    if moment is None:
        return "–"
    return moment_in_zones(moment, fair_zone=fair_zone, reader_zone=reader_zone, language=get_language() or "en")


def offset_text(local: datetime) -> str:
    """How far an aware moment's zone is from UTC then: UTC+8, UTC-3:30."""
    total = int(local.utcoffset().total_seconds()) // 60  # type: ignore[union-attr]
    hours, minutes = divmod(abs(total), 60)
    return f"UTC{'-' if total < 0 else '+'}{hours}" + (f":{minutes:02d}" if minutes else "")
