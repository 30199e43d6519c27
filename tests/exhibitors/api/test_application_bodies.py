"""Bodies that make no sense: each is refused with its place, in the reader's words."""

import pytest

from exhibitors.enums import ApplicationStatus
from exhibitors.models import Application
from tests.exhibitors.api.applying import errors, url
from tests.exhibitors.world import application_in, snapshot
from tests.factories.exhibitors import ProductCategoryFactory
from tests.factories.fairs import SiteFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_no_letters")]

S = ApplicationStatus


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, [("/company", "required")]),
        ({"company": "x"}, [("/company", "invalid")]),
        ({"company": True}, None),
        ({"company": None}, [("/company", "null")]),
        ({"company": -1}, [("/company", "min_value")]),
        ({"company": 2**63}, [("/company", "max_value")]),
        ({"company": [1]}, [("/company", "invalid")]),
        ({"company": "OWN", "status": "accepted"}, [("/status", "unknown_field")]),
        ({"company": "OWN", "sites": "all"}, None),
        ({"company": "OWN", "sites": [1]}, None),
        ({"company": "OWN", "sites": [{}]}, [("/sites/0/site", "required")]),
        ({"company": "OWN", "sites": [{"site": "nowhere"}]}, [("/sites/0/site", "unknown_site")]),
        ({"company": "OWN", "sites": [{"site": "FOREIGN"}]}, [("/sites/0/site", "unknown_site")]),
        ({"company": "OWN", "sites": [{"site": "HERE", "open_sides": 5}]}, [("/sites/0/open_sides", "max_value")]),
        ({"company": "OWN", "sites": [{"site": "HERE", "scheme": "tent"}]}, [("/sites/0/scheme", "invalid_choice")]),
        ({"company": "OWN", "sites": [{"site": "HERE", "first_day": "soon"}]}, [("/sites/0/first_day", "invalid")]),
        ({"company": "OWN", "sites": [{"site": "HERE", "first_day": "2031-01-01"}]}, [("/sites/0/first_day", "outside_site_days")]),
        ({"company": "OWN", "sites": [{"site": "HERE", "last_day": "2031-01-01"}]}, [("/sites/0/last_day", "outside_site_days")]),
        ({"company": "OWN", "sites": [{"site": "HERE", "color": "red"}]}, [("/sites/0/color", "unknown_field")]),
        ({"company": "OWN", "sites": [{"site": "HERE"}, {"site": "HERE"}]}, [("/sites/1/site", "unique")]),
        (
            {"company": "OWN", "sites": [{"site": "HERE", "requested_area_m2": {"min": 0}}]},
            [("/sites/0/requested_area_m2/min", "min_value")],
        ),
        (
            {"company": "OWN", "sites": [{"site": "HERE", "requested_area_m2": {"min": 9, "wished": 8}}]},
            [("/sites/0/requested_area_m2/wished", "areas_in_order")],
        ),
        (
            {"company": "OWN", "sites": [{"site": "HERE", "requested_area_m2": {"wished": "a lot"}}]},
            [("/sites/0/requested_area_m2/wished", "invalid")],
        ),
        (
            {"company": "OWN", "sites": [{"site": "HERE", "requested_area_m2": {"wished": 10**7}}]},
            [("/sites/0/requested_area_m2/wished", "max_whole_digits")],
        ),
        (
            {"company": "OWN", "sites": [{"site": "HERE", "requested_area_m2": {"width": 3}}]},
            [("/sites/0/requested_area_m2/width", "unknown_field")],
        ),
        ({"company": "OWN", "sites": [{"site": "HERE", "requested_area_m2": 9}]}, None),
        ({"company": "OWN", "sites": [{"site": "HERE", "requested_area_m2": None}]}, None),
        ({"company": "OWN", "sites": None}, [("/sites", "null")]),
        ({"company": "OWN", "categories": ["99"]}, [("/categories/0", "unknown_category")]),
        ({"company": "OWN", "categories": "03"}, None),
        ({"company": "OWN", "categories": [3.5, {}]}, None),
        ({"company": "OWN", "categories": ["x" * 100_000]}, [("/categories/0", "max_length")]),
        ({"company": "OWN", "sites": [{"site": "x" * 100_000}]}, [("/sites/0/site", "max_length")]),
        ({"company": "OWN", "categories": ["0\0"]}, [("/categories/0", "null_character")]),
        ([], None),
        ("text", None),
        (None, None),
    ],
)  # fmt: skip
def test_a_body_that_makes_no_sense_is_refused_with_its_place(owner, fair, company, body, expected):
    site = SiteFactory(fair=fair, slug="here")
    SiteFactory(slug="foreign")
    ProductCategoryFactory()
    filled = _filled(body, {"OWN": company.pk, "HERE": site.slug, "FOREIGN": "foreign"})

    response = owner.post(url(fair), filled, format="json")

    found = errors(response)
    assert found == expected if expected else found
    assert Application.objects.count() == 0


def _filled(value, words):
    if isinstance(value, dict):
        return {name: _filled(inner, words) for name, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, words) for inner in value]
    return words.get(value, value) if isinstance(value, str) else value


