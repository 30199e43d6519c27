"""While a worker has letters in its hands it shows that it lives, and a conversation without end is cut."""

import socket
import threading
import time
from collections.abc import Sequence
from types import TracebackType

from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError, connection
from django.utils import timezone

from notifications.models import LEASE, Letter
from notifications.records import in_our_hands

RENEW_EVERY_SECONDS = 10.0
LONGEST_CONVERSATION_SECONDS = 60.0
# A lease that is so near its end counts as lost: the sweep may have given the letter to somebody else.
MARGIN_SECONDS = 5.0


class Lease:
    """Around the sending of letters that were claimed at ``since`` (monotonic clock, seconds).

    A thread renews the claim of those that are left, and when one conversation has lasted 60 s shuts the socket, so that the sender gets
    an error. A process that was frozen for longer than its lease finds it lost: its letters may be in other hands.
    """

    def __init__(self, letters: Sequence[Letter], mailer: BaseEmailBackend, *, since: float) -> None:
        self._left = list(letters)
        self._mailer = mailer
        self._valid_until = since + LEASE.total_seconds()
        self._cut_at = float("inf")
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="lease of letters", daemon=True)

    def __enter__(self) -> "Lease":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._is_over.set()
        self._thread.join()

    def holds(self) -> bool:
        """Whether the letters are certainly still ours."""
        return time.monotonic() < self._valid_until - MARGIN_SECONDS

    def begin_conversation(self) -> None:
        self._cut_at = time.monotonic() + LONGEST_CONVERSATION_SECONDS

    def end_conversation(self, letter: Letter) -> None:
        self._cut_at = float("inf")
        self._left = [other for other in self._left if other.pk != letter.pk]

    def _watch(self) -> None:
        renew_at = time.monotonic() + RENEW_EVERY_SECONDS
        try:
            while not self._is_over.wait(self._rest(renew_at)):
                if time.monotonic() >= self._cut_at:
                    self._hang_up()
                if time.monotonic() >= renew_at:
                    self._renew()
                    renew_at = time.monotonic() + RENEW_EVERY_SECONDS
        finally:
            connection.close()  # this thread's own; none was opened when the letters left within 10 s

    def _rest(self, renew_at: float) -> float:
        # A conversation may begin while we rest: the look comes often enough for one that is as short as a test makes it.
        longest = min(1.0, LONGEST_CONVERSATION_SECONDS / 2)
        return max(0.0, min(renew_at, self._cut_at, time.monotonic() + longest) - time.monotonic())

    def _renew(self) -> None:
        began = time.monotonic()
        left = self._left
        try:
            if left and in_our_hands(left).update(claimed_until=timezone.now() + LEASE):
                self._valid_until = began + LEASE.total_seconds()
        except DatabaseError:
            connection.close()  # the database may be back at the next turn

    def _hang_up(self) -> None:
        self._cut_at = float("inf")
        # a server that never finishes its greeting is not yet a connection
        session = getattr(self._mailer, "connection", None) or getattr(self._mailer, "_partial_connection", None)
        sock = getattr(session, "sock", None)
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it ended by itself in this very moment
