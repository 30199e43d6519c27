"""Take a letter, send it, write down what became of it. SMTP is spoken outside of any transaction; all moments here are real time.

A refusal that may pass (4xx, a dropped or slow conversation) lets the letter wait; a final one (5xx to RCPT or DATA) fails it at once;
trouble that is not the letter's own (no connection, AUTH or MAIL refused) also pauses the queue, so that a changed password is tried once
a minute and not once a letter. What an answer means: notifications/answers.py.
"""

import logging
import smtplib
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from notifications import answers, attachments, cleaning, pauses, sealing, suppressions
from notifications.answers import Verdict
from notifications.enums import LetterStatus, SuppressionReason
from notifications.lease import Lease
from notifications.mail_message import MailMessage
from notifications.models import Letter, LetterAttachment

logger = logging.getLogger(__name__)

GIVE_UP_AFTER = timedelta(hours=24)
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 20, 40, 60, 120)]  # the last one repeats
LONGEST_NAME_IN_HEADER = 60  # characters
# What is left over stays queued. A worker that is asked to end finishes its batch: it should not take minutes.
LONGEST_BATCH_SECONDS = 60.0


def deliver(letter_ids: list[int]) -> None:
    """Send those of the letters that nobody else has, on one connection. Running it twice sends each letter once."""
    pause = pauses.current()
    if pause and pause.until > timezone.now():
        return  # the rows stay queued; the sweep comes back to them
    suppressions.fail_suppressed(letter_ids)
    letters = Letter.objects.filter(pk__in=letter_ids, status__in=LetterStatus.resting).in_bulk()
    with_files = set(LetterAttachment.objects.filter(letter__in=letters).values_list("letter_id", flat=True)) if letters else set()
    mailer = get_connection()
    end = time.monotonic() + LONGEST_BATCH_SECONDS
    try:
        for letter_id in letter_ids:
            letter = letters.pop(letter_id, None)
            if time.monotonic() > end:
                return
            if letter is None or not Letter.objects.take(letter, now=timezone.now()):
                continue
            files = list(letter.attachments.all()) if letter_id in with_files else []
            verdict = _send_claimed(letter, mailer, files)
            if verdict is Verdict.QUEUE:
                return
            if pause and verdict is None:
                pauses.end(now=timezone.now())
                pause = None
    finally:
        _close(mailer)


def _send_claimed(letter: Letter, mailer: BaseEmailBackend, files: list[LetterAttachment]) -> Verdict | None:
    """None when the server has taken the letter."""
    is_connected = False
    try:
        message = build_message(letter, mailer, files)
        with Lease(letter, mailer):
            mailer.open()
            is_connected = True
            mailer.send_messages([message])
    except (smtplib.SMTPException, OSError) as error:
        _close(mailer)
        verdict = answers.judge(error, is_connected=is_connected)
        _record_refusal(letter, error, verdict, now=timezone.now())
        return verdict
    except Exception as error:  # a letter that cannot be built must not stop the others
        logger.exception("Letter %s cannot be sent.", letter.pk)
        _close(mailer)
        put_back(letter, error=error, final=True, now=timezone.now())
        return Verdict.FINAL
    _persistently(lambda: record_sent(letter, now=timezone.now()))
    return None


def _record_refusal(letter: Letter, error: Exception, verdict: Verdict, *, now: datetime) -> None:
    if verdict is Verdict.QUEUE:
        reason, is_refusal = describe(error), answers.is_refusal(error)
        _persistently(lambda: pauses.begin(error=error, reason=reason, is_refusal=is_refusal, now=now))
        _persistently(lambda: _rest(letter, error=error, until=now + pauses.PAUSE))
        return
    put_back(letter, error=error, final=verdict in (Verdict.FINAL, Verdict.NO_MAILBOX), now=now)
    if verdict is Verdict.NO_MAILBOX:
        reason = SuppressionReason.UNKNOWN_MAILBOX
        _persistently(lambda: suppressions.suppress(letter=letter, reason=reason, answer=describe(error), now=now))


def build_message(letter: Letter, mailer: BaseEmailBackend | None = None, files: list[LetterAttachment] | None = None) -> MailMessage:
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
    for file in letter.attachments.all() if files is None else files:
        message.attach(attachments.part(file))
    return message


def _mailbox(letter: Letter) -> str:
    name = cleaning.one_line(letter.recipient_name, longest=LONGEST_NAME_IN_HEADER)
    if not name:
        return letter.recipient_email
    quoted = name.replace("\\", "").replace('"', "")
    return f'"{quoted}" <{letter.recipient_email}>'


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
    _persistently(lambda: _ours(letter).update(**changes))


def _rest(letter: Letter, *, error: Exception, until: datetime) -> None:
    """The letter waits with the queue: what was not its own trouble neither ages it nor makes its pauses grow."""
    _ours(letter).update(
        status=LetterStatus.WAITING, claimed_until=None, attempts=letter.attempts - 1, next_attempt_at=until, last_error=describe(error)
    )


def _ours(letter: Letter) -> Any:
    # the number of the attempt tells whether the letter is still in our hands
    return Letter.objects.filter(pk=letter.pk, status=LetterStatus.SENDING, attempts=letter.attempts)


def record_sent(letter: Letter, *, now: datetime) -> None:
    """The server took it: whatever the row says by now, the letter is sent, and a secret one loses its body."""
    Letter.objects.filter(pk=letter.pk).exclude(status=LetterStatus.SENT).update(
        status=LetterStatus.SENT, sent_at=now, claimed_until=None, sealed="", last_error=""
    )


def describe(error: Exception) -> str:
    """One line for the desk: the server's code and words, or the kind of the error."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, reply = next(iter(error.recipients.values()))
        return cleaning.one_line(f"{code} {answers.decoded(reply)}", longest=500)
    if isinstance(error, smtplib.SMTPResponseException):
        return cleaning.one_line(f"{error.smtp_code} {answers.decoded(error.smtp_error)}", longest=500)
    return cleaning.one_line(f"{type(error).__name__}: {error}", longest=500)


def _close(mailer: BaseEmailBackend) -> None:
    try:
        mailer.close()
    except (smtplib.SMTPException, OSError):
        logger.info("The conversation with the mail server ended without a goodbye.")


def _persistently(write: Callable[[], Any]) -> None:
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