@pytest.mark.parametrize("reason", ["x" * 100_000, "null\0", 5, ["x"], {"a": 1}, None])
def test_a_reason_that_is_no_text_of_4000_characters_is_refused(owner, fair, company, reason):
    application = application_in(S.DRAFT, fair=fair, company=company)
    before = snapshot(application)

    response = owner.post(url(fair, application.pk, "withdraw"), {"reason": reason}, format="json")

    assert [pointer for pointer, _code in errors(response)] == ["/reason"]
    assert snapshot(application) == before


def test_a_step_that_needs_nothing_said_refuses_more(owner, fair, company):
    application = application_in(S.DRAFT, fair=fair, company=company)

    assert errors(owner.post(url(fair, application.pk, "submit"), {"late": False})) == [("/late", "unknown_field")]


@pytest.mark.parametrize(
    ("site", "pointer", "words"),
    [
        ({"first_day": "2024-02-30"}, "/sites/0/first_day", "Напишите существующий день"),
        ({"cold_storage_m2": 10**8}, "/sites/0/cold_storage_m2", "не больше 500."),
        ({"water": "perhaps"}, "/sites/0/water", "Напишите true или false."),
        ({"site": "nowhere"}, "/sites/0/site", "/api/v1/fairs/"),
        ({"stand_preferences": [{"stand": 10**15}]}, "/sites/0/stand_preferences/0", "/stands/?site="),
    ],
)
def test_what_is_wrong_is_said_in_the_readers_words(owner, fair, company, site, pointer, words):
    known = SiteFactory(fair=fair)
    body = {"company": company.pk, "sites": [{"site": known.slug, **site}]}
    [error] = owner.post(url(fair), body, headers={"Accept-Language": "ru"}).json()["errors"]
    assert error["pointer"] == pointer
    assert words in error["detail"]
    assert "date" not in error["detail"]


def test_of_an_id_a_whole_number_is_asked_for(owner, fair):
    [error] = owner.post(url(fair), {"company": {}}, headers={"Accept-Language": "ru"}).json()["errors"]
    assert error["detail"] == "Напишите целое число, без кавычек."


def test_a_body_of_another_type_is_told_which_is_taken(owner, fair):
    refused = owner.post(url(fair), "a=1", content_type="text/plain")
    assert (refused.status_code, "application/json" in refused.json()["detail"]) == (415, True)


@pytest.mark.parametrize("is_change", [False, True])
def test_wrong_types_within_an_item_hide_nothing_else_of_it(owner, fair, company, is_change):
    SiteFactory(fair=fair, slug="here")
    body = {
        "sites": [
            {
                "site": "here",
                "scheme": 5,
                "requested_area_m2": {"min": "much", "wished": 9, "max": 6},
                "first_day": "2031-01-01",
                "stand_preferences": [{"hall": "h", "number": 7}, {"stand": 999_999}],
            },
            {"site": 5, "open_sides": "x", "requested_area_m2": {"min": 9, "wished": 8}},
            {"site": "nowhere", "requested_area_m2": {"min": 9, "wished": 8}},
            {"site": "here"},
        ],
        "near": [{"name": 5, "inn": "12"}, {}, {"name": "A"}, {"name": "A"}],
        "away": [{"exhibitor": "x"}],
    }

    if is_change:
        application = application_in(S.DRAFT, fair=fair, company=company)
        address = url(fair, application.pk)
        response = owner.patch(address, body, format="json", headers={"If-Match": owner.get(address)["ETag"]})
    else:
        response = owner.post(url(fair), {"company": company.pk, **body}, format="json")

    assert sorted(errors(response)) == [
        ("/away/0/exhibitor", "invalid"),
        ("/near/0/inn", "inn"),
        ("/near/0/name", "invalid"),
        ("/near/1/name", "required"),
        ("/sites/0/first_day", "outside_site_days"),
        ("/sites/0/requested_area_m2/max", "areas_in_order"),
        ("/sites/0/requested_area_m2/min", "invalid"),
        ("/sites/0/scheme", "invalid_choice"),
        ("/sites/0/stand_preferences/0/number", "invalid"),
        ("/sites/0/stand_preferences/1", "unknown_stand"),
        ("/sites/1/open_sides", "invalid"),
        ("/sites/1/requested_area_m2/wished", "areas_in_order"),
        ("/sites/1/site", "invalid"),
        ("/sites/2/requested_area_m2/wished", "areas_in_order"),
        ("/sites/2/site", "unknown_site"),
    ]


def test_sites_and_neighbours_beside_refused_ones_keep_their_places(owner, fair, company):
    SiteFactory(fair=fair, slug="here")
    body = {
        "company": company.pk,
        "sites": [{"site": 5}, {"site": "here"}, {"site": "here"}],
        "near": [{"name": 5}, {"name": "A"}, {"name": "A"}],
    }
    assert sorted(errors(owner.post(url(fair), body, format="json"))) == [
        ("/near/0/name", "invalid"),
        ("/near/1", "unique"),
        ("/near/2", "unique"),
        ("/sites/0/site", "invalid"),
        ("/sites/2/site", "unique"),
    ]
