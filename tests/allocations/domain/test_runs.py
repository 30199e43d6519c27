"""Runs are asked for, done once, cancelled, taken up again after a worker died, and say why there is no proposal."""

from datetime import timedelta

import pytest
from django.utils import timezone

from allocations.domain import locks, run_work, runs
from allocations.domain.lines import changes_of
from allocations.domain.locks import LocksContradict
from allocations.domain.run_work import STAY
from allocations.domain.runs import RunOver, TooManyRuns
from allocations.enums import Difference, RunPhase, RunState
from allocations.models import AllocationRun, PriorityCorrection, Proposal
from allocations.models.run import MOST_ATTEMPTS
from api.problems import Invalid
from exhibitors.domain import endings, placements
from exhibitors.models import Placement, StandPreference
from tests.allocations.world import NOW, applicant, hall_of, placed, plan, proposal_of, run_of, stand, work
from tests.factories.exhibitors import PavilionFactory, PlacementFactory
from tests.factories.fairs import FairFactory, HallFactory

pytestmark = pytest.mark.django_db


def asked(hall, **options):
    return runs.create(fair=hall.fair, by=None, now=NOW, halls=[hall], **options)


def pointers(refusal):
    return [error["pointer"] for error in refusal.value.facts["errors"]]


class TestARun:
    def test_leaves_a_proposal_and_occupies_nothing(self):
        hall = hall_of(stands=2)
        first, second = applicant(hall), applicant(hall, minutes=1)
        run = run_of(hall)

        assert (run.state, run.phase, run.progress_percent, run.attempts) == (RunState.DONE, RunPhase.OVER, 100, 1)
        assert len(run.input_hash) == 64
        assert run.problems == []
        found = placed(run.proposal)
        assert found.keys() == {first.pk, second.pk}
        assert set(found.values()) == {"A-1", "A-2"}
        assert not Placement.objects.exists()

    def test_gives_the_same_proposal_for_the_same_seed_and_input(self):
        hall = hall_of(stands=4)
        for minutes in range(4):
            applicant(hall, minutes=minutes, open_sides=1)
        one, two = run_of(hall, seed=7), run_of(hall, seed=7)
        assert one.input_hash == two.input_hash
        assert placed(one.proposal) == placed(two.proposal)

    def test_says_why_somebody_has_no_stand(self):
        hall = hall_of(stands=3)
        large = applicant(hall, area_min_m2=20, area_wished_m2=20, area_max_m2=30)
        line = run_of(hall).proposal.lines.get(application=large)
        assert line.stand is None
        assert line.reasons == [{"rule": "area", "count": 3, "of": 3}]

    def test_keeps_score_and_alternatives_of_each_placement(self):
        hall = hall_of(stands=3)
        one = applicant(hall)
        line = run_of(hall).proposal.lines.get(application=one)
        assert {term["name"] for term in line.terms} >= {"area", "priority"}
        assert line.score == pytest.approx(sum(term["points"] for term in line.terms), abs=0.05)
        assert {row["stand"] for row in line.alternatives} == set(hall.stands.exclude(pk=line.stand_id).values_list("pk", flat=True))

    def test_other_stands_apart_from_its_pavilion_come_last_and_say_so(self):
        hall = hall_of(stands=8)
        pavilion = PavilionFactory(fair=hall.fair)
        for minutes in range(3):
            applicant(hall, minutes=minutes, pavilion=pavilion)
        proposal = run_of(hall).proposal
        first, middle, _last = proposal.lines.order_by("stand__number")
        numbers = {one.pk: int(one.number.removeprefix("A-")) for one in hall.stands.all()}
        place = numbers[first.stand_id]
        beside = [place + 3] if place + 3 <= 8 else []
        whole = [numbers[row["stand"]] for row in first.alternatives if "broken" not in row]
        assert whole == beside
        assert [row["broken"] for row in first.alternatives[len(beside) :]] == [["pavilion"]] * (3 - len(beside))
        assert [row["broken"] for row in middle.alternatives] == [["pavilion"]] * 3

    def test_leaves_out_whom_its_states_do_not_name(self):
        hall = hall_of(stands=2)
        waiting = applicant(hall, status="waitlisted", waitlist_rank=1)
        assert placed(run_of(hall).proposal) == {}
        assert placed(run_of(hall, statuses=["waitlisted"]).proposal).keys() == {waiting.pk}

    def test_leaves_the_accepted_where_they_are_and_others_off_their_stands(self):
        hall = hall_of(stands=1)
        there = PlacementFactory(application__fair=hall.fair, stand=stand(hall, 1))
        late = applicant(hall)
        found = run_of(hall).proposal
        assert placed(found) == {late.pk: None}, "who has accepted asks for no site here, and keeps its stand all the same"
        assert Placement.objects.get() == there

    def test_is_done_once_however_often_it_is_asked_for(self):
        hall = hall_of()
        applicant(hall)
        run = asked(hall)
        assert (work(run), work(run)) == (True, False)
        assert Proposal.objects.count() == 1

    def test_of_a_worker_that_lives_is_left_to_it(self):
        run = asked(hall_of())
        AllocationRun.objects.filter(pk=run.pk).update(state="running", claim="x", claimed_until=timezone.now() + timedelta(seconds=30))
        assert not work(run)
        assert run.pk not in run_work.sweep()

    def test_waits_while_another_one_works(self):
        hall = hall_of()
        first, second = asked(hall), asked(hall_of())
        AllocationRun.objects.filter(pk=first.pk).update(state="running", claim="x", claimed_until=timezone.now() + timedelta(seconds=30))
        assert not work(second)
        assert run_work.sweep() == [second.pk]
        AllocationRun.objects.filter(pk=first.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))
        assert work(second)

    def test_of_a_worker_that_died_is_taken_up(self):
        hall = hall_of()
        applicant(hall)
        run = asked(hall)
        AllocationRun.objects.filter(pk=run.pk).update(
            state="running", claim="x", attempts=1, claimed_until=timezone.now() - timedelta(seconds=1)
        )
        assert run_work.sweep() == [run.pk]
        assert work(run)
        run.refresh_from_db()
        assert (run.state, run.attempts) == (RunState.DONE, 2)

    def test_that_kills_its_workers_fails_and_says_so(self):
        run = asked(hall_of())
        AllocationRun.objects.filter(pk=run.pk).update(
            state="running", claim="x", attempts=MOST_ATTEMPTS, claimed_until=timezone.now() - timedelta(seconds=1)
        )
        assert not work(run)
        run.refresh_from_db()
        assert (run.state, run.problems) == (RunState.FAILED, [{"code": "worker_died"}])

    def test_whose_lease_was_lost_keeps_nothing(self, monkeypatch):
        hall = hall_of()
        applicant(hall)
        run = asked(hall)
        solve = run_work.solving.solve

        def slow(*args, **options):
            AllocationRun.objects.filter(pk=run.pk).update(claim="another worker")
            return solve(*args, **options)

        monkeypatch.setattr(run_work.solving, "solve", slow)
        work(run)
        assert not Proposal.objects.exists()
        run.refresh_from_db()
        assert (run.state, run.claim) == (RunState.RUNNING, "another worker")

    def test_that_breaks_fails_with_what_went_wrong(self, monkeypatch):
        run = asked(hall_of())

        def broken(*args, **options):
            raise ValueError("no such thing")

        monkeypatch.setattr(run_work.solving, "solve", broken)
        work(run)
        run.refresh_from_db()
        assert run.state == RunState.FAILED
        assert "no such thing" in run.problems[0]["text"]


