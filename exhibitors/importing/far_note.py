"""How far a long import is, written where others see it while the import's own transaction is open."""

import logging
import time
from types import TracebackType
from typing import Self

from django.db import DatabaseError, connection

log = logging.getLogger(__name__)

EVERY = 1.0  # seconds
_NOTE = "UPDATE exhibitors_companyimport SET rows_done = %s, rows_total = %s WHERE id = %s RETURNING stop_asked_at"


def is_seen_meanwhile() -> bool:
    """Whether an import that is under way can say how far it is, and hear that it is to stop."""
    return connection.features.has_select_for_update


class Stopped(Exception):
    """Somebody asked the import to stop: it undoes what it did."""


class FarNote:
    """``with FarNote(pk) as note: note(done, total)`` notes at most once a second, over a connection of its own.

    Raises :class:`Stopped` when the import is to stop. SQLite has one writer, which is the import itself: there nothing is noted.
    Without the connection the import goes on unseen.
    """

    def __init__(self, pk: int, *, every: float = EVERY) -> None:
        self._pk = pk
        self._every = every
        self._next = time.monotonic() + every
        self._beside = connection.copy() if is_seen_meanwhile() else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._beside is not None:
            self._beside.close()

    def __call__(self, done: int, total: int) -> None:
        if self._beside is None or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + self._every
        try:
            with self._beside.cursor() as cursor:
                cursor.execute(_NOTE, [done, total, self._pk])
                row = cursor.fetchone()
        except DatabaseError as error:
            log.warning("How far the import %s is could not be noted (%s).", self._pk, type(error).__name__)
            return
        if row is not None and row[0] is not None:
            raise Stopped
