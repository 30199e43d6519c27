"""Mailings: one text to many exhibitors, a letter an address, now or at a set moment.

Who gets it is fixed when the mailing is made. Its letters are written some at a time, each batch in a transaction of its own with what it
tells of its recipients: a worker that dies leaves the rest to the next tick, and nobody is written to twice (the letter's key names the
recipient). A letter that cannot be written fails alone, also one that each worker dies with (tries.py): what a worker died with is tried
after the others, one by one.
"""

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import Count, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from api.languages import COLUMNS
from api.problems import Conflict, Invalid, Refused, field_error
from exhibitors.domain import announcements, readers, tries
from exhibitors.domain.readers import Reader
from exhibitors.enums import PlacementStatus, RecipientState
from exhibitors.letter_occasions import MAILING
from exhibitors.models import Application, Mailing, MailingRecipient, Placement
from fairs.domain import letter_templates
from fairs.models import Fair
from notifications import outbox
from notifications.enums import LetterStatus
from notifications.marks import Marks
from notifications.models import Letter, Suppression
from notifications.occasions import Occasion, Scope, occasion_named
from notifications.outbox import NewLetter, write_letters
from notifications.wording import Composer, Wording

log = logging.getLogger(__name__)

MOST_AT_ONCE = 10_000  # applications
_NAMED = 5  # exhibitors in a refusal
LETTERS_A_TRANSACTION = 200
PREFERRED = ("en", "ru", "zh-hans")  # where the reader's language was not written


class MailingOver(Conflict):
    """The mailing is cancelled, or every letter of it has left."""

    code = "mailing-over"
    message = gettext_lazy("This mailing is cancelled, or all of its letters have left: there is nothing to stop.")


class NobodyToWriteTo(Refused):
    """No chosen exhibitor has an address that takes mail."""

    code = "nobody-to-write-to"
    message = gettext_lazy("None of these exhibitors has an address that takes mail.")


@dataclass
class Recipients:
    """Whom a mailing would reach: each address once, with the first application that leads to it."""

    readers: list[tuple[Reader, Application]] = field(default_factory=list)
    unreachable: list[Application] = field(default_factory=list)


@dataclass(frozen=True)
class Standing:
    """How far a mailing is, in letters: what can still be stopped, what has left or is just leaving, and what of the first is held back."""

    stoppable: int
    left: int
    held: int = 0


def recipients_of(applications: Iterable[Application]) -> Recipients:
    """The exhibitors' people with addresses that take mail, in two queries."""
    chosen = list(applications)
    people = readers.exhibitor_readers_of(application.company_id for application in chosen)
    addresses = {reader.address for those in people.values() for reader in those}
    closed = set(Suppression.objects.in_force().filter(address__in=addresses).values_list("address", flat=True))
    found, known = Recipients(), set[str]()
    for application in chosen:
        usable = [reader for reader in people[application.company_id] if reader.address and reader.address not in closed]
        if not usable:
            found.unreachable.append(application)
        for reader in usable:
            if reader.address not in known:
                known.add(reader.address)
                found.readers.append((reader, application))
    return found


def mailing_occasion() -> Occasion:
    known = occasion_named(MAILING)
    if known is None:
        raise LookupError("The occasion of mailings is registered when the app starts.")
    return known


def create(
    *,
    fair: Fair,
    application_ids: Collection[int],
    texts: Mapping[str, Wording],
    by: User,
    now: datetime,
    token: str,
    at: datetime | None = None,
    holds: bool = False,
) -> Mailing:
    """Write to these exhibitors of the fair at ``at``, or with the next tick. The same ``token`` again returns the mailing there is.

    ``texts`` by language; at least one is whole, and readers of the others get the first of English, Russian, Chinese. With ``holds``
    each letter waits until somebody releases it. Raises Invalid, NobodyToWriteTo.
    """
    token = f"{fair.pk}:{token}"  # a page of one fair is no page of another
    there = Mailing.objects.filter(token=token).first()
    if there is not None:
        return there
    written = checked(texts)
    announcements.require_moment(fair, at, now=now)
    chosen = Application.objects.filter(fair=fair, pk__in=application_ids).select_related("company").order_by("pk")
    to = recipients_of(chosen[:MOST_AT_ONCE])
    if not to.readers:
        raise NobodyToWriteTo
    _require_fillable(fair, to, written)
    columns = {
        f"{name}_{COLUMNS[language]}": getattr(wording, name) for language, wording in written.items() for name in ("subject", "text")
    }
    try:
        with transaction.atomic():
            mailing = Mailing.objects.create(
                fair=fair, token=token, at=at or now, holds=holds, created_by=by, created_at=now, unreached=len(to.unreachable), **columns
            )
            MailingRecipient.objects.bulk_create(_recipient(mailing, *pair) for pair in to.readers)
    except IntegrityError:  # the same page, sent twice at the same moment
        return Mailing.objects.get(token=token)
    return mailing


