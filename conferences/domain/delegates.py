"""Delegates: who has a place at a conference, who waits for one. Every change of a place is made under the conference's lock."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.codes import hash_of, new_code
from accounts.models import User, normalise_address
from api.problems import Conflict, Refused
from conferences.domain import delegate_letters
from conferences.domain.calendars import calendar_url, new_word
from conferences.enums import DelegateStatus
from conferences.models import Conference, Delegate

CONFIRM_WITHIN = timedelta(hours=48)


class CodeUnknown(Refused):
    """No registration waits for this code: mistyped, used, or older than 48 hours. The answer does not tell which."""

    code = "code_unknown"
    message = _("This code is not valid, or no longer. Register again to get a new one.")


class NotRegistered(Conflict):
    """The delegate's registration has lapsed or was cancelled."""

    code = "not_registered"
    message = _("This registration has lapsed or was cancelled.")


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

    Returns the place that a newcomer gets at this moment. For an address that is registered already nothing is created and the
    answer is the same, so that it tells nobody who is registered; the address itself gets a letter that says so.
    """
    conference = lock(conference.pk)
    status = DelegateStatus.RESERVED if free_places(conference) > 0 else DelegateStatus.WAITING
    email = normalise_address(values.email)
    known = Delegate.objects.filter(conference=conference, email__iexact=email).living().first()
    code, code_hash = new_code()  # made in either case: the two ways cost the same
    word, calendar_hash = new_word()
    if known:
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
    """Keep the place of the delegate who got ``code``. Raises CodeUnknown."""
    conference = lock(conference.pk)
    waiting_for_code = Delegate.objects.filter(conference=conference, code_hash=hash_of(code), confirmed_at=None).living()
    delegate = waiting_for_code.filter(confirm_by__gte=now).first()
    if delegate is None:
        raise CodeUnknown
    return _confirmed(delegate, now=now)


@transaction.atomic
def confirm(*, delegate_id: int, by: User | None, now: datetime) -> Delegate:
    """Keep the place of a delegate who confirmed in another way, such as by phone. Confirming twice changes nothing.

    Raises NotRegistered.
    """
    delegate = _locked(delegate_id)
    return delegate if delegate.confirmed_at else _confirmed(delegate, now=now)


@transaction.atomic
def cancel(*, delegate_id: int, by: User | None, now: datetime) -> Delegate:
    """End a registration; a place that falls free goes to the first who waits. Raises NotRegistered."""
    delegate = _locked(delegate_id)
    delegate.status, delegate.code_hash = DelegateStatus.CANCELLED, ""
    delegate.save(update_fields=["status", "code_hash"])
    _move_up(delegate.conference, now=now)
    return delegate


def release_unconfirmed_places(*, now: datetime) -> int:
    """Let places lapse that nobody confirmed in time, and move up those who wait. Returns how many lapsed. Runs twice safely."""
    overdue = Delegate.objects.unconfirmed_at(now)
    conferences = overdue.order_by("conference").values_list("conference", flat=True).distinct()
    return sum(_release_places(conference_id, now=now) for conference_id in list(conferences))


@transaction.atomic
def fill_places(*, conference_id: int, now: datetime) -> int:
    """Move up those who wait as far as there are places, as after the capacity has been raised. Returns how many moved up."""
    return _move_up(lock(conference_id), now=now)


def lock(conference_id: int) -> Conference:
    """The conference, locked to the end of the transaction: places are counted, given and taken one caller at a time.

    Delegates that are made under it get their ``id`` in the order of commit.
    """
    return Conference.objects.select_for_update(of=("self",), no_key=True).select_related("fair").get(pk=conference_id)


def free_places(conference: Conference) -> int:
    """Places that nobody has; below zero when the capacity was lowered under them. Certain only under the lock."""
    return conference.capacity - Delegate.objects.filter(conference=conference, status=DelegateStatus.RESERVED).count()


@transaction.atomic
def _release_places(conference_id: int, *, now: datetime) -> int:
    conference = lock(conference_id)
    lapsed = Delegate.objects.filter(conference=conference).unconfirmed_at(now).update(status=DelegateStatus.LAPSED, code_hash="")
    _move_up(conference, now=now)
    return lapsed


def _move_up(conference: Conference, *, now: datetime) -> int:
    waiting = Delegate.objects.filter(conference=conference, status=DelegateStatus.WAITING).order_by("pk")
    moved = list(waiting[: max(0, free_places(conference))])
    for delegate in moved:
        delegate.conference = conference
        _give_place(delegate, now=now)
    return len(moved)


def _give_place(delegate: Delegate, *, now: datetime) -> None:
    """Reserve a place for one who waited. Whoever has not confirmed the address yet gets a new code and 48 hours from now."""
    code = ""
    delegate.status = DelegateStatus.RESERVED
    if not delegate.confirmed_at:
        code, delegate.code_hash = new_code()
        delegate.confirm_by = now + CONFIRM_WITHIN
    delegate.save(update_fields=["status", "code_hash", "confirm_by"])
    delegate_letters.write_moved_up(delegate, code=code)


def _locked(delegate_id: int) -> Delegate:
    conference_id = Delegate.objects.values_list("conference", flat=True).get(pk=delegate_id)
    conference = lock(conference_id)
    delegate = Delegate.objects.get(pk=delegate_id)
    delegate.conference = conference
    if delegate.status not in DelegateStatus.living:
        raise NotRegistered
    return delegate


def _confirmed(delegate: Delegate, *, now: datetime) -> Delegate:
    delegate.confirmed_at, delegate.code_hash = now, ""
    delegate.save(update_fields=["confirmed_at", "code_hash"])
    delegate_letters.write_confirmed(delegate)
    return delegate
