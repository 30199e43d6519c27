"""The letters that steps in the life of an application write: who reads which, once a step and address."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from accounts.enums import Notice
from exhibitors.domain import readers
from exhibitors.domain.deadline_calendar import calendar_of
from exhibitors.domain.readers import Reader, Readers
from exhibitors.enums import PlacementStatus
from exhibitors.models import Application, ApplicationStep, DeadlineExtension, Placement, ProductCategory, SiteWish
from exhibitors.models.application import wishes_with_sites
from fairs.models import StaffMembership
from notifications.outbox import NewLetter, write_letters

Taken = tuple[Application, ApplicationStep]
_AT_ONCE = 200  # letters that are in memory, written out


def submitted(application: Application, step: ApplicationStep, *, staff: Sequence[StaffMembership] | None = None) -> None:
    """Receipt to the exhibitor: arrived, binding, and not a confirmation. Notice to those who decide at the fair.

    ``staff``: all who work at the fair, where the caller has read them.
    """
    all_submitted([(application, step)], staff=staff)


def all_submitted(taken: Sequence[Taken], *, staff: Sequence[StaffMembership] | None = None) -> None:
    """The same of many, in a number of queries that does not grow with theirs, as all that follow here for ``taken`` steps."""
    read_by = _readers(taken, staff=staff, is_responsible_told=True)
    letters = []
    for application, step in taken:
        letters += _letters("application_received", application, step, read_by.exhibitor(application))
        letters += _letters("new_application", application, step, readers.wanting(read_by.deciding(application), Notice.APPLICATIONS))
    _write_all(letters, are_new=True)


def changes_requested(application: Application, step: ApplicationStep) -> None:
    _write("changes_requested", application, step, readers.exhibitor_readers(application))


def admitted(application: Application, step: ApplicationStep, *, has_offer: bool = False) -> None:
    """``has_offer``: the letter with a stand goes at the same moment, and it wants an answer."""
    all_admitted([(application, step)], has_offer=has_offer)


def all_admitted(taken: Sequence[Taken], *, has_offer: bool = False) -> None:
    read_by = _readers(taken)
    letters = []
    for application, step in taken:
        letters += _letters("admitted", application, step, read_by.exhibitor(application), has_offer=has_offer)
        told = readers.wanting(read_by.coordinators(application), Notice.DECISIONS)
        letters += _letters("decision_for_coordinator", application, step, told)
    _write_all(letters)


def waitlisted(application: Application, step: ApplicationStep) -> None:
    _write("waitlisted", application, step, readers.exhibitor_readers(application), rank=application.waitlist_rank)


def rejected(application: Application, step: ApplicationStep) -> None:
    _write("rejected", application, step, readers.exhibitor_readers(application))
    _write("decision_for_coordinator", application, step, readers.wanting(readers.region_coordinators(application), Notice.DECISIONS))


def stand_offered(application: Application, step: ApplicationStep, placement: Placement) -> None:
    """The offer, or the other stand of a relocation: number, area, open sides, days, until when."""
    all_offered([(application, step)], [placement])


def all_offered(taken: Sequence[Taken], placements: Sequence[Placement]) -> None:
    read_by = _readers(taken)
    there = {(row.application_id, row.site_id) for row in _accepted(taken)}
    letters = []
    for (application, step), placement in zip(taken, placements, strict=True):
        letters += _letters(
            "stand_offered",
            application,
            step,
            read_by.exhibitor(application),
            placement=placement,
            has_stand=(application.pk, placement.site_id) in there,
            plan_url=plan_url_of(placement),
        )
    _write_all(letters)


def _accepted(taken: Sequence[Taken]) -> list[Placement]:
    """The stands that the applications have, at whatever site."""
    rows = Placement.objects.filter(application__in=[application.pk for application, _step in taken], status=PlacementStatus.ACCEPTED)
    return list(rows.select_related("stand").order_by("pk"))


def plan_url_of(placement: Placement) -> str:
    """The public plan of the stand's hall with the stand marked: it shows where the stand is, and nothing of the offer."""
    hall = placement.stand.hall
    address = reverse("floor-plan-svg", args=[placement.application.fair.slug, hall.slug])
    return f"{settings.SITE_URL}{address}?{urlencode({'stand': placement.stand.number})}"


def offer_withdrawn(application: Application, step: ApplicationStep, placement: Placement) -> None:
    _write("offer_withdrawn", application, step, readers.exhibitor_readers(application), placement=placement)


def offer_answered(application: Application, step: ApplicationStep, placement: Placement) -> None:
    """The exhibitor's answer, to those who decide and to finance."""
    all_answered([(application, step)], [placement])


def all_answered(taken: Sequence[Taken], placements: Sequence[Placement]) -> None:
    read_by = _readers(taken, is_responsible_told=True)
    there = {(row.application_id, row.site_id): row for row in _accepted(taken)}
    letters = []
    for (application, step), placement in zip(taken, placements, strict=True):
        staff = readers.once_each([*read_by.deciding(application), *read_by.finance(application)])
        kept = there.get((application.pk, placement.site_id))
        letters += _letters(
            "offer_answered",
            application,
            step,
            readers.wanting(staff, Notice.OFFERS),
            placement=placement,
            kept=kept if kept != placement else None,
        )
    _write_all(letters)


