"""Give back, admit, put on the waiting list, refuse, withdraw, cancel: what each asks for and what it changes."""

import pytest

from api.problems import Invalid
from exhibitors.domain import applications, endings, placements, reasons, stand_use, waiting_list
from exhibitors.enums import ApplicationStatus, PlacementStatus
from exhibitors.models import Application
from tests.exhibitors.world import NOW, application_in, site_of, snapshot, stand_at
from tests.factories.exhibitors import SiteWishFactory
from tests.factories.fairs import FairFactory, SiteFactory

pytestmark = pytest.mark.django_db

S = ApplicationStatus
NOBODY = {"by": None, "now": NOW}


def errors_of(refusal) -> list[tuple[str, str]]:
    return [(error["pointer"], error["code"]) for error in refusal.value.facts["errors"]]


@pytest.mark.parametrize("text", ["", "  \n "])
@pytest.mark.parametrize(
    ("verb", "status", "argument"),
    [("reject", S.IN_REVIEW, "reason"), ("cancel", S.ACCEPTED, "reason"), ("request_changes", S.IN_REVIEW, "message")],
)
def test_a_decision_against_the_exhibitor_needs_a_reason(verb, status, argument, text):
    application = application_in(status)
    before = snapshot(application)

    with pytest.raises(reasons.ReasonMissing) as refusal:
        getattr(endings if verb in ("withdraw", "cancel") else applications, verb)(
            application_id=application.pk, tell=False, **{argument: text}, **NOBODY
        )

    assert errors_of(refusal) == [(f"/{argument}", "required")]
    assert snapshot(application) == before


def test_the_message_stays_readable_until_the_next_decision():
    application = application_in(S.IN_REVIEW)
    applications.request_changes(application_id=application.pk, message="Name the brands.", tell=False, **NOBODY)
    application.refresh_from_db()
    assert application.message == "Name the brands."

    applications.submit(application_id=application.pk, tell=False, **NOBODY)
    applications.admit(application_id=application.pk, tell=False, **NOBODY)
    application.refresh_from_db()
    assert (application.message, application.decided_at) == ("", NOW)


def test_the_waiting_list_counts_up_and_takes_a_given_rank():
    fair = FairFactory()
    first, second, third = (application_in(S.SUBMITTED, fair=fair) for _ in range(3))
    elsewhere = application_in(S.SUBMITTED)

    for application, rank in ((first, None), (second, 2), (third, None), (elsewhere, None)):
        applications.waitlist(application_id=application.pk, rank=rank, tell=False, **NOBODY)

    ranks = list(Application.objects.order_by("pk").values_list("waitlist_rank", flat=True))
    assert ranks == [1, 2, 3, 1]


def test_who_is_last_is_put_first_by_giving_the_first_another_rank():
    fair = FairFactory()
    first, last = (application_in(S.SUBMITTED, fair=fair) for _ in range(2))
    for application in (first, last):
        applications.waitlist(application_id=application.pk, tell=False, **NOBODY)

    applications.waitlist(application_id=first.pk, rank=3, tell=False, **NOBODY)
    applications.waitlist(application_id=last.pk, rank=1, tell=False, **NOBODY)

    assert waiting_list.head(fair.pk, site_ids=[site_of(fair).pk]) == last


@pytest.mark.parametrize(("rank", "code"), [(999, "rank_beyond_the_end"), (None, "required")])
def test_a_rank_that_makes_no_sense_is_refused(rank, code):
    application = application_in(S.SUBMITTED)
    applications.waitlist(application_id=application.pk, tell=False, **NOBODY)

    with pytest.raises(Invalid) as refusal:
        applications.waitlist(application_id=application.pk, rank=rank, tell=False, **NOBODY)

    assert [(error["pointer"], error["code"]) for error in refusal.value.facts["errors"]] == [("/rank", code)]


def test_a_rank_that_another_has_is_refused():
    fair = FairFactory()
    first, second = (application_in(S.SUBMITTED, fair=fair) for _ in range(2))
    applications.waitlist(application_id=first.pk, tell=False, **NOBODY)

    with pytest.raises(waiting_list.RankTaken) as refusal:
        applications.waitlist(application_id=second.pk, rank=1, tell=False, **NOBODY)

    assert (refusal.value.status, refusal.value.facts["errors"][0]["pointer"]) == (409, "/rank")
    second.refresh_from_db()
    assert second.status == S.SUBMITTED


def test_whoever_stays_on_the_list_keeps_the_rank_it_was_told():
    fair = FairFactory()
    first, second, third = (application_in(S.SUBMITTED, fair=fair) for _ in range(3))
    for application in (first, second):
        applications.waitlist(application_id=application.pk, tell=False, **NOBODY)
    applications.admit(application_id=first.pk, tell=False, **NOBODY)
    applications.waitlist(application_id=third.pk, tell=False, **NOBODY)

    ranks = list(Application.objects.order_by("pk").values_list("waitlist_rank", flat=True))
    assert ranks == [None, 2, 3]


@pytest.mark.parametrize("verb", ["admit", "reject", "withdraw", "cancel"])
def test_whoever_leaves_the_waiting_list_has_no_rank(verb):
    application = application_in(S.SUBMITTED)
    applications.waitlist(application_id=application.pk, tell=False, **NOBODY)
    reason = {} if verb == "admit" else {"reason": "So it is."}

    getattr(endings if verb in ("withdraw", "cancel") else applications, verb)(
        application_id=application.pk, tell=False, **reason, **NOBODY
    )

    application.refresh_from_db()
    assert application.waitlist_rank is None


def test_a_withdrawal_frees_the_stand_for_another_and_applying_anew_does_not_take_it_back():
    leaving = application_in(S.ACCEPTED)
    placement = leaving.placements.get()
    heir = application_in(S.ADMITTED, fair=leaving.fair)

    endings.withdraw(application_id=leaving.pk, tell=False, **NOBODY)
    placement.refresh_from_db()
    assert (placement.status, placement.answered_at) == (PlacementStatus.WITHDRAWN, NOW)
    placements.offer_stand(application_id=heir.pk, stand_id=placement.stand_id, tell=False, **NOBODY)
    placements.accept_offer(application_id=heir.pk, tell=False, **NOBODY)

    again = application_in(S.ADMITTED, fair=leaving.fair, company=leaving.company)
    with pytest.raises(stand_use.StandTaken):
        placements.offer_stand(application_id=again.pk, stand_id=placement.stand_id, tell=False, **NOBODY)

    assert [row.application for row in placement.stand.placements.live()] == [heir]


def test_a_cancelled_participation_frees_accepted_and_offered_stands():
    application = application_in(S.ACCEPTED)
    other = SiteFactory(fair=application.fair)
    SiteWishFactory(application=application, site=other)
    placements.offer_stand(application_id=application.pk, stand_id=stand_at(other).pk, tell=False, **NOBODY)

    endings.cancel(application_id=application.pk, reason="The goods are not allowed.", tell=False, **NOBODY)

    application.refresh_from_db()
    assert application.message == "The goods are not allowed."
    assert not application.placements.live().exists()
    assert site_of(application.fair).fair.exhibitors.count() == 0
