"""The public catalogue as visitors and programs read it."""

import pytest
from django.db import transaction

from exhibitors.api.serializers import ExhibitorSerializer, ExhibitorStandSerializer
from exhibitors.domain import applications, catalogue, placements
from exhibitors.enums import ApplicationStatus, CoExhibitorStatus, PlacementStatus
from exhibitors.models import Application, Exhibitor
from fairs.enums import FairStatus
from tests.exhibitors.api.catalogue import exhibitor, names, url
from tests.exhibitors.world import NOW, application_in, site_of, stand_at, with_open_offer
from tests.factories.exhibitors import (
    CoExhibitorFactory,
    CompanyFactory,
    ExhibitorFactory,
    PlacementFactory,
    ProductCategoryFactory,
    RegionFactory,
)
from tests.factories.fairs import FairFactory, HallFactory, SiteFactory, StandFactory

pytestmark = pytest.mark.django_db

S = ApplicationStatus


@pytest.fixture
def fair():
    return FairFactory()


def test_a_row_is_exactly_what_the_schema_says(api, fair):
    made = exhibitor(fair, name_en="Sea", description_en="Fish.", brands_en="Wave\nTide", website="https://sea.example")
    made.company.categories.add(ProductCategoryFactory())
    stand = made.application.placements.get().stand

    response = api.get(url(fair))

    assert response.json() == {
        "count": 1,
        "next": None,
        "previous": None,
        "results": [
            {
                "id": made.pk,
                "name": "Sea",
                "role": "MAIN",
                "description": "Fish.",
                "brands": ["Wave", "Tide"],
                "region": {"code": "RU-PRI", "name": "Primorsky Krai"},
                "categories": [{"code": "03", "name": "Fish and seafood"}],
                "stands": [{"site": stand.hall.site.slug, "hall": stand.hall.slug, "number": stand.number}],
                "website": "https://sea.example",
                "logo": None,
            }
        ],
    }
    row = response.json()["results"][0]
    assert set(row) == set(ExhibitorSerializer().fields)
    assert set(row["stands"][0]) == set(ExhibitorStandSerializer().fields)
    assert api.get(url(fair, made.pk)).json() == row


def test_texts_come_in_the_language_asked_for_and_fall_back(api, fair):
    full = exhibitor(fair, name_ru="Море", name_zh_hans="海", name_en="Sea", brands_ru="Волна", brands_zh_hans="波", brands_en="Wave")
    only_russian = exhibitor(fair, name_ru="Ёж", name_zh_hans="", name_en="", description_ru="Мёд", region=None)
    nameless = exhibitor(fair, name_ru="", name_zh_hans="", name_en="", legal_name="АО «Я»")

    def read(made, **asked):
        row = api.get(url(fair, made.pk), asked.get("query"), headers=asked.get("headers")).json()
        return row["name"], row["description"], row["brands"], row["region"] and row["region"]["name"]

    assert read(full, query={"lang": "ru"}) == ("Море", "", ["Волна"], "Приморский край")
    assert read(full, headers={"Accept-Language": "zh-CN"}) == ("海", "", ["波"], "滨海边疆区")
    assert read(full) == ("Sea", "", ["Wave"], "Primorsky Krai")
    assert read(only_russian, query={"lang": "zh-hans"}) == ("Ёж", "Мёд", [], None)
    assert read(nameless) == ("АО «Я»", "", [], "Primorsky Krai")
    assert read(full, query={"lang": "all"}) == (
        {"ru": "Море", "zh-hans": "海", "en": "Sea"},
        {"ru": "", "zh-hans": "", "en": ""},
        {"ru": ["Волна"], "zh-hans": ["波"], "en": ["Wave"]},
        {"ru": "Приморский край", "zh-hans": "滨海边疆区", "en": "Primorsky Krai"},
    )


