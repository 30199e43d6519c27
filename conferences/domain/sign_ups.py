"""Sign-ups of delegates to sessions with places of their own. Every change of a place is made under the session's lock.

Who waits moves up in the order of commit: when a place is given back, before a newcomer gets one, and within a minute of a session getting
more places or a larger room (conferences/tasks.py). The place is offered for as long as the conference gives to answer; unanswered, it
lapses by letter and goes to the next. Shortly before the session it is given at once.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from api.problems import Conflict, Invalid, field_error
from conferences.domain import delegate_letters
from conferences.enums import DelegateStatus, SignUpStatus
from conferences.models import Delegate, Session, SignUp
from fairs.one_by_one import one_by_one

MOST_AT_ONCE = 50
OFFERS_END_BEFORE = timedelta(hours=1)  # the session: who is next still learns of it
GIVEN_AT_ONCE_WITHIN = timedelta(hours=2)  # of its beginning: there is no time left to ask


class PlaceNotConfirmed(Conflict):
    """Only delegates with a confirmed place sign up for sessions."""

    code = "place_not_confirmed"
    message = _("Confirm your place at the conference first: then you can sign up for sessions.")


class NoPlaceOffered(Conflict):
    """The delegate has no offer in one of these sessions: it has lapsed, was given back, or never was."""

    code = "no_place_offered"
    message = _("No place in this session is offered to you, or no longer.")


@transaction.atomic
def sign_up(*, delegate_id: int, codes: Sequence[str], now: datetime) -> list[SignUp]:
    """Give the delegate a place in each session, or one in its waiting list; all of them, or none. Signed up twice is once.

    Raises PlaceNotConfirmed, and Invalid for codes of sessions that take no sign-ups.
    """
    delegate = Delegate.objects.select_for_update(no_key=True).get(pk=delegate_id)
    if delegate.status != DelegateStatus.RESERVED or not delegate.confirmed_at:
        raise PlaceNotConfirmed
    sessions = locked_sessions(_pks_of(delegate, codes, now=now))
    known = set(SignUp.objects.filter(delegate=delegate, session__in=sessions).values_list("session", flat=True))
    for session in sessions:
        if session.pk not in known:
            free = free_places(session)
            free -= _move_up(session, at_most=free, now=now)
            status = SignUpStatus.RESERVED if free > 0 else SignUpStatus.WAITING
            SignUp.objects.create(session=session, delegate=delegate, status=status, signed_up_at=now)
    return sign_ups_of(delegate)


@transaction.atomic
def confirm(*, delegate_id: int, codes: Sequence[str], now: datetime) -> list[SignUp]:
    """Accept the offered place in each session; all of them, or none. What is the delegate's already stays so. Raises NoPlaceOffered."""
    delegate = Delegate.objects.select_for_update(no_key=True).get(pk=delegate_id)
    wanted = SignUp.objects.filter(delegate=delegate, session__code__in=codes)
    locked_sessions(list(wanted.values_list("session", flat=True)))
    held = wanted.with_place().exclude(pk__in=wanted.unanswered_at(now))
    if held.count() != len(set(codes)):
        raise NoPlaceOffered
    wanted.filter(status=SignUpStatus.OFFERED).update(status=SignUpStatus.RESERVED, confirm_by=None)
    return sign_ups_of(delegate)


@transaction.atomic
def withdraw(*, delegate_id: int, codes: Sequence[str], now: datetime) -> list[SignUp]:
    """Give the places in these sessions back, offered ones too; each goes on to the first who waits, by letter. Withdrawn twice is once."""
    delegate = Delegate.objects.select_for_update(no_key=True).get(pk=delegate_id)
    sessions = SignUp.objects.filter(delegate=delegate, session__code__in=codes).values_list("session", flat=True)
    _release(delegate, list(sessions), now=now)
    return sign_ups_of(delegate)


@transaction.atomic
def withdraw_all(delegate: Delegate, *, now: datetime) -> None:
    """Give back all places of one whose registration ends. The caller has written to the delegate's row, which locks it."""
    _release(delegate, list(delegate.sign_ups.values_list("session", flat=True)), now=now)


def fill_sessions(*, now: datetime) -> int:
    """Let offers lapse that nobody answered, and give free places to those who wait, as in a session that got a larger room.

    Offers that would outlast a session that was moved forward end in time for it. Returns how many moved up. Runs twice safely.
    """
    ending = SignUp.objects.unanswered_at(now) | _outlasting(now)
    lapsing = ending.order_by().values_list("session", flat=True)
    waited_for = (
        _open_at(now)
        .alias(
            waiting=Count("sign_ups", filter=Q(sign_ups__status=SignUpStatus.WAITING)),
            taken=Count("sign_ups", filter=Q(sign_ups__status__in=SignUpStatus.with_place)),
        )
        .filter(waiting__gt=0, taken__lt=Coalesce(F("capacity"), F("room__capacity"), 0))
    )
    found = {*lapsing, *waited_for.values_list("pk", flat=True)}
    return one_by_one(lambda pk: _fill(pk, now=now), sorted(found), what="Session")


@transaction.atomic
def _fill(session_id: int, *, now: datetime) -> int:
    [session] = locked_sessions([session_id])
    _end_in_time(session, now=now)
    _lapse(session, now=now)
    return _move_up(session, at_most=free_places(session), now=now)


def _outlasting(now: datetime) -> QuerySet[SignUp]:
    """Offers for longer than until an hour before the session, which has been moved forward since."""
    ahead = Q(session__starts_at__gt=now, confirm_by__gt=F("session__starts_at") - OFFERS_END_BEFORE)
    return SignUp.objects.filter(ahead, status=SignUpStatus.OFFERED)


