"""Moments as people of a fair read them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import formats


def moment_text(moment: datetime | None, zone: ZoneInfo) -> str:
    """A moment as the fair's wall clock shows it, with the distance from UTC that holds then: 12 Dec 2023, 09:00 (UTC+8)."""
    if moment is None:
        return "–"
    local = moment.astimezone(zone)
    return f"{formats.date_format(local, 'SHORT_DATETIME_FORMAT')} ({offset_text(local)})"


def offset_text(local: datetime) -> str:
    """How far an aware moment's zone is from UTC then: UTC+8, UTC-3:30."""
    total = int(local.utcoffset().total_seconds()) // 60  # type: ignore[union-attr]
    hours, minutes = divmod(abs(total), 60)
    return f"UTC{'-' if total < 0 else '+'}{hours}" + (f":{minutes:02d}" if minutes else "")
