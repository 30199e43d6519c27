from typing import Any

import pytest
from rest_framework.test import APIClient

from exhibitors.enums import PlacementStatus
from fairs.enums import Audience, FairStatus, StaffRole
from fairs.models import Fair
from tests.factories.accounts import UserFactory
from tests.factories.fairs import (
    BuildingFactory,
    DeadlineFactory,
    FairFactory,
    HallFactory,
    OpeningHoursFactory,
    SiteFactory,
    StaffMembershipFactory,
    StandFactory,
    TradeFigureFactory,
    ZoneFactory,
    square,
)

pytestmark = pytest.mark.django_db


def whole_fair(**fields: Any) -> Fair:
    fair = FairFactory(**fields)
    site = SiteFactory(fair=fair, slug="north")
    OpeningHoursFactory(site=site)
    HallFactory(site=site, slug=f"{fair.slug}-hall")
    DeadlineFactory(fair=fair, code="design")
    DeadlineFactory(fair=fair, code="secret", is_public=False, audience=Audience.STAFF)
    return fair


def test_a_fair_reads_as_the_contract_says(api: APIClient) -> None:
    whole_fair(slug="spring")
    answer = api.get("/api/v1/fairs/spring/", headers={"Accept-Language": "ru"})
    assert answer.json() == {
        "slug": "spring",
        "name": "Ярмарка",
        "edition": 1,
        "status": "published",
        "starts_on": "2030-05-01",
        "ends_on": "2030-05-05",
        "time_zone": "Asia/Shanghai",
        "currency": "CNY",
        "applications_open_at": "2030-01-01T08:00:00+08:00",
        "applications_close_at": "2030-02-01T08:00:00+08:00",
        "takes_late_applications": True,
        "sites": [
            {
                "slug": "north",
                "name": "Площадка",
                "city": "Шэньян",
                "province": "CN-LN",
                "country": "CN",
                "kind": "hall",
                "starts_on": "2030-05-01",
                "ends_on": "2030-05-05",
                "address": "",
                "position": None,
                "opening_hours": [{"day": "2030-05-01", "opens_at": "2030-05-01T10:00:00+08:00", "closes_at": "2030-05-01T18:00:00+08:00"}],
                "buildings": [],
                "halls": [{"slug": "spring-hall", "name": "Зал", "building": None, "zones": []}],
            }
        ],
        "deadlines": [{"code": "design", "title": "Срок", "due_at": "2030-04-01T23:59:59+08:00"}],
    }


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_any_number_of_fairs(api: APIClient, count: int, django_assert_num_queries: Any) -> None:
    for _number in range(count):
        whole_fair()
    with django_assert_num_queries(9):  # revisions, count, fairs, sites, opening hours, buildings, halls, zones, deadlines
        answer = api.get("/api/v1/fairs/")
    assert len(answer.json()["results"]) == count


def test_texts_in_all_languages(api: APIClient) -> None:
    whole_fair(slug="spring")
    name = api.get("/api/v1/fairs/spring/?lang=all").json()["name"]
    assert name == {"ru": "Ярмарка", "zh-hans": "博览会", "en": "Fair"}
    assert api.get("/api/v1/fairs/spring/", headers={"Accept-Language": "zh-CN"}).json()["name"] == "博览会"


def test_a_draft_is_there_for_its_staff_alone(api: APIClient) -> None:
    member = StaffMembershipFactory(fair__status=FairStatus.DRAFT, fair__slug="secret", role=StaffRole.READ_ONLY)
    unknown = api.get("/api/v1/fairs/unknown/")
    for user in (None, UserFactory(), StaffMembershipFactory().user):
        api.force_authenticate(user)
        for path in ("", "stands/", "market/"):
            answer = api.get(f"/api/v1/fairs/secret/{path}")
            assert (answer.status_code, answer.content) == (404, unknown.content)
        assert "secret" not in [fair["slug"] for fair in api.get("/api/v1/fairs/").json()["results"]]
    for user in (member.user, UserFactory(is_superuser=True)):
        api.force_authenticate(user)
        assert api.get("/api/v1/fairs/secret/").json()["status"] == "draft"
        assert "secret" in [fair["slug"] for fair in api.get("/api/v1/fairs/").json()["results"]]


