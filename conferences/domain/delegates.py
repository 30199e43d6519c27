"""Delegates: who has a place at a conference, who waits for one. Every change of a place is made under the conference's lock."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.codes import hash_of, new_code
from accounts.models import User, normalise_address
from api.problems import Conflict, Refused
from conferences.domain import delegate_letters, invitations, sign_ups
from conferences.domain.calendars import calendar_url, new_word
from conferences.domain.places import Places, is_over, lock
from conferences.enums import DelegateStatus
from conferences.models import Conference, Delegate
from fairs.one_by_one import one_by_one

CONFIRM_WITHIN = timedelta(hours=48)


class CodeUnknown(Refused):
    """No registration waits for this code: mistyped, used, or too old. The answer does not tell which."""

    code = "code_unknown"
    message = _("This code is not valid, or no longer. Register again to get a new one.")


class NotRegistered(Conflict):
    """The delegate's registration has lapsed, was cancelled or refused."""

    code = "not_registered"
    message = _("This registration has lapsed or was cancelled.")


class KindNotTaken(Refused):
    """The conference takes no delegates of this kind."""

    code = "kind_not_taken"
    message = _("This conference takes no registrations of this kind. Choose another kind or ask the organisers.")


class ConferenceOver(Conflict):
    """Nobody registers for what is over."""

    code = "conference_over"
    message = _("This conference is over: it takes no registrations any more.")


class NothingToDecide(Conflict):
    """Nobody asks for an approval here: it was given or refused, or is not wanted."""

    code = "nothing_to_decide"
    message = _("This registration does not wait for an approval.")


@dataclass(frozen=True)
class Registration:
    """What a delegate tells about themselves."""

    kind: str
    name: str
    email: str
    organisation: str
    country: str
    language: str
    time_zone: str = ""


@transaction.atomic
def register(*, conference: Conference, values: Registration, by: User | None = None, now: datetime) -> DelegateStatus:
    """Register a delegate and write the letter with the code that confirms within 48 hours.

    Returns what a newcomer gets at this moment: a place, one in the waiting list, or the organisers' word to wait for. For an address
    that is registered already nothing is created and the answer is the same, so that it tells nobody who is registered; the address
    itself gets a letter that says so. Raises ConferenceOver, KindNotTaken.
    """
    conference = lock(conference.pk)
    if is_over(conference, now=now):
        raise ConferenceOver
    places = Places(conference)
    if not places.takes(values.kind):
        raise KindNotTaken
    status = DelegateStatus.APPLIED if places.asks_for_approval(values.kind) else _standing_in(places, values.kind)
    email = normalise_address(values.email)
    known = Delegate.objects.filter(conference=conference, email__iexact=email).living().first()
    code, code_hash = new_code()  # made in either case: the two ways cost the same
    word, calendar_hash = new_word()
    if known:
        known.conference = conference
        delegate_letters.write_registered_already(known, now=now)
        return status
    delegate = Delegate.objects.create(
        conference=conference,
        kind=values.kind,
        name=values.name.strip(),
        email=email,
        organisation=values.organisation.strip(),
        country=values.country,
        language=values.language,
        time_zone=values.time_zone,
        status=status,
        registered_at=now,
        confirm_by=now + CONFIRM_WITHIN,
        code_hash=code_hash,
        calendar_hash=calendar_hash,
    )
    delegate_letters.write_code(delegate, code=code, calendar_url=calendar_url(conference, word))
    return status


@transaction.atomic
def confirm_by_code(*, conference: Conference, code: str, now: datetime) -> Delegate:
    """Keep, or accept, the place of the delegate who got ``code``. Raises CodeUnknown."""
    conference = lock(conference.pk)
    return _confirmed(_waits_for(code, conference=conference, now=now), now=now)


@transaction.atomic
def confirm(*, delegate_id: int, by: User | None, now: datetime) -> Delegate:
    """Keep, or accept, the place of a delegate who confirmed in another way, such as by phone. Confirming twice changes nothing.

    Raises NotRegistered.
    """
    delegate = locked(delegate_id)
    is_open = delegate.status == DelegateStatus.OFFERED or not delegate.confirmed_at
    return _confirmed(delegate, now=now) if is_open else delegate


@transaction.atomic
def approve(*, delegate_id: int, by: User | None, now: datetime) -> Delegate:
    """Give one who applied a place, or one in the waiting list, and tell them. Raises NothingToDecide, NotRegistered."""
    delegate = _to_be_decided(delegate_id)
    delegate.status = _standing_in(Places(delegate.conference), delegate.kind)
    delegate.decided_at, code = now, ""
    if not delegate.confirmed_at:
        code, delegate.code_hash = new_code()
        delegate.confirm_by = now + CONFIRM_WITHIN
    delegate.save(update_fields=["status", "decided_at", "code_hash", "confirm_by"])
    delegate_letters.write_approved(delegate, code=code)
    return delegate


@transaction.atomic
def refuse(*, delegate_id: int, reason: str, by: User | None, now: datetime) -> Delegate:
    """Refuse one who applied; the letter says why. Raises NothingToDecide, NotRegistered."""
    delegate = _to_be_decided(delegate_id)
    delegate.status, delegate.decided_at, delegate.reason, delegate.code_hash = DelegateStatus.REFUSED, now, reason.strip(), ""
    delegate.save(update_fields=["status", "decided_at", "reason", "code_hash"])
    delegate_letters.write_refused(delegate)
    return delegate


