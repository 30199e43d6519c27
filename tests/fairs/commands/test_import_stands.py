"""Files of stands as organisers have them: sizes only, places, maps; and what is wrong with them, with its place."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError

from fairs.models import Hall, Stand
from tests.factories.exhibitors import PlacementFactory
from tests.factories.fairs import FIRST_DAY, HallFactory, StandFactory, ZoneFactory, square
from tests.fairs.commands.test_imports import failed, run

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall() -> Hall:
    """30 × 30 m."""
    return HallFactory(slug="one", site__fair__slug="spring")


@pytest.fixture
def load(tmp_path: Path, hall: Hall) -> Any:
    return lambda text, *more, name="stands.csv": run("import_stands", written(tmp_path, name, text), "--fair", "spring", *more)


@pytest.fixture
def refused(tmp_path: Path, hall: Hall) -> Any:
    def lines(text: str | bytes, *more: str, name: str = "stands.csv") -> list[str]:
        found = failed("import_stands", written(tmp_path, name, text), "--fair", "spring", *more)
        assert not Stand.objects.exists()
        return found

    return lines


def written(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def outlines() -> dict[str, Any]:
    return dict(Stand.objects.order_by("number").values_list("number", "outline"))


def map_of(*stands: tuple[dict[str, Any], list[list[float]]], **more: Any) -> str:
    features = [
        {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [[*outline, outline[0]]]}}
        for properties, outline in stands
    ]
    return json.dumps({"type": "FeatureCollection", "features": features, **more})


def test_number_and_size_are_enough_in_a_fair_of_one_hall(load: Any, hall: Hall) -> None:
    rows = "".join(f"A-{number:02},3,3\n" for number in range(1, 10)) + "B-1,6,4\n"
    assert load("number,width,depth\n" + rows) == "stands: 10 new, 0 changed, 0 unchanged"
    found = outlines()
    assert (found["A-01"], found["A-08"]) == (square(3, 3), square(24, 3))
    assert found["A-09"] == square(3, 9)  # the row is full; after an aisle of 3 m the next begins
    assert found["B-1"] == [[6, 9], [12, 9], [12, 13], [6, 13]]
    kinds = dict(Stand.objects.values_list("number", "open_sides"))
    assert (kinds["A-01"], kinds["A-02"], kinds["A-09"]) == (3, 2, 3)
    assert Stand.objects.get(number="B-1").area_m2 == Decimal(24)


def test_the_same_sizes_again_change_nothing_and_a_larger_one_moves(load: Any) -> None:
    text = "number,width,depth,power_kw\nA-1,3,3,2\nA-2,3,3,2\n"
    load(text)
    assert load(text) == "stands: 0 new, 0 changed, 2 unchanged"
    assert load("number,power_kw\nA-2,5\n") == "stands: 0 new, 1 changed, 0 unchanged"
    load("number,width,depth\nA-1,4,3\n")
    assert outlines() == {"A-1": [[9, 3], [13, 3], [13, 6], [9, 6]], "A-2": square(6, 3)}


def test_stands_without_a_place_go_around_those_that_have_one(load: Any, hall: Hall) -> None:
    StandFactory(hall=hall, number="there", outline=square(4, 4))
    load("number,x,y,width,depth\nA-1,,,3,3\nA-2,15,15,3,3\n")
    assert outlines() == {"A-1": square(7, 3), "A-2": square(15, 15), "there": square(4, 4)}


def test_a_hall_that_is_full_is_told_and_nothing_is_loaded(refused: Any) -> None:
    lines = refused("number,width,depth\n" + "".join(f"S{number},8,8\n" for number in range(7)))
    assert lines == ["row 8, column number: There is no room left in the hall for this stand."]


def test_every_service_zone_and_day_is_read(load: Any, hall: Hall) -> None:
    zone = ZoneFactory(hall=hall, slug="food")
    load(
        "Номер;Ширина, м;Глубина, м;Зона;Мощность, кВт;Вода;Интернет;Нагрузка на пол, кг/м²;Предел высоты, м;Сдаётся с;Сдаётся по\n"
        "А-1;3;3;food;2,5;да;да;500;4,5;01.05.2030;03.05.2030\n"
    )
    stand = Stand.objects.get()
    assert (stand.zone, stand.power_kw, stand.water, stand.drain, stand.internet) == (zone, Decimal("2.5"), True, False, True)
    assert (stand.floor_load_kg_m2, stand.height_limit_m) == (500, Decimal("4.5"))
    assert (stand.first_day.isoformat(), stand.last_day.isoformat()) == ("2030-05-01", "2030-05-03")


def test_what_is_wrong_with_services_zone_and_days_is_named(refused: Any, hall: Hall) -> None:
    HallFactory(site=hall.site, slug="two")
    lines = refused(
        "hall,number,width,depth,zone,floor_load_kg_m2,height_limit_m,first_day,last_day,blocked\n"
        "one,A-1,3,3,food,,,,,\n"
        "one,A-2,3,3,,heavy,-1,,,\n"
        "one,A-3,3,3,,,,2030-04-30,2030-05-01,\n"
        "one,A-4,3,3,,,,2030-05-01,,\n"
        "one,A-5,3,3,,,,,,yes\n"
        ",A-6,3,3,,,,,,\n"
        "one,A-7,3000,3,,,,,,\n"
        "one,A-8,3,,,,,,,\n"
    )
    assert [line.partition(": ")[0] for line in lines] == [
        "row 2, column zone",
        "row 3, column floor_load_kg_m2",
        "row 3, column height_limit_m",
        "row 4, column first_day",
        "row 5, column first_day",
        "row 6, column blocked_reason",
        "row 7, column hall",
        "row 8, column width",
        "row 9, column depth",
    ]
    assert "1 May 2030 to 5 May 2030" in lines[3]
    assert "one, two" in lines[6]


def test_a_stand_keeps_the_days_of_who_has_it(hall: Hall, tmp_path: Path) -> None:
    stand = StandFactory(hall=hall, number="A-1")
    PlacementFactory(stand=stand, application__fair=hall.fair, status="accepted")
    path = written(tmp_path, "days.csv", f"number,first_day,last_day\nA-1,{FIRST_DAY},{FIRST_DAY}\n")
    (line,) = failed("import_stands", path, "--fair", "spring")
    assert line == "row 2, column first_day: An exhibitor has this stand from 1 May 2030 to 5 May 2030: change the placement first."


def test_a_size_in_millimetres_is_recognised(refused: Any) -> None:
    (line,) = refused("number,width,depth\nA-1,3000,2.5\n")
    assert line == "row 2, column width: 3000 looks like millimetres: write metres, such as 3."


@pytest.mark.parametrize(
    ("outline", "cause"),
    [
        ("3000 3000; 6000 3000; 6000 6000; 3000 6000", "These look like millimetres: write metres."),
        ("300 300; 600 300; 600 600; 300 600", "These look like centimetres: write metres."),
        ("300000 0; 303000 0; 303000 3000; 300000 3000", "Write metres from the hall's lower left corner, not millimetres"),
        ("31 0; 34 0; 34 3; 31 3", "The stand reaches beyond the hall's outline."),
    ],
)
def test_other_units_are_recognised(refused: Any, outline: str, cause: str) -> None:
    (line,) = refused(f"number,outline\nA-1,{outline}\n")
    assert line.startswith("row 2, column outline: ")
    assert cause in line


def test_exchanged_axes_are_recognised(refused: Any, hall: Hall) -> None:
    Hall.objects.update(outline=[[0, 0], [50, 0], [50, 20], [0, 20]])
    (line,) = refused("number,outline\nA-1,4 40; 7 40; 7 43; 4 43\n")
    assert line.endswith("With x and y exchanged it would be inside: write x first, then y.")


def test_a_map_is_read_and_what_it_says_besides_is_told(load: Any, hall: Hall) -> None:
    text = map_of(({"hall": "one", "number": "A-1", "power_kw": 2.5, "water": True, "kind": "row", "fid": 1}, square(3, 3)))
    said = load(text, name="hall.geojson").splitlines()
    assert said == ["not read: fid", "stands: 1 new, 0 changed, 0 unchanged"]
    stand = Stand.objects.get()
    assert (stand.outline, stand.power_kw, stand.water, stand.open_sides) == (square(3, 3), Decimal("2.5"), True, 4)
    assert load(text, name="hall.geojson").endswith("0 new, 0 changed, 1 unchanged")


def test_a_map_of_one_hall_need_not_name_it(load: Any, hall: Hall) -> None:
    HallFactory(site=hall.site, slug="two")
    load(map_of(({"number": "B-1"}, square(3, 3))), "--hall", "two", name="hall.json")
    assert Stand.objects.get().hall.slug == "two"
    with pytest.raises(CommandError, match="It has: one, two"):
        load("number,width,depth\nA,3,3\n", "--hall", "three")


def test_longitudes_and_latitudes_are_refused(refused: Any) -> None:
    degrees = [[123.4, 41.8], [123.40003, 41.8], [123.40003, 41.80003], [123.4, 41.80003]]
    for text in (map_of(({"number": "A"}, degrees)), map_of(({"number": "A"}, square(0, 0)), crs={"properties": {"name": "EPSG:4326"}})):
        (line,) = refused(text, name="a.geojson")
        assert line.startswith("These are longitudes and latitudes.")


HOLE = {"type": "Polygon", "coordinates": [[[0, 0], [9, 0], [9, 9], [0, 0]], [[1, 1], [2, 1], [2, 2], [1, 1]]]}


@pytest.mark.parametrize(
    ("geometry", "sentence"),
    [
        ({"type": "Point", "coordinates": [1, 1]}, "A stand is one polygon; this is a Point."),
        (HOLE, "This polygon has a hole"),
        ({"type": "Polygon", "coordinates": [[[0, "x"], [1, 1], [2, 2]]]}, "no pair of numbers"),
        ({"type": "Polygon", "coordinates": [[[0, 1e400], [1, 1], [2, 2]]]}, "no pair of numbers"),
        ({"type": "Polygon", "coordinates": []}, "has no corners"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [9, 9], [9, 0], [0, 9]]]}, "crosses itself at 4.5; 4.5"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [5, 0], [9, 0]]]}, "encloses no floor"),
        ({"type": "Polygon", "coordinates": [[[place / 100, 0] for place in range(1001)]]}, "at most 1000 corners"),
        (None, "A stand is one polygon"),
    ],
)
def test_a_feature_that_is_no_stand_is_named(refused: Any, geometry: Any, sentence: str) -> None:
    features = [
        {"type": "Feature", "properties": {"number": "A"}, "geometry": {"type": "Polygon", "coordinates": [square(15, 15)]}},
        {"type": "Feature", "properties": {"number": "B"}, "geometry": geometry},
    ]
    (line,) = refused(json.dumps({"type": "FeatureCollection", "features": features}), name="a.geojson")
    assert line.startswith("feature 2")
    assert sentence in line


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "The file is empty."),
        ("{", "no valid JSON"),
        ('{"type": "Topology"}', "This is no GeoJSON of stands"),
        ('{"type": "FeatureCollection", "features": []}', "There are no stands in this file."),
        ("[" * 100_000, "no valid JSON"),
        ('{"type": "FeatureCollection", "features": ' + "[" * 100_000, "no valid JSON"),
        (b'{"type": "\xff"}', "no valid JSON"),
    ],
)
def test_a_file_that_is_no_map_is_refused(refused: Any, content: str | bytes, sentence: str) -> None:
    (line,) = refused(content, name="a.geojson")
    assert sentence in line


def test_numbers_that_are_missing_or_there_twice_are_named_in_a_map_too(refused: Any) -> None:
    stands = [({"number": "A"}, square(0, 0)), ({"number": "A"}, square(6, 0)), ({}, square(12, 0)), ({"number": "D"}, square(1, 1))]
    lines = refused(map_of(*stands), name="a.geojson")
    assert [line.partition(": ")[0] for line in lines] == [
        "feature 2, property number",
        "feature 3, property number",
        "feature 4, property outline",
    ]
    assert "D and A overlap by 4.00" in lines[2]


def test_a_spreadsheet_is_read(tmp_path: Path, hall: Hall) -> None:
    book = openpyxl.Workbook()
    for row in (["Spring fair: stands"], ["Number", "Width", "Depth"], ["A-1", 3, 3.5], ["A-2", 3.0, 3]):
        book.active.append(row)
    book.save(tmp_path / "stands.xlsx")
    assert run("import_stands", tmp_path / "stands.xlsx", "--fair", "spring") == "stands: 2 new, 0 changed, 0 unchanged"
