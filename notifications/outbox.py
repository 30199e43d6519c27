"""The door to the outbox: every app writes its letters here, in the transaction of what they tell."""

import hashlib
import logging
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from celery.exceptions import OperationalError as BrokerError
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone, translation

from notifications import cleaning, own_texts, rendering, sealing
from notifications.attachments import Attachment
from notifications.attachments import check as check_attachments
from notifications.attachments import rows as attachment_rows
from notifications.enums import LetterStatus
from notifications.models import Letter, LetterAttachment, LetterQuerySet
from notifications.occasions import Scope, occasion_named, title_of
from notifications.sweep import HINT_LASTS, LETTERS_A_BATCH
from notifications.tasks import deliver_letter, deliver_letters
from notifications.wording import LONGEST_SUBJECT, Wording

LONGEST_KEY = 200  # characters; an address alone may have 254


@dataclass(frozen=True)
class NewLetter:
    """What is told of one letter to one address.

    ``key`` names what the letter tells, and to whom. ``occasion`` names the templates (see ``notifications.rendering``). ``reply_to`` is
    where answers go; without it the letter asks not to be answered. What has not left at ``expires_at`` (real time) is given up; what is
    ``held`` leaves when somebody releases it.
    """

    key: str
    to: str
    occasion: str
    language: str
    context: dict[str, Any] = field(default_factory=dict)
    name: str = ""
    time_zone: str = "UTC"
    user_id: int | None = None
    fair_id: int | None = None
    about: str = ""
    reply_to: str = ""
    expires_at: datetime | None = None
    held: bool = False
    attachments: tuple[Attachment, ...] = ()
    wording: Wording | None = None  # instead of the fair's own or the shipped text: a mailing, a test


@dataclass(frozen=True)
class Worded:
    """What a letter says. ``note`` is a remark on it; with ``problem`` it says nothing: its shipped text is broken, and this is how."""

    text: rendering.Rendered
    note: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Drawn:
    """A letter that is rendered and not written yet."""

    row: Letter
    attachments: tuple[Attachment, ...] = ()


@dataclass
class Count:
    """How many letters were written meanwhile."""

    letters: int = 0


_counting: ContextVar[Count | None] = ContextVar("counting", default=None)


@contextmanager
def counted() -> Iterator[Count]:
    """Count what is written within, be it rolled back afterwards or not: what a preview says that would go."""
    count = Count()
    token = _counting.set(count)
    try:
        yield count
    finally:
        _counting.reset(token)


logger = logging.getLogger(__name__)
SECONDS_WITHOUT_HINTS = 10.0
_no_hints_before = 0.0  # on the monotonic clock of this process


def write_letter(letter: NewLetter, *, secret: bool = False, due_at: datetime | None = None, evenly: bool = False) -> Letter:
    """Write one letter; it leaves on commit, or at ``due_at`` (real time) if that is later.

    Written again under the same key, the letter that exists is returned and nothing is sent. A ``secret`` letter holds a code or a signed
    link: its body is encrypted until it is sent and erased then; it carries no files.
    ``evenly``: a letter that exists is drawn all the same, so that the time which it takes tells nobody.
    A letter whose shipped text is broken is written as failed, with the reason: what it tells stands all the same.
    Raises ValidationError when ``to`` is no email address, ValueError for attachments that cannot go.
    """
    validate_email(letter.to)
    if secret and letter.attachments:
        raise ValueError("A secret letter carries no files: they would lie in clear.")
    check_attachments(letter.attachments)
    key = fitting_key(letter.key)
    existing = Letter.objects.filter(key=key).first()
    if existing and not evenly:
        return existing
    now = timezone.now()
    drawn = _row(key, letter, now=now, secret=secret, due_at=due_at)
    if existing:
        return existing
    row, is_new = _write_once(drawn, letter.attachments)
    _count(int(is_new))
    if is_new and row.due_at <= now and row.status == LetterStatus.QUEUED and not row.is_held:
        hint_on_commit(row.pk)
    return row


def _write_once(row: Letter, files: tuple[Attachment, ...]) -> tuple[Letter, bool]:
    """The letter, or the one that somebody has written under its key; and which of the two."""
    try:
        with transaction.atomic():  # nobody sends the letter before its files are there
            row.save(force_insert=True)
            LetterAttachment.objects.bulk_create(attachment_rows(row, files))
    except IntegrityError as refused:
        try:
            return Letter.objects.get(key=row.key), False
        except Letter.DoesNotExist:
            raise refused from None
    return row, True


