"""Companies that only other organisers have to do with: a table neither finds, changes nor speaks of them."""

import pytest

from exhibitors.enums import CoExhibitorStatus
from exhibitors.models import Application, Company
from fairs.enums import StaffRole
from tests.exhibitors.importing.conftest import line
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import ApplicationFactory, CoExhibitorFactory, CompanyFactory, CompanyMemberFactory, inn
from tests.factories.fairs import StaffMembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def importer(fair):
    return StaffMembershipFactory(fair=fair, role=StaffRole.OWNER).user


@pytest.fixture
def strangers():
    """At another organiser's fair, and nobody acts for it."""
    return ApplicationFactory(company=CompanyFactory(inn=inn(1), legal_name="OOO Stranger"), submitted=True).company


def test_a_strangers_company_is_neither_changed_nor_counted(load, fair, importer, strangers):
    dry = load(line(1), line(2), by=importer, dry_run=True)
    report = load(line(1), line(2), by=importer)

    for one in (dry, report):
        assert (one.created, one.updated, one.errors) == (2, 0, [])
    strangers.refresh_from_db()
    assert (strangers.legal_name, strangers.applications.filter(fair=fair).count()) == ("OOO Stranger", 0)


def test_a_strangers_company_makes_no_number_ambiguous(load, fair, importer, strangers):
    own = ApplicationFactory(fair=fair, company=CompanyFactory(inn=inn(1)), submitted=True).company
    report = load(line(1), by=importer)
    assert (report.updated, report.errors) == (1, [])
    own.refresh_from_db()
    assert own.name_en == "Dawn 1"
    assert [(error.row, error.column) for error in load(line(1)).errors] == [(2, "inn")]  # a command sees both


def test_a_company_of_another_fair_of_the_same_organiser_is_the_one_meant(load, importer, strangers):
    StaffMembershipFactory(user=importer, fair=strangers.applications.get().fair, role=StaffRole.OWNER)
    report = load(line(1), by=importer)
    assert (report.created, report.updated) == (0, 1)


def test_a_superuser_sees_every_company(load, strangers):
    assert load(line(1), by=UserFactory(is_superuser=True, is_staff=True)).updated == 1


def test_whom_a_main_exhibitor_has_named_by_its_number_alone_is_not_changed(load, fair, importer):
    theirs = CompanyFactory(inn=inn(1), legal_name="OOO Theirs")
    CompanyMemberFactory(company=theirs)
    CoExhibitorFactory(
        application=ApplicationFactory(fair=fair), company=theirs, declared_legal_name="Written", status=CoExhibitorStatus.DECLARED
    )
    report = load(line(1), by=importer)
    theirs.refresh_from_db()
    assert (report.created, report.errors, theirs.legal_name) == (1, [], "OOO Theirs")
    assert Application.objects.get(company__legal_name="ООО «Рассвет 1»").company != theirs
    assert Company.objects.filter(inn=inn(1)).count() == 2