def test_filters_by_region_category_site_and_hall(api, fair):
    one = exhibitor(fair, name_en="One", region=RegionFactory(code="RU-PRI"))
    one.company.categories.add(ProductCategoryFactory(code="03"), ProductCategoryFactory(code="04"))
    two = ExhibitorFactory(fair=fair, company=CompanyFactory(name_en="Two", region=RegionFactory(code="RU-CHE")))
    hall = HallFactory(site=SiteFactory(fair=fair))
    PlacementFactory(application=two.application, stand=StandFactory(hall=hall))
    here = one.application.placements.get().stand.hall

    assert names(api, fair, region="RU-PRI") == names(api, fair, category="03") == names(api, fair, category="04") == ["One"]
    assert names(api, fair, site=here.site.slug) == names(api, fair, hall=here.slug) == ["One"]
    assert names(api, fair, site=hall.site.slug) == names(api, fair, hall=hall.slug) == names(api, fair, region="RU-CHE") == ["Two"]
    assert names(api, fair, region="RU-CHE", hall=here.slug) == names(api, fair, category="99") == names(api, fair, hall="nowhere") == []


def test_a_choice_given_more_than_once_means_any_of_them(api, fair):
    one = exhibitor(fair, name_en="One", region=RegionFactory(code="RU-PRI"))
    two = exhibitor(fair, name_en="Two", region=RegionFactory(code="RU-KHA"))
    three = exhibitor(fair, name_en="Three", region=RegionFactory(code="RU-CHE"))
    for made, code in ((one, "03"), (two, "04"), (three, "04")):
        made.company.categories.add(ProductCategoryFactory(code=code))
    one.company.categories.add(ProductCategoryFactory(code="04"))
    site = three.application.placements.get().stand.hall.site.slug

    assert names(api, fair, region=["RU-PRI", "RU-KHA"]) == names(api, fair, region="RU-PRI, ru-kha") == ["One", "Two"]
    assert names(api, fair, region=["RU-PRI", "RU-KHA"], category="04") == ["One", "Two"]
    assert names(api, fair, category=["03", "04", "04"]) == names(api, fair, site=[site, "nowhere"]) == ["One", "Three", "Two"]
    assert names(api, fair, region=["RU-SAR", "RU-KHA"]) == ["Two"]
    assert api.get(url(fair), {"region": ["RU-PRI"] * 2 + [f"X-{n}" for n in range(99)]}).status_code == 200
    refused = api.get(url(fair), {"region": [f"X-{n}" for n in range(101)]})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "too_many")


@pytest.mark.parametrize("code", ["RU-PRI", "ru-pri", "Ru-Pri"])
def test_a_region_is_found_however_its_code_is_written(api, fair, code):
    exhibitor(fair, name_en="One", region=RegionFactory(code="RU-PRI"))

    assert names(api, fair, region=code) == ["One"]


@pytest.mark.parametrize("query", [{}, {"region": "RU-PRI"}, {"region": ["RU-PRI", "RU-KHA"], "category": ["03", "04"]}])
def test_several_values_cost_no_more_queries(api, fair, query, django_assert_num_queries):
    made = exhibitor(fair, region=RegionFactory(code="RU-PRI"))
    made.company.categories.add(ProductCategoryFactory(code="03"))
    with django_assert_num_queries(5):
        assert api.get(url(fair), query).json()["count"] == 1


def test_the_tag_of_a_list_knows_each_value(api, fair):
    exhibitor(fair, name_en="One", region=RegionFactory(code="RU-PRI"))
    tags = [api.get(url(fair), {"region": codes})["ETag"] for codes in (["RU-KHA"], ["RU-PRI", "RU-KHA"], ["RU-CHE", "RU-KHA"])]

    assert len(set(tags)) == 3
    again = api.get(url(fair), {"region": ["RU-PRI", "RU-KHA"]}, headers={"If-None-Match": tags[0]})
    assert (again.status_code, again.json()["count"]) == (200, 1)


