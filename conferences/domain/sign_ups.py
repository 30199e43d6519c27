"""Sign-ups of delegates to sessions with places of their own. Every change of a place is made under the session's lock.

Who waits moves up in the order of commit: when a place is given back, before a newcomer gets one, and within a minute of a session getting
more places or a larger room (conferences/tasks.py).
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from api.problems import Conflict, Invalid, field_error
from conferences.domain import delegate_letters
from conferences.enums import DelegateStatus, SignUpStatus
from conferences.models import Delegate, Session, SignUp

MOST_AT_ONCE = 50


class PlaceNotConfirmed(Conflict):
    """Only delegates with a confirmed place sign up for sessions."""

    code = "place_not_confirmed"
    message = _("Confirm your place at the conference first: then you can sign up for sessions.")


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
def withdraw(*, delegate_id: int, codes: Sequence[str], now: datetime) -> list[SignUp]:
    """Give the places in these sessions back; each goes to the first who waits, who gets a letter. Withdrawn twice is once."""
    delegate = Delegate.objects.select_for_update(no_key=True).get(pk=delegate_id)
    sessions = SignUp.objects.filter(delegate=delegate, session__code__in=codes).values_list("session", flat=True)
    _release(delegate, list(sessions), now=now)
    return sign_ups_of(delegate)


@transaction.atomic
def withdraw_all(delegate: Delegate, *, now: datetime) -> None:
    """Give back all places of one whose registration ends. The caller has written to the delegate's row, which locks it."""
    _release(delegate, list(delegate.sign_ups.values_list("session", flat=True)), now=now)


def fill_sessions(*, now: datetime) -> int:
    """Give free places to those who wait, as in a session that got a larger room. Returns how many moved up. Runs twice safely."""
    waited_for = (
        _open_at(now)
        .alias(
            waiting=Count("sign_ups", filter=Q(sign_ups__status=SignUpStatus.WAITING)),
            taken=Count("sign_ups", filter=Q(sign_ups__status=SignUpStatus.RESERVED)),
        )
        .filter(waiting__gt=0, taken__lt=Coalesce(F("capacity"), F("room__capacity"), 0))
    )
    return sum(_fill(pk, now=now) for pk in waited_for.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _fill(session_id: int, *, now: datetime) -> int:
    return sum(_move_up(session, at_most=free_places(session), now=now) for session in locked_sessions([session_id]))


def sign_ups_of(delegate: Delegate) -> list[SignUp]:
    """In order of time, with their sessions."""
    return list(SignUp.objects.filter(delegate=delegate).select_related("session").order_by("session__starts_at", "pk"))


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
    """Places of the session that nobody has. Certain only under the lock."""
    return seats_of(session) - SignUp.objects.filter(session=session, status=SignUpStatus.RESERVED).count()


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
    """Give places of a locked session to those who have waited longest, and tell them. Returns how many."""
    if at_most <= 0 or not _open_at(now).filter(pk=session.pk).exists():
        return 0
    waiting = SignUp.objects.filter(session=session, status=SignUpStatus.WAITING).select_related("delegate__conference__fair")
    moving = list(waiting.order_by("pk")[:at_most])
    for moved in moving:
        moved.status = SignUpStatus.RESERVED
        moved.save(update_fields=["status"])
        delegate_letters.write_session_place(moved.delegate, session)
    return len(moving)