class TestCancelling:
    def test_one_that_waits_ends_at_once(self):
        run = asked(hall_of())
        runs.cancel(run_id=run.pk, now=NOW)
        run.refresh_from_db()
        assert (run.state, run.ended_at) == (RunState.CANCELLED, NOW)
        assert not work(run)
        with pytest.raises(RunOver):
            runs.cancel(run_id=run.pk, now=NOW)

    def test_one_that_works_is_told_and_keeps_nothing(self, monkeypatch):
        hall = hall_of()
        applicant(hall)
        run = asked(hall)
        solve = run_work.solving.solve

        def cancelled_meanwhile(*args, stop, **options):
            runs.cancel(run_id=run.pk, now=NOW)
            return solve(*args, stop=stop, **options)

        monkeypatch.setattr(run_work.solving, "solve", cancelled_meanwhile)
        work(run)
        run.refresh_from_db()
        assert run.state == RunState.CANCELLED
        assert not Proposal.objects.exists()


class TestRefusals:
    def test_halls_of_another_fair_and_halls_without_stands(self):
        hall = hall_of()
        with pytest.raises(Invalid) as refusal:
            runs.create(fair=FairFactory(), by=None, now=NOW, halls=[hall])
        assert pointers(refusal) == ["/halls"]
        with pytest.raises(Invalid) as refusal:
            asked(HallFactory())
        assert refusal.value.facts["errors"][0]["code"] == "no_stands"
        with pytest.raises(Invalid):
            runs.create(fair=FairFactory(), by=None, now=NOW)

    def test_everything_that_is_wrong_is_said_at_once(self):
        with pytest.raises(Invalid) as refusal:
            asked(hall_of(), weights={"area": 1001, "love": 3}, seed=-1, time_limit_seconds=0, statuses=["rejected"])
        assert pointers(refusal) == ["/weights/area", "/weights/love", "/seed", "/time_limit_seconds", "/statuses"]

    def test_no_more_runs_than_three_at_once(self):
        hall = hall_of()
        for _number in range(3):
            asked(hall)
        with pytest.raises(TooManyRuns):
            asked(hall)

    def test_fixed_stands_that_cannot_be_name_both(self):
        hall = hall_of(stands=2)
        one = applicant(hall)
        locks.fix(stand=stand(hall, 1), application=one, by=None, now=NOW)
        other = PlacementFactory(application__fair=hall.fair, stand=stand(hall, 1))
        with pytest.raises(LocksContradict) as refusal:
            asked(hall)
        assert str(one.company) in str(refusal.value)
        assert str(other.application.company) in str(refusal.value)

    def test_a_run_that_cannot_keep_what_is_fixed_says_which_rules_exclude_each_other(self):
        hall = hall_of(stands=2)
        large = applicant(hall, area_min_m2=20, area_wished_m2=20, area_max_m2=30)
        locks.fix(stand=stand(hall, 1), application=large, by=None, now=NOW)
        run = run_of(hall)
        assert run.state == RunState.FAILED
        (problem,) = run.problems
        assert (problem["rules"], problem["applications"], problem["stands"]) == (["lock", "area"], [large.pk], [stand(hall, 1).pk])


