"""Offers that nobody answers: they lapse or are accepted, by the clock alone, and not without end."""

from datetime import timedelta
from typing import Any

import pytest

from exhibitors.domain import holding, lapses, offers, placements
from exhibitors.enums import ApplicationStatus, PlacementStatus
from exhibitors.models import ApplicationStep, Exhibitor, Placement
from fairs.enums import StaffRole
from notifications.models import Letter
from tests.exhibitors.world import NOW, application_in, site_of, stand_at, with_open_offer
from tests.factories.exhibitors import CompanyMemberFactory
from tests.factories.fairs import FIRST_DAY, StaffMembershipFactory

pytestmark = pytest.mark.django_db

S = ApplicationStatus
QUIET: dict[str, Any] = {"by": None, "tell": False}
OVER = NOW + timedelta(seconds=1)


def offered(*, silence_accepts: bool = False) -> Placement:
    """An offer to be answered by NOW, of a company with an owner, at a fair with a reviewer and somebody in finance."""
    application = application_in(S.STAND_OFFERED)
    CompanyMemberFactory(company=application.company, user__email="owner@example.com")
    for role in (StaffRole.REVIEWER, StaffRole.FINANCE):
        StaffMembershipFactory(fair=application.fair, role=role, user__email=f"{role}@example.com")
    type(application.fair).objects.update(silence_accepts=silence_accepts)
    application.placements.update(answer_by=NOW)
    return application.placements.get()


def letters() -> dict[str, str]:
    return {letter.recipient_email: letter.subject for letter in Letter.objects.all()}


def test_silence_declines():
    placement = offered()
    assert lapses.lapse_due(now=NOW) == 0  # the moment itself is in time
    assert lapses.lapse_due(now=OVER) == 1
    assert lapses.lapse_due(now=OVER) == 0

    placement.refresh_from_db()
    assert (placement.status, placement.application.status, placement.application.told_status) == ("lapsed", S.ADMITTED, S.ADMITTED)
    step = ApplicationStep.objects.get()
    assert (step.step, step.by, step.to_status, step.placement) == ("lapse", None, S.ADMITTED, placement)
    assert set(letters()) == {"owner@example.com", "reviewer@example.com"}
    assert "has lapsed" in letters()["owner@example.com"]


def test_silence_accepts_where_the_fair_says_so():
    placement = offered(silence_accepts=True)
    assert lapses.lapse_due(now=OVER) == 1

    placement.refresh_from_db()
    assert (placement.status, placement.application.status) == (PlacementStatus.ACCEPTED, S.ACCEPTED)
    assert Exhibitor.objects.filter(application=placement.application).exists()
    assert set(letters()) == {"owner@example.com", "reviewer@example.com", "finance@example.com"}
    assert "counts as accepted" in letters()["owner@example.com"]


@pytest.mark.parametrize(("silence_accepts", "left"), [(False, ["accepted"]), (True, ["accepted"])])
def test_a_relocation_that_lapses_leaves_the_stand_there_is(silence_accepts, left):
    application = application_in(S.ACCEPTED)
    type(application.fair).objects.update(silence_accepts=silence_accepts)
    new = with_open_offer(application)
    Placement.objects.filter(pk=new.pk).update(answer_by=NOW)
    lapses.lapse_due(now=OVER)

    live = application.placements.live().get()
    assert (live.pk == new.pk) == silence_accepts
    application.refresh_from_db()
    assert application.status == S.ACCEPTED


def test_what_was_answered_or_is_held_does_not_lapse():
    placement = offered()
    placements.decline_offer(application_id=placement.application_id, now=NOW, **QUIET)
    assert not lapses.lapse(placement_id=placement.pk, now=OVER)

    planned = placements.offer_stand(
        application_id=placement.application_id, stand_id=stand_at(placement.site).pk, now=NOW, hold=True, **QUIET
    )
    assert lapses.lapse_due(now=NOW + timedelta(days=400)) == 0
    assert not lapses.lapse(placement_id=planned.pk, now=NOW + timedelta(days=400))


