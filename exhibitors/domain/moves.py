"""The wish of an exhibitor for another stand in place of an accepted one. A relocation that is accepted grants it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from api.problems import Conflict, Invalid, field_error
from exhibitors.domain import letters, steps
from exhibitors.domain.reasons import require_reason
from exhibitors.enums import PlacementStatus, Step
from exhibitors.models import Application


class NoMoveRequested(Conflict):
    """The exhibitor has not asked for another stand, or that is settled."""

    code = "no-move-requested"


@transaction.atomic
def request_move(
    *,
    application_id: int,
    by: User | None,
    now: datetime,
    reason: str,
    placement_id: int | None = None,
    wish: str = "",
    on_behalf: bool = False,
    tell: bool = True,
) -> Application:
    """Ask for another stand; asked again, the new words replace the old ones. The stand stays as it is until another is accepted.

    ``placement_id`` names the accepted stand meant, where there are several. Raises ReasonMissing, Invalid for another placement.
    """
    application = steps.locked(application_id)
    steps.require(application, Step.REQUEST_MOVE)
    require_reason(reason, pointer="/reason", detail=_("Write why you wish for another stand; the organisers read it."))
    accepted = application.placements.filter(status=PlacementStatus.ACCEPTED).select_related("stand__hall", "site")
    placement = accepted.filter(pk=placement_id).first() if placement_id is not None else None
    if placement_id is not None and placement is None:
        raise Invalid([field_error("/placement", "unknown_placement", _("This application has no such accepted stand."))])
    application.move_requested_at, application.move_placement = now, placement
    application.move_reason, application.move_wish = reason, wish
    application.save(update_fields=["move_requested_at", "move_placement", "move_reason", "move_wish"])
    step = steps.note(application, Step.REQUEST_MOVE, by=by, now=now, reason=reason, on_behalf=on_behalf, placement=placement)
    if tell:
        letters.move_requested(application, step, placement)
    return application


@transaction.atomic
def close_move(*, application_id: int, by: User | None, now: datetime, reason: str = "", tell: bool = True) -> Application:
    """The organiser cannot or need not move the exhibitor, and says so. Raises NoMoveRequested."""
    application = steps.locked(application_id)
    steps.require(application, Step.CLOSE_MOVE)
    if application.move_requested_at is None:
        raise NoMoveRequested(_("This exhibitor has not asked for another stand."))
    application.save(update_fields=steps.forget_move(application))
    step = steps.note(application, Step.CLOSE_MOVE, by=by, now=now, reason=reason)
    if tell:
        letters.move_closed(application, step)
    return application