def write_letters(letters: Sequence[NewLetter], *, are_new: bool = False) -> int:
    """Write many letters, none of them secret, in a number of queries that does not grow with theirs. Returns how many are new.

    Keys hold as in :func:`write_letter`; ``are_new`` says that they name what has just been recorded, so that nobody can have
    written under them. Raises ValidationError when a ``to`` is no email address: then none is written.
    """
    if are_new:
        return write_drawn([draw(letter) for letter in letters])
    for letter in letters:
        validate_email(letter.to)
    by_key = {fitting_key(letter.key): letter for letter in letters}
    for known in Letter.objects.filter(key__in=by_key).values_list("key", flat=True):
        del by_key[known]
    now = timezone.now()
    rows = [_row(key, letter, now=now) for key, letter in by_key.items()]
    if any(letter.attachments for letter in letters):
        raise ValueError("Letters with files are drawn first: write_drawn.")
    Letter.objects.bulk_create(rows, ignore_conflicts=True)  # a key that somebody wrote meanwhile stays theirs
    written = Letter.objects.filter(message_id__in=[row.message_id for row in rows]).order_by("pk").values_list("pk", "status", "is_held")
    return _hint_all(list(written))


def draw(letter: NewLetter, *, worded: Worded | None = None) -> Drawn:
    """Render a letter that nobody can have written under its key, outside of the transaction that :func:`write_drawn` needs.

    ``worded``: the text, where that has been written (notifications/stencil.py).
    Raises ValidationError when ``to`` is no email address, ValueError for attachments that cannot go.
    """
    validate_email(letter.to)
    check_attachments(letter.attachments)
    return Drawn(_row(fitting_key(letter.key), letter, now=timezone.now(), worded=worded), letter.attachments)


def write_drawn(letters: Sequence[Drawn]) -> int:
    """Write letters that were drawn, in one query, and one more for their attachments; they leave on commit. Returns how many."""
    with transaction.atomic(savepoint=False):  # nobody sends a letter before its files are there
        rows = Letter.objects.bulk_create(drawn.row for drawn in letters)
        files = [file for row, drawn in zip(rows, letters, strict=True) for file in attachment_rows(row, drawn.attachments)]
        if files:
            LetterAttachment.objects.bulk_create(files)
        return _hint_all([(row.pk, row.status, row.is_held) for row in rows])


def _count(written: int) -> None:
    count = _counting.get()
    if count is not None:
        count.letters += written


def _hint_all(written: Sequence[tuple[int, str, bool]]) -> int:
    _count(len(written))
    letter_ids = [pk for pk, status, is_held in written if status == LetterStatus.QUEUED and not is_held]
    for start in range(0, len(letter_ids), LETTERS_A_BATCH):
        _hint_batch_on_commit(letter_ids[start : start + LETTERS_A_BATCH])
    return len(written)


def _row(
    key: str, letter: NewLetter, *, now: datetime, worded: Worded | None = None, secret: bool = False, due_at: datetime | None = None
) -> Letter:
    language = letter.language if letter.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    reply_to = _usable_reply_to(letter.reply_to)
    scope = Scope(letter.context, language, letter.time_zone, letter.name, letter.to, reply_to)
    worded = worded or _worded(letter.occasion, scope, fair_id=letter.fair_id, secret=secret, wording=letter.wording)
    body = {"text": worded.text.text, "html": worded.text.html}
    later = due_at if due_at is not None and due_at > now else None
    return Letter(
        key=key,
        occasion=letter.occasion,
        about=letter.about,
        user_id=letter.user_id,
        fair_id=letter.fair_id,
        recipient_email=letter.to,
        recipient_name=cleaning.one_line(letter.name, longest=150),
        language=language,
        time_zone=letter.time_zone,
        reply_to=reply_to,
        subject=worded.text.subject,
        is_secret=secret,
        due_at=later or now,
        next_attempt_at=later or now + HINT_LASTS,
        message_id=new_message_id(),
        expires_at=letter.expires_at,
        is_held=letter.held and not worded.problem,
        note=worded.note,
        **_state(worded),
        **({"sealed": sealing.seal(**body)} if secret and not worded.problem else body),
    )


def _state(worded: Worded) -> dict[str, Any]:
    return {"status": LetterStatus.FAILED, "last_error": worded.problem} if worded.problem else {}


