from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from exhibitors.domain import stand_holds
from fairs.domain import stands
from fairs.models import Hall, Stand
from tests.conftest import MOMENT as NOW
from tests.factories.exhibitors import PlacementFactory, StandHoldFactory
from tests.factories.fairs import FIRST_DAY, HallFactory, StandFactory, square

pytestmark = pytest.mark.django_db


def problems_of(hall: Hall, **fields: Any) -> list[tuple[str, str]]:
    stand = StandFactory.build(hall=hall, **fields)
    with pytest.raises(stands.FloorRefused) as caught:
        stands.save_stand(stand=stand, now=NOW)
    assert not Stand.objects.filter(number=stand.number).exists()
    return [(problem.field, problem.code) for problem in caught.value.problems]


def test_a_sound_stand_is_saved() -> None:
    hall = HallFactory()
    StandFactory(hall=hall, outline=square(0, 0))
    stands.save_stand(stand=StandFactory.build(hall=hall, number="next door", outline=square(3, 0)), now=NOW)
    assert Stand.objects.filter(number="next door").exists()


def test_an_outline_that_crosses_itself_is_refused() -> None:
    assert problems_of(HallFactory(), outline=[[0, 0], [3, 3], [3, 0], [0, 3]]) == [("outline", "outline")]


def test_a_stand_outside_its_hall_is_refused() -> None:
    assert problems_of(HallFactory(), outline=square(28, 0)) == [("outline", "outside_hall")]


def test_the_pair_that_overlaps_is_named() -> None:
    hall = HallFactory()
    StandFactory(hall=hall, number="A-1", outline=square(0, 0))
    stand = StandFactory.build(hall=hall, number="A-2", outline=square(2, 0))
    with pytest.raises(stands.FloorRefused, match=r"A-2 and A-1 overlap by 3\.00"):
        stands.save_stand(stand=stand, now=NOW)


def test_a_stand_of_another_hall_is_in_nobodys_way() -> None:
    StandFactory(outline=square(0, 0))
    stands.save_stand(stand=StandFactory.build(hall=HallFactory(), outline=square(0, 0)), now=NOW)
    assert Stand.objects.count() == 2


def test_a_changed_stand_does_not_overlap_its_old_self() -> None:
    stand = StandFactory(outline=square(0, 0))
    stand.outline = square(1, 0)
    assert stands.save_stand(stand=stand, now=NOW).outline == square(1, 0)


@pytest.mark.parametrize(("area", "is_fine"), [("9.08", True), ("8.92", True), ("9.10", False), ("8.90", False)])
def test_the_stated_area_is_the_drawn_one_within_a_hundredth(area: str, is_fine: bool) -> None:
    hall = HallFactory()
    if is_fine:
        stands.save_stand(stand=StandFactory.build(hall=hall, area_m2=Decimal(area)), now=NOW)
    else:
        assert problems_of(hall, area_m2=Decimal(area)) == [("area_m2", "area_differs")]


def test_single_fields_are_checked_first() -> None:
    with pytest.raises(ValidationError) as caught:
        stands.save_stand(stand=StandFactory.build(hall=HallFactory(), open_sides=7, outline="round"), now=NOW)
    assert set(caught.value.message_dict) == {"open_sides", "outline"}


@pytest.mark.parametrize("status", ["planned", "offered", "accepted"])
def test_a_stand_that_somebody_has_is_not_blocked_and_nobody_is_named(status: str) -> None:
    stand = PlacementFactory(status=status, application__company__legal_name="OOO Kedr").stand
    stand.blocked = True
    with pytest.raises(stands.FloorRefused, match="take that back or relocate the exhibitor first") as caught:
        stands.save_stand(stand=stand, now=NOW)
    (problem,) = caught.value.problems
    assert (problem.number, problem.field, problem.code) == (stand.number, "blocked", "in_use")
    assert "Kedr" not in problem.message
    stand.refresh_from_db()
    stand.power_kw = Decimal(3)
    assert not stands.save_stand(stand=stand, now=NOW).blocked


@pytest.mark.parametrize("status", ["declined", "lapsed", "withdrawn", "ended"])
def test_a_stand_that_fell_free_is_blocked(status: str) -> None:
    stand = PlacementFactory(status=status).stand
    stand.blocked = True
    assert stands.save_stand(stand=stand, now=NOW).blocked


def test_a_stand_that_is_held_is_not_blocked_before_it_is_released() -> None:
    hold = StandHoldFactory(application=None, note="Altai", until=NOW + timedelta(days=3))
    stand = hold.stand
    stand.blocked = True
    with pytest.raises(stands.FloorRefused, match="release it first") as caught:
        stands.save_stand(stand=stand, now=NOW)
    (problem,) = caught.value.problems
    assert (problem.field, problem.code, "Altai" in problem.message) == ("blocked", "in_use", False)
    assert stands.save_stand(stand=stand, now=hold.until).blocked  # it has expired


def test_a_stand_that_was_released_is_blocked() -> None:
    hold = StandHoldFactory(until=NOW + timedelta(days=3))
    stand_holds.release_hold(stand_id=hold.stand_id, now=NOW)
    hold.stand.blocked = True
    assert stands.save_stand(stand=hold.stand, now=NOW).blocked


@pytest.mark.parametrize("status", ["planned", "offered", "accepted"])
def test_a_stand_stays_for_rent_on_the_days_of_who_has_it(status: str) -> None:
    stand = PlacementFactory(status=status, last_day=FIRST_DAY + timedelta(days=2)).stand
    stand.first_day, stand.last_day = FIRST_DAY, FIRST_DAY + timedelta(days=1)
    with pytest.raises(stands.FloorRefused, match="from 1 May 2030 to 3 May 2030: change the placement first") as caught:
        stands.save_stand(stand=stand, now=NOW)
    (problem,) = caught.value.problems
    assert (problem.number, problem.field, problem.code) == (stand.number, "first_day", "days_in_use")
    stand.last_day = FIRST_DAY + timedelta(days=2)
    assert stands.save_stand(stand=stand, now=NOW).last_day == stand.last_day


def test_a_hall_cannot_shrink_under_its_stands() -> None:
    stand = StandFactory(number="A-1", outline=square(20, 20))
    (problem,) = stands.check_hall(outline=square(0, 0, 10), stands=[stand])
    assert (problem.code, "A-1" in problem.message) == ("stands_outside", True)
    assert stands.check_hall(outline=square(0, 0, 25), stands=[stand]) == []
