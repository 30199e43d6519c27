"""Products to be shown and represented companies over the API: what may be sent, what comes back, until when, and who may."""

from datetime import UTC, datetime, timedelta

import pytest

from exhibitors.enums import ApplicationStatus, CompanyRole
from exhibitors.models import Exhibitor, Product, RepresentedCompany
from fairs.enums import StaffRole
from tests.exhibitors.world import application_in, site_of
from tests.factories.exhibitors import (
    CompanyMemberFactory,
    ProductCategoryFactory,
    ProductFactory,
    RepresentedCompanyFactory,
    inn,
)
from tests.factories.fairs import DeadlineFactory, SiteFactory, StaffMembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_no_letters")]

S = ApplicationStatus
POLLOCK = {"name": {"ru": "Минтай", "en": "Pollock"}, "code": "0303670000", "fate": "taste"}


@pytest.fixture
def application():
    return application_in(S.DRAFT)


@pytest.fixture
def base(application):
    return f"/api/v1/fairs/{application.fair.slug}/applications/{application.pk}/"


@pytest.fixture
def editor(signed_in, application):
    return signed_in(CompanyMemberFactory(company=application.company, role=CompanyRole.EDITOR).user)


def errors(response) -> list[tuple[str, str]]:
    assert response.status_code == 400, response.content
    return [(error["pointer"], error["code"]) for error in response.json()["errors"]]


def test_a_product_is_added_changed_and_taken_off(editor, application, base):
    site = site_of(application.fair)
    body = {
        **POLLOCK,
        "brand": "Норд",
        "gacc_number": "crus 0303 2206 150012",
        "gacc_valid_until": "2031-06-14",
        "shelf_life_days": 365,
        "temperature_c": {"min": -25, "max": -18},
        "quantity": 12.5,
        "unit": "kg",
        "sites": [site.slug],
    }
    made = editor.post(f"{base}products/", body)
    assert made.status_code == 201, made.content
    expected = {
        **body,
        "id": made.json()["id"],
        "name": "Pollock",
        "description": "",
        "category": "03",
        "gacc_expires_before_end": False,
        "gacc_number": "CRUS03032206150012",
    }
    assert made.json() == expected
    assert editor.get(f"{base}products/").json()["results"] == [expected]

    address = made["Location"]
    changed = editor.patch(address, {"fate": "sell", "sites": []}, headers={"If-Match": made["ETag"]})
    assert changed.json() == {**expected, "fate": "sell", "sites": []}
    assert editor.delete(address, headers={"If-Match": made["ETag"]}).status_code == 412
    assert editor.delete(address, headers={"If-Match": changed["ETag"]}).status_code == 204
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"code": "0303670"}, ("/code", "invalid")),
        ({"code": "9903670000"}, ("/code", "unknown_chapter")),
        ({"category": "77"}, ("/category", "unknown_category")),
        ({"category": "22"}, ("/category", "wrong_category")),
        ({"fate": "eat"}, ("/fate", "invalid_choice")),
        ({"name": ""}, ("/name", "blank")),
        ({"gacc_number": "№"}, ("/gacc_number", "gacc")),
        ({"gacc_valid_until": "2031-01-01"}, ("/gacc_number", "required")),
        ({"shelf_life_days": 0}, ("/shelf_life_days", "min_value")),
        ({"temperature_c": {"min": 5, "max": 4}}, ("/temperature_c/max", "temperatures_in_order")),
        ({"temperature_c": {"min": -273}}, ("/temperature_c/min", "min_value")),
        ({"quantity": 5}, ("/unit", "required")),
        ({"sites": ["nowhere"]}, ("/sites/0", "unknown_site")),
        ({"colour": "red"}, ("/colour", "unknown_field")),
    ],
)
def test_what_is_wrong_with_a_product_is_named(editor, base, wrong, error):
    ProductCategoryFactory(code="22")
    assert errors(editor.post(f"{base}products/", {**POLLOCK, **wrong})) == [error]
    assert not Product.objects.exists()


def test_a_site_that_the_application_does_not_ask_for_is_unknown(editor, application, base):
    other, foreign = SiteFactory(fair=application.fair), SiteFactory()
    answers = {editor.post(f"{base}products/", {**POLLOCK, "sites": [slug]}).content for slug in (other.slug, foreign.slug, "nowhere")}
    assert len(answers) == 1


