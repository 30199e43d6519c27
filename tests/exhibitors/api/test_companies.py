"""My companies over the API."""

from datetime import timedelta

import pytest

import clock as business_clock
from clock.models import ClockOffset
from exhibitors.models import Company, CompanyChange
from tests.conftest import MOMENT
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import CompanyFactory, ProductCategoryFactory, RegionFactory, inn

pytestmark = pytest.mark.django_db

COMPANIES = "/api/v1/companies/"


def body(number=1, **values):
    return {"legal_name": "ООО «Рассвет»", "country": "RU", "region": "RU-PRI", "tax_ids": {"inn": inn(number)}, **values}


@pytest.fixture
def client(signed_in):
    RegionFactory(code="RU-PRI", country="RU")
    return signed_in(UserFactory())


def test_a_company_and_its_change_are_entered_at_the_moment_of_the_business(client):
    ClockOffset.objects.create(id=1, offset=timedelta(days=-400))
    business_clock.forget()
    assert client.post(COMPANIES, body()).status_code == 201
    assert CompanyChange.objects.get().at == MOMENT - timedelta(days=400)


def test_who_enters_a_company_owns_it_and_sees_it_in_me(client):
    made = client.post(COMPANIES, body())
    assert made.status_code == 201, made.content
    assert [(row["id"], row["role"]) for row in client.get("/api/v1/me/").json()["companies"]] == [(made.json()["id"], "owner")]


def test_the_same_company_twice_is_refused_to_the_same_person(client):
    client.post(COMPANIES, body())
    again = client.post(COMPANIES, body())
    assert again.status_code == 400
    assert [(error["pointer"], error["code"]) for error in again.json()["errors"]] == [("/tax_ids/inn", "own_company")]
    assert Company.objects.count() == 1


def test_a_strangers_number_is_answered_like_any_other(client):
    CompanyFactory(inn=inn(1))
    assert client.post(COMPANIES, body()).status_code == 201


WRONG = {
    "region": "RU-XXX",
    "tax_ids": {"inn": "1", "ogrn": "2", "kpp": "3"},
    "website": "no address",
    "categories": ["99"],
    "contacts": [{"name": "Anna", "email": "anna@one.example", "phone": "12"}],
}
WRONG_POINTERS = {
    "/region",
    "/tax_ids/inn",
    "/tax_ids/ogrn",
    "/tax_ids/kpp",
    "/website",
    "/categories/0",
    "/contacts/0/phone",
}


def pointers(response):
    assert response.status_code == 400, response.content
    return sorted(error["pointer"] for error in response.json()["errors"])


def test_all_that_is_wrong_with_a_new_company_is_told_at_once(client):
    assert pointers(client.post(COMPANIES, body(**WRONG))) == sorted(WRONG_POINTERS)
    # and with what the form itself refuses, each field once
    assert pointers(client.post(COMPANIES, {**WRONG, "legal_name": "x" * 301})) == sorted(WRONG_POINTERS | {"/legal_name", "/country"})


def test_all_that_is_wrong_with_a_change_is_told_at_once(client):
    address = f"{COMPANIES}{client.post(COMPANIES, body()).json()['id']}/"
    refused = client.patch(address, {**WRONG, "colour": "red"}, headers={"If-Match": client.get(address)["ETag"]})
    assert pointers(refused) == sorted(WRONG_POINTERS | {"/colour"})


def test_a_wrong_type_hides_no_rule_of_its_neighbours(client):
    ProductCategoryFactory(code="03")
    contacts = [{"name": 5, "email": "anna@one.example", "phone": "12"}, {"name": "Boris", "email": "none"}, "Vera"]
    wrong = body(
        country="RU", tax_ids={"inn": 5, "ogrn": "123", "kpp": "x", "none": ""}, contacts=contacts, website="no address", brands=[5, "x"],
        categories=[5, "03", "03", "99"],
    )  # fmt: skip
    answer = client.post(COMPANIES, wrong)
    assert sorted((error["pointer"], error["code"]) for error in answer.json()["errors"]) == [
        ("/brands/0", "invalid"),
        ("/categories/0", "invalid"),
        ("/categories/3", "unknown_category"),
        ("/contacts/0/name", "invalid"),
        ("/contacts/0/phone", "phone"),
        ("/contacts/1/email", "invalid"),
        ("/contacts/2", "invalid"),
        ("/tax_ids/inn", "invalid"),
        ("/tax_ids/kpp", "kpp"),
        ("/tax_ids/none", "unknown_field"),
        ("/tax_ids/ogrn", "ogrn"),
        ("/website", "url"),
    ]
    assert not Company.objects.exists()


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("8 (423) 255-01-14", "+74232550114"),
        ("+7 423 255 01 14", "+74232550114"),
        ("+86 138-0013-8000", "+8613800138000"),
        ("＋７４２３２５５０１１４", "+74232550114"),
    ],
)
def test_a_phone_is_kept_as_e164_however_it_was_written(client, written, kept):
    contact = {"name": "Anna", "email": "anna@one.example", "phone": written}
    made = client.post(COMPANIES, body(contacts=[contact]))
    assert made.status_code == 201, made.content
    assert [one["phone"] for one in made.json()["contacts"]] == [kept]


def test_a_company_of_a_country_whose_regions_are_not_listed_has_none(client):
    made = client.post(COMPANIES, body(country="KZ", region=None, tax_ids={}))
    assert made.status_code == 201, made.content
    assert made.json()["region"] is None


def test_a_russian_or_chinese_company_says_its_region(client):
    answer = client.post(COMPANIES, body(region=None, website="no address"))
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [("/region", "required"), ("/website", "url")]
    abroad = client.post(COMPANIES, body(country="KZ", region=None, tax_ids={})).json()["id"]
    address = f"{COMPANIES}{abroad}/"
    moved = client.patch(address, {"country": "RU"}, headers={"If-Match": client.get(address)["ETag"]})
    assert pointers(moved) == ["/region"]


def test_a_company_that_came_without_region_is_sent_back_as_it_was_read(client):
    address = f"{COMPANIES}{client.post(COMPANIES, body()).json()['id']}/"
    Company.objects.update(region=None)
    read = client.get(address)
    assert client.patch(address, read.json(), headers={"If-Match": read["ETag"]}).status_code == 200
