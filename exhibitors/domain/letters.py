"""The letters that steps in the life of an application write: who reads which, once a step and address."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from exhibitors.domain import readers
from exhibitors.domain.readers import Reader
from exhibitors.models import Application, ApplicationStep, Placement
from notifications.outbox import write_letter


def application_received(application: Application, step: ApplicationStep) -> None:
    """Receipt to the exhibitor: arrived, binding, and not a confirmation."""
    _write("application_received", application, step, readers.exhibitor_readers(application))


def new_application(application: Application, step: ApplicationStep) -> None:
    """Notice to those who decide at the fair."""
    _write("new_application", application, step, readers.deciding_staff(application))


def changes_requested(application: Application, step: ApplicationStep) -> None:
    _write("changes_requested", application, step, readers.exhibitor_readers(application))


def admitted(application: Application, step: ApplicationStep) -> None:
    _write("admitted", application, step, readers.exhibitor_readers(application))
    _write("decision_for_coordinator", application, step, readers.region_coordinators(application))


def waitlisted(application: Application, step: ApplicationStep) -> None:
    _write("waitlisted", application, step, readers.exhibitor_readers(application), rank=application.waitlist_rank)


def rejected(application: Application, step: ApplicationStep) -> None:
    _write("rejected", application, step, readers.exhibitor_readers(application))
    _write("decision_for_coordinator", application, step, readers.region_coordinators(application))


def stand_offered(application: Application, step: ApplicationStep, placement: Placement) -> None:
    """The offer, or the other stand of a relocation: number, area, open sides, days, until when."""
    _write("stand_offered", application, step, readers.exhibitor_readers(application), placement=placement)


def offer_withdrawn(application: Application, step: ApplicationStep, placement: Placement) -> None:
    _write("offer_withdrawn", application, step, readers.exhibitor_readers(application), placement=placement)


def offer_answered(application: Application, step: ApplicationStep, placement: Placement) -> None:
    """The exhibitor's answer, to those who decide and to finance."""
    staff = readers.once_each([*readers.deciding_staff(application), *readers.finance_staff(application)])
    _write("offer_answered", application, step, staff, placement=placement)


def withdrawn(application: Application, step: ApplicationStep) -> None:
    _write("withdrawn", application, step, readers.deciding_staff(application))


def cancelled(application: Application, step: ApplicationStep) -> None:
    _write("cancelled", application, step, readers.exhibitor_readers(application))


def _write(
    occasion: str,
    application: Application,
    step: ApplicationStep,
    to: Iterable[Reader],
    *,
    placement: Placement | None = None,
    **facts: Any,
) -> None:
    # Not evaluated until a template asks, and then once for all readers.
    wishes = application.site_wishes.select_related("site")
    categories = application.categories.all()
    for reader in to:
        write_letter(
            key=f"{occasion}:{step.pk}:{reader.address}",
            to=reader.email,
            name=reader.name,
            user_id=reader.user_id,
            fair_id=application.fair_id,
            occasion=f"exhibitors.{occasion}",
            language=reader.language,
            time_zone=reader.time_zone,
            about=f"application:{application.pk}",
            reply_to=application.fair.reply_to,
            context={
                "fair": application.fair,
                "fair_zone": application.fair.time_zone,
                "company": application.company,
                "application": application,
                "step": step,
                "reason": step.reason,
                "placement": placement,
                "wishes": wishes,
                "categories": categories,
                "desk_url": f"{settings.SITE_URL}/admin/exhibitors/application/{application.pk}/change/",
                **facts,
            },
        )
