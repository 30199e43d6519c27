"""Two organisers plan the same stand at the same moment: one of them has it, and the other is told who was quicker."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from exhibitors.domain import placements, plan_offers, planning
from exhibitors.enums import ApplicationStatus
from exhibitors.models import Application, Placement, PlanChange
from fairs.models import Fair, Stand
from tests.exhibitors.domain.test_race import QUIET
from tests.exhibitors.world import NOW, application_in, site_of, stand_at
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import PlacementFactory
from tests.factories.fairs import FairFactory
from tests.racing import at_once

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
]


def two_of(fair: Fair) -> tuple[Application, Application]:
    return application_in(ApplicationStatus.ADMITTED, fair=fair), application_in(ApplicationStatus.ADMITTED, fair=fair)


def planning_of(application: Application, stand: Stand, by: Any = None) -> Callable[[], Any]:
    return lambda: planning.plan_stand(application_id=application.pk, stand_id=stand.pk, by=by, now=NOW)


def kind(answer: Any) -> str:
    """Its class; a refusal that was raised comes as its class already."""
    return answer.__name__ if isinstance(answer, type) else type(answer).__name__


@pytest.mark.parametrize("_round", range(5))
def test_of_two_organisers_who_plan_one_stand_one_has_it(_round):
    fair = FairFactory()
    first, second = two_of(fair)
    stand = stand_at(site_of(fair))

    answers = at_once(planning_of(first, stand, UserFactory()), planning_of(second, stand, UserFactory()))

    assert sorted(map(kind, answers)) == ["Placement", "StandTaken"]
    assert (Placement.objects.count(), PlanChange.objects.count()) == (1, 1)


def test_without_lock_and_constraint_both_have_it():
    """The control: what the test above would show if nothing held."""
    fair = FairFactory()
    stand = stand_at(site_of(fair))
    both_look = threading.Barrier(2, timeout=60)

    def plan(application: Application) -> Callable[[], Any]:
        def unguarded() -> None:
            with transaction.atomic():
                is_free = not Placement.objects.live().filter(stand=stand).exists()
                both_look.wait()
                if is_free:
                    PlacementFactory(application=application, stand=stand, status="planned", is_plan=True)

        return unguarded

    name = "stand_taken_once_a_day"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE exhibitors_placementday DROP CONSTRAINT {name}")
    try:
        at_once(*(plan(application) for application in two_of(fair)))
        assert Placement.objects.plans().filter(stand=stand).count() == 2
    finally:
        Placement.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE exhibitors_placementday ADD CONSTRAINT {name} UNIQUE (stand_id, day)")


@pytest.mark.parametrize("_round", range(3))
def test_a_plan_is_moved_and_sent_at_once_and_the_exhibitor_reads_of_one_stand(_round):
    fair = FairFactory()
    application, _other = two_of(fair)
    plan = planning_of(application, stand_at(site_of(fair)))()
    elsewhere = stand_at(site_of(fair))

    moved, sent = at_once(
        lambda: planning.move(placement_id=plan.pk, stand_id=elsewhere.pk, by=None, now=NOW),
        lambda: plan_offers.send_offers(placement_ids=[plan.pk], by=None, now=NOW)[plan.pk],
    )

    (row,) = Placement.objects.all()
    assert [kind(moved), kind(sent)] == (["Placement", "PlanGone"] if row.is_plan else ["PlanGone", "Placement"])
    assert row.stand_id == (elsewhere.pk if row.is_plan else plan.stand_id)


@pytest.mark.parametrize("_round", range(3))
def test_of_a_plan_and_an_offer_of_one_stand_one_wins(_round):
    fair = FairFactory()
    first, second = two_of(fair)
    stand = stand_at(site_of(fair))

    answers = at_once(planning_of(first, stand), lambda: placements.offer_stand(application_id=second.pk, stand_id=stand.pk, **QUIET))

    assert sorted(map(kind, answers)) == ["Placement", "StandTaken"]
    assert Placement.objects.count() == 1