def test_a_hall_where_a_stand_is_only_offered_does_not_lead_to_the_exhibitor(api, fair):
    application = application_in(S.ACCEPTED, fair=fair)
    hall = HallFactory(site=site_of(fair))
    PlacementFactory(application=application, stand=StandFactory(hall=hall), status=PlacementStatus.OFFERED)

    assert names(api, fair, hall=hall.slug) == []


def test_the_order_is_by_name_in_the_readers_language(api, fair):
    exhibitor(fair, name_en="Alpha", name_ru="Яблоко")
    exhibitor(fair, name_en="beta", name_ru="ёж")
    exhibitor(fair, name_en="Gamma", name_ru="Жук")

    assert names(api, fair) == names(api, fair, ordering="name") == ["Alpha", "beta", "Gamma"]
    assert names(api, fair, ordering="-name") == ["Gamma", "beta", "Alpha"]
    assert names(api, fair, lang="ru") == ["ёж", "Жук", "Яблоко"]
    refused = api.get(url(fair), {"ordering": "id"})
    assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (400, "ordering")


def test_250_rows_fit_on_a_page_and_no_more(api, fair):
    exhibitor(fair)

    assert len(api.get(url(fair), {"page_size": 250}).json()["results"]) == 1
    assert api.get(url(fair), {"page_size": 251}).status_code == 400
    assert api.get(url(fair), {"page": 2}).status_code == 404


