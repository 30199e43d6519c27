"""Who changed what of a company, and for whom."""

from datetime import UTC, datetime

import pytest

from exhibitors.domain import applications, changes, companies
from exhibitors.models import CompanyChange
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import (
    ApplicationFactory,
    CompanyContactFactory,
    CompanyFactory,
    CompanyMemberFactory,
    ProductCategoryFactory,
)

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
