"""What stands are to each other, told from drawings whose answer one sees."""

import math
import random

import pytest

from fairs.domain.neighbours import across_aisle, neighbours
from fairs.domain.open_sides import open_sides
from fairs.geometry import Outline

HALL = [[0, 0], [30, 0], [30, 20], [0, 20]]


def box(x: float, y: float, width: float = 3, depth: float = 3) -> list[list[float]]:
    return [[x, y], [x + width, y], [x + width, y + depth], [x, y + depth]]


def turned(outline: Outline, degrees: float) -> list[list[float]]:
    """Around the hall's middle, so that nothing leaves a large hall."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return [[15 + (x - 15) * cos - (y - 10) * sin, 10 + (x - 15) * sin + (y - 10) * cos] for x, y in outline]


# Two blocks of two rows back to back, an aisle of 3 m between them.
BLOCKS = {f"{row}{place}": box(6 + 3 * place, y) for row, y in (("A", 4), ("B", 7), ("C", 13), ("D", 16)) for place in (1, 2, 3)}


def test_neighbours_stand_side_by_side_or_back_to_back() -> None:
    found = neighbours(BLOCKS)
    in_a_row = {(f"{row}{place}", f"{row}{place + 1}"): 3.0 for row in "ABCD" for place in (1, 2)}
    back_to_back = {(f"{one}{place}", f"{other}{place}"): 3.0 for one, other in ("AB", "CD") for place in (1, 2, 3)}
    assert found == {**in_a_row, **back_to_back}


@pytest.mark.parametrize(
    ("other", "edge"),
    [
        (box(3, 0), 3.0),
        (box(3.04, 0), 3.0),  # a partition wall between them
        (box(3.2, 0), None),
        (box(3, 2), 1.0),
        (box(3, 2.6), None),  # 40 cm are not enough
        (box(3, 3), None),  # a corner
        (box(3, -2, 4, 8), 3.0),
        (box(10, 10), None),
    ],
)
def test_the_shared_edge_is_measured(other: Outline, edge: float | None) -> None:
    expected = {} if edge is None else {("one", "other"): edge}
    assert neighbours({"one": box(0, 0), "other": other}) == pytest.approx(expected, abs=0.1)
    assert neighbours({"other": other, "one": box(0, 0)}).values() == pytest.approx(list(expected.values()), abs=0.1)


@pytest.mark.parametrize("degrees", [0, 17, 45, 90, 133])
def test_a_turned_hall_has_the_same_neighbours_and_aisles(degrees: float) -> None:
    blocks = {number: turned(outline, degrees) for number, outline in BLOCKS.items()}
    assert neighbours(blocks) == pytest.approx(neighbours(BLOCKS), abs=0.02)
    assert across_aisle(blocks) == pytest.approx(across_aisle(BLOCKS), abs=0.02)
    hall = turned([[-40, -40], [70, -40], [70, 60], [-40, 60]], degrees)
    assert open_sides(blocks, hall=hall) == open_sides(BLOCKS, hall=hall)


def test_across_the_aisle_are_those_who_face_each_other_with_nothing_between() -> None:
    assert across_aisle(BLOCKS) == {(f"B{place}", f"C{place}"): 3.0 for place in (1, 2, 3)}


@pytest.mark.parametrize(
    ("other", "between", "aisle"),
    [
        (box(0, 5), None, 2.0),
        (box(0, 8.9), None, 5.9),
        (box(0, 9.1), None, None),  # wider than an aisle
        (box(2, 5), None, 2.0),  # a third of each
        (box(2.5, 5), None, None),
        (box(0, 7), box(0, 4, 3, 1), None),  # somebody stands between
        (box(0, 7), box(-1.5, 4, 3, 1), 4.0),  # half of the sight is left
        (box(3, 3), None, None),
    ],
)
def test_who_faces_whom(other: Outline, between: Outline | None, aisle: float | None) -> None:
    outlines = {"one": box(0, 0), "other": other, **({"third": between} if between else {})}
    found = across_aisle(outlines)
    assert found.get(("one", "other")) == (None if aisle is None else pytest.approx(aisle))


def test_one_stand_or_none_has_no_neighbours() -> None:
    assert neighbours({}) == across_aisle({}) == neighbours({"one": box(0, 0)}) == across_aisle({"one": box(0, 0)}) == {}
    assert open_sides({}, hall=HALL) == {}


@pytest.mark.parametrize(
    ("others", "sides"),
    [
        ([], 4),
        ([box(7, 10)], 3),
        ([box(7, 10), box(13, 10)], 2),
        ([box(7, 10), box(13, 10), box(10, 13)], 1),
        ([box(7, 10), box(13, 10), box(10, 13), box(10, 7)], 0),
        ([box(7, 11.6)], 4),  # touches less than half of the side
        ([box(7, 11.4)], 3),
        ([box(6.6, 10)], 3),  # 40 cm away: nobody can stand there
        ([box(6.4, 10)], 4),
    ],
)
def test_a_side_is_open_where_a_visitor_can_stand_before_half_of_it(others: list[Outline], sides: int) -> None:
    outlines = {"it": box(10, 10), **{str(number): outline for number, outline in enumerate(others)}}
    assert open_sides(outlines, hall=HALL)["it"] == sides


@pytest.mark.parametrize(("x", "y", "sides"), [(0, 5, 3), (0, 0, 2), (0.9, 5, 4), (27, 17, 2), (10, 10, 4)])
def test_a_wall_closes_a_side(x: float, y: float, sides: int) -> None:
    assert open_sides({"it": box(x, y)}, hall=HALL) == {"it": sides}


def test_an_l_shaped_stand_and_a_round_one_have_four_sides() -> None:
    corner = [[3, 12], [9, 12], [9, 15], [6, 15], [6, 18], [3, 18]]
    assert open_sides({"L": corner}, hall=HALL) == {"L": 4}
    assert open_sides({"L": corner, "beside": box(9, 12)}, hall=HALL)["L"] == 4  # half of what looks that way is free
    assert open_sides({"L": corner, "below": box(3, 9, 6, 3)}, hall=HALL)["L"] == 3
    circle = [[15 + 3 * math.cos(a / 18 * math.pi), 10 + 3 * math.sin(a / 18 * math.pi)] for a in range(36)]
    triangle = [[3, 3], [6, 3], [3, 7]]
    assert open_sides({"circle": circle, "triangle": triangle}, hall=HALL) == {"circle": 4, "triangle": 4}


def test_corners_on_a_straight_line_change_nothing() -> None:
    many = [[10, 10], [11, 10], [12, 10], [13, 10], [13, 13], [10, 13]]
    assert open_sides({"it": many, "beside": box(13, 10)}, hall=HALL) == {"it": 3, "beside": 3}
    assert neighbours({"it": many, "above": box(10, 13)}) == {("it", "above"): 3.0}


def test_the_order_of_the_stands_changes_nothing() -> None:
    mixed = list(BLOCKS.items())
    random.Random(6).shuffle(mixed)
    pairs = lambda found: {frozenset(pair): metres for pair, metres in found.items()}  # noqa: E731
    assert pairs(neighbours(dict(mixed))) == pairs(neighbours(BLOCKS))
    assert pairs(across_aisle(dict(mixed))) == pairs(across_aisle(BLOCKS))
    assert open_sides(dict(mixed), hall=HALL) == open_sides(BLOCKS, hall=HALL)
