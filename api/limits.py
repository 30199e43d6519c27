"""Limits that hold under parallel calls: counted in the database, so that a flushed cache opens nothing.

For what guards a secret, or sends letters to strangers. Spend before the work begins and outside its transaction: a try that
was refused has been tried all the same. Ordinary courtesy limits are api/throttles.py.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F
from rest_framework.exceptions import Throttled

from api.models import Try


@dataclass(frozen=True)
class Limit:
    """At most ``most`` tries of ``what`` by one person within a window of ``period``; windows follow each other."""

    what: str
    most: int
    period: timedelta

    def spend(self, *, who: object, now: datetime) -> None:
        """Count one try. Raises Throttled (429), with the seconds to wait, for the one beyond the limit."""
        window = self._window(now)
        ends_at = datetime.fromtimestamp((window + 1) * self.period.total_seconds(), tz=now.tzinfo)
        key = f"{self.what}:{who}:{window}"
        Try.objects.bulk_create([Try(key=key, ends_at=ends_at)], ignore_conflicts=True)
        # Whoever comes second waits for the row and then asks the condition again: no two spend the same try.
        if not Try.objects.filter(key=key, count__lt=self.most).update(count=F("count") + 1):
            raise Throttled(wait=(ends_at - now).total_seconds())

    def give_back(self, *, who: object, now: datetime) -> None:
        """The try that was spent was none of those that are limited."""
        Try.objects.filter(key=f"{self.what}:{who}:{self._window(now)}", count__gt=0).update(count=F("count") - 1)

    def forget(self, *, who: object, now: datetime) -> None:
        """Who has succeeded has all tries again."""
        Try.objects.filter(key=f"{self.what}:{who}:{self._window(now)}").delete()

    def _window(self, now: datetime) -> int:
        return int(now.timestamp() // self.period.total_seconds())


def count(key: str, *, ends_at: datetime) -> int:
    """Count one more under ``key`` and say how many that makes: one statement, so that parallel calls see different numbers."""
    columns = ", ".join(connection.ops.quote_name(name) for name in ("key", "count", "ends_at"))
    statement = (
        f"INSERT INTO {Try._meta.db_table} ({columns}) VALUES (%s, 1, %s) "  # noqa: S608  # names of our own
        f"ON CONFLICT (key) DO UPDATE SET count = {Try._meta.db_table}.count + 1 RETURNING count"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [key, connection.ops.adapt_datetimefield_value(ends_at)])
        return int(cursor.fetchone()[0])


def forget_past(*, now: datetime) -> int:
    """Delete the counts of windows that are over; returns how many."""
    return Try.objects.filter(ends_at__lt=now).delete()[0]
