"""Stands are fixed before a run; two that exclude each other are refused, and both are named."""

import pytest
from django.db import IntegrityError, transaction

from allocations.domain import locks
from allocations.domain.locks import LocksContradict
from allocations.models import StandLock
from api.problems import Invalid
from tests.allocations.world import NOW, applicant, hall_of, placed, proposal_of, stand
from tests.factories.exhibitors import PlacementFactory
from tests.factories.fairs import StandFactory, square

pytestmark = pytest.mark.django_db


def fix(place, application=None):
    return locks.fix(stand=place, application=application, by=None, now=NOW)


def test_a_run_places_the_application_where_it_is_fixed_and_nobody_on_what_is_kept_out():
    hall = hall_of(stands=3)
    first, second = applicant(hall), applicant(hall, minutes=1)
    fix(stand(hall, 3), first)
    fix(stand(hall, 1))
    assert placed(proposal_of(hall)) == {first.pk: "A-3", second.pk: "A-2"}


def test_a_stand_is_fixed_anew():
    hall = hall_of()
    first, second = applicant(hall), applicant(hall)
    fix(stand(hall, 1), first)
    fix(stand(hall, 1), second)
    assert StandLock.objects.get().application == second


def test_two_stands_of_one_site_for_one_application_are_refused_with_both():
    hall = hall_of()
    one = applicant(hall)
    fix(stand(hall, 1), one)
    with pytest.raises(LocksContradict) as refusal:
        fix(stand(hall, 2), one)
    assert {"A-1", "A-2"} <= set(str(refusal.value).replace(",", "").split())
    with pytest.raises(IntegrityError), transaction.atomic():
        StandLock.objects.create(stand=stand(hall, 2), application=one, at=NOW)


def test_a_stand_that_somebody_has_accepted_is_not_fixed_for_another_nor_kept_out():
    hall = hall_of()
    one = applicant(hall)
    there = PlacementFactory(application__fair=hall.fair, stand=stand(hall, 1))
    for application in (one, None):
        with pytest.raises(LocksContradict) as refusal:
            fix(stand(hall, 1), application)
        assert str(there.application.company) in str(refusal.value)


def test_who_has_accepted_a_stand_of_the_site_is_fixed_on_no_other():
    hall = hall_of()
    one = applicant(hall, status="accepted")
    PlacementFactory(application=one, stand=stand(hall, 1))
    with pytest.raises(LocksContradict) as refusal:
        fix(stand(hall, 2), one)
    assert {"A-1", "A-2"} <= set(str(refusal.value).replace(",", "").split())


def test_a_blocked_stand_is_fixed_for_nobody():
    hall = hall_of()
    blocked = StandFactory(hall=hall, number="B-1", outline=square(0, 9), blocked=True)
    with pytest.raises(LocksContradict):
        fix(blocked, applicant(hall))


def test_applications_of_other_fairs_and_sites_are_refused():
    hall = hall_of()
    for application in (applicant(hall_of()), applicant(hall_of(hall.fair))):
        with pytest.raises(Invalid):
            fix(stand(hall, 1), application)
    with pytest.raises(IntegrityError), transaction.atomic():
        StandLock.objects.create(stand=stand(hall, 1), application=applicant(hall_of()), at=NOW)