@pytest.mark.parametrize("path", ["", "spring/", "spring/stands/", "spring/market/"])
def test_a_known_answer_is_304_until_the_fair_changes(api: APIClient, path: str, django_assert_num_queries: Any) -> None:
    fair = whole_fair(slug="spring")
    url = f"/api/v1/fairs/{path}"
    tag = api.get(url)["ETag"]
    with django_assert_num_queries(1):  # the revision
        assert api.get(url, headers={"If-None-Match": tag}).status_code == 304
    assert api.get(url, headers={"If-None-Match": tag, "Accept-Language": "ru"}).status_code == 200
    fair.public_revision.number += 1  # PostgreSQL moves it at commit, which a test never reaches: see test_rules.py
    fair.public_revision.save()
    assert api.get(url, headers={"If-None-Match": tag}).status_code == 200


def test_buildings_and_zones_are_told_and_narrow_the_stands(api: APIClient) -> None:
    building = BuildingFactory(slug="b", site__slug="north", site__fair__slug="spring")
    hall = HallFactory(slug="one", site=building.site, building=building)
    zone = ZoneFactory(hall=hall, slug="food", category_codes=["03", "16"])
    StandFactory(hall=hall, number="A-1", zone=zone)
    StandFactory(hall=HallFactory(site=building.site), number="A-2")
    (site,) = api.get("/api/v1/fairs/spring/", headers={"Accept-Language": "ru"}).json()["sites"]
    assert site["buildings"] == [{"slug": "b", "name": "Корпус"}]
    zones = [{"slug": "food", "name": "Зона", "categories": ["03", "16"]}]
    assert {"slug": "one", "name": "Зал", "building": "b", "zones": zones} in site["halls"]
    for query in ("building=b", "zone=food", "hall=one&zone=food"):
        (stand,) = api.get(f"/api/v1/fairs/spring/stands/?{query}").json()["results"]
        assert (stand["number"], stand["building"], stand["zone"]) == ("A-1", "b", "food")
    assert api.get("/api/v1/fairs/spring/stands/?zone=drinks").json()["count"] == 0


def test_stands_read_as_the_contract_says(api: APIClient) -> None:
    hall = HallFactory(slug="one", site__slug="north", site__fair__slug="spring")
    stand = StandFactory(hall=hall, number="A-1", open_sides=2)
    answer = api.get("/api/v1/fairs/spring/stands/").json()
    assert answer == {
        "count": 1,
        "next": None,
        "previous": None,
        "results": [
            {
                "id": stand.pk,
                "number": "A-1",
                "hall": "one",
                "site": "north",
                "building": None,
                "zone": None,
                "area_m2": 9.0,
                "kind": "corner",
                "open_sides": 2,
                "outline": [[0, 0], [3, 0], [3, 3], [0, 3]],
                "status": "available",
            }
        ],
    }


@pytest.mark.parametrize("count", [1, 3])
def test_stands_cost_the_same_for_any_number(api: APIClient, count: int, django_assert_num_queries: Any) -> None:
    hall = HallFactory(site__fair__slug="spring")
    StandFactory.create_batch(count, hall=hall)
    with django_assert_num_queries(3):  # the fair, count, stands
        answer = api.get("/api/v1/fairs/spring/stands/")
    assert len(answer.json()["results"]) == count


def test_stands_are_filtered(api: APIClient) -> None:
    hall = HallFactory(slug="one", site__slug="north", site__fair__slug="spring")
    StandFactory(hall=hall, number="row")
    StandFactory(hall=hall, number="island", open_sides=4, outline=square(6, 0))
    other = HallFactory(slug="two", site=SiteFactory(fair=hall.fair, slug="south"))
    StandFactory(hall=other, number="blocked", blocked=True)
    StandFactory(number="of another fair")

    def numbers(query: str) -> list[str]:
        return [stand["number"] for stand in api.get(f"/api/v1/fairs/spring/stands/?{query}").json()["results"]]

    assert numbers("hall=one") == ["island", "row"]
    assert numbers("site=south") == ["blocked"]
    assert numbers("kind=island") == ["island"]
    assert numbers("status=blocked") == ["blocked"]
    assert numbers("status=available&kind=row") == ["row"]
    assert numbers("") == ["island", "row", "blocked"]
    for query in ("kind=round", "status=offered"):
        assert api.get(f"/api/v1/fairs/spring/stands/?{query}").status_code == 400


