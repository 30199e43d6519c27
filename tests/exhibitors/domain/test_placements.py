"""Stands are offered, accepted, declined, taken back and exchanged."""

from datetime import timedelta

import pytest

from api.problems import Invalid
from exhibitors.domain import offers, placements, stand_use
from exhibitors.domain.reasons import ReasonMissing
from exhibitors.domain.stand_choice import free_stands
from exhibitors.enums import ApplicationStatus, PlacementStatus
from exhibitors.models import Exhibitor, Placement
from tests.exhibitors.world import NOW, application_in, site_of, snapshot, stand_at, with_open_offer
from tests.factories.exhibitors import ApplicationFactory, PlacementFactory, SiteWishFactory
from tests.factories.fairs import FIRST_DAY, LAST_DAY, SiteFactory, StandFactory

pytestmark = pytest.mark.django_db

S = ApplicationStatus
QUIET = {"by": None, "now": NOW, "tell": False}


def errors_of(refusal) -> list[tuple[str, str]]:
    return [(error["pointer"], error["code"]) for error in refusal.value.facts["errors"]]


def statuses(application) -> list[str]:
    return list(application.placements.order_by("pk").values_list("status", flat=True))


# --- offering


def test_an_offer_is_for_the_days_asked_for_and_open_14_days():
    application = application_in(S.ADMITTED)
    application.site_wishes.update(first_day=FIRST_DAY + timedelta(days=1))
    stand = stand_at(site_of(application.fair))

    made = placements.offer_stand(application_id=application.pk, stand_id=stand.pk, **QUIET)

    made.refresh_from_db()
    assert (made.stand, made.site, made.status) == (stand, stand.hall.site, PlacementStatus.OFFERED)
    assert (made.first_day, made.last_day) == (FIRST_DAY + timedelta(days=1), LAST_DAY)
    assert (made.offered_at, made.answer_by, made.answered_at) == (NOW, NOW + timedelta(days=14), None)


def test_an_offer_may_be_for_fewer_days_than_asked_for():
    application = application_in(S.ADMITTED)
    stand = stand_at(site_of(application.fair))

    made = placements.offer_stand(
        application_id=application.pk, stand_id=stand.pk, first_day=FIRST_DAY + timedelta(days=2), last_day=LAST_DAY, **QUIET
    )

    assert made.days.count() == 3


@pytest.mark.parametrize(
    "days",
    [
        {"first_day": FIRST_DAY},
        {"first_day": LAST_DAY, "last_day": FIRST_DAY + timedelta(days=2)},
        {"first_day": LAST_DAY + timedelta(days=1), "last_day": LAST_DAY + timedelta(days=1)},
    ],
    ids=["before the wish", "backwards", "after the wish"],
)
def test_days_outside_the_wish_are_refused(days):
    application = application_in(S.ADMITTED)
    application.site_wishes.update(first_day=FIRST_DAY + timedelta(days=1))
    stand = stand_at(site_of(application.fair))
    before = snapshot(application)

    with pytest.raises(Invalid) as refusal:
        placements.offer_stand(application_id=application.pk, stand_id=stand.pk, **days, **QUIET)

    assert errors_of(refusal) == [("/first_day", "outside_wish")]
    assert snapshot(application) == before


@pytest.mark.parametrize("status", [PlacementStatus.PLANNED, PlacementStatus.OFFERED, PlacementStatus.ACCEPTED])
def test_a_taken_stand_is_a_conflict_and_changes_nothing(status):
    application = application_in(S.ADMITTED)
    holder = ApplicationFactory(accepted=True, fair=application.fair)
    taken = PlacementFactory(application=holder, stand=stand_at(site_of(application.fair)), status=status)
    before = snapshot(application)

    with pytest.raises(stand_use.StandTaken) as refusal:
        placements.offer_stand(application_id=application.pk, stand_id=taken.stand_id, **QUIET)

    assert (refusal.value.status, refusal.value.code) == (409, "stand-taken")
    assert refusal.value.facts == {"stand": taken.stand.number, "application": holder.pk, "company": holder.company.legal_name}
    assert holder.company.legal_name in str(refusal.value)
    assert snapshot(application) == before