def _end_in_time(session: Session, *, now: datetime) -> None:
    """The offers in a locked session end an hour before it as it is now; shortly before it the places are given. Who has one is told."""
    offers = list(_outlasting(now).filter(session=session).select_related("delegate__conference__fair").order_by("pk"))
    _offer_or_give(session, offers, now=now)


def _lapse(session: Session, *, now: datetime) -> None:
    """End the offers in a locked session that nobody answered in time, and say so while delegates can still sign up for it."""
    unanswered = list(SignUp.objects.filter(session=session).unanswered_at(now).select_related("delegate__conference__fair").order_by("pk"))
    SignUp.objects.filter(pk__in=[one.pk for one in unanswered]).delete()
    if unanswered and _open_at(now).filter(pk=session.pk).exists():
        for one in unanswered:
            one.session = session
            delegate_letters.write_session_lapsed(one)


def sign_ups_of(delegate: Delegate) -> list[SignUp]:
    """In order of time, with their sessions."""
    return list(SignUp.objects.filter(delegate=delegate).select_related("session").order_by("session__starts_at", "pk"))


def shown_to(delegate: Delegate, *, now: datetime) -> list[SignUp]:
    """Those in sessions that are still to come, for the delegate's own page. One query."""
    to_come = SignUp.objects.filter(delegate=delegate, session__in=Session.objects.public().filter(ends_at__gt=now))
    return list(to_come.select_related("session").order_by("session__starts_at", "pk"))


def at_the_same_time(found: Sequence[SignUp]) -> dict[int, list[Session]]:
    """By sign-up the other sessions of ``found`` that take place at the same time; touching is not overlapping. No query.

    A person may keep both, as where one of them is only waited for: they are told, and choose.
    """
    public = [one for one in found if one.session.is_public and one.session.cancelled_at is None]
    slots = [(one, *one.session.released_times) for one in public if one.session.released_times]
    return {
        one.pk: [other.session for other, start, end in slots if other != one and start < ends_at and starts_at < end]
        for one, starts_at, ends_at in slots
    }


def _places_elsewhere(delegate_ids: Sequence[int], session: Session) -> defaultdict[int, list[SignUp]]:
    """The places that these delegates have in other sessions, by delegate. One query."""
    places = SignUp.objects.filter(delegate__in=delegate_ids).exclude(session=session).with_place()
    kept: defaultdict[int, list[SignUp]] = defaultdict(list)
    for place in places.select_related("session").order_by("session__starts_at", "pk"):
        kept[place.delegate_id].append(place)
    return kept


def locked_sessions(pks: Sequence[int]) -> list[Session]:
    """Locked to the end of the transaction, always in the same order: nobody waits for somebody who waits for them."""
    rows = Session.objects.filter(pk__in=pks).select_for_update(of=("self",), no_key=True).order_by("pk")
    return list(rows.select_related("room"))


def seats_of(session: Session) -> int:
    """Its own number of places; that of its room, where it has none of its own."""
    if session.capacity is not None:
        return session.capacity
    return session.room.capacity if session.room else 0


def free_places(session: Session) -> int:
    """Places of the session that nobody has and that are offered to nobody. Certain only under the lock."""
    return seats_of(session) - SignUp.objects.filter(session=session).with_place().count()


def _open_at(now: datetime) -> QuerySet[Session]:
    """Those that delegates sign up for: public, on the released programme and not over."""
    return Session.objects.public().filter(takes_sign_ups=True, ends_at__gt=now)


def _pks_of(delegate: Delegate, codes: Sequence[str], *, now: datetime) -> list[int]:
    by_code = dict(_open_at(now).filter(conference=delegate.conference_id, code__in=codes).values_list("code", "pk"))
    errors = [
        field_error(f"/sessions/{number}", "unknown_session", _("This session is not on the programme, or takes no sign-ups."))
        for number, code in enumerate(codes)
        if code not in by_code
    ]
    if errors:
        raise Invalid(errors)
    return list(by_code.values())


def _release(delegate: Delegate, pks: list[int], *, now: datetime) -> None:
    for session in locked_sessions(pks):
        SignUp.objects.filter(session=session, delegate=delegate).delete()
        _move_up(session, at_most=free_places(session), now=now)


def _move_up(session: Session, *, at_most: int, now: datetime) -> int:
    """Offer places of a locked session to those who have waited longest, or give them shortly before it, and tell them.

    Returns how many.
    """
    if at_most <= 0 or not _open_at(now).filter(pk=session.pk).exists():
        return 0
    waiting = SignUp.objects.filter(session=session, status=SignUpStatus.WAITING).select_related("delegate__conference__fair")
    moving = list(waiting.order_by("pk")[:at_most])
    _offer_or_give(session, moving, now=now)
    return len(moving)


def _offer_or_give(session: Session, found: Sequence[SignUp], *, now: datetime) -> None:
    """A place for each in a locked session, by letter: to be answered, or shortly before the session theirs without being asked."""
    kept = _places_elsewhere([one.delegate_id for one in found], session) if found else {}
    for one in found:
        one.session = session
        one.confirm_by = _offer_ends(one, now=now)
        one.status = SignUpStatus.OFFERED if one.confirm_by else SignUpStatus.RESERVED
        one.save(update_fields=["status", "confirm_by"])
        same_time = at_the_same_time([one, *kept[one.delegate_id]]).get(one.pk, [])
        delegate_letters.write_session_place(one, same_time=same_time)


def _offer_ends(moved: SignUp, *, now: datetime) -> datetime | None:
    """None where the session begins too soon to ask."""
    starts_at = moved.session.starts_at
    if starts_at is None or starts_at - now < GIVEN_AT_ONCE_WITHIN:
        return None
    return min(now + timedelta(hours=moved.delegate.conference.offer_hours), starts_at - OFFERS_END_BEFORE)
