"""A proposal becomes plans: all of it or the ticked lines, whatever happened meanwhile; and it is published."""

from datetime import timedelta

import pytest

from allocations.domain import editing, freed_stands, publishing, take_over
from allocations.domain.lines import changes_of
from allocations.domain.publishing import NothingToPublish, NotScheduled
from allocations.domain.take_over import AlreadyPublished
from allocations.enums import Difference, FreedRule, FreedState, LineState
from allocations.models import AllocationSettings, FreedStand
from api.problems import Invalid
from exhibitors.domain import announcements, endings, placements
from exhibitors.enums import ApplicationStatus, PlacementStatus
from exhibitors.models import Placement
from notifications.models import Letter
from tests.allocations.world import NOW, applicant, hall_of, offer, placed, plan, proposal_of, propose, ring_of, stand
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def taken(proposal, **options):
    return take_over.take_over(proposal_id=proposal.pk, by=None, now=NOW, **options)


def counts(done):
    return {name: len(getattr(done, name)) for name in ("new", "moved", "same", "dropped", "refused")}


def _chain():
    """A proposal that moves the first, who is offered A-1, to A-3, the second, who is offered A-2, to A-1, and gives A-2 to the third."""
    hall = hall_of(stands=3)
    several = [applicant(hall, minutes=minutes) for minutes in range(3)]
    proposal = proposal_of(hall)
    propose(proposal, {application: stand(hall, number) for application, number in zip(several, (3, 1, 2), strict=True)})
    for application, number in zip(several[:2], (1, 2), strict=True):
        offer(application, stand(hall, number))
    return hall, several, proposal


class TestTakingOver:
    def test_all_lines_become_plans_without_a_letter(self):
        hall = hall_of(stands=3)
        for minutes in range(2):
            applicant(hall, minutes=minutes)
        proposal, planner = proposal_of(hall), UserFactory()
        done = take_over.take_over(proposal_id=proposal.pk, by=planner, now=NOW)

        assert counts(done) == {"new": 2, "moved": 0, "same": 0, "dropped": 0, "refused": 0}
        plans = Placement.objects.plans()
        assert {plan.application_id: plan.stand.number for plan in plans} == placed(proposal)
        assert set(proposal.lines.values_list("state", "placement")) == {(LineState.TAKEN, plan.pk) for plan in plans}
        assert not Letter.objects.exists()
        proposal.refresh_from_db()
        assert (proposal.taken_over_at, proposal.taken_over_by) == (NOW, planner)

    def test_once_more_changes_nothing(self):
        hall = hall_of()
        applicant(hall)
        proposal = proposal_of(hall)
        taken(proposal)
        before = list(Placement.objects.values())
        assert counts(taken(proposal))["same"] == 1
        assert list(Placement.objects.values()) == before

    def test_the_ticked_lines_and_no_others(self):
        hall = hall_of()
        first, _second = applicant(hall), applicant(hall, minutes=1)
        proposal = proposal_of(hall)
        line = proposal.lines.get(application=first)
        taken(proposal, line_ids=[line.pk])
        assert [plan.application_id for plan in Placement.objects.all()] == [first.pk]
        with pytest.raises(Invalid) as refusal:
            taken(proposal, line_ids=[line.pk, 10**9])
        assert refusal.value.facts["errors"][0]["pointer"] == "/lines/1"

    def test_what_has_become_impossible_is_reported_and_the_rest_is_planned(self):
        hall = hall_of(stands=2)
        first, second = applicant(hall), applicant(hall, minutes=1)
        proposal = proposal_of(hall)
        found = placed(proposal)
        rival = applicant(hall, minutes=2)
        plan(rival, hall.stands.get(number=found[first.pk]))

        done = taken(proposal)
        assert counts(done) == {"new": 1, "moved": 0, "same": 0, "dropped": 0, "refused": 1}
        (line,) = done.refused
        assert line.application == first
        assert str(rival.company.legal_name) in line.refusal
        assert set(Placement.objects.values_list("application", flat=True)) == {rival.pk, second.pk}

    def test_two_exchange_their_plans(self):
        hall = hall_of(stands=2)
        first, second = applicant(hall), applicant(hall, minutes=1)
        proposal = proposal_of(hall)
        found = placed(proposal)
        plan(first, hall.stands.get(number=found[second.pk]))
        plan(second, hall.stands.get(number=found[first.pk]))
        assert counts(taken(proposal))["moved"] == 2
        assert {plan.application_id: plan.stand.number for plan in Placement.objects.plans()} == found

    def test_a_plan_that_the_proposal_drops_is_taken_off(self):
        hall = hall_of(stands=2)
        one = applicant(hall)
        proposal = proposal_of(hall)
        line = proposal.lines.get(application=one)
        editing.change_line(line_id=line.pk, by=None, now=NOW, stand_id=None)
        plan(one, stand(hall, 2))
        assert counts(taken(proposal))["dropped"] == 1
        assert not Placement.objects.exists()

    def test_whoever_accepted_another_stand_meanwhile_keeps_it(self):
        hall = hall_of(stands=2)
        one = applicant(hall)
        proposal = proposal_of(hall)
        other = next(row for row in hall.stands.all() if row.number != placed(proposal)[one.pk])
        placements.accept_offer(application_id=one.pk, by=None, now=NOW, placement_id=offer(one, other).pk)
        (line,) = taken(proposal).refused
        assert other.number in line.refusal

    def test_another_stand_than_was_offered_is_a_held_offer(self):
        hall = hall_of(stands=2)
        one = applicant(hall)
        proposal = proposal_of(hall)
        other = next(row for row in hall.stands.all() if row.number != placed(proposal)[one.pk])
        placements.offer_stand(application_id=one.pk, stand_id=other.pk, by=None, now=NOW)
        letters = Letter.objects.count()

        assert counts(taken(proposal))["moved"] == 1
        new = Placement.objects.get(stand__number=placed(proposal)[one.pk])
        assert (new.status, new.is_plan) == (PlacementStatus.PLANNED, False)
        assert Letter.objects.count() == letters

        publishing.publish(proposal_id=proposal.pk, by=None, now=NOW)
        publishing.publish_due(now=NOW)
        announcements.announce_due(now=NOW)
        new.refresh_from_db()
        assert new.status == PlacementStatus.OFFERED
        assert Letter.objects.count() > letters

    def test_takes_a_fixed_number_of_queries(self, django_assert_num_queries):
        def queries_for(count):
            hall = hall_of(stands=count + 1)
            for minutes in range(count):
                applicant(hall, minutes=minutes)
            proposal = proposal_of(hall)
            with CaptureQueriesContext(connection) as queries:
                taken(proposal)
            return len(queries)

        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        assert queries_for(1) == queries_for(3)


