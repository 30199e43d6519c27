"""Take letters, send them, write down what became of each. SMTP is spoken outside of any transaction; all moments here are real time.

A refusal that may pass (4xx, a dropped or slow conversation) lets the letter wait; a final one (5xx to RCPT or DATA) fails it at once;
trouble that is not the letter's own (no connection, AUTH or MAIL refused) also pauses the queue, so that a changed password is tried once
a minute and not once a letter. What an answer means: notifications/answers.py.

Letters are claimed some at a time and recorded one by one, before the next is on the wire: a worker that is killed leaves at most one
letter of which nobody knows whether it arrived.
"""

import logging
import smtplib
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from notifications import answers, attachments, cleaning, pace, pauses, records, sealing, suppressions
from notifications.answers import Verdict
from notifications.enums import LetterStatus, SuppressionReason
from notifications.lease import Lease
from notifications.mail_message import MailMessage
from notifications.models import Letter, LetterAttachment, LetterQuerySet

logger = logging.getLogger(__name__)

LONGEST_NAME_IN_HEADER = 60  # characters
CLAIMED_AT_ONCE = 25
# What is left over stays queued. A worker that is asked to end finishes its batch: it should not take minutes.
LONGEST_BATCH_SECONDS = 60.0
# Under a limit a worker mostly waits: it should not keep somebody's sign-in code waiting, too.
LONGEST_LIMITED_RUN_SECONDS = 2.0
LETTERS_A_LIMITED_RUN = 100
# A domain's next turn that is so near is waited for on the open connection.
LONGEST_WAIT = timedelta(seconds=0.5)
AT_ONCE = timedelta(0)


def deliver(letter_ids: Sequence[int]) -> None:
    """Send those of the letters that nobody else has, on one connection. Running it twice sends each letter once.

    A letter to a domain that may get none just now stays where it is: :func:`deliver_to` comes back to it, and :func:`deliver_in_turn`
    to what the mail server takes later.
    """
    pause = pauses.current()
    if pause and pause.until > timezone.now():
        return  # the rows stay queued; the sweep comes back to them
    suppressions.fail_suppressed(letter_ids)
    resting = Letter.objects.filter(pk__in=letter_ids, status__in=LetterStatus.resting).order_by("pk")
    found = list(resting.values_list("pk", "domain", "lost_attempts"))
    if not found:
        return
    limits = pace.limits(domain for _pk, domain, _lost in found)
    longest = LONGEST_LIMITED_RUN_SECONDS if pace.ALL in limits else LONGEST_BATCH_SECONDS
    batch = _Batch(limits, longest=longest, is_paused=pause is not None)
    # One that was lost with its worker may be what killed it: alone, so that no other is lost with it.
    apart = {pk: domain for pk, domain, lost in found if lost or domain in limits or pace.ALL in limits}
    together = [pk for pk, _domain, _lost in found if pk not in apart]
    try:
        for start in range(0, len(together), CLAIMED_AT_ONCE):
            batch.send(together[start : start + CLAIMED_AT_ONCE])
        for pk, domain in apart.items():
            if batch.has_turn(pk, domain):
                batch.send([pk])
    finally:
        batch.close()


def deliver_to(domain: str) -> timedelta | None:
    """Send due letters to a domain that has a limit, for some seconds. Returns when to go on, or None when there is no more to do."""
    return _run_along(Letter.objects.due(now=timezone.now()).filter(domain=domain), domain=domain)


def deliver_in_turn() -> timedelta | None:
    """The same under the mail server's own limit, to domains that have none of their own."""
    return _run_along(Letter.objects.due(now=timezone.now()).to_unlimited_domains())


def _run_along(due: LetterQuerySet, *, domain: str | None = None) -> timedelta | None:
    pause = pauses.current()
    if pause and pause.until > timezone.now():
        return None
    pks = list(due.most_urgent_first().values_list("pk", flat=True)[:LETTERS_A_LIMITED_RUN])
    suppressions.fail_suppressed(pks)
    limits = pace.limits([domain] if domain else [])
    batch = _Batch(limits, longest=LONGEST_LIMITED_RUN_SECONDS, is_paused=pause is not None)
    try:
        for pk in pks:
            wait = batch.wait_for(domain, longest=LONGEST_WAIT) if domain else AT_ONCE
            if wait == AT_ONCE:
                batch.send([pk])
            if wait != AT_ONCE or batch.is_over:
                return max(wait, batch.next_turn)
    finally:
        batch.close()
    return AT_ONCE if len(pks) == LETTERS_A_LIMITED_RUN else None