def test_a_blocked_stand_is_a_conflict():
    application = application_in(S.ADMITTED)
    stand = stand_at(site_of(application.fair), blocked=True)

    with pytest.raises(stand_use.StandBlocked):
        placements.offer_stand(application_id=application.pk, stand_id=stand.pk, **QUIET)


def test_a_stand_for_rent_on_some_days_is_offered_on_those_alone():
    application = application_in(S.ADMITTED)
    stand = stand_at(site_of(application.fair), number="A-7", first_day=FIRST_DAY, last_day=FIRST_DAY + timedelta(days=1))
    before = snapshot(application)

    with pytest.raises(stand_use.StandNotForRent, match="A-7 is for rent from 1 May 2030 to 2 May 2030 only") as refusal:
        placements.offer_stand(application_id=application.pk, stand_id=stand.pk, **QUIET)

    assert (refusal.value.status, refusal.value.code) == (409, "stand-not-for-rent")
    assert snapshot(application) == before
    placement = placements.offer_stand(application_id=application.pk, stand_id=stand.pk, last_day=stand.last_day, **QUIET)
    assert (placement.first_day, placement.last_day) == (stand.first_day, stand.last_day)


def test_nobody_moves_to_a_stand_that_is_not_for_rent_on_its_days():
    application = application_in(S.ACCEPTED)
    stand = stand_at(site_of(application.fair), first_day=FIRST_DAY, last_day=FIRST_DAY)

    with pytest.raises(stand_use.StandNotForRent):
        placements.relocate(application_id=application.pk, stand_id=stand.pk, reason="Better light.", **QUIET)
    assert statuses(application) == ["accepted"]
    assert free_stands(application, at_placed_sites=True, now=NOW) == []


@pytest.mark.parametrize("verb", ["offer_stand", "relocate"])
def test_a_stand_of_another_fair_reads_as_unknown(verb):
    application = application_in(S.STAND_OFFERED)
    reason = {"reason": "Better light."} if verb == "relocate" else {}
    messages = []

    for stand_id in (StandFactory().pk, 10**9):
        with pytest.raises(Invalid) as refusal:
            getattr(placements, verb)(application_id=application.pk, stand_id=stand_id, **reason, **QUIET)
        messages.append(refusal.value.facts)

    assert messages[0] == messages[1]
    assert messages[0]["errors"][0]["code"] == "unknown_stand"


def test_a_site_that_was_not_asked_for_is_refused():
    application = application_in(S.ADMITTED)
    stand = stand_at(SiteFactory(fair=application.fair))

    with pytest.raises(Invalid) as refusal:
        placements.offer_stand(application_id=application.pk, stand_id=stand.pk, **QUIET)

    assert errors_of(refusal) == [("/stand", "site_not_wished")]


@pytest.mark.parametrize(
    ("status", "placed", "way_out"),
    [
        (S.STAND_OFFERED, PlacementStatus.OFFERED, "withdraw that offer first"),
        (S.ADMITTED, PlacementStatus.PLANNED, "take it back first"),
        (S.ACCEPTED, PlacementStatus.ACCEPTED, "relocate it instead"),
    ],
)
def test_where_the_application_has_a_stand_it_gets_no_second(status, placed, way_out):
    application = application_in(status)
    if not application.placements.exists():
        PlacementFactory(application=application, stand=stand_at(site_of(application.fair), number="X-9"), status=placed)
    before = snapshot(application)

    with pytest.raises(offers.AlreadyPlaced, match=way_out):
        placements.offer_stand(application_id=application.pk, stand_id=stand_at(site_of(application.fair)).pk, **QUIET)

    assert snapshot(application) == before


def test_a_second_site_gets_its_own_offer():
    application = application_in(S.ACCEPTED)
    second = SiteFactory(fair=application.fair)
    SiteWishFactory(application=application, site=second)

    placements.offer_stand(application_id=application.pk, stand_id=stand_at(second).pk, **QUIET)

    application.refresh_from_db()
    assert (application.status, statuses(application)) == (S.ACCEPTED, ["accepted", "offered"])


# --- answering


