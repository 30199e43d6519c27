"""Held decisions are told to the exhibitors together, at a moment that the organiser sets.

Whatever happens in between, each application is told in a transaction of its own: a worker that dies in the middle leaves the rest
to the next tick, and of two workers one tells each application. One that each worker dies with (tries.py) is told after the others, and
in the end left out: it stays held, and a task for the organisers says so.
"""

import logging
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from api.places import by_place
from api.problems import Conflict, Findings, Invalid, field_error
from exhibitors.domain import applications, co_exhibitor_endings, holding, letters, offers, staff_tasks, steps, tries
from exhibitors.enums import OFFERS, ApplicationStatus, PlacementStatus, Step
from exhibitors.models import Announcement, Application, ApplicationStep, Placement
from exhibitors.models.application import ApplicationStepQuerySet
from fairs.models import Fair
from fairs.one_by_one import one_by_one

log = logging.getLogger(__name__)

LATEST_AFTER_THE_FAIR = timedelta(days=366)


class AnnouncementOver(Conflict):
    """The announcement is done or cancelled."""

    code = "announcement-over"
    message = gettext_lazy("This announcement is done or cancelled.")


@transaction.atomic
def create(
    *,
    fair: Fair,
    by: User | None,
    now: datetime,
    at: datetime | None = None,
    application_ids: Collection[int] | None = None,
    refused: Iterable[dict[str, Any]] = (),
) -> Announcement:
    """Tell the held decisions of these applications at ``at``, or with the next tick when no moment is given.

    Without applications: all that is held at the fair and has no moment yet. A decision that waits for another announcement moves
    to this one. Raises Invalid for an application that the fair has not, together with what was ``refused`` before; NothingHeld.
    """
    found = Findings(refused)
    with found.more():
        require_moment(fair, at, now=now)
    with found.more():
        _require_known(fair, application_ids or ())
    found.refuse()
    held = ApplicationStep.objects.pending().filter(application__fair=fair)
    held = held.filter(announcement=None) if application_ids is None else held.filter(application__in=application_ids)
    _lock_applications_of(held)
    announcement = Announcement.objects.create(fair=fair, at=at or now, created_by=by, created_at=now)
    if not held.update(announcement=announcement, tries=0):
        raise holding.NothingHeld(_("None of these applications has a decision that is held."))
    return announcement


def _require_known(fair: Fair, application_ids: Collection[int]) -> None:
    known = set(Application.objects.filter(fair=fair, pk__in=application_ids).values_list("pk", flat=True)) if application_ids else set()
    unknown = [
        field_error(f"/applications/{place}", "unknown_application", _("This fair has no such application."))
        for place, pk in by_place(application_ids)
        if pk not in known
    ]
    if unknown:
        raise Invalid(unknown)


def require_moment(fair: Fair, at: datetime | None, *, now: datetime) -> None:
    """Raise Invalid for a moment that is past or lies more than a year after the fair."""
    if at is not None and at < now:
        raise Invalid([field_error("/at", "past", _("This moment is past: name a later one, or leave it out to announce at once."))])
    if at is not None and at >= fair.end_of(fair.ends_on + LATEST_AFTER_THE_FAIR):
        raise Invalid([field_error("/at", "too_late", _("Name a moment within a year after the fair."))])


@transaction.atomic
def move(*, announcement_id: int, at: datetime, now: datetime) -> Announcement:
    """Announce at another moment. Raises AnnouncementOver, Invalid."""
    announcement = _open(announcement_id)
    require_moment(announcement.fair, at, now=now)
    announcement.at = at
    announcement.save(update_fields=["at"])
    return announcement


@transaction.atomic
def cancel(*, announcement_id: int, now: datetime) -> Announcement:
    """Announce nothing: what has not been told yet stays held, without a moment. Raises AnnouncementOver."""
    _lock_applications_of(ApplicationStep.objects.pending().filter(announcement=announcement_id))
    announcement = _open(announcement_id)
    announcement.cancelled_at = now
    announcement.save(update_fields=["cancelled_at"])
    ApplicationStep.objects.pending().filter(announcement=announcement).update(announcement=None)
    return announcement


def _lock_applications_of(held: ApplicationStepQuerySet) -> None:
    """Before the announcement itself, as a step does, and in one order: a step that is being taken, or told, is over before this."""
    rows = Application.objects.select_for_update(no_key=True).filter(pk__in=held.values("application"))
    list(rows.order_by("pk").values_list("pk", flat=True))


def _open(announcement_id: int) -> Announcement:
    rows = Announcement.objects.select_for_update(of=("self",), no_key=True).select_related("fair")
    announcement = rows.get(pk=announcement_id)
    if announcement.done_at is not None or announcement.cancelled_at is not None:
        raise AnnouncementOver
    return announcement


def announce_due(*, now: datetime) -> int:
    """Tell everything whose moment has come. Returns how many applications were told of something."""
    due = Announcement.objects.due(now=now).order_by("at", "pk").values_list("pk", flat=True)
    return one_by_one(lambda pk: _announce(pk, now=now), list(due), what="Announcement")


