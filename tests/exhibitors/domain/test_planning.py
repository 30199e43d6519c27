"""Stands on the plan: they keep their days, nobody hears of them, and they become offers, or fall free, by the rules of all others."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from api.problems import Invalid, Refused
from exhibitors.domain import applications, endings, holding, placements, plan_offers, planning, plans, stand_choice, stand_holds, stand_use
from exhibitors.domain.offers import AlreadyPlaced
from exhibitors.domain.planning import NewPlan
from exhibitors.domain.steps import StepNotAllowed
from exhibitors.enums import ApplicationStatus, PlacementStatus, PlanChangeKind
from exhibitors.models import Application, ApplicationStep, Placement, PlacementDay, PlanChange
from fairs.domain import stands
from notifications.models import Letter
from tests.exhibitors.world import NOW, application_in, site_of, snapshot, stand_at
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import CompanyMemberFactory, PlacementFactory, StandHoldFactory
from tests.factories.fairs import FairFactory, SiteFactory, StandFactory

pytestmark = pytest.mark.django_db

S = ApplicationStatus


@pytest.fixture
def fair():
    return FairFactory()


@pytest.fixture
def planner():
    return UserFactory(name="Anna Planner")


def admitted(fair: Any) -> Application:
    application = application_in(S.ADMITTED, fair=fair)
    CompanyMemberFactory(company=application.company)
    return application


def plan(application: Application, stand: Any, by: Any = None) -> Placement:
    return planning.plan_stand(application_id=application.pk, stand_id=stand.pk, by=by, now=NOW)


class TestPlanning:
    @pytest.mark.parametrize("status", [status for status in S if status in S.live and status not in (S.STAND_OFFERED, S.ACCEPTED)])
    def test_a_plan_keeps_its_days_without_step_letter_or_status(self, status, fair, planner):
        application = application_in(status, fair=fair)
        before = snapshot(application)
        placement = plan(application, stand_at(site_of(fair)), planner)

        assert (placement.status, placement.is_plan, placement.offered_at) == (PlacementStatus.PLANNED, True, None)
        assert PlacementDay.objects.filter(placement=placement).count() == (placement.last_day - placement.first_day).days + 1
        after = snapshot(application)
        assert {**after, "placements": []} == {**before, "placements": []}
        assert not Letter.objects.exists()
        (change,) = PlanChange.objects.all()
        assert (change.kind, change.by, change.to_stand_id, change.from_stand_id) == ("planned", planner, placement.stand_id, None)

    @pytest.mark.parametrize("status", [S.DRAFT, S.REJECTED, S.WITHDRAWN, S.CANCELLED])
    def test_nobody_is_planned_who_has_not_applied_or_is_over(self, status, fair):
        application = application_in(status, fair=fair)
        with pytest.raises(StepNotAllowed):
            plan(application, stand_at(site_of(fair)))
        with pytest.raises(IntegrityError, match="live_placement_of_a_living_application"), transaction.atomic():
            PlacementFactory(application=application, stand=stand_at(site_of(fair)), status="planned", is_plan=True)
        assert not Placement.objects.exists()

    def test_a_stand_that_somebody_has_is_refused_with_who_was_quicker(self, fair, planner):
        stand = stand_at(site_of(fair))
        first = plan(admitted(fair), stand, planner)
        with pytest.raises(stand_use.StandTaken, match=f"Anna Planner was quicker.*application {first.application_id}"):
            plan(admitted(fair), stand)
        assert Placement.objects.count() == 1

    def test_what_else_stands_in_the_way(self, fair):
        application, site = admitted(fair), site_of(fair)
        held = stand_at(site)
        StandHoldFactory(stand=held, until=NOW + timedelta(days=1))
        with pytest.raises(stand_holds.StandHeld):
            plan(application, held)
        with pytest.raises(stand_use.StandBlocked):
            plan(application, stand_at(site, blocked=True))
        for elsewhere in (StandFactory(), stand_at(SiteFactory(fair=fair))):
            with pytest.raises(Invalid):
                plan(application, elsewhere)
        with pytest.raises(Invalid):
            planning.plan_stand(
                application_id=application.pk, stand_id=stand_at(site).pk, by=None, now=NOW, last_day=site.ends_on + timedelta(days=1)
            )
        assert not Placement.objects.exists()

    @pytest.mark.parametrize("status", [S.STAND_OFFERED, S.ACCEPTED])
    def test_nobody_is_planned_where_it_has_a_stand_already(self, status, fair):
        application = application_in(status, fair=fair)
        with pytest.raises(AlreadyPlaced):
            plan(application, stand_at(site_of(fair)))

    def test_a_second_plan_at_a_site_is_refused_and_a_held_offer_is_no_plan(self, fair):
        application, held = admitted(fair), admitted(fair)
        plan(application, stand_at(site_of(fair)))
        placements.offer_stand(application_id=held.pk, stand_id=stand_at(site_of(fair)).pk, by=None, now=NOW, hold=True)
        with pytest.raises(AlreadyPlaced, match="move it"):
            plan(application, stand_at(site_of(fair)))
        with pytest.raises(AlreadyPlaced, match="take it back"):
            plan(held, stand_at(site_of(fair)))
        offered = Placement.objects.get(application=held)
        assert (offered.status, offered.is_plan) == (PlacementStatus.PLANNED, False)
        with pytest.raises(plans.PlanGone):
            planning.unplan(placement_id=offered.pk, by=None, now=NOW)

    def test_a_hold_for_the_same_application_stays_until_the_stand_is_offered(self, fair):
        application, stand = admitted(fair), stand_at(site_of(fair))
        hold = StandHoldFactory(stand=stand, application=application, note="", until=NOW + timedelta(days=1))
        placement = plan(application, stand)
        hold.refresh_from_db()
        assert hold.ended_at is None
        plan_offers.send_offers(placement_ids=[placement.pk], by=None, now=NOW)
        hold.refresh_from_db()
        assert hold.how == "offered"


class TestMoving:
    def test_a_plan_moves_and_its_old_stand_is_free(self, fair, planner):
        application, first, second = admitted(fair), stand_at(site_of(fair)), stand_at(site_of(fair))
        was = plan(application, first)
        moved = planning.move(placement_id=was.pk, stand_id=second.pk, by=planner, now=NOW)

        assert list(application.placements.values_list("pk", "stand")) == [(moved.pk, second.pk)]
        assert not PlacementDay.objects.filter(stand=first).exists()
        assert plan(admitted(fair), first)
        with pytest.raises(plans.PlanGone, match="Anna Planner has changed it"):
            planning.move(placement_id=was.pk, stand_id=first.pk, by=None, now=NOW)

    def test_a_refused_move_leaves_the_plan_where_it_was(self, fair):
        application, other = admitted(fair), admitted(fair)
        was, taken = plan(application, stand_at(site_of(fair))), plan(other, stand_at(site_of(fair)))
        with pytest.raises(stand_use.StandTaken):
            planning.move(placement_id=was.pk, stand_id=taken.stand_id, by=None, now=NOW)
        with pytest.raises(Invalid):
            planning.move(placement_id=was.pk, stand_id=_wished_elsewhere(application).pk, by=None, now=NOW)
        assert set(Placement.objects.values_list("pk", "stand")) == {(was.pk, was.stand_id), (taken.pk, taken.stand_id)}

    def test_taken_off_it_leaves_its_history_alone(self, fair):
        application = admitted(fair)
        placement = plan(application, stand_at(site_of(fair)))
        planning.unplan(placement_id=placement.pk, by=None, now=NOW)
        assert not Placement.objects.exists()
        assert list(PlanChange.objects.order_by("pk").values_list("kind", flat=True)) == ["planned", "removed"]
        with pytest.raises(plans.PlanGone):
            planning.unplan(placement_id=placement.pk, by=None, now=NOW)


def _wished_elsewhere(application: Application) -> Any:
    from tests.factories.exhibitors import SiteWishFactory

    return stand_at(SiteWishFactory(application=application).site)


class TestManyAtOnce:
    def test_two_exchange_their_stands_and_the_refused_does_not_hinder_the_rest(self, fair):
        a, b, c = admitted(fair), admitted(fair), admitted(fair)
        one, two = plan(a, stand_at(site_of(fair))).stand, plan(b, stand_at(site_of(fair))).stand
        results = planning.plan_stands(
            new=[NewPlan(a.pk, two.pk), NewPlan(b.pk, one.pk), NewPlan(c.pk, one.pk)], by=None, now=NOW, note="proposal 7"
        )
        assert dict(Placement.objects.values_list("application", "stand")) == {a.pk: two.pk, b.pk: one.pk}
        assert isinstance(results[2], stand_use.StandTaken)
        assert set(PlanChange.objects.filter(note="proposal 7").values_list("kind", flat=True)) == {"moved"}

    def test_who_cannot_leave_keeps_the_other_out(self, fair):
        a, b = admitted(fair), admitted(fair)
        one, two = plan(a, stand_at(site_of(fair))).stand, plan(b, stand_at(site_of(fair))).stand
        results = planning.plan_stands(
            new=[NewPlan(a.pk, two.pk), NewPlan(b.pk, stand_at(site_of(fair), blocked=True).pk)], by=None, now=NOW
        )
        assert [type(result) for result in results] == [stand_use.StandTaken, stand_use.StandBlocked]
        assert dict(Placement.objects.values_list("application", "stand")) == {a.pk: one.pk, b.pk: two.pk}

    def test_named_twice_is_refused_and_what_is_there_already_stays(self, fair):
        application, stand = admitted(fair), stand_at(site_of(fair))
        new = [NewPlan(application.pk, stand.pk), NewPlan(application.pk, stand_at(site_of(fair)).pk)]
        first, second = planning.plan_stands(new=new, by=None, now=NOW)
        assert isinstance(second, AlreadyPlaced)
        assert planning.plan_stands(new=new[:1], by=None, now=NOW) == [first]
        assert PlanChange.objects.count() == 1

    @pytest.mark.parametrize("count", [1, 3])
    def test_costs_the_same_for_any_number(self, count, fair, django_assert_num_queries):
        new = [NewPlan(admitted(fair).pk, stand_at(site_of(fair)).pk) for _ in range(count)]
        with django_assert_num_queries(13):
            planning.plan_stands(new=new, by=None, now=NOW)
        assert Placement.objects.plans().count() == count


class TestSending:
    def test_a_plan_becomes_the_offer_that_was_made_by_hand(self, fair):
        by_hand, planned = admitted(fair), admitted(fair)
        placements.offer_stand(application_id=by_hand.pk, stand_id=stand_at(site_of(fair)).pk, by=None, now=NOW)
        plan(planned, stand_at(site_of(fair)))
        results = plan_offers.send_offers(placement_ids=list(planned.placements.values_list("pk", flat=True)), by=None, now=NOW)

        (offer,) = results.values()
        assert isinstance(offer, Placement)
        other = by_hand.placements.get()
        for name in ("status", "is_plan", "offered_at", "answer_by", "first_day", "last_day", "is_relocation"):
            assert getattr(offer, name) == getattr(other, name), name
        for application in (by_hand, planned):
            application.refresh_from_db()
            assert (application.status, application.told_status) == (S.STAND_OFFERED, S.STAND_OFFERED)
            assert list(application.steps.values_list("step", "placement", "held")) == [
                ("offer-stand", application.placements.get().pk, False)
            ]
            assert Letter.objects.filter(about=f"application:{application.pk}", occasion="exhibitors.stand_offered").count() == 1

    def test_what_cannot_be_offered_is_reported_and_the_others_go(self, fair):
        waiting, fine = application_in(S.WAITLISTED, fair=fair), admitted(fair)
        ids = [plan(one, stand_at(site_of(fair))).pk for one in (waiting, fine)]
        results = plan_offers.send_offers(placement_ids=[*ids, 10**9], by=None, now=NOW)
        assert [type(results[pk]) for pk in (*ids, 10**9)] == [StepNotAllowed, Placement, plans.PlanGone]
        assert Placement.objects.get(pk=ids[0]).is_plan
        again = plan_offers.send_offers(placement_ids=ids, by=None, now=NOW)
        assert [type(again[pk]) for pk in ids] == [StepNotAllowed, plans.PlanGone]
        assert Letter.objects.filter(occasion="exhibitors.stand_offered").count() == 1

    def test_held_it_waits_for_its_announcement(self, fair):
        application = admitted(fair)
        placement = plan(application, stand_at(site_of(fair)))
        plan_offers.send_offers(placement_ids=[placement.pk], by=None, now=NOW, hold=True)
        placement.refresh_from_db()
        assert (placement.status, placement.is_plan) == (PlacementStatus.PLANNED, False)
        assert holding.pending(application).get().placement == placement
        assert not Letter.objects.exists()

    def test_another_stand_offered_by_hand_takes_the_place_of_the_plan(self, fair):
        application, planned, offered = admitted(fair), stand_at(site_of(fair)), stand_at(site_of(fair))
        plan(application, planned)
        choices = stand_choice.free_stands(application, at_placed_sites=False, now=NOW)
        assert {choice.stand.pk for choice in choices} == {planned.pk, offered.pk}
        placements.offer_stand(application_id=application.pk, stand_id=offered.pk, by=None, now=NOW)
        assert list(application.placements.values_list("stand", "status")) == [(offered.pk, "offered")]
        assert PlanChange.objects.filter(kind=PlanChangeKind.GIVEN_WAY).count() == 1


class TestTheEndOfAPlan:
    @pytest.mark.parametrize(
        ("status", "end"),
        [
            (S.ADMITTED, lambda pk: endings.withdraw(application_id=pk, by=None, now=NOW)),
            (S.ADMITTED, lambda pk: endings.cancel(application_id=pk, by=None, now=NOW, reason="The fair is full.")),
            (S.IN_REVIEW, lambda pk: applications.reject(application_id=pk, by=None, now=NOW, reason="Not food.")),
            (S.IN_REVIEW, lambda pk: applications.reject(application_id=pk, by=None, now=NOW, reason="Not food.", hold=True)),
            (S.ADMITTED, lambda pk: applications.waitlist(application_id=pk, by=None, now=NOW)),
        ],
        ids=["withdrawn", "cancelled", "rejected", "rejection held", "waitlisted"],
    )
    def test_a_decision_frees_the_planned_stand(self, status, end, fair):
        application = application_in(status, fair=fair)
        stand = plan(application, stand_at(site_of(fair))).stand
        end(application.pk)
        assert not application.placements.exists()
        assert plan(admitted(fair), stand)
        assert PlanChange.objects.filter(application=application, kind=PlanChangeKind.ENDED).count() == 1

    def test_the_database_refuses_an_ended_application_with_a_plan(self, fair):
        application = admitted(fair)
        plan(application, stand_at(site_of(fair)))
        with pytest.raises(IntegrityError, match="ended_application_has_no_live_placement"), transaction.atomic():
            Application.objects.filter(pk=application.pk).update(status="cancelled", told_status="cancelled")

    def test_a_planned_stand_is_not_blocked(self, fair):
        stand = plan(admitted(fair), stand_at(site_of(fair))).stand
        assert stands.why_not_blocked([stand.pk], now=NOW)


class TestUndo:
    def test_step_by_step_back_to_where_it_began(self, fair, planner):
        a, b = admitted(fair), admitted(fair)
        one, two = stand_at(site_of(fair)), stand_at(site_of(fair))
        first = plan(a, one, planner)
        planning.move(placement_id=first.pk, stand_id=two.pk, by=planner, now=NOW)
        planning.unplan(placement_id=a.placements.get().pk, by=planner, now=NOW)
        planning.plan_stands(new=[NewPlan(a.pk, two.pk), NewPlan(b.pk, one.pk)], by=planner, now=NOW)
        seen = []
        for _ in range(4):
            planning.undo(fair=fair, by=planner, now=NOW)
            seen.append(dict(Placement.objects.values_list("application", "stand")))
        assert seen == [{}, {a.pk: two.pk}, {a.pk: one.pk}, {}]
        with pytest.raises(planning.NothingToUndo):
            planning.undo(fair=fair, by=planner, now=NOW)

    def test_what_others_did_and_what_was_sent_is_left_alone(self, fair, planner):
        mine, sent, elsewhere = admitted(fair), admitted(fair), admitted(FairFactory())
        plan(elsewhere, stand_at(site_of(elsewhere.fair)), planner)
        plan(sent, stand_at(site_of(fair)), planner)
        placement = plan(mine, stand_at(site_of(fair)), planner)
        planning.move(placement_id=placement.pk, stand_id=stand_at(site_of(fair)).pk, by=UserFactory(), now=NOW)
        plan_offers.send_offers(placement_ids=[sent.placements.get().pk], by=planner, now=NOW)
        with pytest.raises(planning.NothingToUndo):
            planning.undo(fair=fair, by=planner, now=NOW)
        assert Placement.objects.count() == 3

    def test_a_stand_that_somebody_has_by_now_is_reported(self, fair, planner):
        application = admitted(fair)
        stand = plan(application, stand_at(site_of(fair)), planner).stand
        planning.unplan(placement_id=application.placements.get().pk, by=planner, now=NOW)
        plan(admitted(fair), stand)
        undone = planning.undo(fair=fair, by=planner, now=NOW)
        assert (undone.changes, [type(refusal) for refusal in undone.refused]) == ([], [stand_use.StandTaken])
        assert all(isinstance(refusal, Refused) for refusal in undone.refused)


def test_a_change_is_from_or_to_somewhere(fair):
    application = admitted(fair)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanChange.objects.create(application=application, site=site_of(fair), kind="planned", at=NOW, batch=uuid.uuid4())
    assert not ApplicationStep.objects.exists()
