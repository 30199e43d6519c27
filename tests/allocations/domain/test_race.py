"""Two at once: one run, one proposal, one freed stand; and without the guard there would be two."""

import threading

import pytest
from django.db import IntegrityError, OperationalError
from django.db.models import QuerySet
from django.utils import timezone

from allocations.domain import freed_stands, run_work, runs, take_over
from allocations.enums import FreedRule, FreedState, RunState
from allocations.models import AllocationRun, AllocationSettings, FreedStand, Proposal
from exhibitors.domain import endings, placements
from exhibitors.enums import ApplicationStatus
from exhibitors.models import Placement
from tests.allocations.world import NOW, applicant, hall_of, placed, proposal_of, stand
from tests.racing import at_once

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
]


def working(run):
    return lambda: run_work.work(run.pk, now=lambda: NOW, watched=False)


@pytest.mark.parametrize("_round", range(3))
def test_of_two_workers_one_has_the_run(_round):
    hall = hall_of()
    applicant(hall)
    run = runs.create(fair=hall.fair, by=None, now=NOW, halls=[hall])
    assert sorted(at_once(working(run), working(run))) == [False, True]
    run.refresh_from_db()
    assert (run.state, run.attempts, Proposal.objects.count()) == (RunState.DONE, 1, 1)


def test_without_the_claim_both_would_have_it():
    """The control: who looks and then writes."""
    run = runs.create(fair=hall_of().fair, by=None, now=NOW)
    both_look = threading.Barrier(2, timeout=60)

    def unguarded():
        is_free = AllocationRun.objects.abandoned(at=timezone.now()).filter(pk=run.pk).exists()
        both_look.wait()
        return is_free

    assert at_once(unguarded, unguarded) == [True, True]


@pytest.mark.parametrize("_round", range(3))
def test_of_two_who_take_over_the_same_proposal_the_second_finds_it_done(_round):
    hall = hall_of(stands=4)
    for minutes in range(3):
        applicant(hall, minutes=minutes)
    proposal = proposal_of(hall)

    def taking():
        done = take_over.take_over(proposal_id=proposal.pk, by=None, now=NOW)
        return len(done.new), len(done.same), len(done.refused)

    assert sorted(at_once(taking, taking)) == [(0, 3, 0), (3, 0, 0)]
    assert {plan.application_id: plan.stand.number for plan in Placement.objects.plans()} == placed(proposal)


@pytest.fixture
def _nobody_waits(monkeypatch):
    """Without row locks: who should wait goes on."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, *_args, **_kwargs: rows)


def both_first(look):
    """``look``, which both have done before either goes on."""
    both_look = threading.Barrier(2, timeout=60)

    def looking(*args, **kwargs):
        found = look(*args, **kwargs)
        both_look.wait()
        return found

    return looking


@pytest.mark.usefixtures("_nobody_waits")
def test_without_the_locks_the_second_is_refused_what_the_first_has_planned(monkeypatch):
    """The control: the second would be told that its own proposal is impossible."""
    hall = hall_of(stands=4)
    for minutes in range(3):
        applicant(hall, minutes=minutes)
    proposal = proposal_of(hall)
    monkeypatch.setattr(take_over, "changes_of", both_first(take_over.changes_of))

    def taking():
        try:
            done = take_over.take_over(proposal_id=proposal.pk, by=None, now=NOW)
        except (IntegrityError, OperationalError) as error:
            return type(error).__name__
        return len(done.new), len(done.same), len(done.refused)

    assert (0, 3, 0) not in at_once(taking, taking)


@pytest.mark.parametrize("_round", range(3))
def test_a_proposal_is_taken_over_while_somebody_is_offered_one_of_its_stands(_round):
    hall = hall_of(stands=3)
    several = [applicant(hall, minutes=minutes) for minutes in range(2)]
    proposal = proposal_of(hall)
    rival = applicant(hall, minutes=5)
    wanted = hall.stands.get(number=placed(proposal)[several[0].pk])

    at_once(
        lambda: take_over.take_over(proposal_id=proposal.pk, by=None, now=NOW),
        lambda: placements.offer_stand(application_id=rival.pk, stand_id=wanted.pk, by=None, now=NOW),
    )
    assert Placement.objects.live().filter(stand=wanted).count() == 1
    assert Placement.objects.plans().filter(application=several[1]).exists()


def a_freed_stand_and_two_who_wait():
    hall = hall_of()
    AllocationSettings.objects.create(fair=hall.fair, freed_rule=FreedRule.OFFER)
    for rank in (1, 2):
        applicant(hall, status=ApplicationStatus.WAITLISTED, waitlist_rank=rank)
    leaver = applicant(hall)
    offer = placements.offer_stand(application_id=leaver.pk, stand_id=stand(hall, 1).pk, by=None, now=NOW)
    placements.accept_offer(application_id=leaver.pk, by=None, now=NOW, placement_id=offer.pk)
    endings.withdraw(application_id=leaver.pk, by=None, now=NOW)


@pytest.mark.usefixtures("_nobody_waits")
def test_without_the_lock_both_schedulers_have_the_stand_to_give(monkeypatch):
    """The control: both see to it, and the row tells what the last one found, not what became of the stand."""
    a_freed_stand_and_two_who_wait()
    seen = []
    is_free = both_first(freed_stands._is_free)

    def looking(freed, **asked):
        found = is_free(freed, **asked)
        seen.append(found)
        return found

    monkeypatch.setattr(freed_stands, "_is_free", looking)
    at_once(lambda: freed_stands.give_away(now=NOW), lambda: freed_stands.give_away(now=NOW))
    assert seen == [True, True]


@pytest.mark.parametrize("_round", range(3))
def test_of_two_schedulers_one_gives_a_freed_stand_away(_round):
    a_freed_stand_and_two_who_wait()

    at_once(lambda: freed_stands.give_away(now=NOW), lambda: freed_stands.give_away(now=NOW))
    assert FreedStand.objects.get().state == FreedState.OFFERED
    assert Placement.objects.filter(status="offered").count() == 1
