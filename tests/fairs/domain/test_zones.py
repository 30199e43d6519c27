"""The stands of a zone, named as on a plan."""

import pytest

from fairs.domain import zones
from fairs.models import Stand
from tests.factories.fairs import HallFactory, StandFactory, ZoneFactory

NUMBERS = ["A01", "A02", "A03", "A04", "B-1", "B-2", "C01"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("A01", ["A01"]),
        ("C01, A02;A02\n", ["A02", "C01"]),
        ("A01–A03", ["A01", "A02", "A03"]),
        ("A03 - A01", ["A01", "A02", "A03"]),
        ("A01-A02, B-1", ["A01", "A02", "B-1"]),
        ("B-1-B-2", ["B-1", "B-2"]),
        ("A04..C01", ["A04", "B-1", "B-2", "C01"]),
    ],
)
def test_numbers_and_ranges_are_read(text: str, found: list[str]) -> None:
    assert zones.numbers_named(text, among=NUMBERS) == found


@pytest.mark.parametrize(("text", "unknown"), [("A09", "A09"), ("A01–A09", "A09"), ("B-3", "B-3"), ("A01-X", "A01-X")])
def test_a_number_that_is_not_there_is_named(text: str, unknown: str) -> None:
    with pytest.raises(ValueError, match=f"no stand {unknown}"):
        zones.numbers_named(text, among=NUMBERS)


@pytest.mark.django_db
def test_a_zone_has_exactly_the_stands_named_and_they_leave_theirs() -> None:
    hall = HallFactory()
    other = ZoneFactory(hall=hall)
    for number in NUMBERS:
        StandFactory(hall=hall, number=number, zone=other if number == "A02" else None)
    StandFactory(hall=HallFactory(), number="A01")
    zone = ZoneFactory(hall=hall)
    zones.save_zone(zone=zone, numbers=["A01", "A02", "A03", "C01"])
    assert list(zones.as_ranges(zones.numbers_in(hall.pk), zone)) == ["A01–A03", "C01"]
    assert not other.stands.exists()
    zones.save_zone(zone=zone, numbers=["C01"])
    assert list(Stand.objects.filter(zone=zone).values_list("number", flat=True)) == ["C01"]
