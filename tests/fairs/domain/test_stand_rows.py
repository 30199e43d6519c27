"""Rows of stands from a pattern: where they stand, how they are numbered, and what is refused."""

from typing import Any

import pytest

from fairs.domain import stand_pattern, stand_rows
from fairs.domain.stand_pattern import Pattern
from fairs.domain.stands import FloorRefused
from fairs.enums import HallCorner, NextRow, RowDirection
from fairs.models import Hall, Stand
from tests.factories.fairs import HallFactory, StandFactory, ZoneFactory, square

HALL = [[0, 0], [40, 0], [40, 20], [0, 20]]


def numbered(first: str, next_row: NextRow, *, rows: int = 3, per_row: int = 2) -> list[str]:
    return list(stand_pattern.numbers(Pattern(first_number=first, next_row=next_row, rows=rows, per_row=per_row)))


@pytest.mark.parametrize(
    ("first", "next_row", "expected"),
    [
        ("A01", NextRow.LETTER, ["A01", "A02", "B01", "B02", "C01", "C02"]),
        ("Y9", NextRow.LETTER, ["Y9", "Y10", "Z9", "Z10", "AA9", "AA10"]),
        ("H2-A.07", NextRow.LETTER, ["H2-A.07", "H2-A.08", "H2-B.07", "H2-B.08", "H2-C.07", "H2-C.08"]),
        ("101", NextRow.HUNDRED, ["101", "102", "201", "202", "301", "302"]),
        ("H2-901", NextRow.HUNDRED, ["H2-901", "H2-902", "H2-1001", "H2-1002", "H2-1101", "H2-1102"]),
        ("008", NextRow.GOES_ON, ["008", "009", "010", "011", "012", "013"]),
    ],
)
def test_numbers_go_on_as_wished(first: str, next_row: NextRow, expected: list[str]) -> None:
    assert numbered(first, next_row) == expected


@pytest.mark.parametrize(
    ("first", "next_row", "per_row"),
    [
        ("101", NextRow.LETTER, 2),
        ("A", NextRow.LETTER, 2),
        ("Ж01", NextRow.LETTER, 2),
        ("A", NextRow.GOES_ON, 2),
        ("01", NextRow.HUNDRED, 2),
        ("150", NextRow.HUNDRED, 51),
        ("A" + "0" * 19 + "1", NextRow.LETTER, 2),
        ("٣", NextRow.GOES_ON, 2),
    ],
)
def test_a_first_number_that_cannot_be_counted_on_is_refused_at_its_field(first: str, next_row: NextRow, per_row: int) -> None:
    with pytest.raises(FloorRefused) as caught:
        numbered(first, next_row, per_row=per_row)
    assert [problem.field for problem in caught.value.problems] == ["first_number"]


def corners(pattern: Pattern) -> dict[str, Any]:
    """The lower left corner of each stand."""
    return {number: tuple(outline[0]) for number, outline in stand_pattern.draw(pattern, hall=HALL).items()}


def test_double_rows_stand_back_to_back_with_an_aisle_after_each_pair() -> None:
    drawn = corners(Pattern(rows=3, per_row=2, aisle=2.5))
    assert drawn == {"A01": (3, 3), "A02": (6, 3), "B01": (3, 6), "B02": (6, 6), "C01": (3, 11.5), "C02": (6, 11.5)}


def test_single_rows_and_cross_aisles() -> None:
    drawn = corners(Pattern(rows=2, per_row=3, doubles=False, width=4, depth=2, cross_after=2, margin_x=1, margin_y=0))
    assert drawn == {"A01": (1, 0), "A02": (5, 0), "A03": (12, 0), "B01": (1, 5), "B02": (5, 5), "B03": (12, 5)}


@pytest.mark.parametrize(
    ("corner", "first", "second"),
    [
        (HallCorner.LOWER_LEFT, (3, 3), (6, 3)),
        (HallCorner.LOWER_RIGHT, (34, 3), (31, 3)),
        (HallCorner.UPPER_LEFT, (3, 14), (6, 14)),
        (HallCorner.UPPER_RIGHT, (34, 14), (31, 14)),
    ],
)
def test_the_first_stand_is_in_the_chosen_corner(corner: HallCorner, first: Any, second: Any) -> None:
    drawn = corners(Pattern(rows=1, per_row=2, corner=corner))
    assert (drawn["A01"], drawn["A02"]) == (first, second)


def test_rows_may_run_up_the_plan() -> None:
    drawn = stand_pattern.draw(Pattern(rows=2, per_row=2, width=4, depth=2, direction=RowDirection.ALONG_Y), hall=HALL)
    assert drawn["A02"] == [[3, 7], [5, 7], [5, 11], [3, 11]]
    assert drawn["B01"] == [[5, 3], [7, 3], [7, 7], [5, 7]]


