"""What a person has edited since, an import leaves alone and lists; the rest it brings up to date."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command

from exhibitors.domain import applications, companies
from exhibitors.domain.site_wishes import SiteWishInput
from exhibitors.models import Application, Company
from tests.exhibitors.importing.conftest import NOW, csv_of, line
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import CompanyMemberFactory

LATER = NOW + timedelta(days=1)


def kept(report):
    return [(cell.row, cell.column) for cell in report.kept]


@pytest.fixture
def company(load):
    load(line(1, website="first.example", contact_phone="+74232550123"))
    return Company.objects.get()


def test_what_a_member_has_edited_stays_and_the_rest_follows_the_table(load, company):
    member = CompanyMemberFactory(company=company).user
    companies.update(company_id=company.pk, by=member, now=LATER, name_en="Sunrise", website="own.example")

    report = load(line(1, name_en="Dusk", name_ru="Закат", website="table.example"))

    company.refresh_from_db()
    assert (company.name_en, company.website, company.name_ru) == ("Sunrise", "https://own.example", "Закат")
    assert kept(report) == [(2, "name_en"), (2, "website")]
    assert "company" in str(report.kept[0])
    assert (report.updated, report.errors) == (1, [])
    assert kept(load(line(1, name_en="Sunrise", name_ru="Закат", website="own.example"))) == []  # what agrees is not worth a line


def test_what_somebody_has_emptied_stays_empty(load, company):
    companies.update(company_id=company.pk, by=UserFactory(), now=LATER, website="")
    report = load(line(1, website="first.example"))
    company.refresh_from_db()
    assert (company.website, kept(report)) == ("", [(2, "website")])
    assert "organiser" in str(report.kept[0])


def test_the_dry_run_lists_it_and_writes_nothing(load, company):
    companies.update(company_id=company.pk, by=UserFactory(), now=LATER, name_en="Sunrise")
    before = Company.objects.values().get()
    assert kept(load(line(1, name_en="Dusk"), dry_run=True)) == [(2, "name_en")]
    assert Company.objects.values().get() == before


def test_a_later_table_may_change_what_only_a_table_has_changed(load, company):
    load(line(1, name_en="Dusk"))
    report = load(line(1, name_en="Noon"))
    company.refresh_from_db()
    assert (company.name_en, report.kept) == ("Noon", [])


def test_contacts_of_a_role_are_kept_together(load, company):
    contact = company.contacts.get()
    values = {name: getattr(contact, name) for name in ("role", "name", "email", "language", "time_zone")}
    companies.update(company_id=company.pk, by=UserFactory(), now=LATER, contacts=[{**values, "phone": "+74232550199"}])
    report = load(line(1, website="first.example", contact_phone="+74232550123"))
    assert company.contacts.get().phone == "+74232550199"
    assert kept(report) == [(2, "contact_phone")]


def test_a_country_that_was_edited_keeps_what_depends_on_it(load, company):
    companies.update(company_id=company.pk, by=UserFactory(), now=LATER, country="KZ", region=None, inn="")
    report = load(line(1, website="first.example"))
    company.refresh_from_db()
    assert (company.country, company.region, report.errors) == ("KZ", None, [])


def test_what_an_exhibitor_asks_for_is_kept_too(load, company, fair):
    application = Application.objects.get()
    wish = SiteWishInput(site=fair.sites.get(), area_wished_m2=Decimal(12))
    applications.update(application_id=application.pk, by=UserFactory(), now=LATER, sites=[wish], as_staff=True)
    report = load(line(1, website="first.example", contact_phone="+74232550123", east_area="18"))
    assert application.site_wishes.get().area_wished_m2 == 12
    assert kept(report) == [(2, "east_area")]


def test_the_command_lists_it(load, company, fair, tmp_path, capsys):
    companies.update(company_id=company.pk, by=UserFactory(), now=datetime(2030, 1, 16, 9, tzinfo=UTC), name_en="Sunrise")
    file = tmp_path / "table.csv"
    file.write_bytes(csv_of(line(1, name_en="Dusk")).getvalue())
    call_command("import_companies", str(file), fair=fair.slug, dry_run=True)
    assert "row 2, column name_en: Kept: edited by an organiser on" in capsys.readouterr().out
