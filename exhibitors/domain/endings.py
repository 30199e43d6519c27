"""An application ends before the fair: the exhibitor steps back, or the organiser cancels the participation."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from exhibitors.domain import catalogue, co_exhibitor_endings, holding, letters, plans, steps, waiting_list
from exhibitors.domain.reasons import require_reason
from exhibitors.enums import ApplicationStatus, PlacementStatus, Step
from exhibitors.models import Application, ApplicationStep


@transaction.atomic
def withdraw(
    *, application_id: int, by: User | None, now: datetime, reason: str = "", on_behalf: bool = False, tell: bool = True
) -> Application:
    """The exhibitor steps back; its stands fall free at once, and what was held about it is void."""
    application = steps.locked(application_id)
    steps.require(application, Step.WITHDRAW)
    was_draft = application.status == ApplicationStatus.DRAFT
    holding.void(application, now=now)
    plans.end_plans(application, by=by, now=now)
    freed = _free_stands(application, now=now)
    step = steps.record(
        application, Step.WITHDRAW, ApplicationStatus.WITHDRAWN, by=by, now=now, reason=reason, on_behalf=on_behalf, waitlist_rank=None
    )
    catalogue.refresh_application(application)
    co_exhibitor_endings.end_with(application, now=now, tell=tell)
    if tell and not was_draft:
        letters.withdrawn(application, step)
        _tell_waiting(application, step, freed)
    return application


@transaction.atomic
def cancel(*, application_id: int, by: User | None, now: datetime, reason: str, tell: bool = True) -> Application:
    """The organiser ends the participation; its stands fall free at once, and what was held about it is void.

    Raises ReasonMissing without a reason.
    """
    application = steps.locked(application_id)
    steps.require(application, Step.CANCEL)
    require_reason(reason, pointer="/reason", detail=_("Write why the participation is cancelled; the exhibitor reads it."))
    holding.void(application, now=now)
    plans.end_plans(application, by=by, now=now)
    freed = _free_stands(application, now=now)
    step = steps.record(
        application,
        Step.CANCEL,
        ApplicationStatus.CANCELLED,
        by=by,
        now=now,
        reason=reason,
        message=reason,
        waitlist_rank=None,
    )
    catalogue.refresh_application(application)
    co_exhibitor_endings.end_with(application, now=now, tell=tell)
    if tell:
        letters.cancelled(application, step)
        _tell_waiting(application, step, freed)
    return application


def _free_stands(application: Application, *, now: datetime) -> list[int]:
    """Returns the sites at which a stand that somebody knew of has fallen free."""
    live = application.placements.live()
    freed = list(live.exclude(status=PlacementStatus.PLANNED).values_list("site", flat=True))
    live.update(status=PlacementStatus.WITHDRAWN, answered_at=now)
    return freed


def _tell_waiting(application: Application, step: ApplicationStep, freed_sites: list[int]) -> None:
    first = waiting_list.head(application.fair_id, site_ids=freed_sites) if freed_sites else None
    if first is not None:
        letters.stand_fallen_free(first, step)