def test_between_the_moment_and_the_clock_a_late_answer_is_refused():
    placement = offered()
    with pytest.raises(placements.OfferLapsed):
        placements.accept_offer(application_id=placement.application_id, now=OVER, **QUIET)


def test_one_that_the_database_refuses_does_not_stop_the_others(monkeypatch):
    refused = offered(silence_accepts=True)
    other = application_in(S.STAND_OFFERED, fair=refused.application.fair)
    other.placements.update(answer_by=NOW)
    take = placements.take

    def take_but_one(application, placement, **values):
        take(application, placement, **values)
        if placement.pk == refused.pk:
            Placement.objects.filter(pk=refused.pk).update(last_day=FIRST_DAY - timedelta(days=1))

    monkeypatch.setattr(placements, "take", take_but_one)

    assert lapses.lapse_due(now=OVER) == 1
    assert [row.placements.get().status for row in (refused.application, other)] == [PlacementStatus.OFFERED, PlacementStatus.ACCEPTED]


def test_an_error_of_ours_with_one_does_not_stop_the_others(monkeypatch):
    broken = offered()
    other = application_in(S.STAND_OFFERED, fair=broken.application.fair)
    other.placements.update(answer_by=NOW)
    write = lapses.letters.offer_lapsed

    def failing(application, *given):
        if application.pk == broken.application_id:
            raise ValueError("x")
        write(application, *given)

    monkeypatch.setattr(lapses.letters, "offer_lapsed", failing)
    assert lapses.lapse_due(now=OVER) == 1
    assert [row.placements.get().status for row in (broken.application, other)] == [PlacementStatus.OFFERED, PlacementStatus.LAPSED]


# --- three offers


def let_go(application, how: str) -> None:
    placement = placements.offer_stand(application_id=application.pk, stand_id=stand_at(site_of(application.fair)).pk, now=NOW, **QUIET)
    if how == "declined":
        placements.decline_offer(application_id=application.pk, now=NOW, **QUIET)
    else:
        lapses.lapse(placement_id=placement.pk, now=placement.answer_by + timedelta(seconds=1))


@pytest.mark.parametrize("hows", [["declined"] * 3, ["lapsed"] * 3, ["declined", "lapsed", "declined"]])
def test_after_three_offers_at_a_site_there_is_no_other(hows):
    application = application_in(S.ADMITTED)
    for how in hows:
        let_go(application, how)

    with pytest.raises(offers.TooManyOffers) as refusal:
        let_go(application, "declined")
    assert (refusal.value.status, refusal.value.code, refusal.value.facts) == (409, "too-many-offers", {"most_offers": 3})


def test_the_fair_says_how_many():
    application = application_in(S.ADMITTED)
    type(application.fair).objects.update(most_offers=1)
    let_go(application, "declined")
    with pytest.raises(offers.TooManyOffers):
        let_go(application, "declined")


def test_what_the_organiser_took_back_and_relocations_do_not_count():
    application = application_in(S.ADMITTED)
    type(application.fair).objects.update(most_offers=1)
    stand = stand_at(site_of(application.fair))
    for _ in range(2):
        placements.offer_stand(application_id=application.pk, stand_id=stand.pk, now=NOW, **QUIET)
        placements.withdraw_offer(application_id=application.pk, now=NOW, **QUIET)
    placements.offer_stand(application_id=application.pk, stand_id=stand.pk, now=NOW, hold=True, **QUIET)
    holding.take_back(application_id=application.pk, by=None, now=NOW)
    placements.offer_stand(application_id=application.pk, stand_id=stand.pk, now=NOW, **QUIET)
    placements.accept_offer(application_id=application.pk, now=NOW, **QUIET)
    for _ in range(2):
        placements.relocate(
            application_id=application.pk, stand_id=stand_at(site_of(application.fair)).pk, now=NOW, reason="A pillar.", **QUIET
        )
        placements.decline_offer(application_id=application.pk, now=NOW, **QUIET)

    assert placements.full_sites(application) == set()
