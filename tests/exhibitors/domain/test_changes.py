"""Who changed what of a company, and for whom; before and after in words."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from exhibitors.domain import applications, changes, co_exhibitors, companies, documents, products, represented, stand_staff
from exhibitors.domain.change_texts import ChangeTexts
from exhibitors.domain.co_exhibitor_values import DeclaredCompany
from exhibitors.domain.differences import plain
from exhibitors.domain.neighbours import Neighbour
from exhibitors.domain.site_wishes import SiteWishInput
from exhibitors.domain.stand_staff_values import DaysInput
from exhibitors.enums import ApplicationStatus
from exhibitors.models import CompanyChange, StandStaff
from tests.exhibitors.world import application_in, stand_at
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import (
    ApplicationFactory,
    CoExhibitorFactory,
    CompanyContactFactory,
    CompanyFactory,
    CompanyMemberFactory,
    DocumentFactory,
    PavilionFactory,
    ProductCategoryFactory,
    QuestionFactory,
    inn,
)
from tests.factories.fairs import SiteFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2030, 1, 15, 9, tzinfo=UTC)


def log():
    return [(row.subject, row.source, row.by, row.fields) for row in CompanyChange.objects.order_by("pk")]


def test_what_a_person_enters_counts_as_edited():
    person = UserFactory()
    companies.create(by=person, now=NOW, legal_name="A", country="RU", website="")
    assert log() == [("company", "member", person, ["country", "legal_name"])]


def test_a_member_and_an_organiser_are_told_apart():
    company = CompanyFactory()
    member, clerk = CompanyMemberFactory(company=company).user, UserFactory()
    companies.update(company_id=company.pk, by=member, now=NOW, website="one.example")
    companies.update(company_id=company.pk, by=clerk, now=NOW, website="two.example", legal_name=company.legal_name)
    assert log() == [("company", "member", member, ["website"]), ("company", "staff", clerk, ["website"])]


def test_nothing_changed_is_nothing_recorded():
    company = CompanyFactory()
    company.categories.add(ProductCategoryFactory())
    companies.update(company_id=company.pk, by=UserFactory(), now=NOW, legal_name=company.legal_name, categories=["03"])
    assert log() == []


def test_contacts_are_edited_by_role():
    contact = CompanyContactFactory(role="billing")
    values = {name: getattr(contact, name) for name in ("role", "name", "email", "phone", "language", "time_zone")}
    person = UserFactory()
    companies.update(company_id=contact.company_id, by=person, now=NOW, contacts=[values, {"name": "B", "email": "b@example.com"}])
    assert log() == [("company", "staff", person, ["contacts:operations"])]


def test_an_application_changed_for_an_exhibitor_names_both():
    application, clerk = ApplicationFactory(), UserFactory()
    applications.update(application_id=application.pk, by=clerk, now=NOW, categories=[ProductCategoryFactory()], as_staff=True)
    row = CompanyChange.objects.get()
    assert (row.company, row.application, row.source, row.by, row.at) == (application.company, application, "staff", clerk, NOW)


def test_the_latest_edit_of_a_person_is_known_and_an_import_is_none():
    company = CompanyFactory()
    clerk = UserFactory()
    companies.update(company_id=company.pk, by=clerk, now=NOW, website="one.example")
    companies.update(company_id=company.pk, by=None, now=NOW, legal_name="B")
    assert changes.edited_by_people([company.pk]) == {company.pk: {"website": changes.Edit(at=NOW, by_staff=True)}}


# --- before and after


@pytest.fixture
def application():
    return application_in(ApplicationStatus.ADMITTED)


def differences(application):
    """All that was logged of the application, as its reader's words."""
    texts = ChangeTexts(application.fair)
    return [str(one) for row in application.changes.order_by("pk") for one in texts.differences(row)]


def edit(application, **values):
    applications.update(application_id=application.pk, by=UserFactory(), now=NOW, as_staff=True, **values)


def test_a_wish_shows_the_columns_that_changed_and_no_other(application):
    wish = application.site_wishes.get()
    edit(application, sites=[replace(SiteWishInput.of(wish), power_kw=Decimal("5.50"), scheme="raw")])
    assert differences(application) == [
        f"scheme ({wish.site}): shell scheme → raw space",
        f"power wished, kW ({wish.site}): – → 5.5",
    ]


