"""The map that everybody gets of a hall is one that an organiser can load again."""

import io
import json

import pytest

from exhibitors.domain.floor_plan import geojson_of
from fairs.domain import stand_files, stand_import
from fairs.models import Stand
from tests.conftest import MOMENT as NOW
from tests.factories.exhibitors import PlacementFactory
from tests.factories.fairs import HallFactory, StandFactory, square

pytestmark = pytest.mark.django_db


def test_the_map_of_a_hall_loads_again_without_a_change_and_into_an_empty_hall() -> None:
    hall = HallFactory(slug="one")
    StandFactory(hall=hall, number="A-1", outline=square(3, 3), open_sides=4)
    clockwise = list(reversed(square(12, 12)))
    PlacementFactory(
        stand=StandFactory(hall=hall, number="A-2", outline=clockwise, open_sides=4), application__fair=hall.fair, status="accepted"
    )
    content = json.dumps(geojson_of(hall, language="ru")).encode()

    read = stand_files.read_stands(io.BytesIO(content), name="one.geojson")
    assert read.unread == []
    done = stand_import.import_stands(fair=hall.fair, table=read.table, now=NOW)
    assert (str(done.tally), done.notices) == ("0 new, 0 changed, 2 unchanged", [])
    empty = HallFactory(slug="one")
    assert str(stand_import.import_stands(fair=empty.fair, table=read.table, now=NOW).tally) == "2 new, 0 changed, 0 unchanged"
    assert Stand.objects.get(hall=empty, number="A-1").outline == square(3, 3)