def _require_fillable(fair: Fair, to: Recipients, texts: Mapping[str, Wording]) -> None:
    """Raise Invalid, before anything is written, where a placeholder cannot be filled for one of the recipients."""
    occasion = mailing_occasion()
    contexts = contexts_of(fair, {application.pk for _reader, application in to.readers})
    first = next(texts[one] for one in PREFERRED if one in texts)
    failed: dict[str, str] = {}
    for reader, application in to.readers:
        wording = texts.get(reader.language, first)
        scope = Scope(contexts[application.pk], reader.language, reader.time_zone, reader.name, reader.email, fair.reply_to)
        composer = Composer(occasion, scope, Marks(language=reader.language))
        try:
            composer.subject(wording.subject)
            composer.body(wording.text)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # whatever a placeholder raises
            failed.setdefault(str(application.company), f"{type(error).__name__}: {error}"[:200])
    if failed:
        text = _("A placeholder cannot be filled for %(count)d of the exhibitors, and nobody is written to: %(companies)s (%(why)s).")
        named = ", ".join(list(failed)[:_NAMED])
        why = next(iter(failed.values()))
        raise Invalid([field_error("/text_en", "cannot_be_filled", text % {"count": len(failed), "companies": named, "why": why})])


def _recipient(mailing: Mailing, reader: Reader, application: Application) -> MailingRecipient:
    return MailingRecipient(
        mailing=mailing,
        application=application,
        address=reader.address,
        email=reader.email,
        name=reader.name,
        language=reader.language,
        time_zone=reader.time_zone,
        user_id=reader.user_id,
    )


def checked(texts: Mapping[str, Wording]) -> dict[str, Wording]:
    """The languages that were written. Raises Invalid for a half-written one, a bad placeholder, and when there is none."""
    begun = {language: wording for language, wording in texts.items() if wording.subject.strip() or wording.text.strip()}
    if not begun:
        raise Invalid([field_error("/subject_en", "required", _("Write subject and text in one language at the least."))])
    letter_templates.check(mailing_occasion(), begun)
    return {language: Wording(wording.subject.strip(), wording.text.strip()) for language, wording in begun.items()}


def standing(mailing: Mailing) -> Standing:
    """In one query. A letter that a worker holds at this moment counts as leaving."""
    unwritten, resting = Q(state=RecipientState.WAITING), Q(letter__status__in=LetterStatus.resting)
    leaving = Q(letter__status__in=(LetterStatus.SENDING, LetterStatus.SENT))
    counts = {"stoppable": unwritten | resting, "left": leaving, "held": Q(letter__is_held=True)}
    return Standing(**mailing.recipients.aggregate(**{name: Count("pk", filter=condition) for name, condition in counts.items()}))


@transaction.atomic
def cancel(*, mailing_id: int, now: datetime) -> Standing:
    """Write no further letter, and cancel those that have not left, also when all have been written.

    Returns how many were stopped, and how many had left. Raises MailingOver when there is nothing to stop.
    """
    mailing = Mailing.objects.select_for_update(of=("self",), no_key=True).select_related("fair").get(pk=mailing_id)
    if mailing.cancelled_at is not None:
        raise MailingOver
    unwritten = mailing.recipients.filter(state=RecipientState.WAITING).update(state=RecipientState.CANCELLED)
    stopped = unwritten + outbox.cancel_all(list(mailing.recipients.exclude(letter=None).values_list("letter", flat=True)))
    if not stopped and mailing.done_at is not None:
        raise MailingOver
    mailing.cancelled_at, mailing.done_at = now, None
    mailing.save(update_fields=["cancelled_at", "done_at"])
    return Standing(stopped, standing(mailing).left)


def write_due(*, now: datetime) -> int:
    """Write the letters of all mailings whose moment has come. Returns how many; may run twice, or die in the middle."""
    due = Mailing.objects.due(now=now).order_by("at", "pk").values_list("pk", flat=True)
    return sum(_write_mailing(mailing_id, now=now) for mailing_id in list(due))


def _write_mailing(mailing_id: int, *, now: datetime) -> int:
    written = 0
    while batch := _begin_batch(mailing_id, now=now):
        try:
            with tries.survived(MailingRecipient.objects.filter(pk__in=batch, state=RecipientState.WAITING)):
                written += _write_batch(mailing_id, batch, now=now)
        except (OperationalError, InterfaceError):  # the database is away or busy: all that is left waits for the next tick
            raise
        except Exception:
            log.exception("Mailing %s waits for the next tick.", mailing_id)  # the other mailings do not wait for it
            break
    return written


@transaction.atomic
def _begin_batch(mailing_id: int, *, now: datetime) -> list[int]:
    """Note which recipients are written to next; [] when nothing is left to do, or somebody else is at it."""
    mailing = _lock_due(mailing_id, now=now, skip_locked=True)
    if mailing is None:
        return []
    waiting = mailing.recipients.filter(state=RecipientState.WAITING)
    _leave_out(waiting.filter(tries__gte=tries.MOST_TRIES), mailing)
    batch = list(waiting.filter(tries=0).order_by("pk").values_list("pk", flat=True)[:LETTERS_A_TRANSACTION])
    batch = batch or list(waiting.order_by("tries", "pk").values_list("pk", flat=True)[:1])
    if batch:
        tries.note(mailing.recipients.filter(pk__in=batch))
    else:
        mailing.done_at = now
        mailing.save(update_fields=["done_at"])
    return batch