def test_sites_that_come_and_go(application):
    old, new = application.site_wishes.get().site, SiteFactory(fair=application.fair)
    edit(application, sites=[SiteWishInput(site=new, area_wished_m2=Decimal(12))])
    assert differences(application) == [f"sites wished: {old} → {new}", f"area wished, m² ({new}): – → 12"]


def test_preferred_stands_by_number(application):
    wish = application.site_wishes.get()
    first, second = stand_at(wish.site), stand_at(wish.site)
    edit(application, sites=[replace(SiteWishInput.of(wish), stands=(first, second))])
    edit(application, sites=[replace(SiteWishInput.of(wish), stands=(second,))])
    assert differences(application) == [
        f"stands preferred ({wish.site}): – → {first.number}, {second.number}",
        f"stands preferred ({wish.site}): {first.number}, {second.number} → {second.number}",
    ]


def test_categories_pavilion_fascia_and_neighbours(application):
    fish, pavilion = application.categories.get(), PavilionFactory(fair=application.fair)
    honey = ProductCategoryFactory(code="04")
    edit(application, categories=[fish, honey], pavilion=pavilion, fascia_text="SHORE", near=[Neighbour(name="Taiga")])
    assert differences(application) == [
        f"product categories: {fish} → {fish}, {honey}",
        f"pavilion: – → {pavilion}",
        "fascia text: – → SHORE",
        "near to: – → Taiga",
    ]
    assert CompanyChange.objects.get().fields == ["categories", "fascia_text", "near", "pavilion"]


def test_answers_by_the_question_and_its_options(application):
    water = QuestionFactory(fair=application.fair, code="water", type="yes_no", text_en="Do you need water?")
    edit(application, answers={"water": True})
    edit(application, answers={"water": None})
    assert differences(application) == [f"{water}: – → yes", f"{water}: yes → –"]


def test_the_same_again_is_no_change_and_costs_nothing(application):
    wish = application.site_wishes.get()
    edit(application, sites=[SiteWishInput.of(wish)], categories=list(application.categories.all()), fascia_text="")
    assert log() == []


def test_products_and_represented_companies_of_both_sides(application):
    clerk, member = UserFactory(), CompanyMemberFactory(company=application.company).user
    who = {"now": NOW, "by": member, "as_staff": False}
    application.status = application.told_status = ApplicationStatus.DRAFT
    application.save()
    ProductCategoryFactory(code="04")
    product = products.create(application_id=application.pk, name_en="Honey", code="0409000000", fate="sell", **who)
    products.update(product_id=product.pk, by=clerk, now=NOW, as_staff=True, fate="taste", quantity=Decimal(5), unit="kg")
    products.delete(product_id=product.pk, **who)
    named = represented.create(application_id=application.pk, legal_name="Taiga LLC", country="RU", **who)
    represented.update(represented_id=named.pk, by=clerk, now=NOW, as_staff=True, brands="Cedar")
    assert [(row.subject, row.source, row.by) for row in CompanyChange.objects.order_by("pk")] == [
        ("products", "member", member), ("products", "staff", clerk), ("products", "member", member),
        ("represented", "member", member), ("represented", "staff", clerk),
    ]  # fmt: skip
    assert differences(application) == [
        "products: added: Honey 0409000000",
        "what becomes of it (Honey 0409000000): is sold → is tasted",
        "quantity (Honey 0409000000): – → 5",
        "unit (Honey 0409000000): – → kg",
        "products: removed: Honey 0409000000",
        "represented companies: added: Taiga LLC",
        "brands (Taiga LLC): – → Cedar",
    ]