def withdrawn(application: Application, step: ApplicationStep) -> None:
    _write("withdrawn", application, step, readers.wanting(readers.deciding_staff(application), Notice.WITHDRAWALS))


def cancelled(application: Application, step: ApplicationStep) -> None:
    """To the exhibitor with the reason, and to the colleagues who decide."""
    _write("cancelled", application, step, readers.exhibitor_readers(application))
    _write("cancelled_for_staff", application, step, readers.wanting(readers.deciding_staff(application), Notice.WITHDRAWALS))


def stand_fallen_free(application: Application, step: ApplicationStep) -> None:
    """To the head of the waiting list; ``step`` is the one of another application that freed the stand, of which nothing is told."""
    _write("stand_fallen_free", application, step, readers.exhibitor_readers(application))


def offer_lapsed(application: Application, step: ApplicationStep, placement: Placement) -> None:
    """Nobody answered in time: to the exhibitor what that means, to those who decide, and to finance when silence accepted."""
    _write("offer_lapsed", application, step, readers.exhibitor_readers(application), placement=placement)
    finance = readers.finance_staff(application) if placement.status == PlacementStatus.ACCEPTED else []
    staff = readers.once_each([*readers.deciding_staff(application), *finance])
    _write("offer_lapsed_for_staff", application, step, readers.wanting(staff, Notice.OFFERS), placement=placement)


def deadline_extended(application: Application, step: ApplicationStep, extension: DeadlineExtension) -> None:
    """With the calendar file of the new moment: it moves the entry that a reminder's file has made."""
    to = readers.exhibitor_readers(application)
    letters = _letters("deadline_extended", application, step, to, extension=extension)
    due = [(extension.deadline, extension.due_at)]
    files = {}
    for language in {letter.language for letter in letters}:
        with translation.override(language):
            files[language] = calendar_of(application.fair, due, now=step.at)
    write_letters([replace(letter, attachments=(files[letter.language],)) for letter in letters], are_new=True)


def move_requested(application: Application, step: ApplicationStep, placement: Placement | None) -> None:
    """The wish for another stand, to those who place exhibitors."""
    staff = readers.wanting(readers.placing_staff(application), Notice.REQUESTS)
    _write("move_requested", application, step, staff, placement=placement, wish=application.move_wish)


def move_closed(application: Application, step: ApplicationStep) -> None:
    _write("move_closed", application, step, readers.exhibitor_readers(application))


def draft_waiting(application: Application, *, days: int, closes_at: datetime | None) -> None:
    """The application was begun ``days`` ago and has not been submitted; ``closes_at`` None: it would be late already."""
    _write(
        "draft_waiting",
        application,
        None,
        readers.exhibitor_readers(application),
        told=f"{application.pk}:{days}",
        days=days,
        closes_at=closes_at,
    )


def _readers(taken: Sequence[Taken], *, staff: Sequence[StaffMembership] | None = None, is_responsible_told: bool = False) -> Readers:
    applications = [application for application, _step in taken]
    if is_responsible_told:
        prefetch_related_objects(applications, "responsible")
    return Readers(applications, staff=staff)


def _write_all(letters: Sequence[NewLetter], *, are_new: bool = False) -> None:
    for start in range(0, len(letters), _AT_ONCE):
        write_letters(letters[start : start + _AT_ONCE], are_new=are_new)


def _write(
    occasion: str,
    application: Application,
    step: ApplicationStep | None,
    to: Iterable[Reader],
    *,
    placement: Placement | None = None,
    told: str = "",
    **facts: Any,
) -> None:
    write_letters(_letters(occasion, application, step, to, placement=placement, told=told, **facts))


def _letters(
    occasion: str,
    application: Application,
    step: ApplicationStep | None,
    to: Iterable[Reader],
    *,
    placement: Placement | None = None,
    told: str = "",
    **facts: Any,
) -> list[NewLetter]:
    # Not read until a template asks, and then once for all letters about this application.
    wishes = SimpleLazyObject(lambda: _wishes(application))
    categories = SimpleLazyObject(lambda: _categories(application))
    return [
        NewLetter(
            key=f"{occasion}:{told or (step and step.pk)}:{reader.address}",
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
                "reason": step.reason if step else "",
                "placement": placement,
                "wishes": wishes,
                "categories": categories,
                "desk_url": f"{settings.SITE_URL}/admin/exhibitors/application/{application.pk}/change/",
                **facts,
            },
        )
        for reader in to
    ]


def _wishes(application: Application) -> list[SiteWish]:
    prefetch_related_objects([application], wishes_with_sites())
    return list(application.site_wishes.all())


def _categories(application: Application) -> list[ProductCategory]:
    prefetch_related_objects([application], "categories")
    return list(application.categories.all())
