"""A stand is given and its application ends at the same moment, without the domain's locks: the database has the last word."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from exhibitors.models import Application, Placement
from tests.exhibitors.world import site_of, stand_at
from tests.factories.exhibitors import ApplicationFactory, PlacementFactory
from tests.racing import at_once, without_locks

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
]


def one_after_the_other(first: Callable[[], Any], second: Callable[[], Any]) -> str:
    """The first is written and not committed when the second comes. What the second is answered."""
    written, answered = threading.Event(), threading.Event()

    def begin() -> None:
        with transaction.atomic():
            first()
            written.set()
            answered.wait(timeout=0.5)

    def follow() -> str:
        written.wait(timeout=60)
        try:
            second()
        except IntegrityError as error:
            return str(error)
        finally:
            answered.set()
        return "done"

    _begun, answer = at_once(begin, follow)
    return str(answer)


def two_writes(placed_as: str = "accepted") -> tuple[Callable[[], Any], Callable[[str], Any], Callable[[], bool]]:
    """Giving a stand, giving the application another status, and whether the two fit together."""
    application = ApplicationFactory(accepted=True)
    stand = stand_at(site_of(application.fair))

    def become(status: str) -> None:
        Application.objects.filter(pk=application.pk).update(status=status, told_status=status)

    def fits() -> bool:
        return Application.objects.get().status == "accepted" or not Placement.objects.live().exists()

    return lambda: PlacementFactory(application=application, stand=stand, status=placed_as), become, fits


@pytest.mark.parametrize(
    ("status", "rule"),
    [("withdrawn", "ended_application_has_no_live_placement"), ("admitted", "application_accepted_with_a_placement")],
)
def test_an_ending_waits_for_a_stand_that_is_not_committed_yet(status, rule):
    give, become, fits = two_writes()

    assert rule in one_after_the_other(give, lambda: become(status))
    assert fits()


@pytest.mark.parametrize(
    ("status", "rule"),
    [("withdrawn", "live_placement_of_a_living_application"), ("admitted", "application_accepted_with_a_placement")],
)
def test_a_stand_waits_for_an_ending_that_is_not_committed_yet(status, rule):
    give, become, fits = two_writes()

    assert rule in one_after_the_other(lambda: become(status), give)
    assert fits()


@pytest.mark.parametrize("_round", range(5))
def test_of_two_accepted_stands_that_go_at_once_the_last_stays(_round):
    one = PlacementFactory()
    other = PlacementFactory(application=one.application)
    together = threading.Barrier(2)

    def going(placement: Placement) -> Callable[[], Any]:
        def go() -> bool:
            try:
                with transaction.atomic():
                    Placement.objects.filter(pk=placement.pk).update(status="ended")
                    together.wait(timeout=60)
            except IntegrityError:
                return False
            return True

        return go

    assert sorted(at_once(going(one), going(other))) == [False, True]
    assert Placement.objects.live().count() == 1


def test_without_the_lock_a_stand_is_given_to_who_leaves():
    """The control: the race is real, and it is the lock that decides it."""
    give, become, fits = two_writes("offered")

    with without_locks("live_placement_of_a_living_application"):
        assert one_after_the_other(give, lambda: become("withdrawn")) == "done"
    assert not fits()
