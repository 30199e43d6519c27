"""What became of a letter is written down here, so that it outlives the worker. All moments are real time."""

import logging
import smtplib
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, connection
from django.db.models import F, Q

from notifications import answers, cleaning
from notifications.enums import LetterStatus
from notifications.models import Letter, LetterQuerySet

logger = logging.getLogger(__name__)

GIVE_UP_AFTER = timedelta(hours=24)
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 20, 40, 60, 120)]  # the last one repeats


def record_sent(letter: Letter, *, now: datetime) -> None:
    """The server took it: whatever the row says by now, the letter is sent, and a secret one loses its body."""
    Letter.objects.filter(pk=letter.pk).exclude(status=LetterStatus.SENT).update(
        status=LetterStatus.SENT, sent_at=now, claimed_until=None, sealed="", last_error=""
    )


def put_back(letter: Letter, *, error: Exception, final: bool, now: datetime) -> None:
    """Write down a failed attempt: try again after a pause that grows, or give up when it is final or 24 h have passed."""
    status = LetterStatus.FAILED if final or now >= letter.due_at + GIVE_UP_AFTER else LetterStatus.WAITING
    changes: dict[str, Any] = {"status": status, "claimed_until": None, "last_error": describe(error)}
    if status == LetterStatus.FAILED:
        changes |= {"sealed": "", "next_attempt_at": now}
        logger.error("Letter %s failed: %s", letter.pk, type(error).__name__)
    else:
        pause = PAUSES[min(letter.attempts, len(PAUSES)) - 1]
        changes["next_attempt_at"] = min(now + pause, letter.due_at + GIVE_UP_AFTER)
    persistently(lambda: in_our_hands([letter]).update(**changes))


def rest(letter: Letter, *, error: Exception, until: datetime) -> None:
    """The letter waits with the queue: what was not its own trouble neither ages it nor makes its pauses grow."""
    in_our_hands([letter]).update(
        status=LetterStatus.WAITING, claimed_until=None, attempts=F("attempts") - 1, next_attempt_at=until, last_error=describe(error)
    )


def release(letters: Sequence[Letter], *, until: datetime) -> None:
    """Give back what was claimed and not tried, as if it had not been claimed; the next turn is at ``until``."""
    if letters:
        in_our_hands(letters).update(status=LetterStatus.QUEUED, claimed_until=None, attempts=F("attempts") - 1, next_attempt_at=until)


def defer(letter_id: int, *, until: datetime) -> None:
    """A letter that nobody has claimed yet waits for its turn at ``until``."""
    Letter.objects.filter(pk=letter_id, status__in=LetterStatus.resting).update(next_attempt_at=until)


def make_due(letter_ids: Sequence[int], *, now: datetime) -> None:
    """Letters that are just written wait for no hint of their own: whoever goes through what is due may take them."""
    fresh = Letter.objects.filter(pk__in=letter_ids, status=LetterStatus.QUEUED, due_at__lte=now, next_attempt_at__gt=now)
    fresh.update(next_attempt_at=now)


def in_our_hands(letters: Sequence[Letter]) -> LetterQuerySet:
    """Those that nobody has taken from us: the number of the attempt tells."""
    by_attempts: dict[int, list[int]] = {}
    for letter in letters:
        by_attempts.setdefault(letter.attempts, []).append(letter.pk)
    ours = Q(pk__in=[])
    for attempts, pks in by_attempts.items():
        ours |= Q(pk__in=pks, attempts=attempts)
    return Letter.objects.filter(ours, status=LetterStatus.SENDING)


def describe(error: Exception) -> str:
    """One line for the desk: the server's code and words, or the kind of the error."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, reply = next(iter(error.recipients.values()))
        return cleaning.one_line(f"{code} {answers.decoded(reply)}", longest=500)
    if isinstance(error, smtplib.SMTPResponseException):
        return cleaning.one_line(f"{error.smtp_code} {answers.decoded(error.smtp_error)}", longest=500)
    return cleaning.one_line(f"{type(error).__name__}: {error}", longest=500)


def persistently(write: Callable[[], Any]) -> None:
    """Write although the database restarts just now: else a letter on the wire would be sent once more."""
    for pause in (0.2, 0.5, 1, 2, 4, 8, 15, None):
        try:
            write()
            return
        except (OperationalError, InterfaceError):
            if pause is None or connection.in_atomic_block:
                raise
            connection.close()
            time.sleep(pause)
