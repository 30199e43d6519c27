"""Which steps somebody may take with an application now: state × what is open × who asks."""

from collections.abc import Collection
from datetime import datetime
from functools import lru_cache

from exhibitors.enums import EXHIBITOR_STEPS, STEPS, ApplicationStatus, Step
from exhibitors.roles import CompanyRight
from fairs.roles import Right

# The right of a staff member that a step needs. Those of the exhibitor are recorded by staff when the answer came by phone.
STAFF_RIGHTS: dict[Step, Right] = {
    Step.START_REVIEW: Right.DECIDE_APPLICATIONS,
    Step.REQUEST_CHANGES: Right.DECIDE_APPLICATIONS,
    Step.ADMIT: Right.DECIDE_APPLICATIONS,
    Step.WAITLIST: Right.DECIDE_APPLICATIONS,
    Step.REJECT: Right.DECIDE_APPLICATIONS,
    Step.CANCEL: Right.DECIDE_APPLICATIONS,
    Step.OFFER_STAND: Right.PLACE,
    Step.WITHDRAW_OFFER: Right.PLACE,
    Step.RELOCATE: Right.PLACE,
    Step.SUBMIT: Right.ANSWER_FOR_EXHIBITOR,
    Step.ACCEPT_OFFER: Right.ANSWER_FOR_EXHIBITOR,
    Step.DECLINE_OFFER: Right.ANSWER_FOR_EXHIBITOR,
    Step.WITHDRAW: Right.ANSWER_FOR_EXHIBITOR,
    Step.TAKE_BACK: Right.DECIDE_APPLICATIONS,
    Step.EXTEND_DEADLINE: Right.DECIDE_APPLICATIONS,
    Step.REQUEST_MOVE: Right.ANSWER_FOR_EXHIBITOR,
    Step.CLOSE_MOVE: Right.PLACE,
}

_NEEDS_OPEN_OFFER = (Step.ACCEPT_OFFER, Step.DECLINE_OFFER)


def has_lapsed(answer_by: datetime | None, now: datetime) -> bool:
    """Whether the time to answer an offer is over at ``now``; the moment itself is in time."""
    return answer_by is not None and now > answer_by


def may_take(step: Step, *, rights: Collection[Right], company_rights: Collection[CompanyRight]) -> bool:
    """Whether the reader may take ``step`` at all, whatever the state."""
    if step in EXHIBITOR_STEPS and CompanyRight.COMMIT in company_rights:
        return True
    return STAFF_RIGHTS.get(step) in rights


def allowed_actions(
    status: str,
    *,
    told_status: str,
    wished_sites: Collection[int],
    placed_sites: Collection[int],
    full_sites: Collection[int] = (),
    open_offers: int,
    held_offers: int = 0,
    lapsed_offers: int = 0,
    is_held: bool = False,
    is_moving: bool = False,
    is_closed: bool = False,
    rights: frozenset[Right],
    company_rights: frozenset[CompanyRight],
) -> list[str]:
    """The path names of the steps that the reader may take now, in the order of the table of steps.

    ``told_status`` is what the exhibitor knows: its own steps follow that one. ``full_sites``: where no more offers are made.
    ``held_offers``: made and not told yet; who makes offers takes them back.
    ``is_closed``: a draft of a fair that takes no applications now.
    ``lapsed_offers`` are those among the open ones whose time to answer is over: staff may still record an acceptance of them.
    """
    open_for_answer = open_offers - (lapsed_offers if CompanyRight.COMMIT in company_rights else 0)
    facts = {
        "has_open_offer": bool(open_offers),
        "is_withdrawable": bool(open_offers or held_offers),
        "is_answerable": open_for_answer > 0,
        "has_free_site": not set(wished_sites) <= {*placed_sites, *full_sites},
        "is_placed": bool(placed_sites),
        "is_held": is_held,
        "is_moving": is_moving,
        "is_closed": is_closed,
    }
    return list(_allowed(status, told_status, rights=rights, company_rights=company_rights, **facts))


@lru_cache(maxsize=4096)
def _allowed(
    status: str,
    told_status: str,
    *,
    rights: frozenset[Right],
    company_rights: frozenset[CompanyRight],
    has_open_offer: bool,
    is_withdrawable: bool,
    is_answerable: bool,
    has_free_site: bool,
    is_placed: bool,
    is_held: bool,
    is_moving: bool,
    is_closed: bool,
) -> tuple[str, ...]:
    return tuple(
        step.value
        for step, origins in STEPS.items()
        if ApplicationStatus(told_status if step in EXHIBITOR_STEPS else status) in origins
        and may_take(step, rights=rights, company_rights=company_rights)
        and (step != Step.SUBMIT or not is_closed)
        and (step not in _NEEDS_OPEN_OFFER or has_open_offer)
        and (step != Step.WITHDRAW_OFFER or is_withdrawable)
        and (step != Step.ACCEPT_OFFER or is_answerable)
        and (step != Step.OFFER_STAND or has_free_site)
        and (step != Step.RELOCATE or is_placed)
        and (step != Step.TAKE_BACK or is_held)
        and (step != Step.CLOSE_MOVE or is_moving)
    )