def test_a_new_code_brings_its_category(editor, application, base):
    ProductCategoryFactory(code="22")
    product = ProductFactory(application=application)
    address = f"{base}products/{product.pk}/"
    changed = editor.patch(address, {"code": "220110"}, headers={"If-Match": editor.get(address)["ETag"]})
    assert (changed.json()["code"], changed.json()["category"]) == ("220110", "22")


@pytest.mark.parametrize(("days", "status"), [(1, 201), (-1, 409), (None, 409)])
def test_products_stay_open_until_the_exhibit_list_is_due(editor, application, base, days, status):
    application.status = application.told_status = S.ADMITTED
    application.submitted_at = datetime(2030, 1, 10, tzinfo=UTC)
    application.save()
    if days is not None:
        DeadlineFactory(fair=application.fair, code="exhibit_list", due_at=datetime(2030, 1, 15, 9, tzinfo=UTC) + timedelta(days=days))
    answer = editor.post(f"{base}products/", POLLOCK)
    assert answer.status_code == status
    if days == -1:
        deadline = application.fair.deadlines.get()
        assert answer.json()["deadline"] == "exhibit_list"
        assert deadline.title in answer.json()["detail"]
        assert deadline.due_at.astimezone(application.fair.zone).isoformat()[-6:] in answer.json()["detail"]


def test_staff_enter_products_and_who_may_only_look_is_refused_first(signed_in, application, base):
    reviewer = signed_in(StaffMembershipFactory(fair=application.fair, role=StaffRole.REVIEWER).user)
    assert reviewer.post(f"{base}products/", POLLOCK).status_code == 201
    logistics = signed_in(CompanyMemberFactory(company=application.company, role=CompanyRole.LOGISTICS).user)
    assert logistics.post(f"{base}products/", {"nonsense": 1}).status_code == 403
    assert logistics.get(f"{base}products/").json()["count"] == 1


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("factory", [ProductFactory, RepresentedCompanyFactory])
def test_lists_cost_the_same_for_any_number_of_rows(editor, application, base, count, factory, django_assert_max_num_queries):
    for _number in range(count):
        factory(application=application)
    ProductFactory()
    path = "products/" if factory is ProductFactory else "represented-companies/"
    with django_assert_max_num_queries(7):  # session, person, fair, application, count, rows, their sites
        assert editor.get(f"{base}{path}").json()["count"] == count


def test_a_fair_may_ask_for_products(editor, application, base):
    application.fair.requires_products = True
    application.fair.save()
    assert errors(editor.post(f"{base}submit/")) == [("/products", "required")]
    ProductFactory(application=application)
    assert editor.post(f"{base}submit/").status_code == 200


def test_a_represented_company_is_named_and_is_no_exhibitor(editor, application, base):
    body = {"legal_name": "ООО «Белый ключ»", "country": "RU", "brands": ["Ключ"], "tax_ids": {"inn": inn(5)}}
    made = editor.post(f"{base}represented-companies/", body)
    assert made.status_code == 201, made.content
    assert made.json() == {
        "id": made.json()["id"],
        **body,
        "name": "",
        "tax_ids": {"inn": inn(5), "ogrn": "", "kpp": "", "uscc": ""},
    }
    address = made["Location"]
    changed = editor.patch(address, {"name": {"en": "White Key"}}, headers={"If-Match": made["ETag"]})
    assert (changed.json()["name"], changed.json()["brands"]) == ("White Key", ["Ключ"])
    assert not Exhibitor.objects.exists()
    assert editor.delete(address, headers={"If-Match": changed["ETag"]}).status_code == 204
    assert not RepresentedCompany.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"legal_name": " "}, ("/legal_name", "blank")),
        ({"country": "Россия"}, ("/country", "max_length")),
        ({"country": "R1"}, ("/country", "iso_3166_1")),
        ({"tax_ids": {"inn": "123"}}, ("/tax_ids/inn", "inn")),
        ({"tax_ids": {"uscc": "123"}}, ("/tax_ids/uscc", "wrong_country")),
        ({"legal_name": "Taken"}, ("/legal_name", "unique")),
    ],
)
def test_what_is_wrong_with_a_represented_company_is_named(editor, application, base, wrong, error):
    RepresentedCompanyFactory(application=application, legal_name="Taken")
    assert errors(editor.post(f"{base}represented-companies/", {"legal_name": "New", "country": "RU", **wrong})) == [error]