@pytest.mark.parametrize(
    ("status", "shown"),
    [(PlacementStatus.PLANNED, "available"), (PlacementStatus.OFFERED, "available"), (PlacementStatus.ACCEPTED, "taken")],
)
def test_only_an_accepted_stand_is_taken(api: APIClient, status: str, shown: str) -> None:
    factories = pytest.importorskip("tests.factories.exhibitors")
    stand = StandFactory(hall__site__fair__slug="spring")
    application = factories.ApplicationFactory(fair=stand.hall.fair, accepted=True)
    application.placements.create(
        stand=stand, site=stand.hall.site, status=status, first_day=stand.hall.site.starts_on, last_day=stand.hall.site.ends_on
    )
    assert api.get("/api/v1/fairs/spring/stands/").json()["results"][0]["status"] == shown


def test_the_market_reads_as_the_contract_says(api: APIClient) -> None:
    fair = FairFactory(slug="spring")
    TradeFigureFactory(
        fair=fair, year=2023, amount="54900000000", amount_usd="7700000000", growth_percent="53", source_ru="Консул", source_en="Consul"
    )
    TradeFigureFactory(fair=fair, year=2022, goods_ru="Мёд", goods_en="Honey", amount="10.5", source="Customs")
    assert api.get("/api/v1/fairs/spring/market/?lang=ru").json()["results"] == [
        {
            "province": "CN-LN",
            "year": 2023,
            "flow": "turnover",
            "goods": None,
            "amount": {"amount": "54900000000.00", "currency": "CNY"},
            "amount_usd": "7700000000.00",
            "growth_percent": "53.0",
            "source": "Консул",
        },
        {
            "province": "CN-LN",
            "year": 2022,
            "flow": "turnover",
            "goods": "Мёд",
            "amount": {"amount": "10.50", "currency": "CNY"},
            "amount_usd": None,
            "growth_percent": None,
            "source": "Customs",
        },
    ]
    first, second = api.get("/api/v1/fairs/spring/market/?lang=all").json()["results"]
    assert first["goods"] is None
    assert first["source"] == {"ru": "Консул", "zh-hans": "", "en": "Consul"}
    assert second["source"]["en"] == "Customs"
    assert [row["source"] for row in api.get("/api/v1/fairs/spring/market/?lang=zh-hans").json()["results"]] == ["Consul", "Customs"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_market_costs_the_same_for_any_number(api: APIClient, count: int, django_assert_num_queries: Any) -> None:
    TradeFigureFactory.create_batch(count, fair=FairFactory(slug="spring"))
    with django_assert_num_queries(3):  # the fair, count, figures
        assert len(api.get("/api/v1/fairs/spring/market/").json()["results"]) == count


def test_me_names_the_roles(api: APIClient) -> None:
    member = StaffMembershipFactory(fair__slug="spring", role=StaffRole.REGIONAL_COORDINATOR, region_code="RU-PRI")
    api.force_authenticate(member.user)
    assert api.get("/api/v1/me/").json()["roles"] == [{"fair": "spring", "role": "regional_coordinator", "region": "RU-PRI"}]


def test_all_that_is_wrong_with_a_question_is_named_at_once(client):
    """Whoever mends one parameter is not told of the next only then."""
    fair = FairFactory(status="published")
    query = "colour=red&page_size=abc&page=0&kind=round&status=&hall=a&lang=ru&lang=en"
    answer = client.get(f"/api/v1/fairs/{fair.slug}/stands/?{query}")
    assert answer.status_code == 400
    assert {error["parameter"]: error["code"] for error in answer.json()["errors"]} == {
        "colour": "unknown_parameter",
        "page_size": "invalid",
        "page": "invalid",
        "kind": "invalid_choice",
        "status": "blank",
        "lang": "repeated",
    }
