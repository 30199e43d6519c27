"""Take a letter, send it, write down what became of it. SMTP is spoken outside of any transaction; all moments here are real time.

A refusal that may pass (4xx, a dropped or slow conversation) lets the letter wait; a final one (5xx to RCPT or DATA) fails it at once;
trouble that is not the letter's own (no connection, AUTH or MAIL refused) also pauses the queue, so that a changed password is tried once
a minute and not once a letter.
"""

import logging
import smtplib
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from notifications import cleaning, sealing
from notifications.enums import LetterStatus
from notifications.lease import Lease
from notifications.mail_message import MailMessage
from notifications.models import Letter

logger = logging.getLogger(__name__)

GIVE_UP_AFTER = timedelta(hours=24)
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 20, 40, 60, 120)]  # the last one repeats
QUEUE_PAUSE_SECONDS = 60
LONGEST_NAME_IN_HEADER = 60  # characters
LONGEST_BATCH_SECONDS = 300.0  # well below the time limit of a task; what is left over stays queued
_PAUSE_KEY = "notifications:queue-paused"


def deliver(letter_ids: list[int]) -> None:
    """Send those of the letters that nobody else has, on one connection. Running it twice sends each letter once."""
    mailer = get_connection()
    end = time.monotonic() + LONGEST_BATCH_SECONDS
    try:
        for letter_id in letter_ids:
            if time.monotonic() > end or cache.get(_PAUSE_KEY):
                return  # the rows stay queued; the sweep comes back to them
            letter = Letter.objects.claim(letter_id, now=timezone.now())
            if letter is not None:
                _send_claimed(letter, mailer)
    finally:
        _close(mailer)


def _send_claimed(letter: Letter, mailer: BaseEmailBackend) -> None:
    is_open = False
    try:
        message = build_message(letter, mailer)
        with Lease(letter, mailer):
            mailer.open()
            is_open = True
            mailer.send_messages([message])
    except (smtplib.SMTPException, OSError) as error:
        _close(mailer)
        if not is_open or (isinstance(error, smtplib.SMTPSenderRefused) and error.smtp_code >= 500):
            _pause_queue(error)
            put_back(letter, error=error, final=False, now=timezone.now())
        else:
            put_back(letter, error=error, final=is_final(error), now=timezone.now())
    except Exception as error:  # a letter that cannot be built must not stop the others
        logger.exception("Letter %s cannot be sent.", letter.pk)
        _close(mailer)
        put_back(letter, error=error, final=True, now=timezone.now())
    else:
        _persistently(lambda: record_sent(letter, now=timezone.now()))


def build_message(letter: Letter, mailer: BaseEmailBackend | None = None) -> MailMessage:
    """The mail of a letter, the same at every attempt but for its Date. Raises CannotUnseal."""
    text, html = sealing.unseal(letter.sealed) if letter.is_secret else (letter.text, letter.html)
    message = MailMessage(
        subject=cleaning.one_line(letter.subject),
        body=text,
        to=[_mailbox(letter)],
        reply_to=[cleaning.one_line(letter.reply_to)] if letter.reply_to else None,
        connection=mailer,
        headers={
            "Message-ID": letter.message_id,
            "Content-Language": {"zh-hans": "zh-Hans"}.get(letter.language, letter.language),
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
    if html:
        message.attach_alternative(html, "text/html")
    return message


def _mailbox(letter: Letter) -> str:
    name = cleaning.one_line(letter.recipient_name, longest=LONGEST_NAME_IN_HEADER)
    if not name:
        return letter.recipient_email
    quoted = name.replace("\\", "").replace('"', "")
    return f'"{quoted}" <{letter.recipient_email}>'


def is_final(error: Exception) -> bool:
    """Whether the server refused this letter for good: 5xx to RCPT or DATA."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _reply in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500


def put_back(letter: Letter, *, error: Exception, final: bool, now: datetime) -> None:
    """Write down a failed attempt: try again after a pause that grows, or give up when it is final or 24 h have passed."""
    status = LetterStatus.FAILED if final or now >= letter.due_at + GIVE_UP_AFTER else LetterStatus.WAITING
    changes: dict[str, Any] = {"status": status, "claimed_until": None, "last_error": describe(error)}
    if status == LetterStatus.FAILED:
        changes["sealed"] = ""
        logger.error("Letter %s failed: %s", letter.pk, type(error).__name__)
    else:
        pause = PAUSES[min(letter.attempts, len(PAUSES)) - 1]
        changes["next_attempt_at"] = min(now + pause, letter.due_at + GIVE_UP_AFTER)
    # the number of the attempt tells whether the letter is still in our hands
    ours = Letter.objects.filter(pk=letter.pk, status=LetterStatus.SENDING, attempts=letter.attempts)
    _persistently(lambda: ours.update(**changes))


def record_sent(letter: Letter, *, now: datetime) -> None:
    """The server took it: whatever the row says by now, the letter is sent, and a secret one loses its body."""
    Letter.objects.filter(pk=letter.pk).exclude(status=LetterStatus.SENT).update(
        status=LetterStatus.SENT, sent_at=now, claimed_until=None, sealed="", last_error=""
    )


def describe(error: Exception) -> str:
    """One line for the desk: the server's code and words, or the kind of the error."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, reply = next(iter(error.recipients.values()))
        return cleaning.one_line(f"{code} {_decoded(reply)}", longest=500)
    if isinstance(error, smtplib.SMTPResponseException):
        return cleaning.one_line(f"{error.smtp_code} {_decoded(error.smtp_error)}", longest=500)
    return cleaning.one_line(f"{type(error).__name__}: {error}", longest=500)


def _decoded(reply: bytes | str) -> str:
    return reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply


def _pause_queue(error: Exception) -> None:
    logger.error("The mail server takes no letters, the queue pauses for %s s: %s", QUEUE_PAUSE_SECONDS, type(error).__name__)
    cache.set(_PAUSE_KEY, True, QUEUE_PAUSE_SECONDS)


def _close(mailer: BaseEmailBackend) -> None:
    try:
        mailer.close()
    except (smtplib.SMTPException, OSError):
        logger.info("The conversation with the mail server ended without a goodbye.")


def _persistently(write: Callable[[], Any]) -> None:
    """Write although the database restarts just now: else a letter on the wire would be sent once more."""
    for pause in (0.2, 0.5, 1, 2, 4, None):
        try:
            write()
            return
        except (OperationalError, InterfaceError):
            if pause is None or connection.in_atomic_block:
                raise
            connection.close()
            time.sleep(pause)
