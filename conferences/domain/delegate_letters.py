"""What delegates are told."""

from datetime import datetime
from typing import Any

from django.utils.translation import override

from conferences.enums import DelegateStatus
from conferences.models import Delegate
from notifications.outbox import write_letter


def write_code(delegate: Delegate, *, code: str, calendar_url: str) -> None:
    """The place, or the waiting list, the code that confirms the address, and the link to the delegate's own calendar."""
    occasion = "delegate_code" if delegate.status == DelegateStatus.RESERVED else "delegate_code_waiting"
    _write(delegate, occasion, key="code", secret=True, code=code, calendar_url=calendar_url)


def write_registered_already(delegate: Delegate, *, now: datetime) -> None:
    """Somebody registered this address once more. One letter a day (UTC): nobody can fill a mailbox by registering it."""
    code_holds = bool(delegate.code_hash and delegate.confirm_by and now <= delegate.confirm_by)
    _write(delegate, "delegate_registered_already", key=f"registered-already:{now:%Y-%m-%d}", code_holds=code_holds)


def write_confirmed(delegate: Delegate) -> None:
    """The place, or the place in the waiting list, is kept."""
    occasion = "delegate_confirmed" if delegate.status == DelegateStatus.RESERVED else "delegate_waiting"
    _write(delegate, occasion, key="confirmed")


def write_moved_up(delegate: Delegate, *, code: str) -> None:
    """A place has come free; ``code`` confirms it, or is empty when the address is confirmed."""
    occasion = "delegate_moved_up_code" if code else "delegate_moved_up"
    _write(delegate, occasion, key="moved-up", secret=bool(code), code=code)


def _write(delegate: Delegate, occasion: str, *, key: str, secret: bool = False, **context: Any) -> None:
    conference = delegate.conference
    fair = conference.fair
    with override(delegate.language):
        names = {"conference_name": str(conference.name), "site_name": str(conference.site)}
    write_letter(
        key=f"delegate:{delegate.pk}:{key}",
        to=delegate.email,
        name=delegate.name,
        language=delegate.language,
        time_zone=delegate.time_zone or fair.time_zone,
        occasion=f"conferences.{occasion}",
        fair_id=fair.pk,
        about=f"delegate:{delegate.pk}",
        reply_to=fair.reply_to,
        secret=secret,
        context={
            **context,
            **names,
            "fair": fair,
            "starts_on": conference.starts_on,
            "ends_on": conference.ends_on,
            "fair_zone": fair.time_zone,
            "is_reserved": delegate.status == DelegateStatus.RESERVED,
            "confirm_by": delegate.confirm_by,
        },
    )
