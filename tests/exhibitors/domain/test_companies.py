"""Companies from plain values: normal forms, refusals with pointers, owner, catalogue."""

import pytest

from api.problems import Invalid
from exhibitors.domain import companies
from exhibitors.models import Company, CompanyMember, Exhibitor
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import (
    CompanyContactFactory,
    CompanyFactory,
    ExhibitorFactory,
    ProductCategoryFactory,
    RegionFactory,
    inn,
)

pytestmark = pytest.mark.django_db
USCC = "91110000600037341L"


def refused(call, **values):
    with pytest.raises(Invalid) as refusal:
        call(by=None, **values)
    return {(error["pointer"], error["code"]) for error in refusal.value.facts["errors"]}


def test_a_person_who_creates_a_company_owns_it_and_staff_do_not():
    person = UserFactory()

    own = companies.create(by=person, legal_name="A", country="RU")
    companies.create(by=person, as_staff=True, legal_name="B", country="RU")

    assert [(member.company, member.role) for member in CompanyMember.objects.all()] == [(own, "owner")]


@pytest.mark.parametrize(("number", "country"), [("inn", "RU"), ("uscc", "CN")])
def test_the_same_person_does_not_register_a_company_twice(number, country):
    person = UserFactory()
    values = {"legal_name": "A", "country": country, number: inn(7) if number == "inn" else USCC}
    own = companies.create(by=person, **values)

    with pytest.raises(Invalid) as refusal:
        companies.create(by=person, **{**values, "legal_name": "B"})
    assert [(error["pointer"], error["code"]) for error in refusal.value.facts["errors"]] == [(f"/tax_ids/{number}", "own_company")]
    assert list(Company.objects.all()) == [own]

    other = companies.create(by=person, legal_name="C", country=country)
    with pytest.raises(Invalid):
        companies.update(company_id=other.pk, by=person, **{number: values[number]})
    companies.update(company_id=own.pk, by=person, **{number: values[number], "legal_name": "A2"})


def test_a_strangers_company_of_the_same_number_is_not_betrayed():
    companies.create(by=UserFactory(), legal_name="A", country="RU", inn=inn(7))
    companies.create(by=UserFactory(), legal_name="A", country="RU", inn=inn(7))
    companies.create(by=UserFactory(), as_staff=True, legal_name="A", country="RU", inn=inn(7))
    assert Company.objects.filter(inn=inn(7)).count() == 3


def zone_after(person, **values):
    companies.create(by=person, **{"legal_name": "A", "country": "RU", "region": RegionFactory().code, **values})
    stored = type(person).objects.get(pk=person.pk).time_zone
    assert person.time_zone == stored  # the rest of the request knows it too
    return stored


def test_the_first_company_gives_its_owner_the_time_zone_of_its_region():
    assert zone_after(UserFactory(time_zone="UTC")) == "Asia/Vladivostok"


def test_a_time_zone_that_was_chosen_stays():
    assert zone_after(UserFactory(time_zone="Europe/Berlin")) == "Europe/Berlin"


def test_a_choice_made_in_another_request_stays():
    person = UserFactory(time_zone="UTC")
    type(person).objects.filter(pk=person.pk).update(time_zone="Europe/Berlin")
    companies.create(by=person, legal_name="A", country="RU", region=RegionFactory().code)
    assert type(person).objects.get(pk=person.pk).time_zone == "Europe/Berlin"


def test_whoever_went_back_to_utc_keeps_it():
    person = UserFactory(time_zone="UTC")
    zone_after(person)
    type(person).objects.filter(pk=person.pk).update(time_zone="UTC")
    person.refresh_from_db()
    assert zone_after(person) == "UTC"


def test_a_company_without_region_says_nothing_about_time():
    assert zone_after(UserFactory(time_zone="UTC"), region=None) == "UTC"


def test_staff_who_enter_a_company_keep_their_time_zone():
    person = UserFactory(time_zone="UTC", is_staff=True)
    companies.create(by=person, as_staff=True, legal_name="A", country="RU", region=RegionFactory().code)
    assert type(person).objects.get(pk=person.pk).time_zone == "UTC"


def test_texts_are_stored_in_one_normal_form():
    company = companies.create(
        by=None,
        legal_name=" ООО\u200b  «И\u0306од»\u202e ",
        country="ru",
        inn=f" {inn(1)[:4]} {inn(1)[4:]} ",
        brands_ru=["  Заря ", "", "Заря", "Утро"],
        brands_en="Dawn\n\n Morning ",
        description_en=" First  line. \n\n Second. ",
        website="example.com",
    )

    company.refresh_from_db()
    assert (company.legal_name, company.country, company.inn) == ("ООО «Йод»", "RU", inn(1))
    assert (company.brands_ru, company.brands_en) == ("Заря\nУтро", "Dawn\nMorning")
    assert (company.description_en, company.website) == ("First line.\n\nSecond.", "https://example.com")


