"""When a reader is left in peace, and when a letter that falls into it goes instead. Plain values in and out: no database, no clock.

Quiet are the hours from 20 to 8 on the reader's wall clock, and the quiet days. A working hour lies on Monday to Friday from 9 to 18,
on a day that is neither quiet nor a holiday of the reader's country (DOMAIN.md, part 4). Arithmetic goes by the calendar and the wall
clock and is turned into a moment at the end, so that a day of 23 or 25 hours is a day.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

MORNING = time(9)  # the first working hour: reminders go then
LAST_WORKING_HOUR = time(17)
QUIET_FROM, QUIET_UNTIL = time(20), time(8)
LONGEST_QUIET = 60  # days that are looked through for one that is not quiet
_DATA = Path(__file__).parent / "data"
_DAY = timedelta(days=1)

# The zones of the IANA database that lie in Russia and in China (zone1970.tab): a reader's country is told by the zone.
_ZONES = {
    "CN": {"Asia/Shanghai", "Asia/Urumqi", "Asia/Hong_Kong", "Asia/Macau"},
    "RU": {
        *("Europe/Kaliningrad", "Europe/Moscow", "Europe/Simferopol", "Europe/Kirov", "Europe/Volgograd", "Europe/Astrakhan"),
        *("Europe/Saratov", "Europe/Ulyanovsk", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk", "Asia/Novosibirsk", "Asia/Barnaul"),
        *("Asia/Tomsk", "Asia/Novokuznetsk", "Asia/Krasnoyarsk", "Asia/Irkutsk", "Asia/Chita", "Asia/Yakutsk", "Asia/Khandyga"),
        *("Asia/Vladivostok", "Asia/Ust-Nera", "Asia/Magadan", "Asia/Sakhalin", "Asia/Srednekolymsk", "Asia/Kamchatka", "Asia/Anadyr"),
    },
}


class Days(NamedTuple):
    """The days from ``first`` to ``last``, both included, of one country; ``country`` '': of every reader."""

    first: date
    last: date
    country: str = ""


def country_of(zone: str) -> str:
    """The ISO 3166-1 code of the country that a time zone lies in, or '' where we keep no holidays of it."""
    return next((country for country, zones in _ZONES.items() if zone in zones), "")


@lru_cache(maxsize=1)
def holidays() -> tuple[Days, ...]:
    """Days on which nobody works, by country: data/holidays.csv, which names its sources."""
    return _read("holidays.csv")


@lru_cache(maxsize=1)
def usual_quiet_days() -> tuple[Days, ...]:
    """The quiet days that a new fair begins with: data/quiet_days.csv."""
    return _read("quiet_days.csv")


def _read(name: str) -> tuple[Days, ...]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return tuple(Days(date.fromisoformat(row["first_day"]), date.fromisoformat(row["last_day"]), row["country"]) for row in rows)


@dataclass(frozen=True)
class QuietTime:
    """One reader's quiet time: ``quiet`` and ``free`` days (holidays) in the reader's own calendar."""

    zone: ZoneInfo
    quiet: frozenset[date] = field(default_factory=frozenset)
    free: frozenset[date] = field(default_factory=frozenset)

    @classmethod
    def of(cls, zone: str, quiet_days: Iterable[Days]) -> "QuietTime":
        """Of a reader in this time zone, by the quiet days of a fair and the holidays of the reader's country."""
        country = country_of(zone)
        return cls(
            zone=ZoneInfo(zone),
            quiet=_each_day(days for days in quiet_days if days.country in ("", country)),
            free=_each_day(days for days in holidays() if days.country == country),
        )

    def at(self, day: date, hour: time = MORNING) -> datetime:
        """The moment when the reader's wall clock shows ``hour`` on ``day``."""
        return datetime.combine(day, hour, tzinfo=self.zone).astimezone(UTC)

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def is_quiet(self, moment: datetime) -> bool:
        local = moment.astimezone(self.zone)
        return local.date() in self.quiet or not QUIET_UNTIL <= local.time() < QUIET_FROM

    def ends(self, moment: datetime) -> datetime:
        """The first moment from ``moment`` on that is not quiet; ``moment`` itself where it is not."""
        if not self.is_quiet(moment):
            return moment
        local = moment.astimezone(self.zone)
        day = local.date() + _DAY if local.time() >= QUIET_FROM else local.date()
        if local.date() in self.quiet:
            day = max(day, local.date() + _DAY)
        while day in self.quiet:
            day += _DAY
        return self.at(day, QUIET_UNTIL)

    def goes(self, moment: datetime) -> datetime:
        """When a reminder that is late at ``moment`` goes: at once in the daytime, else with the digest of the next day that is not quiet.

        So a letter at the end of the quiet hours does not use up the day's digest, an hour before the day's own reminders.
        """
        local = self.ends(moment).astimezone(self.zone)
        return self.at(local.date()) if local.time() < MORNING else moment

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.free and day not in self.quiet

    def plus_working_days(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day`` (before it where negative); ``day`` itself for 0."""
        step = _DAY if count > 0 else -_DAY
        left = abs(count)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def last_working_hour(self, before: datetime) -> datetime | None:
        """When the last free working hour begins that is over at ``before``; None when there is none within two months."""
        local = before.astimezone(self.zone)
        for back in range(LONGEST_QUIET):
            day = local.date() - back * _DAY
            if not self.is_working_day(day):
                continue
            for hour in range(LAST_WORKING_HOUR.hour, MORNING.hour - 1, -1):
                begins = self.at(day, time(hour))
                if begins + timedelta(hours=1) <= before.astimezone(UTC):
                    return begins
        return None

    def settle(self, moment: datetime, *, due_at: datetime) -> datetime:
        """When a letter meant for ``moment`` goes, which it has to before ``due_at``.

        In quiet time it moves to the next digest, or where that is not before ``due_at``, to the end of the quiet time; where that is not
        either, to the last free working hour before it.
        """
        for moved in (self.goes(moment).astimezone(UTC), self.ends(moment).astimezone(UTC)):
            if moved < due_at.astimezone(UTC):
                return moved
        return self.last_working_hour(due_at) or moment.astimezone(UTC)


def _each_day(ranges: Iterable[Days]) -> frozenset[date]:
    return frozenset(days.first + step * _DAY for days in ranges for step in range((days.last - days.first).days + 1))