def _announce(announcement_id: int, *, now: datetime) -> int:
    waiting = ApplicationStep.objects.pending().filter(announcement=announcement_id)
    by_application = waiting.values("application").annotate(died=Max("tries")).order_by("died", "application")
    died = dict(by_application.values_list("application", "died"))

    def tell(application_id: int) -> int:
        rows = waiting.filter(application=application_id)
        if died[application_id] >= tries.MOST_TRIES:
            _leave_out(announcement_id, application_id, now=now)
            return 0
        tries.note(rows)
        with tries.survived(rows):
            return _tell(announcement_id, application_id, now=now)

    told = one_by_one(tell, died, what="The announced decision on application")
    _finish(announcement_id, now=now)
    return told


@transaction.atomic
def _leave_out(announcement_id: int, application_id: int, *, now: datetime) -> None:
    """It is held without a moment again, and whoever planned the announcement has a task."""
    log.error("Application %s is left out of announcement %s: each worker died with it.", application_id, announcement_id)
    held = ApplicationStep.objects.pending().filter(announcement=announcement_id, application=application_id)
    if not held.update(announcement=None, tries=0):
        return
    announcement = Announcement.objects.select_related("created_by").get(pk=announcement_id)
    planner = announcement.created_by
    with translation.override(planner.language if planner else None):
        staff_tasks.write(
            application=Application.objects.get(pk=application_id),
            title=_("Announce the held decision"),
            note=_(
                "The program broke off at this one again and again while it announced the decisions, so it is held without a moment again:"
                " tell whoever looks after the program, and announce it once that is mended."
            ),
            assignee=planner,
            now=now,
        )


@transaction.atomic
def _tell(announcement_id: int, application_id: int, *, now: datetime) -> bool:
    """The exhibitor's side becomes the organiser's, and the letters go. False when somebody else was first, or it was cancelled."""
    application = steps.locked(application_id)
    rows = Announcement.objects.select_for_update(no_key=True).due(now=now).filter(pk=announcement_id)
    held = list(holding.pending(application).select_related("placement__stand__hall", "placement__site"))
    is_its_own = any(step.announcement_id == announcement_id for step in held)  # or it has moved to another one meanwhile
    if not is_its_own or not rows.values_list("pk", flat=True):
        return False
    for step in held:
        _settle(step, now=now)
    ApplicationStep.objects.bulk_update(held, ["announced_at", "voided_at"])
    told = [step for step in held if step.announced_at]
    if any(step.step in OFFERS for step in told):
        application.status = steps.settled_status(application)
    changed = steps.tell(application, now=now)
    if application.status == ApplicationStatus.CHANGES_REQUESTED:
        application.changes_due_at = applications.changes_due(application, now)
    application.save(update_fields=["status", *changed])
    steps.release_holds(application, now=now)
    co_exhibitor_endings.end_with(application, now=now)
    has_offer = any(step.step in OFFERS for step in told)
    for step in told:
        arguments = [step.placement] if step.step in OFFERS else []
        facts = {"has_offer": has_offer} if step.step == Step.ADMIT else {}
        _LETTERS[Step(step.step)](application, step, *arguments, **facts)
    return True


def _settle(step: ApplicationStep, *, now: datetime) -> None:
    """An offer becomes open for its 14 days; where that cannot be any more, it is void."""
    if step.step not in OFFERS or (step.placement is not None and _offer(step.placement, now=now)):
        step.announced_at = now
    else:
        step.voided_at = now


def _offer(placement: Placement, *, now: datetime) -> bool:
    if placement.status != PlacementStatus.PLANNED:
        return False
    there = Placement.objects.filter(application=placement.application_id, site=placement.site_id, status=PlacementStatus.OFFERED)
    there.update(status=PlacementStatus.ENDED, answered_at=now)  # a relocation replaces an offer that is still open
    placement.status, placement.offered_at = PlacementStatus.OFFERED, now
    placement.answer_by = now + offers.OFFER_IS_OPEN_FOR
    placement.save(update_fields=["status", "offered_at", "answer_by"])
    return True


_LETTERS: dict[Step, Callable[..., Any]] = {
    Step.REQUEST_CHANGES: letters.changes_requested,
    Step.ADMIT: letters.admitted,
    Step.WAITLIST: letters.waitlisted,
    Step.REJECT: letters.rejected,
    Step.OFFER_STAND: letters.stand_offered,
    Step.RELOCATE: letters.stand_offered,
}


@transaction.atomic
def _finish(announcement_id: int, *, now: datetime) -> None:
    """Done when nothing of it is left; an announcement that was moved meanwhile is not."""
    row = Announcement.objects.select_for_update(no_key=True).due(now=now).filter(pk=announcement_id).first()
    if row is not None and not ApplicationStep.objects.pending().filter(announcement=row).exists():
        row.done_at = now
        row.save(update_fields=["done_at"])
