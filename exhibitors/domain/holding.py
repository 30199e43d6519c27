"""Decide now, tell later: what the exhibitor has not been told yet, what joins it, and what undoes it.

Held steps are rows of the history like others, but the exhibitor's side of the application (``told_…``) stays as it was and no
letter goes, until an announcement tells them (announcements.py). At most one decision of an application is held; the next one takes
its place. A held offer is a planned placement: it occupies its days, and nobody outside has heard of it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from api.problems import Conflict
from exhibitors.domain import steps
from exhibitors.domain.steps import Hold
from exhibitors.enums import OFFERS, PlacementStatus, Step
from exhibitors.models import Application, ApplicationStep
from exhibitors.models.application import ApplicationStepQuerySet


class NothingHeld(Conflict):
    """There is no decision that the exhibitor has not been told yet."""

    code = "nothing-held"
    message = _("Nothing is held: the exhibitor knows every decision.")


def pending(application: Application) -> ApplicationStepQuerySet:
    """What is held and neither announced nor void, in the order it was decided."""
    return ApplicationStep.objects.pending().filter(application=application).order_by("pk")


def _pending_of(applications: Iterable[Application]) -> ApplicationStepQuerySet:
    """The same of many, each with its announcement."""
    rows = ApplicationStep.objects.pending().filter(application__in=[application.pk for application in applications])
    return rows.select_related("announcement").order_by("pk")


def hold_of(application: Application, *, hold: bool) -> Hold:
    """How an organiser's step is taken: held when it is asked for, or when something is held already; it joins that announcement."""
    return holds_of([application], hold=hold)[application.pk]


def holds_of(applications: Sequence[Application], *, hold: bool) -> dict[int, Hold]:
    """The same by application id, in one query."""
    return _joining(applications, _pending_of(applications), hold=hold)


def _joining(applications: Iterable[Application], there: Iterable[ApplicationStep], *, hold: bool) -> dict[int, Hold]:
    found = {application.pk: Hold(is_held=hold) for application in applications}
    first = {step.application_id: step for step in reversed(list(there))}
    for pk, step in first.items():
        announcement = step.announcement
        is_open = announcement is not None and announcement.done_at is None and announcement.cancelled_at is None
        found[pk] = Hold(is_held=True, announcement_id=step.announcement_id if is_open else None)
    return found


def hold_decision(application: Application, *, hold: bool, now: datetime) -> Hold:
    """The same for a decision, which takes the place of whatever was held before."""
    return hold_decisions([application], hold=hold, now=now)[application.pk]


def hold_decisions(applications: Sequence[Application], *, hold: bool, now: datetime) -> dict[int, Hold]:
    """The same by application id, in one query where nothing was held."""
    there = list(_pending_of(applications))
    _void(there, now=now)
    return _joining(applications, there, hold=hold)


def void(application: Application, *, now: datetime) -> None:
    """Nothing is held any more: the organiser's side is again what the exhibitor knows. No letter about it ever goes."""
    if not _void(pending(application), now=now):
        return
    for name in steps.TOLD:
        setattr(application, name, getattr(application, f"told_{name}"))
    application.save(update_fields=steps.TOLD)


def void_offer(application: Application, *, placement_ids: list[int], now: datetime) -> None:
    """The held offers of these placements are void: another one takes their place."""
    _void(pending(application).filter(placement__in=placement_ids), now=now)


def take_back_offer(application: Application, *, placement_id: int, by: User | None, now: datetime, reason: str = "") -> None:
    """One held offer is void and its stand falls free; a decision that is held stays so. Nobody is told."""
    void_offer(application, placement_ids=[placement_id], now=now)
    steps.note(application, Step.TAKE_BACK, by=by, now=now, reason=reason)


def _void(rows: Iterable[ApplicationStep], *, now: datetime) -> bool:
    """Mark the steps as void and let their planned stands fall free. True when there was one."""
    found = list(rows)
    for step in found:
        if step.step in OFFERS and step.placement is not None and step.placement.status == PlacementStatus.PLANNED:
            step.placement.status, step.placement.answered_at = PlacementStatus.WITHDRAWN, now
            step.placement.save(update_fields=["status", "answered_at"])
    if found:
        ApplicationStep.objects.filter(pk__in=[step.pk for step in found]).update(voided_at=now)
    return bool(found)


@transaction.atomic
def take_back(*, application_id: int, by: User | None, now: datetime, reason: str = "", tell: bool = True) -> Application:
    """Undo everything that is held: the application is where the exhibitor believes it is. Nobody is told. Raises NothingHeld."""
    application = steps.locked(application_id)
    steps.require(application, Step.TAKE_BACK)
    if not pending(application).exists():
        raise NothingHeld
    before = application.status
    void(application, now=now)
    steps.note(application, Step.TAKE_BACK, before=before, by=by, now=now, reason=reason)
    return application
