"""What the tables never hold of buildings, zones and a stand's days, tried by raw SQL."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from fairs.models import Stand
from tests.factories.fairs import FIRST_DAY, LAST_DAY, BuildingFactory, HallFactory, SiteFactory, StandFactory, ZoneFactory
from tests.fairs.test_rules import change, refused

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_a_hall_is_in_a_building_of_its_own_site() -> None:
    hall = HallFactory()
    refused(hall, "building_id", BuildingFactory().pk)
    change(hall, "building_id", BuildingFactory(site=hall.site).pk)
    with pytest.raises(ValidationError, match="another site"):
        HallFactory.build(site=hall.site, building=BuildingFactory()).full_clean()


def test_a_building_keeps_its_site_and_a_zone_its_hall() -> None:
    refused(BuildingFactory(), "site_id", SiteFactory().pk)
    refused(ZoneFactory(), "hall_id", HallFactory().pk)


def test_a_stand_is_in_a_zone_of_its_own_hall() -> None:
    stand = StandFactory()
    refused(stand, "zone_id", ZoneFactory(hall=HallFactory(site=stand.hall.site)).pk)
    change(stand, "zone_id", ZoneFactory(hall=stand.hall).pk)
    with pytest.raises(ValidationError) as caught:
        StandFactory.build(hall=stand.hall, number="A-2", zone=ZoneFactory()).full_clean()
    assert set(caught.value.message_dict) == {"zone"}


def test_what_is_in_a_building_or_a_zone_stays_when_that_goes() -> None:
    stand = StandFactory()
    stand.zone = ZoneFactory(hall=stand.hall)
    stand.save()
    stand.hall.building = BuildingFactory(site=stand.hall.site)
    stand.hall.save()
    stand.hall.building.delete()
    stand.zone.delete()
    assert Stand.objects.values_list("zone", "hall__building").get() == (None, None)


@pytest.mark.parametrize(
    ("column", "value"),
    [("floor_load_kg_m2", 0), ("height_limit_m", 0), ("open_sides_drawn", 5), ("last_day", FIRST_DAY), ("first_day", FIRST_DAY)],
)
def test_a_stand_has_possible_services_and_both_days_or_none(column: str, value: Any) -> None:
    refused(StandFactory(), column, value)


def test_a_stand_is_blocked_for_a_reason() -> None:
    stand = StandFactory(blocked=True, blocked_reason="Stage")
    refused(stand, "blocked_reason", "")
    stand.blocked_reason = " "
    with pytest.raises(ValidationError) as caught:
        stand.full_clean()
    assert set(caught.value.message_dict) == {"blocked_reason"}


def test_a_stand_is_rented_on_days_of_its_site() -> None:
    stand = StandFactory(first_day=FIRST_DAY, last_day=LAST_DAY)
    refused(stand, "first_day", FIRST_DAY - DAY)
    refused(stand, "last_day", LAST_DAY + DAY)
    refused(stand, "last_day", FIRST_DAY - DAY)
    stand.last_day = LAST_DAY + DAY
    with pytest.raises(ValidationError, match=r"1 May 2030 to 5 May 2030"):
        stand.full_clean()


def test_a_site_is_not_cut_short_under_the_days_of_a_stand() -> None:
    stand = StandFactory(first_day=FIRST_DAY, last_day=FIRST_DAY + DAY)
    site = stand.hall.site
    refused(site, "starts_on", FIRST_DAY + DAY)
    change(site, "ends_on", FIRST_DAY + DAY)
    site.refresh_from_db()
    site.ends_on = FIRST_DAY
    with pytest.raises(ValidationError, match="are rented from 1 May 2030 to 2 May 2030"):
        site.full_clean()