class _Batch:
    """One connection, the limits it goes by, and the time it has (``longest``, in seconds)."""

    def __init__(self, limits: dict[str, int], *, longest: float, is_paused: bool) -> None:
        self.is_over = False
        self.next_turn = AT_ONCE  # how long the mail server's next turn was off when it ended the batch
        self._limits = limits
        self._is_paused = is_paused
        self._full: dict[str, datetime] = {}  # when a domain takes the next letter
        self._end = time.monotonic() + longest
        self._mailer = get_connection()

    def close(self) -> None:
        _close(self._mailer)

    def wait_for(self, domain: str, *, longest: timedelta) -> timedelta:
        """``AT_ONCE`` when a letter to the domain may leave now, or how long it may not; a turn within ``longest`` is waited for."""
        per_minute = self._limits.get(domain)
        if per_minute is None or self.is_over:
            return AT_ONCE
        return _wait_for_turn(domain, per_minute, longest=longest)

    def has_turn(self, pk: int, domain: str) -> bool:
        """Whether the letter may leave now as far as its domain goes; else it is put back as it was, until its domain takes one."""
        if domain not in self._full:
            wait = self.wait_for(domain, longest=AT_ONCE)
            if wait == AT_ONCE:
                return True
            self._full[domain] = timezone.now() + wait
        records.defer(pk, until=self._full[domain])
        return False

    def send(self, pks: Sequence[int]) -> None:
        """Claim the letters, send them one after the other, and give back those that their turn does not come to."""
        if self.is_over:
            return
        since = time.monotonic()
        letters = Letter.objects.claim(pks, now=timezone.now())
        if not letters:
            return
        files = _files_of(letters)
        with Lease(letters, self._mailer, since=since) as lease:
            while letters and self._may_go_on(lease):
                letter = letters.pop(0)
                verdict = self._send(letter, files.get(letter.pk, []), lease)
                if verdict is Verdict.NO_MAILBOX:
                    letters = _without_address(letters, letter)
            if lease.holds():
                records.persistently(lambda: records.release(letters, until=timezone.now()))

    def _may_go_on(self, lease: Lease) -> bool:
        """False, for good, when the queue rests, the batch has lasted long enough, or the claim is no longer certain."""
        per_minute = self._limits.get(pace.ALL)
        if not self.is_over and per_minute:
            longest = timedelta(seconds=max(0.0, self._end - time.monotonic()))
            self.next_turn = _wait_for_turn(pace.ALL, per_minute, longest=longest)
            self.is_over = self.next_turn != AT_ONCE
        self.is_over = self.is_over or time.monotonic() > self._end or not lease.holds()
        return not self.is_over

    def _send(self, letter: Letter, files: list[LetterAttachment], lease: Lease) -> Verdict | None:
        lease.begin_conversation()
        verdict = _send_claimed(letter, self._mailer, files)
        lease.end_conversation(letter)
        if verdict is Verdict.QUEUE:
            self.is_over = True
        if self._is_paused and verdict is None:
            pauses.end(now=timezone.now())
            self._is_paused = False
        return verdict


def _wait_for_turn(key: str, per_minute: int, *, longest: timedelta) -> timedelta:
    """Take the next turn of ``key``, waiting for it at most ``longest``; returns how long it is still taken (``AT_ONCE``: it is ours)."""
    end = timezone.now() + longest
    while (wait := pace.take(key, per_minute=per_minute, now=timezone.now())) != AT_ONCE:
        if timezone.now() + wait > end:
            return wait
        time.sleep(wait.total_seconds())
    return AT_ONCE


def _files_of(letters: Sequence[Letter]) -> dict[int, list[LetterAttachment]]:
    found: dict[int, list[LetterAttachment]] = {}
    for file in LetterAttachment.objects.filter(letter__in=[letter.pk for letter in letters]):
        found.setdefault(file.letter_id, []).append(file)
    return found


def _without_address(letters: list[Letter], refused: Letter) -> list[Letter]:
    """Give back those to the address that does not exist, so that they fail as every other to it, and return the rest."""
    same = [letter for letter in letters if letter.address == refused.address]
    records.persistently(lambda: records.release(same, until=timezone.now()))
    suppressions.fail_suppressed([letter.pk for letter in same])
    return [letter for letter in letters if letter not in same]


def _send_claimed(letter: Letter, mailer: BaseEmailBackend, files: list[LetterAttachment]) -> Verdict | None:
    """None when the server has taken the letter."""
    is_connected = False
    try:
        message = build_message(letter, mailer, files)
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
        records.put_back(letter, error=error, final=True, now=timezone.now())
        return Verdict.FINAL
    records.persistently(lambda: records.record_sent(letter, now=timezone.now()))
    return None


def _record_refusal(letter: Letter, error: Exception, verdict: Verdict, *, now: datetime) -> None:
    answer = records.describe(error)
    if verdict is Verdict.QUEUE:
        is_refusal = answers.is_refusal(error)
        records.persistently(lambda: pauses.begin(error=error, reason=answer, is_refusal=is_refusal, now=now))
        records.persistently(lambda: records.rest(letter, error=error, until=now + pauses.PAUSE))
        return
    records.put_back(letter, error=error, final=verdict in (Verdict.FINAL, Verdict.NO_MAILBOX), now=now)
    if verdict is Verdict.NO_MAILBOX:
        reason = SuppressionReason.UNKNOWN_MAILBOX
        records.persistently(lambda: suppressions.suppress(letter=letter, reason=reason, answer=answer, now=now))


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
    # "=?" would begin an encoded word, which is read as something else than what stands there
    quoted = name.replace("\\", "").replace('"', "").replace("=?", "= ?")
    return f'"{quoted}" <{letter.recipient_email}>'


def _close(mailer: BaseEmailBackend) -> None:
    try:
        mailer.close()
    except (smtplib.SMTPException, OSError):
        logger.info("The conversation with the mail server ended without a goodbye.")
