"""The letters about a co-exhibitor. What they say of the main exhibitor's application is its name and its fair, and nothing more.

The address that the main exhibitor typed gets the same letters whether the company was registered here or not, and nobody who only
knows a number sets off an invitation to act for a company: that is the organiser's.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from accounts.enums import Notice
from exhibitors.domain import readers
from exhibitors.domain.co_exhibitor_values import language_of
from exhibitors.domain.readers import Reader
from exhibitors.enums import ApplicationStatus, CoExhibitorStatus
from exhibitors.models import CoExhibitor, CompanyContact
from notifications.outbox import NewLetter, write_letters

_S = CoExhibitorStatus


def declared(co_exhibitor: CoExhibitor) -> None:
    """Who acts for the company is asked to confirm; its contacts and the address that was typed learn who named it, and what to do."""
    acting, contacts = readers.people_of([co_exhibitor.company_id])[co_exhibitor.company_id]
    _write("co_exhibitor_declared", co_exhibitor, acting)
    known = {reader.address for reader in acting}
    named = [reader for reader in (*contacts, *_typed(co_exhibitor)) if reader.address not in known]
    _write("co_exhibitor_named", co_exhibitor, named)


def ended(co_exhibitor: CoExhibitor) -> None:
    """To the company: what it was named for has ended."""
    _write("co_exhibitor_ended", co_exhibitor, own_people(co_exhibitor))


def write_about(co_exhibitor: CoExhibitor, *, was: CoExhibitorStatus) -> None:
    """What the new state means, to those whom it concerns."""
    status = CoExhibitorStatus(co_exhibitor.status)
    if status == _S.CONFIRMED:
        staff = readers.wanting(readers.deciding_staff(co_exhibitor.application), Notice.REQUESTS)
        _write("co_exhibitor_confirmed", co_exhibitor, readers.exhibitor_readers(co_exhibitor.application))
        _write("co_exhibitor_to_decide", co_exhibitor, staff)
    elif status == _S.WITHDRAWN:
        _write("co_exhibitor_withdrawn", co_exhibitor, own_people(co_exhibitor))
    else:
        occasion = "co_exhibitor_admitted" if status == _S.ADMITTED else "co_exhibitor_refused"
        _write(occasion, co_exhibitor, readers_of_decision(co_exhibitor))


def readers_of_decision(co_exhibitor: CoExhibitor) -> list[Reader]:
    """Who gets a letter when the organiser admits or refuses it: the people of both companies."""
    return readers.once_each([*readers.exhibitor_readers(co_exhibitor.application), *own_people(co_exhibitor)])


def own_people(*co_exhibitors: CoExhibitor) -> list[Reader]:
    """Those of the companies themselves, and the addresses that the main exhibitor typed; each address once."""
    of_company = readers.exhibitor_readers_of([one.company_id for one in co_exhibitors])
    return readers.once_each(reader for one in co_exhibitors for reader in (*of_company[one.company_id], *_typed(one)))


def _typed(co_exhibitor: CoExhibitor) -> list[Reader]:
    """The address that the main exhibitor typed, as the contact that it is of a company that is new here."""
    if not co_exhibitor.contact_email:
        return []
    contact = CompanyContact(name=co_exhibitor.declared_legal_name[:200], language=language_of(co_exhibitor.declared_country))
    return [Reader(co_exhibitor.contact_email, contact.name, contact.language, contact.time_zone)]


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