def test_accepting_takes_the_stand():
    application = application_in(S.STAND_OFFERED)

    made = placements.accept_offer(application_id=application.pk, **QUIET)

    made.refresh_from_db()
    application.refresh_from_db()
    assert (made.status, made.answered_at, application.status) == (PlacementStatus.ACCEPTED, NOW, S.ACCEPTED)


def test_an_offer_can_be_accepted_until_its_last_moment_and_later_by_staff_only():
    application = application_in(S.STAND_OFFERED)
    application.placements.update(answer_by=NOW)
    later = {"by": None, "now": NOW + timedelta(seconds=1), "tell": False}
    before = snapshot(application)

    with pytest.raises(placements.OfferLapsed):
        placements.accept_offer(application_id=application.pk, **later)
    assert snapshot(application) == before

    assert placements.accept_offer(application_id=application.pk, on_behalf=True, **later).status == PlacementStatus.ACCEPTED


def test_the_last_moment_is_in_time():
    application = application_in(S.STAND_OFFERED)
    application.placements.update(answer_by=NOW)

    assert placements.accept_offer(application_id=application.pk, **QUIET).status == PlacementStatus.ACCEPTED


@pytest.mark.parametrize("verb", ["accept_offer", "decline_offer", "withdraw_offer"])
def test_two_open_offers_must_be_told_apart(verb):
    application = application_in(S.STAND_OFFERED)
    second = SiteFactory(fair=application.fair)
    SiteWishFactory(application=application, site=second)
    offer = placements.offer_stand(application_id=application.pk, stand_id=stand_at(second).pk, **QUIET)
    answer = getattr(placements, verb)

    with pytest.raises(Invalid) as refusal:
        answer(application_id=application.pk, **QUIET)
    assert errors_of(refusal) == [("/placement", "required")]
    assert f"{offer.pk} ({offer.stand.number})" in refusal.value.facts["errors"][0]["detail"]
    assert statuses(application) == ["offered", "offered"]

    assert answer(application_id=application.pk, placement_id=offer.pk, **QUIET).pk == offer.pk


@pytest.mark.parametrize("verb", ["accept_offer", "decline_offer", "withdraw_offer"])
def test_an_offer_of_another_application_is_no_offer_of_this_one(verb):
    application = application_in(S.STAND_OFFERED)
    foreign = application_in(S.STAND_OFFERED, fair=application.fair).placements.get()

    with pytest.raises(placements.NoOpenOffer):
        getattr(placements, verb)(application_id=application.pk, placement_id=foreign.pk, **QUIET)

    assert Placement.objects.filter(status=PlacementStatus.OFFERED).count() == 2


@pytest.mark.parametrize("verb", ["accept_offer", "decline_offer", "withdraw_offer"])
def test_without_an_open_offer_there_is_nothing_to_answer(verb):
    application = application_in(S.ACCEPTED)
    before = snapshot(application)

    with pytest.raises(placements.NoOpenOffer):
        getattr(placements, verb)(application_id=application.pk, **QUIET)

    assert snapshot(application) == before


@pytest.mark.parametrize(("verb", "status"), [("decline_offer", "declined"), ("withdraw_offer", "withdrawn")])
def test_an_offer_that_is_declined_or_taken_back_frees_the_stand_for_another(verb, status):
    application = application_in(S.STAND_OFFERED)
    placement = application.placements.get()
    heir = application_in(S.ADMITTED, fair=application.fair)

    getattr(placements, verb)(application_id=application.pk, reason="Too small.", **QUIET)

    application.refresh_from_db()
    placement.refresh_from_db()
    assert (application.status, placement.status, placement.answered_at) == (S.ADMITTED, status, NOW)
    assert application.steps.get().reason == "Too small."
    placements.offer_stand(application_id=heir.pk, stand_id=placement.stand_id, **QUIET)


def test_an_application_can_be_offered_the_stand_it_declined_once_more():
    application = application_in(S.STAND_OFFERED)
    stand_id = application.placements.get().stand_id
    placements.decline_offer(application_id=application.pk, **QUIET)

    placements.offer_stand(application_id=application.pk, stand_id=stand_id, **QUIET)

    assert statuses(application) == ["declined", "offered"]


# --- moving