def _worded(occasion: str, scope: Scope, *, fair_id: int | None, secret: bool = False, wording: Wording | None = None) -> Worded:
    """The letter in the fair's own words where it has some, and a remark where these could not be used: then it goes as shipped."""
    known = occasion_named(occasion)
    if wording is not None:
        if known is None:
            raise ValueError(f"An own text needs a registered occasion: {occasion}.")
        return Worded(rendering.render_wording(wording, known, scope))
    note = ""
    if known is not None:
        version = getattr(scope.context.get("fair"), "letters_version", None)
        template_id, own = own_texts.texts_of(fair_id, version=version).get((occasion, scope.language), (0, None))
        if own is not None:
            try:
                return Worded(rendering.render_wording(own, known, scope))
            except DatabaseError:
                raise  # says nothing about the text
            except Exception as error:  # whatever is wrong with it: the decision that the letter tells is not undone by its wording
                problem = _described(error, secret=secret)
                note = f"The fair's own text could not be used ({problem}). The shipped text went instead."
                own_texts.give_up(template_id, because=problem)
    try:
        return Worded(rendering.render_shipped(occasion, scope), note)
    except DatabaseError:
        raise
    except Exception as error:  # the same: the step that writes the letter is not refused
        # Its kind alone: what it says may hold a name or a code, which no log holds.
        logger.error("The shipped text of %s (%s) is broken, its letters fail: %s", occasion, scope.language, type(error).__name__)
        with translation.override(scope.language):
            title = cleaning.one_line(str(title_of(occasion)), longest=LONGEST_SUBJECT)
        return Worded(rendering.Rendered(title, "", ""), note, f"The text could not be written: {_described(error, secret=secret)}"[:500])


def _described(error: Exception, *, secret: bool) -> str:
    """The error in a line; of a secret letter its kind alone, for its words may hold what the letter holds."""
    return type(error).__name__ if secret else cleaning.one_line(f"{type(error).__name__}: {error}")


def fitting_key(key: str) -> str:
    """``key`` as it is stored: one that is too long for its column keeps its beginning and ends in its own hash."""
    if len(key) <= LONGEST_KEY:
        return key
    return f"{key[: LONGEST_KEY - 65]}:{hashlib.sha256(key.encode()).hexdigest()}"


def cancel_letter(*, letter_id: int) -> bool:
    """Cancel one letter. False when it has left, is just leaving, or has ended otherwise."""
    return bool(_cancel(Letter.objects.filter(pk=letter_id)))


def cancel_all(letter_ids: Sequence[int]) -> int:
    """Cancel those of the letters that have not left. Returns how many."""
    return _cancel(Letter.objects.filter(pk__in=letter_ids))


def _cancel(letters: LetterQuerySet) -> int:
    return letters.filter(status__in=LetterStatus.resting).update(status=LetterStatus.CANCELLED, sealed="", is_held=False)


def _usable_reply_to(address: str) -> str:
    """``address``, or '' when it is none: a letter goes out without a way to answer rather than not at all."""
    try:
        Letter._meta.get_field("reply_to").run_validators(address)  # type: ignore[union-attr]
    except ValidationError:
        logger.warning("A letter is written without Reply-To: what it was given is no email address.")
        return ""
    return address


def hint_on_commit(letter_id: int) -> None:
    """Tell a worker of the letter as soon as it is committed."""
    # robust, for an error here must not turn a committed decision into an error page; the sweep sends the letter anyway.
    # A lambda, for Django names the callback in its log by __qualname__, which a functools.partial has not.
    transaction.on_commit(lambda: _hint(deliver_letter, letter_id=letter_id), robust=True)


def _hint_batch_on_commit(letter_ids: list[int]) -> None:
    transaction.on_commit(lambda: _hint(deliver_letters, letter_ids=letter_ids), robust=True)


def _hint(task: Any, **arguments: Any) -> None:
    """Tell a worker at once, unless the broker was away a moment ago: a request with many letters waits for it once."""
    global _no_hints_before
    if time.monotonic() < _no_hints_before:
        return
    try:
        task.delay(**arguments)
    except (BrokerError, OSError) as error:
        _no_hints_before = time.monotonic() + SECONDS_WITHOUT_HINTS
        logger.warning("The broker cannot be reached (%s); letters wait for the sweep.", type(error).__name__)


def new_message_id() -> str:
    """A Message-ID that stays with the letter through every attempt."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{uuid.uuid4().hex}@{domain}>"