def _lock_due(mailing_id: int, *, now: datetime, skip_locked: bool = False) -> Mailing | None:
    """The mailing, kept to the end of the transaction; None when it is over, or with ``skip_locked`` somebody else is at it."""
    rows = Mailing.objects.due(now=now).select_for_update(of=("self",), no_key=True, skip_locked=skip_locked).select_related("fair")
    return rows.filter(pk=mailing_id).first()


def _leave_out(deadly: QuerySet[MailingRecipient], mailing: Mailing) -> None:
    with translation.override(mailing.created_by.language if mailing.created_by else None):
        reason = _("The program broke off at this letter again and again: write it by hand, and tell whoever looks after the program.")
    if deadly.update(state=RecipientState.FAILED, reason=reason):
        log.error("Letters of mailing %s are left out: each worker died with them.", mailing.pk)


@transaction.atomic
def _write_batch(mailing_id: int, batch: Collection[int], *, now: datetime) -> int:
    """Write to those of the recipients who still wait, unless the mailing was cancelled. Returns to how many."""
    mailing = _lock_due(mailing_id, now=now)
    waiting = list(mailing.recipients.filter(pk__in=batch, state=RecipientState.WAITING).order_by("pk")) if mailing else []
    if mailing is None or not waiting:
        return 0
    letters = _letters(mailing, waiting)
    failures = _write(letters)
    ids = dict(Letter.objects.filter(key__in=[letter.key for letter in letters.values()]).values_list("key", "pk"))
    for recipient in waiting:
        recipient.reason = failures.get(recipient.pk, "")
        recipient.letter_id = ids.get(letters[recipient.pk].key)
        recipient.state = RecipientState.FAILED if recipient.reason else RecipientState.WRITTEN
    MailingRecipient.objects.bulk_update(waiting, ["state", "reason", "letter"])
    return len(waiting)


def _letters(mailing: Mailing, waiting: list[MailingRecipient]) -> dict[int, NewLetter]:
    contexts = contexts_of(mailing.fair, [recipient.application_id for recipient in waiting])
    texts = texts_of(mailing)
    return {
        recipient.pk: NewLetter(
            key=f"mailing:{mailing.pk}:{recipient.pk}",
            to=recipient.email,
            name=recipient.name,
            user_id=recipient.user_id,
            fair_id=mailing.fair_id,
            occasion=MAILING,
            language=recipient.language if recipient.language in texts else next(one for one in PREFERRED if one in texts),
            time_zone=recipient.time_zone,
            about=f"application:{recipient.application_id}",
            held=mailing.holds,
            reply_to=mailing.fair.reply_to,
            context=contexts[recipient.application_id],
            wording=texts.get(recipient.language) or next(texts[one] for one in PREFERRED if one in texts),
        )
        for recipient in waiting
    }


def _write(letters: dict[int, NewLetter]) -> dict[int, str]:
    """Write them together; when one of them cannot be, each by itself. Returns why those failed that did, by recipient.

    A database that is away or busy says nothing about a letter: its errors are raised, and the batch is written anew.
    """
    try:
        with transaction.atomic():
            write_letters(list(letters.values()))
    except (OperationalError, InterfaceError):
        raise
    except Exception:  # a placeholder that cannot be filled, an address that is none: found out one by one
        log.info("A batch of a mailing is written letter by letter: one of them cannot be.")
    else:
        return {}
    failures = {}
    for recipient_id, letter in letters.items():
        try:
            with transaction.atomic():
                write_letters([letter])
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # kept with the recipient, where the organisers see it
            failures[recipient_id] = f"{type(error).__name__}: {error}"[:500]
    return failures


def texts_of(mailing: Mailing) -> dict[str, Wording]:
    """What it says, by the languages that were written."""
    found = {}
    for code, column in COLUMNS.items():
        subject, text = getattr(mailing, f"subject_{column}") or "", getattr(mailing, f"text_{column}") or ""
        if subject and text:
            found[code] = Wording(subject, text)
    return found


def contexts_of(fair: Fair, application_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """What the placeholders of a mailing are filled from, in two queries: the application, and the first stand that it has."""
    applications = Application.objects.filter(pk__in=application_ids).select_related("company__region", "responsible")
    accepted = Placement.objects.filter(application__in=application_ids, status=PlacementStatus.ACCEPTED)
    stands: dict[int, Placement] = {}
    for placement in accepted.select_related("stand__hall", "site").order_by("pk"):
        stands.setdefault(placement.application_id, placement)
    return {
        application.pk: {
            "fair": fair,
            "fair_zone": fair.time_zone,
            "company": application.company,
            "application": application,
            "placement": stands.get(application.pk),
            "desk_url": f"{settings.SITE_URL}/admin/exhibitors/application/{application.pk}/change/",
        }
        for application in applications
    }
