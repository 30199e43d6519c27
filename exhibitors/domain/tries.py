"""What kills its worker again and again is left out, so that the others go on.

Work that is begun is noted at its rows (their ``tries``) before it begins, in a transaction of its own: whoever dies leaves the note to
those who come after. What ends otherwise, with an outcome or an error, leaves none.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.db import InterfaceError, OperationalError
from django.db.models import F, QuerySet

MOST_TRIES = 5  # workers that may die with one row


def note(rows: QuerySet[Any]) -> None:
    rows.update(tries=F("tries") + 1)


def take_back(rows: QuerySet[Any]) -> None:
    """The worker is alive. Where the database is away, the note stays, which does no harm once."""
    with suppress(OperationalError, InterfaceError):
        rows.filter(tries__gt=0).update(tries=F("tries") - 1)


@contextmanager
def survived(rows: QuerySet[Any]) -> Iterator[None]:
    """What ends with an error in here has killed nobody: the note at ``rows`` is taken back, and the error goes on."""
    try:
        yield
    except Exception:
        take_back(rows)
        raise
