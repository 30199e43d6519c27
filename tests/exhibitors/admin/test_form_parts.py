"""Products, represented companies and answers at the desk: saved by the domain, refused beside the field, and back to the application."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from exhibitors.enums import ApplicationStatus, QuestionType
from fairs.enums import StaffRole
from tests.exhibitors.world import application_in
from tests.factories.exhibitors import ProductFactory, QuestionFactory, RepresentedCompanyFactory, inn
from tests.factories.fairs import StaffMembershipFactory
from tests.uploaded import pdf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
PRODUCT = {"name_ru": "Минтай", "code": "0303 67 000 0", "fate": "taste"}
A_PDF = pdf()
COMPANY = {"legal_name": "ООО «Артель»", "country": "RU"}


@pytest.fixture
def application(client):
    application = application_in(ApplicationStatus.SUBMITTED)
    client.force_login(StaffMembershipFactory(fair=application.fair, role=StaffRole.OWNER).user)
    return application


@pytest.fixture
def add(client, application):
    def add(model, values):
        url = reverse(f"admin:exhibitors_{model}_add") + f"?application={application.pk}"
        return client.post(url, {"application": application.pk, **values})

    return add


def errors_of(response):
    assert response.status_code == 200
    return {name: [str(error) for error in errors] for name, errors in response.context["adminform"].form.errors.items()}


def back_to(application, group):
    return f"{reverse('admin:exhibitors_application_change', args=[application.pk])}#in-{group}"


def test_a_product_is_added_changed_and_taken_off(client, application, add):
    wish = application.site_wishes.get()
    response = add("product", {**PRODUCT, "quantity": "12.5", "unit": "kg", "shown_at": [wish.pk]})
    assert response["Location"] == back_to(application, "products")
    product = application.products.get()
    assert (product.code, product.category.code, [link.wish for link in product.site_links.all()]) == ("0303670000", "03", [wish])
    page = reverse("admin:exhibitors_product_change", args=[product.pk])
    assert client.post(f"{page}?application={application.pk}", PRODUCT)["Location"] == back_to(application, "products")
    product.refresh_from_db()
    assert (product.quantity, product.unit, product.site_links.count()) == (None, "", 0)
    assert client.post(page, PRODUCT)["Location"] == reverse("admin:exhibitors_product_changelist")
    assert client.post(reverse("admin:exhibitors_product_delete", args=[product.pk]), {"post": "yes"}).status_code == 302
    assert not application.products.exists()


def test_what_is_wrong_with_a_product_stands_beside_its_field(application, add):
    for wrong, field, message in (
        ({"code": "12345"}, "code", "10 digits"),
        ({"code": "9900000000"}, "code", "chapter 99"),
        ({"name_ru": ""}, "name_en", "one language"),
        ({"quantity": "5"}, "unit", "in what unit"),
        ({"gacc_valid_until": "2031-01-01"}, "gacc_number", "number that is valid"),
        ({"gacc_number": "??"}, "gacc_number", "letters and digits"),
        ({"temperature_min_c": "5", "temperature_max_c": "-5"}, "temperature_max_c", "below the lower one"),
        ({"shelf_life_days": "0"}, "shelf_life_days", "greater than or equal to 1"),
        ({"fate": "eat"}, "fate", "valid choice"),
    ):
        found = errors_of(add("product", PRODUCT | wrong))
        assert list(found) == [field]
        assert message in found[field][0]
        assert not application.products.exists()


def test_a_represented_company_is_added_and_refused_beside_its_field(application, add):
    assert add("representedcompany", COMPANY | {"inn": inn(1)})["Location"] == back_to(application, "products")
    assert application.represented_companies.get().inn == inn(1)
    assert list(errors_of(add("representedcompany", COMPANY))) == ["legal_name"]  # named twice
    found = errors_of(add("representedcompany", {"legal_name": "X", "country": "UK", "uscc": "123"}))
    assert list(found) == ["country", "uscc"]
    assert "inn" in errors_of(add("representedcompany", {"legal_name": "X", "country": "RU", "inn": "123"}))


@pytest.mark.parametrize("model", ["product", "representedcompany"])
def test_nothing_is_added_to_an_application_that_has_ended(client, add, model):
    ended = application_in(ApplicationStatus.WITHDRAWN)
    StaffMembershipFactory(fair=ended.fair, user_id=client.session["_auth_user_id"], role=StaffRole.OWNER)
    found = errors_of(add(model, {**(PRODUCT if model == "product" else COMPANY), "application": ended.pk}))
    assert "can no longer be changed" in found["__all__"][0]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("model", "factory"), [("product", ProductFactory), ("representedcompany", RepresentedCompanyFactory)])
def test_lists_cost_the_same_for_any_number_of_rows(client, application, model, factory, count, django_assert_max_num_queries):
    factory.create_batch(count, application=application)
    page = reverse(f"admin:exhibitors_{model}_changelist")
    client.get(page)
    with django_assert_max_num_queries(14):
        assert client.get(page).status_code == 200


# --- answers


@pytest.fixture
def ask(application):
    return lambda code, kind, **fields: QuestionFactory(fair=application.fair, code=code, type=kind, **fields)


@pytest.fixture
def answer(client, application):
    page = reverse("admin:exhibitors_application_answers", args=[application.pk])
    return lambda values: client.post(page, {f"question-{code}": value for code, value in values.items()})


def kept(application):
    return dict(application.answers.values_list("question__code", "value"))


def test_answers_of_every_kind_are_kept_in_their_type_and_emptied(application, ask, answer):
    for code, kind in {"line": "text", "lines": "long_text", "amount": "number", "day": "date", "sold": "yes_no"}.items():
        ask(code, kind)
    ask("by", QuestionType.CHOICE, options=["sea", "rail"])
    ask("whom", QuestionType.SEVERAL, options=["shops", "hotels"])
    typed = {"line": "a", "lines": "b\nc", "amount": "2.5", "day": "2030-01-15", "sold": "no", "by": "sea", "whom": ["hotels", "shops"]}
    assert answer(typed)["Location"] == back_to(application, "answers")
    assert kept(application) == {**typed, "amount": 2.5, "sold": False, "whom": ["shops", "hotels"]}
    assert answer({**typed, "amount": "", "sold": ""}).status_code == 302
    assert kept(application).keys() == typed.keys() - {"amount", "sold"}


def test_answers_that_somebody_gave_meanwhile_are_not_overwritten_unseen(client, application, ask, answer):
    ask("line", QuestionType.TEXT)
    page = reverse("admin:exhibitors_application_answers", args=[application.pk])
    seen = client.get(page).context["seen"]
    assert answer({"line": "theirs"}).status_code == 302
    stale = client.post(page, {"question-line": "mine", "seen": seen})
    assert "changed meanwhile" in stale.content.decode()
    assert (kept(application), 'value="mine"' in stale.content.decode()) == ({"line": "theirs"}, True)
    fresh = client.post(page, {"question-line": "mine", "seen": client.get(page).context["seen"]})
    assert (fresh.status_code, kept(application)) == (302, {"line": "mine"})


def test_an_answer_that_another_one_makes_needless_goes_by_itself(application, ask, answer):
    sold = ask("sold", QuestionType.YES_NO)
    ask("partner", QuestionType.TEXT, shown_if=sold, shown_if_values=[True])
    assert answer({"sold": "yes", "partner": "海富"}).status_code == 302
    assert answer({"sold": "no", "partner": "海富"}).status_code == 302
    assert kept(application) == {"sold": False}
    response = answer({"sold": "no", "partner": "另一家"})
    assert "asked only where" in response.context["form"].errors["question-partner"][0]


def test_a_wrong_answer_stands_beside_its_question(application, ask, answer):
    ask("amount", QuestionType.NUMBER, max_value=10)
    assert list(answer({"amount": "11"}).context["form"].errors) == ["question-amount"]
    assert kept(application) == {}


def test_a_file_is_sent_shown_with_a_link_and_replaced(client, application, ask, answer):
    ask("sold", QuestionType.YES_NO)
    ask("sketch", QuestionType.FILE)
    assert answer({"sold": "yes", "sketch": SimpleUploadedFile("Эскиз.pdf", A_PDF)}).status_code == 302
    first = application.answers.get(question__code="sketch")
    assert first.value["name"] == "Эскиз.pdf"
    for page in ("answers", "review"):
        shown = client.get(reverse(f"admin:exhibitors_application_{page}", args=[application.pk])).content.decode()
        link = re.search(r'href="(/api/v1/files/[^"]+)">Эскиз\.pdf</a>', shown)
        assert link, page
        assert b"".join(client.get(link[1]).streaming_content) == A_PDF
    assert answer({"sold": "yes"}).status_code == 302
    assert kept(application)["sketch"] == first.value, "what is not sent anew stays"
    assert answer({"sold": "no", "sketch": SimpleUploadedFile("b.pdf", A_PDF)}).status_code == 302
    assert kept(application) == {"sold": False, "sketch": {"name": "b.pdf", "size": len(A_PDF)}}


@pytest.mark.parametrize("content", [b"<html>", b""])
def test_a_file_that_is_refused_stands_beside_its_question_and_nothing_is_kept(application, ask, answer, content):
    ask("sold", QuestionType.YES_NO)
    ask("sketch", QuestionType.FILE)
    response = answer({"sold": "yes", "sketch": SimpleUploadedFile("a.pdf", content)})
    assert list(response.context["form"].errors) == ["question-sketch"]
    assert kept(application) == {}