@transaction.atomic
def cancel(*, delegate_id: int, by: User | None, now: datetime) -> Delegate:
    """End a registration and tell the delegate; a place that falls free is offered to the first who waits. Raises NotRegistered."""
    delegate = locked(delegate_id)
    delegate.status, delegate.code_hash = DelegateStatus.CANCELLED, ""
    delegate.save(update_fields=["status", "code_hash"])
    sign_ups.withdraw_all(delegate, now=now)
    invitations.withdraw(delegate)
    delegate_letters.write_cancelled(delegate)
    _offer_places(delegate.conference, now=now)
    return delegate


@transaction.atomic
def cancel_by_code(*, conference: Conference, code: str, now: datetime) -> Delegate:
    """Give back the place that ``code`` would confirm. Raises CodeUnknown."""
    return cancel(delegate_id=_waits_for(code, conference=lock(conference.pk), now=now).pk, by=None, now=now)


def release_unconfirmed_places(*, now: datetime) -> int:
    """Let places lapse that nobody confirmed in time, and offer them to those who wait. Returns how many lapsed. Runs twice safely."""
    overdue = Delegate.objects.unconfirmed_at(now)
    conferences = overdue.order_by("conference").values_list("conference", flat=True).distinct()
    return one_by_one(lambda pk: _release_places(pk, now=now), list(conferences), what="Conference")


@transaction.atomic
def fill_places(*, conference_id: int, now: datetime) -> int:
    """Offer what is free to those who wait, as after capacity or a quota was raised. Returns how many got an offer."""
    return _offer_places(lock(conference_id), now=now)


def check_kind(*, delegate: Delegate, kind: str) -> None:
    """Raise ValidationError where the delegate cannot become one of ``kind``. The conference is locked to the end of the transaction."""
    places = Places(lock(delegate.conference_id))
    if not places.has_room_for_one_of(kind, with_place=delegate.status in DelegateStatus.with_place):
        raise ValidationError(_("There are no more places for this kind of delegates."))


def locked(delegate_id: int) -> Delegate:
    """The delegate with the conference, which is locked. Raises NotRegistered for one whose registration has ended."""
    conference_id = Delegate.objects.values_list("conference", flat=True).get(pk=delegate_id)
    conference = lock(conference_id)
    delegate = Delegate.objects.get(pk=delegate_id)
    delegate.conference = conference
    if delegate.status not in DelegateStatus.living:
        raise NotRegistered
    return delegate


@transaction.atomic
def _release_places(conference_id: int, *, now: datetime) -> int:
    conference = lock(conference_id)
    overdue = list(Delegate.objects.filter(conference=conference).unconfirmed_at(now).order_by("pk"))
    Delegate.objects.filter(pk__in=[delegate.pk for delegate in overdue]).update(status=DelegateStatus.LAPSED, code_hash="")
    if not is_over(conference, now=now):
        for delegate in overdue:
            delegate.conference = conference
            _tell_of_lapse(delegate)
    _offer_places(conference, now=now)
    return len(overdue)


def _tell_of_lapse(delegate: Delegate) -> None:
    """Whoever let an offer lapse, as it was when it lapsed. Who never confirmed the address of a registration is not written to again:
    it may be a stranger's, and the letter with the code has said what happens."""
    if delegate.status == DelegateStatus.OFFERED:
        delegate_letters.write_offer_lapsed(delegate)


def _offer_places(conference: Conference, *, now: datetime) -> int:
    """Whoever waits longest comes first, of those whose kind has room; nobody once the conference is over."""
    if is_over(conference, now=now):
        return 0
    waiting = Delegate.objects.filter(conference=conference, status=DelegateStatus.WAITING).order_by("pk")
    places, fitting = Places(conference), []
    for pk, kind in waiting.values_list("pk", "kind"):
        if places.free <= 0:
            break
        if places.fit(kind):
            places.take(kind)
            fitting.append(pk)
    for delegate in waiting.filter(pk__in=fitting):
        delegate.conference = conference
        _offer_place(delegate, now=now)
    return len(fitting)


def _offer_place(delegate: Delegate, *, now: datetime) -> None:
    """Keep a place for one who waited until the hours to answer are over; who confirmed the address before answers too."""
    code, delegate.code_hash = new_code()
    delegate.status = DelegateStatus.OFFERED
    delegate.confirm_by = now + timedelta(hours=delegate.conference.offer_hours)
    delegate.save(update_fields=["status", "code_hash", "confirm_by"])
    delegate_letters.write_offered(delegate, code=code)


def _standing_in(places: Places, kind: str) -> DelegateStatus:
    return DelegateStatus.RESERVED if places.fit(kind) else DelegateStatus.WAITING


def _waits_for(code: str, *, conference: Conference, now: datetime) -> Delegate:
    """Whose code it is, while it holds. Raises CodeUnknown."""
    waiting_for_code = Delegate.objects.filter(conference=conference, code_hash=hash_of(code)).living()
    delegate = waiting_for_code.filter(confirm_by__gte=now).first()
    if delegate is None:
        raise CodeUnknown
    delegate.conference = conference
    return delegate


def _to_be_decided(delegate_id: int) -> Delegate:
    delegate = locked(delegate_id)
    if delegate.status != DelegateStatus.APPLIED:
        raise NothingToDecide
    return delegate


def _confirmed(delegate: Delegate, *, now: datetime) -> Delegate:
    if delegate.status == DelegateStatus.OFFERED:
        delegate.status = DelegateStatus.RESERVED
    delegate.confirmed_at, delegate.code_hash = now, ""
    delegate.save(update_fields=["status", "confirmed_at", "code_hash"])
    delegate_letters.write_confirmed(delegate)
    return delegate