def test_all_that_is_wrong_with_a_represented_company_is_told_at_once(editor, base):
    wrong = {"legal_name": "x" * 301, "country": "XX", "tax_ids": {"inn": "1", "uscc": "2"}}
    pointers = [("/legal_name", "max_length"), ("/country", "iso_3166_1"), ("/tax_ids/inn", "inn"), ("/tax_ids/uscc", "uscc")]
    assert errors(editor.post(f"{base}represented-companies/", wrong)) == pointers


@pytest.mark.parametrize(
    ("body", "is_refused"),
    [
        (POLLOCK, True),
        ({**POLLOCK, "name": {"ru": " МИНТАЙ "}, "fate": "sell"}, True),
        ({**POLLOCK, "name": {"ru": "Минтай", "en": "Pollock, salted"}}, False),
        ({**POLLOCK, "name": {"zh-hans": "明太鱼"}}, False),
        ({**POLLOCK, "code": "030367"}, False),
    ],
)
def test_the_same_product_twice_is_refused_with_the_way_out(editor, application, base, body, is_refused):
    assert editor.post(f"{base}products/", POLLOCK).status_code == 201
    answer = editor.post(f"{base}products/", body)
    assert Product.objects.count() == (1 if is_refused else 2)
    if is_refused:
        assert errors(answer) == [("/name", "unique")]
        assert "write into the name what is different" in answer.json()["errors"][0]["detail"]


def test_a_product_does_not_become_another_that_is_there_and_keeps_what_it_was(editor, application, base):
    ProductFactory(application=application)
    twin, other = ProductFactory(application=application), ProductFactory(application=application, name_ru="Треска", name_zh_hans="鳕鱼")

    def change(row, body):
        url = f"{base}products/{row.pk}/"
        return editor.patch(url, body, headers={"If-Match": editor.get(url)["ETag"]})

    assert errors(change(other, {"name": {"ru": twin.name_ru, "zh-hans": twin.name_zh_hans, "en": twin.name_en}})) == [("/name", "unique")]
    assert change(twin, {"brand": "Норд"}).status_code == 200  # two that are alike from before can still be mended


def test_one_answer_names_what_is_wrong_by_type_and_by_rule(editor, base):
    body = {
        "name": {"ru": 5, "en": "x" * 201},
        "code": "9903670000",
        "fate": "eat",
        "gacc_valid_until": "2031-06-14",
        "temperature_c": {"min": "cold", "max": 500},
        "sites": ["nowhere"],
    }
    assert sorted(errors(editor.post(f"{base}products/", body))) == [
        ("/code", "unknown_chapter"),
        ("/fate", "invalid_choice"),
        ("/gacc_number", "required"),
        ("/name/en", "max_length"),
        ("/name/ru", "invalid"),
        ("/sites/0", "unknown_site"),
        ("/temperature_c/max", "max_value"),
        ("/temperature_c/min", "invalid"),
    ]


def test_a_represented_company_hears_of_all_its_numbers_at_once(editor, base):
    body = {"legal_name": "Sopka LLC", "country": "RU", "tax_ids": {"inn": 5, "ogrn": "123", "kpp": "x"}}
    assert sorted(errors(editor.post(f"{base}represented-companies/", body))) == [
        ("/tax_ids/inn", "invalid"),
        ("/tax_ids/kpp", "kpp"),
        ("/tax_ids/ogrn", "ogrn"),
    ]


def test_a_registration_that_has_run_out_is_refused_and_one_that_ends_before_the_fair_is_marked(editor, application, base):
    body = {**POLLOCK, "gacc_number": "CRUS03"}
    assert errors(editor.post(f"{base}products/", {**body, "gacc_valid_until": "2030-01-14"})) == [("/gacc_valid_until", "expired")]
    today = editor.post(f"{base}products/", {**body, "gacc_valid_until": "2030-01-15"})
    assert (today.status_code, today.json()["gacc_expires_before_end"]) == (201, True)
    day = application.fair.ends_on.isoformat()
    assert editor.post(f"{base}products/", {**body, "name": "Cod", "gacc_valid_until": day}).json()["gacc_expires_before_end"] is False


def test_a_product_whose_registration_ran_out_meanwhile_can_be_changed(editor, application, base):
    product = ProductFactory(application=application, gacc_number="CRUS03", gacc_valid_until="2029-12-31")
    url = f"{base}products/{product.pk}/"
    body = {"brand": "Норд", "gacc_valid_until": "2029-12-31"}
    assert editor.patch(url, body, headers={"If-Match": editor.get(url)["ETag"]}).status_code == 200
