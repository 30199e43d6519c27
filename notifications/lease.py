"""While a letter is on the wire its worker shows that it lives, and a conversation without end is cut."""

import socket
import threading
import time
from types import TracebackType

from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError, connection
from django.utils import timezone

from notifications.enums import LetterStatus
from notifications.models import LEASE, Letter

RENEW_EVERY_SECONDS = 15.0
LONGEST_CONVERSATION_SECONDS = 60.0


class Lease:
    """Around the sending of one letter: a thread renews the claim, and after 60 s shuts the socket so that the sender gets an error."""

    def __init__(self, letter: Letter, mailer: BaseEmailBackend) -> None:
        self._letter = letter
        self._mailer = mailer
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name=f"lease of letter {letter.pk}", daemon=True)

    def __enter__(self) -> "Lease":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._is_over.set()
        self._thread.join()

    def _watch(self) -> None:
        end = time.monotonic() + LONGEST_CONVERSATION_SECONDS
        try:
            while not self._is_over.wait(min(RENEW_EVERY_SECONDS, max(0.0, end - time.monotonic()))):
                if time.monotonic() >= end:
                    self._hang_up()
                    return
                self._renew()
        finally:
            connection.close()  # this thread's own; none was opened when the letter left within 15 s

    def _renew(self) -> None:
        ours = Letter.objects.filter(pk=self._letter.pk, status=LetterStatus.SENDING, attempts=self._letter.attempts)
        try:
            ours.update(claimed_until=timezone.now() + LEASE)
        except DatabaseError:
            connection.close()  # the database may be back at the next turn

    def _hang_up(self) -> None:
        # a server that never finishes its greeting is not yet a connection
        session = getattr(self._mailer, "connection", None) or getattr(self._mailer, "_partial_connection", None)
        sock = getattr(session, "sock", None)
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it ended by itself in this very moment