def test_nobody_loses_an_offered_stand_to_somebody_with_more_points(monkeypatch):
    bar = []
    monkeypatch.setattr(run_work.Watch, "solving", lambda watch, share: bar.append(round(share, 3)))
    hall = hall_of(stands=1)
    offered = applicant(hall, minutes=60)
    offer = placements.offer_stand(application_id=offered.pk, stand_id=stand(hall, 1).pk, by=None, now=NOW)
    rival = applicant(hall)
    PriorityCorrection.objects.create(application=rival, points=500, reason="Comes first", at=NOW)
    assert placed(run_of(hall).proposal) == {offered.pk: offer.stand.number, rival.pk: None}
    assert bar == sorted(bar), "a second round goes on with the bar where the first has ended"
    assert {0.8, 0.96} <= set(bar)


def test_a_run_whose_rules_leave_somebody_out_says_which_exclude_each_other():
    hall = hall_of(stands=1)
    several = [applicant(hall, minutes=minutes) for minutes in range(2)]
    run = run_of(hall)
    assert run.state == RunState.DONE
    (problem,) = run.problems
    assert (problem["rules"], problem["applications"]) == (["taken"], [one.pk for one in several])
    line = run.proposal.lines.get(stand=None)
    (nearest,) = line.alternatives
    assert nearest["taken_by"] == [one.pk for one in several if one.pk != line.application_id]


def test_after_a_withdrawal_the_gap_is_filled_and_the_rest_stays_where_it_is_planned():
    hall = hall_of(stands=4)
    several = [applicant(hall, minutes=minutes) for minutes in range(3)]
    for number, application in enumerate(several, start=1):
        plan(application, stand(hall, number))
    endings.withdraw(application_id=several[1].pk, by=None, now=NOW)
    locks.fix(stand=stand(hall, 4), application=None, by=None, now=NOW)
    late = applicant(hall, minutes=60)
    StandPreference.objects.create(wish=late.site_wishes.get(), stand=stand(hall, 1), rank=1)
    again = proposal_of(hall, keeps_plan=True)
    lines = list(again.lines.order_by("stand__number"))
    assert [(line.application, changes_of(lines)[line.pk].difference) for line in lines] == [
        (several[0], Difference.SAME),
        (late, Difference.NEW),
        (several[2], Difference.SAME),
    ]


def test_what_another_stand_is_worth_says_how_much_of_it_is_for_moving():
    hall = hall_of(stands=2)
    one = applicant(hall)
    plan(one, stand(hall, 1))
    line = proposal_of(hall, keeps_plan=True).lines.get()
    assert [(row["stand"], row["points"], row["move"]) for row in line.alternatives] == [(stand(hall, 2).pk, line.score - STAY, -STAY)]
