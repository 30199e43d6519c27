"""The letters about a co-exhibitor. What they say of the main exhibitor's application is its name and its fair, and nothing more."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.conf import settings

from accounts.enums import Notice
from accounts.models import User
from api.problems import Refused
from exhibitors.domain import invitations, readers
from exhibitors.domain.readers import Reader
from exhibitors.enums import ApplicationStatus, CoExhibitorStatus, CompanyRole
from exhibitors.models import CoExhibitor, CompanyMember
from notifications.outbox import NewLetter, write_letters

_S = CoExhibitorStatus


def declared(co_exhibitor: CoExhibitor, *, by: User | None, now: datetime) -> None:
    """The company's people are asked to confirm; of one that nobody acts for yet, the contact is invited to do so by a secret link."""
    people = _own_people(co_exhibitor)
    is_invited = bool(people) and not CompanyMember.objects.filter(company=co_exhibitor.company_id).exists()
    _write("co_exhibitor_declared", co_exhibitor, people, is_invited=is_invited)
    if not is_invited:
        return
    first = people[0]
    with suppress(Refused):  # so many are invited already: a refusal would tell the main exhibitor that the company is known
        invitations.invite(
            company_id=co_exhibitor.company_id, email=first.email, role=CompanyRole.OWNER, by=by, now=now, language=first.language
        )


def write_about(co_exhibitor: CoExhibitor, *, was: CoExhibitorStatus) -> None:
    """What the new state means, to those whom it concerns."""
    status = CoExhibitorStatus(co_exhibitor.status)
    if status == _S.CONFIRMED:
        staff = readers.wanting(readers.deciding_staff(co_exhibitor.application), Notice.REQUESTS)
        _write("co_exhibitor_confirmed", co_exhibitor, readers.exhibitor_readers(co_exhibitor.application))
        _write("co_exhibitor_to_decide", co_exhibitor, staff)
    elif status == _S.WITHDRAWN:
        _write("co_exhibitor_withdrawn", co_exhibitor, _own_people(co_exhibitor))
    else:
        occasion = "co_exhibitor_admitted" if status == _S.ADMITTED else "co_exhibitor_refused"
        _write(occasion, co_exhibitor, readers_of_decision(co_exhibitor))


def readers_of_decision(co_exhibitor: CoExhibitor) -> list[Reader]:
    """Who gets a letter when the organiser admits or refuses it: the people of both companies."""
    return readers.once_each([*readers.exhibitor_readers(co_exhibitor.application), *_own_people(co_exhibitor)])


def _own_people(co_exhibitor: CoExhibitor) -> list[Reader]:
    return readers.exhibitor_readers_of([co_exhibitor.company_id])[co_exhibitor.company_id]


def _write(occasion: str, co_exhibitor: CoExhibitor, to: Iterable[Reader], **facts: Any) -> None:
    application = co_exhibitor.application
    context: dict[str, Any] = {
        "fair": application.fair,
        "fair_zone": application.fair.time_zone,
        "main_exhibitor": application.company,
        # What the main exhibitor wrote: its own letters tell it no more than that, nor the company's a name it does not know.
        "co_exhibitor": co_exhibitor.declared_legal_name or str(co_exhibitor.company),
        "reason": co_exhibitor.reason,
        "is_placed": application.told_status == ApplicationStatus.ACCEPTED,
        "desk_url": f"{settings.SITE_URL}/admin/exhibitors/coexhibitor/{co_exhibitor.pk}/change/",
        **facts,
    }
    write_letters(
        [
            NewLetter(
                key=f"{occasion}:{co_exhibitor.pk}:{reader.address}",
                to=reader.email,
                name=reader.name,
                user_id=reader.user_id,
                fair_id=application.fair_id,
                occasion=f"exhibitors.{occasion}",
                language=reader.language,
                time_zone=reader.time_zone,
                about=f"co_exhibitor:{co_exhibitor.pk}",
                reply_to=application.fair.reply_to,
                context=context,
            )
            for reader in readers.once_each(to)
        ]
    )