def test_a_relocation_keeps_the_old_stand_until_the_new_one_is_accepted():
    application = application_in(S.ACCEPTED)
    old = application.placements.get()
    new_stand = stand_at(site_of(application.fair))

    offer = placements.relocate(application_id=application.pk, stand_id=new_stand.pk, reason="The hall changed.", **QUIET)
    application.refresh_from_db()
    assert (application.status, statuses(application)) == (S.ACCEPTED, ["accepted", "offered"])
    assert application.steps.get().reason == "The hall changed."

    placements.accept_offer(application_id=application.pk, **QUIET)
    old.refresh_from_db()
    offer.refresh_from_db()
    assert (old.status, offer.status) == (PlacementStatus.ENDED, PlacementStatus.ACCEPTED)
    assert not old.days.exists()
    assert Exhibitor.objects.get().company == application.company


@pytest.mark.parametrize("verb", ["decline_offer", "withdraw_offer"])
def test_a_relocation_that_fails_frees_the_new_stand_only(verb):
    application = application_in(S.ACCEPTED)
    old = application.placements.get()
    new = with_open_offer(application)

    getattr(placements, verb)(application_id=application.pk, **QUIET)

    application.refresh_from_db()
    assert application.status == S.ACCEPTED
    assert (old.days.count(), new.days.count()) == (5, 0)
    assert Exhibitor.objects.filter(company=application.company).exists()


def test_a_relocation_leaves_what_is_held_for_another_site_and_needs_more_than_a_held_offer():
    application = application_in(S.ACCEPTED)
    second = SiteWishFactory(application=application, site=SiteFactory(fair=application.fair)).site
    held = placements.offer_stand(application_id=application.pk, stand_id=stand_at(second).pk, hold=True, **QUIET)
    relocation = {"reason": "The hall changed.", **QUIET}
    with pytest.raises(placements.NoOpenOffer):
        placements.relocate(application_id=application.pk, stand_id=stand_at(second).pk, **relocation)

    placements.relocate(application_id=application.pk, stand_id=stand_at(site_of(application.fair)).pk, hold=True, **relocation)

    held.refresh_from_db()
    assert held.status == PlacementStatus.PLANNED
    assert application.steps.get(placement=held).voided_at is None


def test_another_relocation_replaces_the_open_one():
    application = application_in(S.ACCEPTED)
    with_open_offer(application)

    placements.relocate(application_id=application.pk, stand_id=stand_at(site_of(application.fair)).pk, reason="Again.", **QUIET)

    assert statuses(application) == ["accepted", "ended", "offered"]


def test_an_offer_that_is_still_open_can_be_exchanged():
    application = application_in(S.STAND_OFFERED)

    placements.relocate(application_id=application.pk, stand_id=stand_at(site_of(application.fair)).pk, reason="A larger one.", **QUIET)

    application.refresh_from_db()
    assert (application.status, statuses(application)) == (S.STAND_OFFERED, ["ended", "offered"])


def test_an_exchange_that_fails_leaves_the_open_offer():
    application = application_in(S.STAND_OFFERED)
    taken = application_in(S.ACCEPTED, fair=application.fair).placements.get()
    before = snapshot(application)

    with pytest.raises(stand_use.StandTaken):
        placements.relocate(application_id=application.pk, stand_id=taken.stand_id, reason="A larger one.", **QUIET)

    assert snapshot(application) == before


def test_a_move_to_the_stand_it_has_is_refused():
    application = application_in(S.ACCEPTED)
    before = snapshot(application)

    with pytest.raises(stand_use.StandTaken):
        placements.relocate(application_id=application.pk, stand_id=application.placements.get().stand_id, reason="Why not.", **QUIET)

    assert snapshot(application) == before


def test_moving_needs_a_reason_and_a_stand_at_the_site():
    application = application_in(S.ACCEPTED)
    second = SiteFactory(fair=application.fair)
    SiteWishFactory(application=application, site=second)

    with pytest.raises(ReasonMissing):
        placements.relocate(application_id=application.pk, stand_id=stand_at(site_of(application.fair)).pk, reason=" ", **QUIET)
    with pytest.raises(placements.NoOpenOffer):
        placements.relocate(application_id=application.pk, stand_id=stand_at(second).pk, reason="There is more room.", **QUIET)

    assert statuses(application) == ["accepted"]
