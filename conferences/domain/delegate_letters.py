"""What delegates are told."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import override

from api.text import semicolon
from conferences.domain.own import page_url
from conferences.enums import DelegateStatus
from conferences.models import Delegate, Session, SignUp
from notifications.outbox import NewLetter, write_letter

_CONFIRMED = {
    DelegateStatus.APPLIED: "delegate_applied",
    DelegateStatus.RESERVED: "delegate_confirmed",
    DelegateStatus.WAITING: "delegate_waiting",
}
_WITH_CODE = {
    DelegateStatus.APPLIED: "delegate_code_applied",
    DelegateStatus.RESERVED: "delegate_code",
    DelegateStatus.WAITING: "delegate_code_waiting",
}


def write_code(delegate: Delegate, *, code: str, calendar_url: str) -> None:
    """What became of the registration, the code that confirms the address, and the links to the delegate's own page and calendar."""
    occasion = _WITH_CODE[DelegateStatus(delegate.status)]
    _write(delegate, occasion, key="code", secret=True, code=code, calendar_url=calendar_url, page_url=page_url(delegate))


def write_registered_already(delegate: Delegate, *, now: datetime) -> None:
    """Somebody registered this address once more. One letter a day (UTC): nobody can fill a mailbox by registering it.

    Those after it are drawn and not written: nor does the time that an answer takes tell who is registered.
    """
    code_holds = bool(delegate.code_hash and delegate.confirm_by and now <= delegate.confirm_by)
    key = f"registered-already:{now:%Y-%m-%d}"
    _write(delegate, "delegate_registered_already", key=key, secret=True, evenly=True, code_holds=code_holds, page_url=page_url(delegate))


def write_confirmed(delegate: Delegate) -> None:
    """The place, the place in the waiting list, or the application, is kept. The link leads to the pass: a picture of it would lie open."""
    occasion = _CONFIRMED[DelegateStatus(delegate.status)]
    _write(delegate, occasion, key=f"confirmed:{delegate.status}", secret=True, page_url=page_url(delegate))


def write_approved(delegate: Delegate, *, code: str) -> None:
    """The organisers approved; ``code`` confirms the address, or is empty when it is confirmed."""
    occasion = "delegate_approved_code" if code else "delegate_approved"
    _write(delegate, occasion, key="approved", secret=True, code=code, page_url=page_url(delegate))


def write_refused(delegate: Delegate) -> None:
    _write(delegate, "delegate_refused", key="refused", reason=delegate.reason)


def write_offered(delegate: Delegate, *, code: str) -> None:
    """A place has come free; ``code`` accepts it."""
    _write(delegate, "delegate_moved_up_code", key="moved-up", secret=True, code=code, page_url=page_url(delegate))


def write_offer_lapsed(delegate: Delegate) -> None:
    """The place that was offered was not accepted in time, and the registration has ended with it."""
    _write(delegate, "delegate_offer_lapsed", key="lapsed", offer_ends_at=delegate.confirm_by)


def write_cancelled(delegate: Delegate) -> None:
    _write(delegate, "delegate_cancelled", key="cancelled")


def write_invitation(delegate: Delegate, *, issued_at: datetime) -> None:
    """The invitation for the visa is issued; the delegate's page has it."""
    _write(delegate, "delegate_invitation", key=f"invitation:{issued_at.isoformat()}", secret=True, page_url=page_url(delegate))


def write_session_place(moved: SignUp, *, same_time: Sequence[Session]) -> None:
    """A place in a session has come free: it is the delegate's, or offered, to be answered on the own page in time. Once for each
    beginning of the session: when it is moved, the time to answer changes.

    ``same_time``: the sessions in which the delegate has a place at that time already.
    """
    occasion = "delegate_session_offered" if moved.confirm_by else "delegate_session_place"
    _write_of_session(moved, occasion, key=f"sign-up:{moved.pk}:{moved.session.starts_at}", same_time=same_time)


def write_session_lapsed(lapsed: SignUp) -> None:
    """The place in a session that was offered was not accepted in time."""
    _write_of_session(lapsed, "delegate_session_lapsed", key=f"sign-up-lapsed:{lapsed.pk}")


def _write_of_session(sign_up: SignUp, occasion: str, *, key: str, same_time: Sequence[Session] = ()) -> None:
    delegate, session = sign_up.delegate, sign_up.session
    with override(delegate.language):
        title = str(session.title)
        others = semicolon().join(str(other.title) for other in same_time)
    _write(
        delegate,
        occasion,
        key=key,
        secret=True,
        session_title=title,
        same_time=others,
        session_starts_at=session.starts_at,
        offer_ends_at=sign_up.confirm_by,
        page_url=page_url(delegate),
    )


def _write(delegate: Delegate, occasion: str, *, key: str, secret: bool = False, evenly: bool = False, **context: Any) -> None:
    conference = delegate.conference
    fair = conference.fair
    with override(delegate.language):
        names = {"conference_name": str(conference.name), "site_name": str(conference.site)}
    write_letter(
        NewLetter(
            key=f"delegate:{delegate.pk}:{key}",
            to=delegate.email,
            name=delegate.name,
            language=delegate.language,
            time_zone=delegate.time_zone or fair.time_zone,
            occasion=f"conferences.{occasion}",
            fair_id=fair.pk,
            about=f"delegate:{delegate.pk}",
            reply_to=fair.reply_to,
            context={
                **context,
                **names,
                "fair": fair,
                "starts_on": conference.starts_on,
                "ends_on": conference.ends_on,
                "fair_zone": fair.time_zone,
                "is_reserved": delegate.status in DelegateStatus.with_place,
                "is_applied": delegate.status == DelegateStatus.APPLIED,
                "confirm_by": delegate.confirm_by,
            },
        ),
        secret=secret,
        evenly=evenly,
    )
