"""A stand is blocked, held and offered at the same moment: one of them wins, and the others are told so."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from exhibitors.domain import endings, placements, stand_holds, stand_use
from exhibitors.enums import ApplicationStatus
from exhibitors.models import Application, Placement, StandHold
from fairs.domain import stands
from fairs.models import Stand
from tests.exhibitors.domain.test_race import QUIET
from tests.exhibitors.world import NOW, application_in, site_of, stand_at
from tests.factories.exhibitors import PlacementFactory, StandHoldFactory
from tests.factories.fairs import FairFactory
from tests.racing import at_once, without_locks

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
]

S = ApplicationStatus


def offering(application: Application, stand: Stand) -> Callable[[], Any]:
    return lambda: placements.offer_stand(application_id=application.pk, stand_id=stand.pk, **QUIET)


def blocking(stand: Stand) -> Callable[[], Any]:
    def block() -> Stand:
        mine = Stand.objects.get(pk=stand.pk)
        mine.blocked = True
        return stands.save_stand(stand=mine, now=NOW)

    return block


@pytest.mark.parametrize("_round", range(5))
def test_of_blocking_a_stand_and_offering_it_one_wins(_round):
    application = application_in(S.ADMITTED)
    stand = stand_at(site_of(application.fair))

    answers = at_once(offering(application, stand), blocking(stand))

    stand.refresh_from_db()
    is_offered = Placement.objects.exists()
    assert is_offered is not stand.blocked
    expected = [Placement, stands.FloorRefused] if is_offered else [stand_use.StandBlocked, Stand]
    assert [answer if isinstance(answer, type) else type(answer) for answer in answers] == expected


def a_placement_beside_a_block() -> tuple[str, bool]:
    """Raw writes, without the domain's locks: the placement is written, and not committed when the block comes."""
    application = application_in(S.ADMITTED)
    stand = stand_at(site_of(application.fair))
    written, blocked = threading.Event(), threading.Event()

    def place() -> None:
        with transaction.atomic():
            PlacementFactory(application=application, stand=stand, status="offered")
            written.set()
            blocked.wait(timeout=0.5)

    def block() -> str:
        written.wait(timeout=60)
        try:
            Stand.objects.filter(pk=stand.pk).update(blocked=True)
        except IntegrityError as error:
            return str(error)
        finally:
            blocked.set()
        return "blocked"

    _placed, answer = at_once(place, block)
    stand.refresh_from_db()
    return answer, stand.blocked


def test_a_block_waits_for_a_placement_that_is_not_committed_yet():
    answer, is_blocked = a_placement_beside_a_block()

    assert "stand_in_use_is_not_blocked" in answer
    assert not is_blocked


@pytest.fixture
def _no_lock():
    """The rules of the placement without their lock on the stand."""
    with without_locks("placement_not_on_blocked_stand", "placement_within_stand_days"):
        yield


@pytest.mark.usefixtures("_no_lock")
def test_without_the_lock_a_stand_is_blocked_under_a_placement():
    """The control: the race is real, and it is the lock that decides it."""
    assert a_placement_beside_a_block() == ("blocked", True)


def holding(stand: Stand, **party: Any) -> Callable[[], Any]:
    until = NOW + timedelta(days=3)
    return lambda: stand_holds.hold_stand(stand_id=stand.pk, by=None, now=NOW, until=until, **party)


@pytest.mark.parametrize("is_expired", [False, True])
def test_of_many_who_hold_a_stand_at_once_one_does(is_expired):
    stand = stand_at(site_of(FairFactory()))
    if is_expired:
        StandHoldFactory(stand=stand, until=NOW)

    answers = at_once(*[holding(stand, note=f"Party {number}") for number in range(8)])

    assert sum(isinstance(answer, StandHold) for answer in answers) == 1
    assert answers.count(stand_holds.StandHeld) == 7
    assert StandHold.objects.live(now=NOW).count() == 1


@pytest.mark.parametrize("_round", range(5))
def test_of_blocking_a_stand_and_holding_it_one_wins(_round):
    stand = stand_at(site_of(FairFactory()))

    answers = at_once(holding(stand, note="Altai"), blocking(stand))

    stand.refresh_from_db()
    is_held = StandHold.objects.exists()
    assert is_held is not stand.blocked
    expected = [StandHold, stands.FloorRefused] if is_held else [stand_use.StandBlocked, Stand]
    assert [answer if isinstance(answer, type) else type(answer) for answer in answers] == expected


def hold_beside_offer() -> tuple[bool, bool]:
    """Whether the stand was held, and whether it was offered to another."""
    application = application_in(S.ADMITTED)
    stand = stand_at(site_of(application.fair))
    at_once(offering(application, stand), holding(stand, note="Somebody else"))
    return StandHold.objects.filter(stand=stand).exists(), Placement.objects.filter(stand=stand).exists()


@pytest.mark.parametrize("_round", range(5))
def test_of_holding_a_stand_and_offering_it_to_another_one_wins(_round):
    assert hold_beside_offer() in [(True, False), (False, True)]


def test_without_the_lock_a_stand_is_held_and_offered_to_another(monkeypatch):
    """The control: the race is real, and it is the lock on the stand that decides it."""

    together = threading.Barrier(2)

    def unlocked(stand_id: int, *, fair_id: int) -> Stand:
        found = Stand.objects.select_related("hall__site").get(pk=stand_id)
        together.wait(timeout=60)
        return found

    monkeypatch.setattr(stand_use, "locked_stand", unlocked)
    assert (True, True) in [hold_beside_offer() for _round in range(10)]


@pytest.mark.parametrize("_round", range(5))
def test_a_stand_is_not_kept_for_an_application_that_ends_at_the_same_moment(_round):
    application = application_in(S.ADMITTED)
    stand = stand_at(site_of(application.fair))

    at_once(
        holding(stand, application_id=application.pk),
        lambda: endings.withdraw(application_id=application.pk, **QUIET),
    )

    assert not StandHold.objects.live(now=NOW).exists()


@pytest.mark.parametrize("_round", range(5))
def test_a_release_and_an_offer_at_once_end_the_hold_once(_round):
    application = application_in(S.ADMITTED)
    stand = stand_at(site_of(application.fair))
    holding(stand, application_id=application.pk)()

    answers = at_once(offering(application, stand), lambda: stand_holds.release_hold(stand_id=stand.pk, now=NOW))

    assert isinstance(answers[0], Placement)
    assert (StandHold.objects.get().how, answers[1]) in [("offered", stand_holds.NoHold), ("released", None)]