@pytest.mark.parametrize(
    ("pattern", "rows", "per_row"),
    [
        (Pattern(), 3, 11),
        (Pattern(doubles=False), 2, 11),
        (Pattern(direction=RowDirection.ALONG_Y), 8, 4),
        (Pattern(width=50, depth=50), 1, 1),
        (Pattern(margin_x=0, margin_y=0, width=4, depth=4), 4, 10),
    ],
)
def test_a_hall_is_filled_to_its_margins(pattern: Pattern, rows: int, per_row: int) -> None:
    filled = stand_pattern.filling(pattern, hall=HALL)
    assert (filled.rows, filled.per_row) == (rows, per_row)


def test_more_stands_than_one_draws_at_once_are_refused() -> None:
    with pytest.raises(FloorRefused, match="At most 5000"):
        stand_pattern.draw(Pattern(rows=51, per_row=100), hall=HALL)


@pytest.fixture
def hall() -> Hall:
    return HallFactory(outline=HALL)


@pytest.mark.django_db
def test_what_was_looked_at_is_what_is_written(hall: Hall) -> None:
    zone = ZoneFactory(hall=hall)
    pattern = Pattern(rows=2, per_row=3)
    rows = stand_rows.look(hall=hall, pattern=pattern)
    assert not Stand.objects.exists()
    made = stand_rows.add(hall=hall, pattern=pattern, services={"zone": zone, "power_kw": 3, "water": True})
    assert {stand.number: stand.outline for stand in Stand.objects.all()} == rows.fitting == {stand.number: stand.outline for stand in made}
    assert set(Stand.objects.values_list("zone", "power_kw", "water", "area_m2")) == {(zone.pk, 3, True, 9)}
    sides = dict(Stand.objects.values_list("number", "open_sides"))
    assert sides == rows.open_sides == {"A01": 2, "A02": 1, "A03": 2, "B01": 2, "B02": 1, "B03": 2}


@pytest.mark.django_db
def test_stands_that_would_overlap_leave_the_hall_or_be_there_twice_are_named_and_none_is_written(hall: Hall) -> None:
    StandFactory(hall=hall, number="old", outline=square(4, 4))
    StandFactory(hall=hall, number="B02", outline=square(34, 14))
    pattern = Pattern(rows=2, per_row=13)
    with pytest.raises(FloorRefused) as caught:
        stand_rows.add(hall=hall, pattern=pattern, services={})
    assert [(problem.code, problem.message) for problem in caught.value.problems] == [
        ("outside_hall", "These would stand out of the hall: A13, B13."),
        ("overlap", "These would overlap stands that are there: A01 (old), A02 (old), B01 (old), B02 (old)."),
        ("number", "These numbers are there already: B02."),
    ]
    assert Stand.objects.count() == 2
    made = stand_rows.add(hall=hall, pattern=pattern, services={}, only_fitting=True)
    assert [stand.number for stand in made] == [f"{row}{place:02}" for row in "AB" for place in range(3, 13)]


@pytest.mark.django_db
def test_of_many_that_do_not_fit_twenty_are_named_and_the_rest_counted(hall: Hall) -> None:
    (problem,) = stand_rows.look(hall=hall, pattern=Pattern(rows=1, per_row=34)).problems
    assert problem.message.endswith("A31, A32 and 2 more.")


@pytest.mark.django_db
def test_a_pattern_of_which_nothing_fits_is_refused(hall: Hall) -> None:
    with pytest.raises(FloorRefused, match="A01"):
        stand_rows.add(hall=hall, pattern=Pattern(rows=1, per_row=1, width=60), services={}, only_fitting=True)


@pytest.mark.django_db
def test_the_neighbours_that_were_there_follow_the_plan(hall: Hall) -> None:
    old = StandFactory(hall=hall, number="old", outline=square(3, 6), open_sides=4, open_sides_drawn=4)
    stand_rows.add(hall=hall, pattern=Pattern(rows=1, per_row=1), services={})
    old.refresh_from_db()
    assert (old.open_sides, Stand.objects.get(number="A01").open_sides) == (3, 3)


@pytest.mark.django_db
@pytest.mark.parametrize("count", [3, 300])
def test_any_number_of_stands_costs_few_statements(count: int, django_assert_max_num_queries: Any) -> None:
    hall = HallFactory(outline=[[0, 0], [1000, 0], [1000, 20], [0, 20]])
    with django_assert_max_num_queries(12):
        stand_rows.add(hall=hall, pattern=Pattern(rows=1, per_row=count), services={})