def test_the_pages_of_a_list_hold_each_row_once(api, fair):
    for _ in range(5):
        exhibitor(fair, name_en="The same")

    pages = [api.get(url(fair), {"page_size": 2, "page": page}).json()["results"] for page in (1, 2, 3)]
    assert sorted(row["id"] for page in pages for row in page) == sorted(Exhibitor.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("language", ["ru", "all"])
def test_the_list_costs_the_same_for_any_number_of_rows(api, fair, count, language, django_assert_num_queries):
    for _ in range(count):
        exhibitor(fair).company.categories.add(ProductCategoryFactory())

    with django_assert_num_queries(5):  # fair with its revision, count, exhibitors, their categories, their stands
        response = api.get(url(fair), {"lang": language})

    assert len(response.json()["results"]) == count


def test_what_is_not_accepted_is_never_shown(api, fair):
    for status in ApplicationStatus:
        if status != S.ACCEPTED:
            catalogue.refresh_application(application_in(status, fair=fair))

    assert api.get(url(fair)).json()["results"] == []


def test_an_open_offer_beside_the_accepted_stand_is_not_shown(api, fair):
    application = application_in(S.ACCEPTED, fair=fair)
    accepted = application.placements.get().stand.number
    with_open_offer(application)

    row = api.get(url(fair)).json()["results"][0]

    assert [stand["number"] for stand in row["stands"]] == [accepted]


def test_a_co_exhibitor_stands_where_its_main_exhibitor_does(api, fair):
    application = application_in(S.ACCEPTED, fair=fair)
    guest = CoExhibitorFactory(application=application, status=CoExhibitorStatus.ADMITTED).company
    catalogue.refresh_application(application)

    rows = {row["role"]: row for row in api.get(url(fair)).json()["results"]}

    assert rows["CO"]["name"] == guest.name_en
    assert rows["CO"]["stands"] == rows["MAIN"]["stands"] != []


def test_another_fairs_exhibitors_stay_there(api, fair):
    elsewhere = exhibitor(FairFactory())

    assert api.get(url(fair)).json()["count"] == 0
    assert api.get(url(fair, elsewhere.pk)).status_code == 404


def test_what_is_unknown_has_one_answer(api, fair):
    draft = FairFactory(status=FairStatus.DRAFT)
    hidden = exhibitor(draft)
    shown = exhibitor(fair)

    answers = [
        api.get(address).json() | {"code": api.get(address).status_code}
        for address in (
            url(draft),
            url(draft, hidden.pk),
            url(fair, shown.pk + 1000),
            url(fair, hidden.pk),
            "/api/v1/fairs/no-such-fair/exhibitors/",
        )
    ]

    assert answers[0]["code"] == 404
    assert all(answer == answers[0] for answer in answers)


def test_a_past_fairs_catalogue_stays_open(api):
    past = FairFactory(status=FairStatus.ARCHIVED)
    exhibitor(past)

    assert api.get(url(past)).json()["count"] == 1


@pytest.mark.parametrize("detail", [False, True])
def test_a_known_revision_costs_one_query(api, fair, detail, django_assert_num_queries):
    address = url(fair, exhibitor(fair).pk if detail else None)
    tag = api.get(address)["ETag"]

    with django_assert_num_queries(1):  # the fair with its revision
        response = api.get(address, headers={"If-None-Match": tag})

    assert (response.status_code, response.content, response["ETag"]) == (304, b"", tag)
    assert api.get(address, {"lang": "ru"}, headers={"If-None-Match": tag}).status_code == 200


def _rename(made):
    made.company.name_en = "Renamed"
    made.company.save()


def _categorise(made):
    made.company.categories.add(ProductCategoryFactory())


def _leave(made):
    with transaction.atomic():
        made.application.placements.get().delete()
        Application.objects.filter(pk=made.application.pk).update(status="admitted", told_status="admitted")


def _stand(made):
    stand = made.application.placements.get().stand
    stand.number = "Z-1"
    stand.save()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", [_rename, _categorise, _leave, _stand])
def test_a_public_fact_that_changes_moves_the_tag(api, fair, change):
    made = exhibitor(fair)
    tag = api.get(url(fair))["ETag"]

    change(made)

    assert api.get(url(fair), headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_an_offer_or_an_application_moves_no_tag(api, fair):
    exhibitor(fair)
    stand = stand_at(site_of(fair))
    application = application_in(S.SUBMITTED, fair=fair)
    tag = api.get(url(fair))["ETag"]

    applications.admit(application_id=application.pk, by=None, now=NOW, tell=False)
    placements.offer_stand(application_id=application.pk, stand_id=stand.pk, by=None, now=NOW, tell=False)

    assert api.get(url(fair), headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("address", ["regions", "product-categories"])
@pytest.mark.parametrize("count", [1, 3])
def test_reference_lists_are_open_to_all(api, address, count, django_assert_num_queries):
    for number in range(count):
        RegionFactory(code=f"RU-{number}")
        ProductCategoryFactory(code=f"0{number}")

    with django_assert_num_queries(3):  # revisions, count, rows
        response = api.get(f"/api/v1/{address}/", {"lang": "ru"})

    assert len(response.json()["results"]) == count
    assert set(response.json()["results"][0]) == {"code", "name"}


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("format=xml", "format", "unknown_parameter"),
        ("regoin=RU-PRI", "regoin", "unknown_parameter"),
        ("search=honey&search=tea", "search", "repeated"),
        ("lang=ru&lang=en", "lang", "repeated"),
        ("page=1&page=1", "page", "repeated"),
        ("region=", "region", "blank"),
        ("region=,", "region", "blank"),
        ("search=%ff%fe", "search", "not_utf8"),
        ("%ff=1", "\ufffd", "not_utf8"),
    ],
)
def test_a_query_that_cannot_be_followed_is_refused(api, query, parameter, code):
    refused = api.get(f"/api/v1/fairs/{FairFactory().slug}/exhibitors/?{query}")
    assert refused.status_code == 400
    assert [(error["parameter"], error["code"]) for error in refused.json()["errors"]] == [(parameter, code)]
    assert api.get(f"/api/v1/regions/?{query}").status_code == 400


def test_a_query_in_any_script_is_taken(api):
    path = f"/api/v1/fairs/{FairFactory().slug}/exhibitors/"
    assert api.get(path, {"search": "мёд 蜂蜜 100%", "ordering": "-name", "page_size": 5, "lang": "ru"}).status_code == 200
