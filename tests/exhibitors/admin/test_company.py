"""Companies at the desk: who sees which, that saving goes through the domain, and the import page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from exhibitors.models import Company, CompanyMember, Exhibitor
from fairs.enums import StaffRole
from tests.exhibitors.importing.conftest import csv_of, fair, line  # noqa: F401 - a fixture
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import (
    ApplicationFactory,
    CoExhibitorFactory,
    CompanyFactory,
    CompanyMemberFactory,
    ExhibitorFactory,
    ProductCategoryFactory,
    RegionFactory,
    inn,
)
from tests.factories.fairs import FairFactory, StaffMembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
LIST = reverse("admin:exhibitors_company_changelist")
IMPORT = reverse("admin:exhibitors_company_import")
ADD = reverse("admin:exhibitors_company_add")


@pytest.fixture
def sign_in(client):
    """``sign_in(fair, role)``: a client of somebody in that role."""

    def run(at, role=StaffRole.REVIEWER, region_code=""):
        membership = StaffMembershipFactory(fair=at, role=role, region_code=region_code)
        client.force_login(membership.user)
        return client

    return run


def shown(client, **query):
    return {company.pk for company in client.get(LIST, query).context["cl"].queryset}


def form_of(**values):
    plain = {
        "legal_name": "ООО «Рассвет»",
        "name_ru": "Рассвет",
        "country": "RU",
        "region": RegionFactory().pk,
        "inn": inn(5),
        "categories": [ProductCategoryFactory().pk],
    }
    management = {f"{name}-{part}_FORMS": 0 for name in ("applications", "contacts", "members") for part in ("TOTAL", "INITIAL")}
    return {**plain, **management, **values}


def test_staff_see_the_companies_of_their_fairs_only(sign_in):
    mine, other = FairFactory(), FairFactory()
    applied = ApplicationFactory(fair=mine).company
    beside = CoExhibitorFactory(application__fair=mine).company
    main = beside.co_exhibits.get().application.company
    elsewhere = ApplicationFactory(fair=other).company
    of_a_member = CompanyMemberFactory().company
    entered_by_others = CompanyFactory(entered_by=UserFactory(is_staff=True))
    client = sign_in(mine)

    assert shown(client) == {applied.pk, beside.pk, main.pk}
    for hidden in (elsewhere, of_a_member, entered_by_others):
        assert client.get(reverse("admin:exhibitors_company_change", args=[hidden.pk])).status_code == 302


def test_a_coordinator_sees_the_own_region_and_changes_nothing(sign_in):
    here = FairFactory()
    own = ApplicationFactory(fair=here).company
    ApplicationFactory(fair=here, company__region=RegionFactory(code="RU-KHA"))
    client = sign_in(here, StaffRole.REGIONAL_COORDINATOR, "RU-PRI")

    assert shown(client) == {own.pk}
    response = client.post(reverse("admin:exhibitors_company_change", args=[own.pk]), form_of())
    assert response.status_code == 403
    assert client.get(IMPORT).status_code == 403


def test_check_in_sees_no_companies(sign_in):
    assert sign_in(FairFactory(), StaffRole.CHECK_IN).get(LIST).status_code == 403


@pytest.mark.parametrize("query", ["рассвет", "ЗАРЯ", "黎明", inn(5)])
def test_companies_are_found_by_name_brand_and_number(sign_in, query):
    here = FairFactory()
    company = CompanyFactory(legal_name="ООО «Рассвет»", name_zh_hans="黎明", brands_ru="Заря", inn=inn(5))
    ApplicationFactory(fair=here, company=company)
    ApplicationFactory(fair=here)

    assert shown(sign_in(here), q=query) == {company.pk}


def test_a_new_company_is_written_by_the_domain_and_has_no_owner(sign_in):
    response = sign_in(FairFactory()).post(ADD, form_of(brands_ru="Заря\n\n Утро "))

    assert response.status_code == 302
    company = Company.objects.get()
    assert (company.brands_ru, company.search_text) == ("Заря\nУтро", "ооо «рассвет»\nрассвет\nзаря\nутро")
    assert [category.code for category in company.categories.all()] == ["03"]
    assert not CompanyMember.objects.exists()


def test_a_changed_name_reaches_the_catalogue(sign_in):
    exhibitor = ExhibitorFactory()
    client = sign_in(exhibitor.fair)

    response = client.post(reverse("admin:exhibitors_company_change", args=[exhibitor.company_id]), form_of(name_en="Aurora"))

    assert response.status_code == 302
    assert Exhibitor.objects.get().sort_en == "aurora"


def test_what_the_domain_refuses_stands_at_its_field(sign_in):
    response = sign_in(FairFactory()).post(ADD, form_of(inn="1234567890", country="CN"))

    assert set(response.context["adminform"].form.errors) == {"inn", "region"}
    assert not Company.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_any_number_of_rows(sign_in, count, django_assert_num_queries):
    here = FairFactory()
    client = sign_in(here)
    ApplicationFactory.create_batch(count, fair=here)
    shown(client)

    # session, user, roles, the regions, categories and countries of the filters, count, companies
    with django_assert_num_queries(9):
        assert len(shown(client)) == count


def upload(*lines):
    return SimpleUploadedFile("table.csv", csv_of(*lines).getvalue(), content_type="text/csv")


def test_a_table_is_tried_shown_and_written_after_confirmation(sign_in, fair):  # noqa: F811
    client = sign_in(fair)

    tried = client.post(IMPORT, {"fair": fair.pk, "file": upload(line(1), line(2))})

    assert (tried.context["report"].created, tried.context["report"].errors) == (2, [])
    assert Company.objects.count() == 0
    done = client.post(IMPORT, {"fair": fair.pk, "token": tried.context["token"]})
    assert done.status_code == 302
    assert Company.objects.count() == 2
    again = client.post(IMPORT, {"fair": fair.pk, "token": tried.context["token"]})
    assert (again.status_code, Company.objects.count()) == (200, 2)


def test_errors_are_shown_by_row_and_column_and_nothing_can_be_confirmed(sign_in, fair):  # noqa: F811
    response = sign_in(fair).post(IMPORT, {"fair": fair.pk, "file": upload(line(1), line(2, region="RU-XXX"))})

    assert [(error.row, error.column) for error in response.context["report"].errors] == [(3, "region")]
    assert "RU-XXX" in response.content.decode()
    assert response.context["token"] == ""
    assert Company.objects.count() == 0


def test_nobody_imports_into_another_fair_or_with_anothers_file(sign_in, fair, client):  # noqa: F811
    sign_in(fair)
    token = client.post(IMPORT, {"fair": fair.pk, "file": upload(line(1))}).context["token"]
    sign_in(FairFactory())

    refused = client.post(IMPORT, {"fair": fair.pk, "file": upload(line(1))})
    confirmed = client.post(IMPORT, {"fair": fair.pk, "token": token})

    assert "fair" in refused.context["form"].errors
    assert confirmed.status_code == 200
    assert Company.objects.count() == 0


def test_reference_lists_are_read_by_all_and_written_by_superusers(sign_in, client):
    region = RegionFactory()
    url = reverse("admin:exhibitors_region_change", args=[region.pk])
    values = {"code": "RU-PRI", "country": "RU", "name_ru": "Приморье", "time_zones": '["Asia/Vladivostok"]'}

    sign_in(FairFactory(), StaffRole.CHECK_IN)
    assert (client.get(url).status_code, client.post(url, values).status_code) == (200, 403)
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert client.post(url, {**values, "name_zh_hans": "滨海", "name_en": "Primorye"}).status_code == 302
