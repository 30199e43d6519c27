"""Exhibitors are to exchange the stands they are offered, and at the same moment one of them answers or steps back."""

import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import IntegrityError, OperationalError
from django.db.models import QuerySet

from allocations.domain import publishing
from allocations.enums import LineState
from exhibitors.domain import announcements, endings, exchanges, lapses, placements, steps
from exhibitors.domain.placements import NoOpenOffer
from exhibitors.enums import PlacementStatus
from exhibitors.models import Placement
from tests.allocations.world import NOW, placed, ring_of
from tests.racing import at_once

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
]
LATER = NOW + timedelta(days=15)


def offer_of(application):
    return Placement.objects.get(application=application, status=PlacementStatus.OFFERED).pk


def accepting(application):
    offer = offer_of(application)
    return lambda: placements.accept_offer(application_id=application.pk, by=None, now=NOW, placement_id=offer)


def declining(application):
    offer = offer_of(application)
    return lambda: placements.decline_offer(application_id=application.pk, by=None, now=NOW, placement_id=offer)


def taking_back(application):
    offer = offer_of(application)
    return lambda: placements.withdraw_offer(application_id=application.pk, by=None, now=NOW, placement_id=offer)


def stepping_back(application):
    return lambda: endings.withdraw(application_id=application.pk, by=None, now=NOW)


def lapsing(application):
    offer = offer_of(application)
    return lambda: lapses.lapse(placement_id=offer, now=LATER)


ANSWERS = [accepting, declining, taking_back, stepping_back, lapsing]


def publishing_at_once_with(proposal, *calls):
    publishing.publish(proposal_id=proposal.pk, by=None, now=NOW)
    _offers, *answers = at_once(lambda: publishing.publish_due(now=NOW), *calls)
    announcements.announce_due(now=NOW)  # whoever moves to a stand that fell free meanwhile is told of it
    return answers


def standing():
    """By application the stands it has, is offered or is planned on."""
    found = {}
    for placement in Placement.objects.live().select_related("stand"):
        found.setdefault(placement.application_id, []).append(placement.stand.number)
    return found


def assert_all_is_told(proposal, caplog):
    """Nobody has two stands, no stand has two, every line says what became of it, and nothing went wrong on the way."""
    there = standing()
    assert all(len(numbers) == 1 for numbers in there.values())
    assert len({number for numbers in there.values() for number in numbers}) == len(there)
    proposal.refresh_from_db()
    assert proposal.published_at is not None
    for line in proposal.lines.select_related("placement"):
        assert line.state in (LineState.TAKEN, LineState.REFUSED)
        assert bool(line.refusal) == (line.state == LineState.REFUSED)
    assert "could not be published" not in caplog.text


@pytest.mark.parametrize("_round", range(2))
@pytest.mark.parametrize("size", [2, 3])
@pytest.mark.parametrize("answer", ANSWERS)
def test_one_answers_while_the_stands_are_exchanged(answer, size, _round, caplog):
    _hall, several, proposal = ring_of(offered=size)
    publishing_at_once_with(proposal, answer(several[0]))
    assert_all_is_told(proposal, caplog)
    assert set(standing()) >= {one.pk for one in several[1:]}


@pytest.mark.parametrize("_round", range(3))
def test_two_accept_while_their_stands_are_exchanged(_round, caplog):
    """Each keeps what it has accepted, or its answer comes too late and it has the new offer."""
    _hall, several, proposal = ring_of(offered=2)
    before = standing()
    answers = publishing_at_once_with(proposal, *map(accepting, several))
    assert_all_is_told(proposal, caplog)
    if NoOpenOffer in answers:
        assert answers == [NoOpenOffer, NoOpenOffer]
        assert standing() == {pk: [number] for pk, number in placed(proposal).items()}
    else:
        assert standing() == before


@pytest.mark.parametrize("_round", range(3))
def test_two_workers_exchange_the_stands_once(_round, caplog):
    _hall, _several, proposal = ring_of(offered=3)
    publishing_at_once_with(proposal, lambda: publishing.publish_due(now=NOW))
    publishing.publish_due(now=NOW)
    assert_all_is_told(proposal, caplog)
    assert standing() == {pk: [number] for pk, number in placed(proposal).items()}


def accepted_when_the_stand_was_let_go(monkeypatch):
    """The exhibitor has read that its offer is open; then the exchange ends it, and the exhibitor accepts."""
    _hall, several, proposal = ring_of(offered=2)
    together, leave, open_offer = threading.Barrier(2), exchanges._leave, placements._open_offer

    def meet():
        with suppress(threading.BrokenBarrierError):
            together.wait(timeout=2)

    def left(*asked, **more):
        had_offer = leave(*asked, **more)
        meet()
        return had_offer

    def read(*asked, **more):
        found = open_offer(*asked, **more)
        meet()
        return found

    monkeypatch.setattr(exchanges, "_leave", left)
    monkeypatch.setattr(placements, "_open_offer", read)
    return proposal, publishing_at_once_with(proposal, accepting(several[0]))


def test_who_accepts_what_is_being_exchanged_is_told_so(monkeypatch, caplog):
    proposal, _answers = accepted_when_the_stand_was_let_go(monkeypatch)
    assert_all_is_told(proposal, caplog)


@pytest.fixture
def _nobody_waits(monkeypatch):
    """Without row locks: who should wait goes on."""
    steps._for_update.cache_clear()
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, *_args, **_kwargs: rows)
    yield
    steps._for_update.cache_clear()


@pytest.mark.usefixtures("_nobody_waits")
def test_without_the_locks_the_answer_and_the_exchange_collide(monkeypatch):
    """The control: only the database's last word is left, and the exhibitor meets an error of ours."""
    with pytest.raises((IntegrityError, OperationalError)):
        accepted_when_the_stand_was_let_go(monkeypatch)