def test_nobody_on_the_stand_is_named_in_the_log(application):
    """Names, birthdays and numbers are personal data: they go when the person goes, and the log stays."""
    clerk, site = UserFactory(), application.site_wishes.get().site
    given = {"by": clerk, "now": NOW, "as_staff": True}
    named = {"name_in_latin": "IVANOVA ANNA", "name_in_cyrillic": "Анна Иванова", "role": "sales"}
    person = stand_staff.add(application_id=application.pk, days=[DaysInput(site=site)], **named, **given)
    stand_staff.update(staff_id=person.pk, name_in_latin="PETROVA ANNA", days=[], **given)
    stand_staff.remove(staff_id=person.pk, **given)
    wish = application.site_wishes.get()
    assert [row.source for row in CompanyChange.objects.all()] == ["staff"] * 3
    assert [one for one in differences(application) if "days" not in one] == [
        "people on the stand: 0 → 1", f"{StandStaff._meta.get_field('name_in_latin').verbose_name}: changed", "people on the stand: 1 → 0",
    ]  # fmt: skip
    assert any(str(wish.site) in one for one in differences(application))
    everything = json.dumps([row.details for row in CompanyChange.objects.all()], ensure_ascii=False)
    assert not {"IVANOVA", "PETROVA", "Иванова"} & set(everything.replace('"', " ").split())


def test_documents_and_co_exhibitors_that_staff_change_for_the_exhibitor(application):
    clerk = UserFactory()
    document = DocumentFactory(application=application, requirement__code="vet", requirement__title_en="Veterinary certificate")
    documents.change(document_id=document.pk, valid_until=date(2030, 5, 1), by=clerk, now=NOW, as_staff=True)
    documents.remove(document_id=document.pk, by=clerk, now=NOW, as_staff=True)
    declared = DeclaredCompany(legal_name="Guest LLC", country="RU", tax_number=inn(987654), contact_email="guest@example.com")
    named = co_exhibitors.name(application_id=application.pk, declared=declared, by=clerk, now=NOW, as_staff=True)
    co_exhibitors.withdraw(co_exhibitor_id=named.pk, by=clerk, now=NOW, as_staff=True)
    assert {(row.source, row.by, row.company) for row in application.changes.all()} == {("staff", clerk, application.company)}
    assert differences(application) == [
        "valid until (Veterinary certificate): – → 1 May 2030",
        "documents (Veterinary certificate): version 1 → –",
        "co-exhibitors: added: Guest LLC",
        "co-exhibitors: removed: Guest LLC",
    ]


def test_who_confirmed_admitted_and_refused_a_co_exhibitor(application):
    guest = CoExhibitorFactory(application=application, company__name_en="Guest")
    member, clerk = UserFactory(), UserFactory()
    co_exhibitors.confirm(co_exhibitor_id=guest.pk, by=member, now=NOW)
    co_exhibitors.admit(co_exhibitor_id=guest.pk, by=clerk, now=NOW)
    co_exhibitors.refuse(co_exhibitor_id=guest.pk, by=clerk, now=NOW, reason="The goods do not fit.")
    who = [(row.source, row.by) for row in application.changes.order_by("pk")]
    assert who == [("member", member), ("staff", clerk), ("staff", clerk)]
    assert differences(application) == [
        "status (Guest): declared → confirmed by the company",
        "status (Guest): confirmed by the company → admitted",
        "status (Guest): admitted → refused",
        "reason of a refusal (Guest): – → The goods do not fit.",
    ]


def test_a_company_shows_its_columns_and_keeps_its_contacts_to_itself():
    contact = CompanyContactFactory(role="press", email="secret@example.com")
    values = {"role": "press", "name": "Other", "email": "other@example.com"}
    companies.update(company_id=contact.company_id, by=UserFactory(), now=NOW, website="https://two.example", contacts=[values])
    row = CompanyChange.objects.get()
    assert [str(one) for one in ChangeTexts(None).differences(row)] == [
        "website: – → https://two.example", "contacts (press): changed",
    ]  # fmt: skip
    assert "example.com" not in json.dumps(row.details)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("", None),
        (Decimal("9.00"), "9"),
        (Decimal("100"), "100"),
        (date(2030, 1, 2), "2030-01-02"),
        ([], None),
        ({"name": "a.pdf"}, "a.pdf"),
    ],
)
def test_values_are_kept_plain(value, kept):
    assert plain(value) == kept


def test_long_texts_and_lists_are_cut():
    assert len(plain("x" * 5000)) == 300
    assert len(plain(["x"] * 5000)) == 41
