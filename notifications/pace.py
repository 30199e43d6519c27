"""How many letters leave a minute, over all workers together: to the mail server (LETTERS_PER_MINUTE) and to single domains (the desk).

A row for each limit says when the next letter may leave; whoever moves it on in one UPDATE has the turn. Turns are spread evenly, so
no minute, wherever it begins, has more than its number.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import Q

from notifications.models import DomainLimit, Pace

ALL = ""  # the key of the mail server's own limit
_CLOCKS_DIFFER = timedelta(seconds=5)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def limits(domains: Iterable[str]) -> dict[str, int]:
    """Letters a minute by domain, of those that have a limit; under ``ALL`` that of the mail server."""
    found = dict(DomainLimit.objects.filter(domain__in=set(domains)).values_list("domain", "per_minute"))
    if settings.LETTERS_PER_MINUTE:
        found[ALL] = settings.LETTERS_PER_MINUTE
    return found


def between(per_minute: int) -> timedelta:
    """The time from one letter to the next, rounded up."""
    return timedelta(microseconds=-(-60_000_000 // per_minute))


def take(key: str, *, per_minute: int, now: datetime) -> timedelta:
    """Take the turn of ``key`` if it is free (no time), or say how long it is still taken. ``now`` in real time."""
    moment, step = (now - _EPOCH) // timedelta(microseconds=1), between(per_minute) // timedelta(microseconds=1)
    # What lies far ahead of one step is of a slower limit, or of a clock that was wrong; a little ahead, of a worker that looked at its
    # clock a moment after us and was quicker.
    is_free = Q(free_at__lte=moment) | Q(free_at__gt=moment + step + _CLOCKS_DIFFER // timedelta(microseconds=1))
    for _time in range(2):
        if Pace.objects.filter(is_free, key=key).update(free_at=moment + step):
            return timedelta(0)
        row = Pace.objects.filter(key=key).first()
        if row is not None:
            return timedelta(microseconds=max(row.free_at - moment, 1))
        Pace.objects.bulk_create([Pace(key=key)], ignore_conflicts=True)
    return between(per_minute)
