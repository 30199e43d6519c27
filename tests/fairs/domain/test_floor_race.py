"""Two people draw on one piece of floor at the same moment: one of them has it, and the other is told with whom it overlaps."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db.models import QuerySet

from fairs import geometry
from fairs.domain import halls, stand_import, stand_rows, stands
from fairs.domain.stand_pattern import Pattern
from fairs.models import Hall, Stand
from fairs.tables import Row, Table, TableError
from tests.conftest import MOMENT as NOW
from tests.factories.fairs import HallFactory, StandFactory, square
from tests.racing import at_once

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
]


def drawing(hall: Hall, number: str, x: float) -> Callable[[], Any]:
    stand = StandFactory.build(hall=hall, number=number, outline=square(x, 3))
    return lambda: stands.save_stand(stand=stand, now=NOW)


def importing(hall: Hall, number: str, x: float) -> Callable[[], Any]:
    values = {"hall": hall.slug, "number": number, "x": str(x), "y": "3", "width": "3", "depth": "3"}
    table = Table(list(values), [Row(2, values)])
    return lambda: stand_import.import_stands(fair=hall.fair, table=table, now=NOW)


def adding(hall: Hall, number: str, x: float) -> Callable[[], Any]:
    pattern = Pattern(first_number=number, rows=1, per_row=1, margin_x=x)
    return lambda: stand_rows.add(hall=hall, pattern=pattern, services={})


def told(call: Callable[[], Any]) -> Callable[[], str]:
    """What the refusal says, or ''."""

    def run() -> str:
        try:
            call()
        except (stands.FloorRefused, TableError) as refusal:
            return str(refusal)
        return ""

    return run


def overlaps(hall: Hall) -> int:
    return len(list(geometry.overlaps(dict(Stand.objects.filter(hall=hall).values_list("number", "outline")))))


@pytest.mark.parametrize(
    ("one", "other"), [(drawing, drawing), (drawing, importing), (importing, adding), (adding, drawing), (adding, adding)]
)
@pytest.mark.parametrize("_round", range(3))
def test_of_two_overlapping_stands_one_is_drawn(one: Any, other: Any, _round: int) -> None:
    hall = HallFactory()
    answers = at_once(told(one(hall, "A01", 3)), told(other(hall, "B01", 4)))
    assert (Stand.objects.count(), overlaps(hall)) == (1, 0)
    (refusal,) = filter(None, answers)
    assert "A01" in refusal
    assert "B01" in refusal


@pytest.mark.parametrize("_round", range(3))
def test_a_hall_does_not_shrink_under_a_stand_that_is_being_drawn(_round: int) -> None:
    hall = HallFactory()
    smaller = Hall.objects.get(pk=hall.pk)
    smaller.outline = square(0, 0, 10)
    answers = at_once(told(drawing(hall, "A01", 20)), told(lambda: halls.save_hall(hall=smaller)))
    hall.refresh_from_db()
    assert all(geometry.lies_within(stand.outline, hall.outline) for stand in Stand.objects.all())
    assert len(list(filter(None, answers))) == 1


@contextmanager
def no_lock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setattr(QuerySet, "select_for_update", lambda rows, *args, **kwargs: rows.all())
        yield


def test_without_the_lock_two_overlapping_stands_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    with no_lock(monkeypatch):
        for _try in range(20):
            hall = HallFactory()
            at_once(told(drawing(hall, "A01", 3)), told(drawing(hall, "B01", 4)))
            if overlaps(hall):
                return
    pytest.fail("the control never showed what the lock prevents")
