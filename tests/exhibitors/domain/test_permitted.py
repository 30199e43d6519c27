"""Which steps are offered to whom, of an application whose decision is held."""

from typing import Any

from exhibitors.domain.permitted import allowed_actions
from exhibitors.enums import ApplicationStatus
from exhibitors.roles import CompanyRight
from fairs.roles import Right

S = ApplicationStatus
NOBODY: frozenset[Any] = frozenset()
DECIDES, ANSWERS, COMMITS = (
    frozenset({Right.DECIDE_APPLICATIONS}),
    frozenset({Right.ANSWER_FOR_EXHIBITOR}),
    frozenset({CompanyRight.COMMIT}),
)


def allowed(status: str, told_status: str, *, rights: Any = NOBODY, company_rights: Any = NOBODY, **facts: Any) -> list[str]:
    known: dict[str, Any] = {"wished_sites": [1], "placed_sites": [], "open_offers": 0, "is_held": True, **facts}
    return allowed_actions(status, told_status=told_status, rights=rights, company_rights=company_rights, **known)


def test_what_the_exhibitor_does_follows_what_it_was_told_also_where_staff_record_it():
    assert allowed(S.REJECTED, S.IN_REVIEW, company_rights=COMMITS) == ["withdraw"]
    assert allowed(S.REJECTED, S.IN_REVIEW, rights=ANSWERS) == ["withdraw"]
    assert allowed(S.REJECTED, S.REJECTED, rights=ANSWERS, is_held=False) == []


def test_what_staff_do_follows_what_was_decided():
    assert allowed(S.REJECTED, S.IN_REVIEW, rights=DECIDES) == ["take-back"]
    assert "admit" in allowed(S.IN_REVIEW, S.IN_REVIEW, rights=DECIDES, is_held=False)


def test_an_offer_that_has_lapsed_is_accepted_by_staff_alone():
    offer: dict[str, Any] = {"open_offers": 1, "lapsed_offers": 1, "is_held": False, "placed_sites": [1]}
    assert "accept-offer" in allowed(S.STAND_OFFERED, S.STAND_OFFERED, rights=ANSWERS, **offer)
    assert "accept-offer" not in allowed(S.STAND_OFFERED, S.STAND_OFFERED, company_rights=COMMITS, **offer)
