"""One door for a step that is chosen by name: the admin's pages and the API's paths both come through here."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from accounts.models import User
from exhibitors.domain import applications, endings, extensions, holding, moves, placements
from exhibitors.enums import EXHIBITOR_STEPS, Step

_FUNCTIONS: dict[Step, Callable[..., Any]] = {
    Step.SUBMIT: applications.submit,
    Step.START_REVIEW: applications.start_review,
    Step.REQUEST_CHANGES: applications.request_changes,
    Step.ADMIT: applications.admit,
    Step.WAITLIST: applications.waitlist,
    Step.REJECT: applications.reject,
    Step.WITHDRAW: endings.withdraw,
    Step.CANCEL: endings.cancel,
    Step.OFFER_STAND: placements.offer_stand,
    Step.RELOCATE: placements.relocate,
    Step.ACCEPT_OFFER: placements.accept_offer,
    Step.DECLINE_OFFER: placements.decline_offer,
    Step.WITHDRAW_OFFER: placements.withdraw_offer,
    Step.TAKE_BACK: holding.take_back,
    Step.EXTEND_DEADLINE: extensions.extend_deadline,
    Step.REQUEST_MOVE: moves.request_move,
    Step.CLOSE_MOVE: moves.close_move,
}


def take_step(step: Step, *, application_id: int, by: User, now: datetime, for_exhibitor: bool, **values: Any) -> None:
    """Take ``step`` with the ``values`` it needs (message, reason, stand_id, placement_id, …).

    ``for_exhibitor``: staff record what the exhibitor decided. Raises what the step's own function raises.
    """
    if step in EXHIBITOR_STEPS:
        values["on_behalf"] = for_exhibitor
    _FUNCTIONS[step](application_id=application_id, by=by, now=now, **values)
