"""Open sides follow the plan, unless somebody states others."""

from typing import Any

import pytest

from fairs.domain import drawn_sides, halls, stands
from fairs.models import Hall, Stand
from tests.conftest import MOMENT as NOW
from tests.factories.fairs import HallFactory, StandFactory, square

pytestmark = pytest.mark.django_db


def draw(hall: Hall, number: str, x: float, y: float, *, stated: int | None = None) -> Stand:
    return stands.save_stand(stand=StandFactory.build(hall=hall, number=number, outline=square(x, y), open_sides=stated), now=NOW)


def sides(hall: Hall) -> dict[str, tuple[int, int | None]]:
    rows = Stand.objects.filter(hall=hall).order_by("number")
    return {stand.number: (stand.open_sides, stand.open_sides_drawn) for stand in rows}


def test_a_stand_without_a_number_of_its_own_follows_its_neighbours() -> None:
    hall = HallFactory()
    draw(hall, "A", 10, 10)
    assert sides(hall) == {"A": (4, 4)}
    draw(hall, "B", 13, 10)
    assert sides(hall) == {"A": (3, 3), "B": (3, 3)}
    moved = Stand.objects.get(number="B")
    moved.outline = square(20, 20)
    stands.save_stand(stand=moved, now=NOW)
    assert sides(hall) == {"A": (4, 4), "B": (4, 4)}


def test_what_is_stated_otherwise_stays_and_is_told() -> None:
    hall = HallFactory()
    draw(hall, "A", 10, 10, stated=2)
    draw(hall, "B", 13, 10)
    assert sides(hall) == {"A": (2, 3), "B": (3, 3)}
    assert list(drawn_sides.notices(Stand.objects.order_by("number"))) == ["Stand A: 2 open sides are stated; by the plan it has 3."]
    stand = Stand.objects.get(number="A")
    stand.open_sides = None  # as the plan says
    stands.save_stand(stand=stand, now=NOW)
    assert sides(hall)["A"] == (3, 3)
    assert not list(drawn_sides.notices(Stand.objects.all()))


def test_a_stand_that_was_there_before_the_plan_was_read_keeps_what_was_stated() -> None:
    hall = HallFactory()
    StandFactory(hall=hall, number="A", outline=square(10, 10), open_sides=1)
    draw(hall, "B", 20, 10)
    assert sides(hall) == {"A": (1, 4), "B": (4, 4)}


def test_a_stand_that_is_closed_in_is_told() -> None:
    hall = HallFactory()
    draw(hall, "it", 10, 10)
    for number, (x, y) in enumerate([(7, 10), (13, 10), (10, 13), (10, 7)]):
        draw(hall, str(number), x, y)
    assert sides(hall)["it"] == (1, 0)
    assert list(drawn_sides.notices(Stand.objects.filter(number="it"))) == ["Stand it is closed in: no visitor can enter it."]


def test_the_walls_of_a_changed_hall_close_and_open_sides() -> None:
    hall = HallFactory()
    draw(hall, "A", 10, 10)
    hall.outline = [[10, 0], [30, 0], [30, 30], [10, 30]]
    halls.save_hall(hall=hall)
    assert sides(hall) == {"A": (3, 3)}
    hall.outline = [[11, 0], [30, 0], [30, 30], [11, 30]]
    with pytest.raises(stands.FloorRefused, match="would be outside: A"):
        halls.save_hall(hall=hall)
    assert sides(hall) == {"A": (3, 3)}


def test_the_neighbours_of_a_stand_that_goes_open_up() -> None:
    hall = HallFactory()
    draw(hall, "A", 10, 10)
    gone = draw(hall, "B", 13, 10)
    assert halls.remove_stands(stand_ids=[gone.pk]) == 1
    assert sides(hall) == {"A": (4, 4)}


@pytest.mark.parametrize(
    ("stated", "before", "drawn", "holds"),
    [(None, None, 3, 3), (None, 2, 0, 1), (2, None, 3, 2), (2, 2, 3, 3), (1, 0, 2, 2), (4, 2, 3, 4), (3, 2, 3, 3)],
)
def test_what_holds(stated: Any, before: Any, drawn: int, holds: int) -> None:
    assert drawn_sides.settled(stated, before=before, drawn=drawn) == holds