def test_every_wrong_value_is_named_at_once():
    RegionFactory()
    values = {
        "legal_name": " ",
        "country": "CN",
        "region": "RU-PRI",
        "inn": inn(1),
        "uscc": "1",
        "website": "ftp://x",
        "categories": ["99"],
    }
    values["contacts"] = [{"name": "", "email": "no", "phone": "12", "language": "de", "time_zone": "Mars/North", "role": "boss"}]

    assert refused(companies.create, **values) == {
        ("/legal_name", "required"),
        ("/region", "wrong_country"),
        ("/tax_ids/inn", "wrong_country"),
        ("/tax_ids/uscc", "uscc"),
        ("/website", "url"),
        ("/categories/0", "unknown_category"),
        ("/contacts/0/name", "required"),
        ("/contacts/0/email", "invalid"),
        ("/contacts/0/phone", "phone"),
        ("/contacts/0/language", "invalid_choice"),
        ("/contacts/0/time_zone", "time_zone"),
        ("/contacts/0/role", "invalid_choice"),
    }
    assert not Company.objects.exists()


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"country": "Russia"}, ("/country", "iso_3166_1")),
        ({"country": "RU", "region": "RU-NO"}, ("/region", "unknown_region")),
        ({"country": "RU", "name_zh_hans": "名" * 201}, ("/name/zh-hans", "max_length")),
        ({"country": "RU", "ogrn": "1030000000000"}, ("/tax_ids/ogrn", "ogrn")),
        ({"country": "RU", "uscc": USCC}, ("/tax_ids/uscc", "wrong_country")),
        ({"country": "RU", "contacts": [{"name": "A", "email": e} for e in ("a@b.ru", "A@b.RU ")]}, ("/contacts/1/email", "unique")),
    ],
)
def test_one_wrong_value(values, error):
    assert refused(companies.create, legal_name="A", **values) == {error}


@pytest.mark.parametrize("number", ["320000006457801", "308000030364111"])
def test_a_sole_traders_ogrn_ends_with_the_last_digit_of_the_remainder(number):
    check = str(int(number[:-1]) % 13 % 10)

    assert companies.create(by=None, legal_name="ИП", country="RU", ogrn=number[:-1] + check).ogrn == number[:-1] + check
    wrong = str((int(check) + 1) % 10)
    assert refused(companies.create, legal_name="ИП", country="RU", ogrn=number[:-1] + wrong) == {("/tax_ids/ogrn", "ogrn")}


def test_a_chinese_company_has_a_uscc():
    assert companies.create(by=None, legal_name="中粮集团有限公司", country="CN", uscc=USCC.lower()).uscc == USCC


def test_an_update_changes_what_is_given_and_leaves_the_rest():
    company = CompanyFactory(website="https://example.com")
    company.categories.set([ProductCategoryFactory()])
    CompanyContactFactory(company=company)

    companies.update(company_id=company.pk, by=None, name_en="Aurora")

    company.refresh_from_db()
    assert (company.name_en, company.website, company.inn != "") == ("Aurora", "https://example.com", True)
    assert (company.categories.count(), company.contacts.count()) == (1, 1)
    assert "aurora" in company.search_text


def test_a_country_is_not_changed_under_a_region_and_a_tax_number():
    company = CompanyFactory()

    assert refused(companies.update, company_id=company.pk, country="CN") == {
        ("/region", "wrong_country"),
        ("/tax_ids/inn", "wrong_country"),
    }


def test_a_new_name_reaches_the_catalogue_of_every_fair():
    company = CompanyFactory()
    ExhibitorFactory.create_batch(2, company=company)

    companies.update(company_id=company.pk, by=None, name_ru="ЁЛКА")

    assert list(Exhibitor.objects.values_list("sort_ru", flat=True)) == ["елка", "елка"]


def test_contacts_are_replaced_as_a_list_and_get_language_and_zone():
    company = CompanyFactory()
    old = CompanyContactFactory(company=company)
    kept = CompanyContactFactory(company=company, email="anna@example.com", name="Anna")

    contacts = [{"name": "Анна", "email": "ANNA@example.com"}, {"name": "Пётр", "email": "petr@example.com", "phone": "+7 423 255-01-07"}]
    companies.update(company_id=company.pk, by=None, contacts=contacts)

    kept.refresh_from_db()
    assert kept.name == "Анна"
    assert not company.contacts.filter(pk=old.pk).exists()
    new = company.contacts.get(email="petr@example.com")
    assert (new.phone, new.language, new.time_zone, new.role) == ("+74232550107", "ru", "Asia/Vladivostok", "operations")


def test_what_a_search_looks_at_follows_the_categories_and_the_region():
    fish, honey = ProductCategoryFactory(), ProductCategoryFactory(code="04", name_ru="Мёд", name_zh_hans="蜂蜜", name_en="Honey")
    company = companies.create(by=None, legal_name="A", country="RU", region=RegionFactory().code, categories=["03"])
    assert "fish and seafood" in company.search_text

    companies.update(company_id=company.pk, by=None, categories=["04"])
    company.refresh_from_db()
    assert {"мед", "蜂蜜", "honey"} <= set(company.search_text.split("\n"))
    assert "fish and seafood" not in company.search_text

    companies.update(company_id=company.pk, by=None, region=None)
    company.refresh_from_db()
    assert company.search_text.split("\n") == ["a", "", "мед", "蜂蜜", "honey"]
    assert list(company.categories.all()) == [honey] != [fish]