class TestDifferences:
    def test_new_moved_same_dropped_and_without_a_stand(self):
        hall = hall_of(stands=4)
        new, moved, same, dropped = (applicant(hall, minutes=minutes) for minutes in range(4))
        unplaced = applicant(hall, area_min_m2=20, area_wished_m2=20, area_max_m2=30)
        proposal = proposal_of(hall)
        found = placed(proposal)
        line = proposal.lines.get(application=dropped)
        free = line.stand
        editing.change_line(line_id=line.pk, by=None, now=NOW, stand_id=None)
        plan(same, hall.stands.get(number=found[same.pk]))
        plan(moved, hall.stands.get(number=found[new.pk]))
        plan(dropped, free)

        lines = {line.application_id: line for line in proposal.lines.all()}
        changes = changes_of(lines.values())
        assert {pk: changes[line.pk].difference for pk, line in lines.items()} == {
            new.pk: Difference.NEW,
            moved.pk: Difference.MOVED,
            same.pk: Difference.SAME,
            dropped.pk: Difference.DROPPED,
            unplaced.pk: Difference.UNPLACED,
        }


class TestPublishing:
    def test_takes_over_and_offers_with_letters_at_the_moment_that_was_set(self):
        hall = hall_of()
        one, two = applicant(hall), applicant(hall, minutes=1)
        proposal = proposal_of(hall)
        at = NOW + timedelta(hours=2)
        publishing.publish(proposal_id=proposal.pk, by=None, now=NOW, at=at)
        assert publishing.publish_due(now=at - timedelta(minutes=1)) == 0
        assert not Placement.objects.exists()

        assert publishing.publish_due(now=at) == 2
        assert set(Placement.objects.values_list("application", "status")) == {(one.pk, "offered"), (two.pk, "offered")}
        assert Letter.objects.filter(occasion="exhibitors.stand_offered").count() == 2
        proposal.refresh_from_db()
        assert proposal.published_at == at
        assert publishing.publish_due(now=at) == 0
        assert Letter.objects.filter(occasion="exhibitors.stand_offered").count() == 2

    def test_offers_what_was_ticked_when_something_was(self):
        hall = hall_of()
        one, _two = applicant(hall), applicant(hall, minutes=1)
        proposal = proposal_of(hall)
        taken(proposal, line_ids=[proposal.lines.get(application=one).pk])
        publishing.publish(proposal_id=proposal.pk, by=None, now=NOW)
        publishing.publish_due(now=NOW)
        assert [row.application_id for row in Placement.objects.filter(status="offered")] == [one.pk]

    def test_reports_whom_the_life_of_applications_does_not_let_be_offered(self):
        hall = hall_of()
        early = applicant(hall, status=ApplicationStatus.SUBMITTED)
        proposal = proposal_of(hall, statuses=["submitted"])
        found = publishing.to_offer(proposal)
        assert (found.offered, [line.application for line in found.early]) == ([], [early])
        publishing.publish(proposal_id=proposal.pk, by=None, now=NOW)
        assert publishing.publish_due(now=NOW) == 0
        line = proposal.lines.get(application=early)
        assert line.state == LineState.REFUSED
        assert line.refusal
        proposal.refresh_from_db()
        assert proposal.published_at == NOW

    def test_goes_on_where_a_worker_died(self, monkeypatch):
        hall = hall_of(stands=4)
        for minutes in range(3):
            applicant(hall, minutes=minutes)
        proposal = proposal_of(hall)
        publishing.publish(proposal_id=proposal.pk, by=None, now=NOW)
        monkeypatch.setattr(publishing, "OFFERS_A_TRANSACTION", 1)
        publishing._begin(proposal.pk, now=NOW)
        publishing._offer_some(proposal.pk, now=NOW)
        assert publishing.publish_due(now=NOW) == 2
        assert Placement.objects.filter(status="offered").count() == 3
        assert Letter.objects.filter(occasion="exhibitors.stand_offered").count() == 3

    def test_who_waits_for_an_offered_stand_gets_it_when_its_exhibitor_has_been_told_of_another(self):
        _hall, several, proposal = _chain()
        done = taken(proposal)
        assert counts(done) == {"new": 0, "moved": 1, "same": 0, "dropped": 0, "refused": 0}
        assert [line.application for line in done.waiting] == several[1:]
        assert str(several[0].company) in proposal.lines.get(application=several[1]).refusal
        assert len(publishing.to_offer(proposal).offered) == 3

        publishing.publish(proposal_id=proposal.pk, by=None, now=NOW)
        publishing.publish_due(now=NOW)
        offers = Placement.objects.filter(status="offered")
        assert {offer.application_id: offer.stand.number for offer in offers} == placed(proposal)
        assert set(proposal.lines.values_list("state", "refusal")) == {(LineState.TAKEN, "")}
        proposal.refresh_from_db()
        assert proposal.published_at == NOW
        assert Letter.objects.filter(occasion="exhibitors.stand_offered").count() == 2 + 3

    def test_a_stand_that_somebody_waits_for_is_not_given_away_meanwhile(self, monkeypatch):
        hall, several, proposal = _chain()
        AllocationSettings.objects.create(fair=hall.fair, freed_rule=FreedRule.OFFER)
        applicant(hall, status=ApplicationStatus.WAITLISTED, waitlist_rank=1)
        publishing.publish(proposal_id=proposal.pk, by=None, now=NOW)

        def told_and_given_away(**asked):
            told = announcements_due(**asked)
            freed_stands.give_away(now=NOW)
            return told

        announcements_due = announcements.announce_due
        monkeypatch.setattr(announcements, "announce_due", told_and_given_away)
        publishing.publish_due(now=NOW)
        assert {row.application_id for row in Placement.objects.filter(status="offered")} == {one.pk for one in several}
        freed_stands.give_away(now=NOW)
        assert set(FreedStand.objects.values_list("state", flat=True)) == {FreedState.TAKEN}

    def test_two_with_each_others_offered_stand_exchange_them(self):
        _hall, several, proposal = ring_of(offered=2)
        letters = Letter.objects.filter(occasion="exhibitors.stand_offered").count()
        done = taken(proposal)
        assert [line.application for line in done.waiting] == several
        assert done.refused == []
        text = proposal.lines.get(application=several[0]).refusal
        assert text == f"{several[1].company} has stand A-2: the two exchange their stands when the offers go."
        assert len(publishing.to_offer(proposal).offered) == 2

        publishing.publish(proposal_id=proposal.pk, by=None, now=NOW)
        publishing.publish_due(now=NOW)
        offers = Placement.objects.filter(status="offered")
        assert {offer.application_id: offer.stand.number for offer in offers} == placed(proposal)
        assert set(proposal.lines.values_list("state", "refusal")) == {(LineState.TAKEN, "")}
        assert Letter.objects.filter(occasion="exhibitors.stand_offered").count() == letters + 2
        proposal.refresh_from_db()
        assert proposal.published_at == NOW
        freed_stands.give_away(now=NOW)
        assert set(FreedStand.objects.values_list("state", flat=True)) == {FreedState.TAKEN}

    def test_three_in_a_ring_exchange_their_stands_though_one_is_only_planned(self):
        _hall, _several, proposal = ring_of(offered=2, planned=1)
        publishing.publish(proposal_id=proposal.pk, by=None, now=NOW)
        publishing.publish_due(now=NOW)
        assert {one.application_id: one.stand.number for one in Placement.objects.filter(status="offered")} == placed(proposal)
        assert set(proposal.lines.values_list("state", flat=True)) == {LineState.TAKEN}
        assert not Placement.objects.plans().exists()

    def test_where_one_cannot_exchange_both_keep_theirs_and_the_lines_say_why(self):
        hall, several, proposal = ring_of(offered=2, spare=1)
        taken(proposal)
        other = {"stand_id": stand(hall, 3).pk, "reason": "A quieter one.", "hold": True}
        placements.relocate(application_id=several[1].pk, by=None, now=NOW, **other)
        publishing.publish(proposal_id=proposal.pk, by=None, now=NOW)
        publishing.publish_due(now=NOW)
        assert {line.refusal for line in proposal.lines.all()} == {
            f"{several[1].company} has a decision that it has not been told, or has accepted its stand: it cannot exchange its stand."
        }
        there = {one.application_id: one.stand.number for one in Placement.objects.filter(status="offered")}
        assert there == {several[0].pk: "A-1", several[1].pk: "A-2"}
        proposal.refresh_from_db()
        assert proposal.published_at == NOW

    def test_whoever_waited_in_vain_is_refused(self, monkeypatch):
        _hall, several, proposal = _chain()
        publishing.publish(proposal_id=proposal.pk, by=None, now=NOW)
        monkeypatch.setattr(announcements, "announce_due", lambda **_asked: 0)  # what is held stays held
        publishing.publish_due(now=NOW)
        states = dict(proposal.lines.values_list("application", "state"))
        assert [states[one.pk] for one in several] == [LineState.TAKEN, LineState.REFUSED, LineState.REFUSED]
        proposal.refresh_from_db()
        assert proposal.published_at == NOW

    def test_says_beforehand_what_is_offered_and_leaves_out_who_has_it_already(self):
        hall = hall_of(stands=4)
        accepted, offered, planned, new = (applicant(hall, minutes=minutes) for minutes in range(4))
        proposal = proposal_of(hall)
        there = {one: hall.stands.get(number=placed(proposal)[one.pk]) for one in (accepted, offered, planned)}
        placements.accept_offer(application_id=accepted.pk, by=None, now=NOW, placement_id=offer(accepted, there[accepted]).pk)
        offer(offered, there[offered])
        plan(planned, there[planned])
        assert {line.application for line in publishing.to_offer(proposal).offered} == {planned, new}
        taken(proposal, line_ids=[proposal.lines.get(application=planned).pk])
        proposal.refresh_from_db()
        assert [line.application for line in publishing.to_offer(proposal).offered] == [planned]

    def test_is_called_off(self):
        hall = hall_of()
        applicant(hall)
        proposal = proposal_of(hall)
        with pytest.raises(NotScheduled):
            publishing.call_off(proposal_id=proposal.pk, now=NOW)
        publishing.publish(proposal_id=proposal.pk, by=None, now=NOW, at=NOW + timedelta(hours=1))
        publishing.call_off(proposal_id=proposal.pk, now=NOW)
        assert publishing.publish_due(now=NOW + timedelta(hours=2)) == 0

    def test_is_refused_without_anybody_for_a_past_moment_and_twice(self):
        hall = hall_of()
        proposal = proposal_of(hall)
        with pytest.raises(NothingToPublish):
            publishing.publish(proposal_id=proposal.pk, by=None, now=NOW)
        applicant(hall)
        proposal = proposal_of(hall)
        with pytest.raises(Invalid):
            publishing.publish(proposal_id=proposal.pk, by=None, now=NOW, at=NOW - timedelta(seconds=1))
        publishing.publish(proposal_id=proposal.pk, by=None, now=NOW)
        publishing.publish_due(now=NOW)
        for again in (lambda: publishing.publish(proposal_id=proposal.pk, by=None, now=NOW), lambda: taken(proposal)):
            with pytest.raises(AlreadyPublished):
                again()


def test_a_re_run_after_a_withdrawal_moves_nobody_without_need():
    hall = hall_of(stands=4)
    several = [applicant(hall, minutes=minutes) for minutes in range(4)]
    proposal = proposal_of(hall)
    taken(proposal)
    endings.withdraw(application_id=several[0].pk, by=None, now=NOW)
    again = proposal_of(hall, keeps_plan=True)
    assert placed(again) == {pk: number for pk, number in placed(proposal).items() if pk != several[0].pk}
