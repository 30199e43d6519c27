"""Companies at the desk: who sees which, and that saving goes through the domain. Their import: test_company_import.py."""

from collections import Counter
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from exhibitors.domain import applications, companies
from exhibitors.models import Company, CompanyMember, Exhibitor
from fairs.enums import StaffRole
from tests.exhibitors.pictures import picture
from tests.exhibitors.pictures import upload as logo_file
from tests.exhibitors.world import NOW
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


_TABS = ("applications", "contacts", "members", "invitations", "changes")


def form_of(**values):
    plain = {
        "legal_name": "ООО «Рассвет»",
        "name_ru": "Рассвет",
        "country": "RU",
        "region": RegionFactory().pk,
        "inn": inn(5),
        "categories": [ProductCategoryFactory().pk],
    }
    management = {f"{name}-{part}_FORMS": 0 for name in _TABS for part in ("TOTAL", "INITIAL")}
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
    assert client.get(reverse("admin:exhibitors_company_import")).status_code == 403


def test_check_in_sees_no_companies(sign_in):
    assert sign_in(FairFactory(), StaffRole.CHECK_IN).get(LIST).status_code == 403


def test_companies_are_found_by_name_brand_and_number(sign_in):
    here = FairFactory()
    company = CompanyFactory(legal_name="ООО «Рассвет»", name_zh_hans="黎明", brands_ru="Заря", inn=inn(5))
    ApplicationFactory(fair=here, company=company)
    ApplicationFactory(fair=here)

    client = sign_in(here)
    for query in ("рассвет", "ЗАРЯ", "黎明", inn(5)):
        assert shown(client, q=query) == {company.pk}, query


def test_a_new_company_is_written_by_the_domain_and_has_no_owner(sign_in):
    response = sign_in(FairFactory()).post(ADD, form_of(brands_ru="Заря\n\n Утро "))

    assert response.status_code == 302
    company = Company.objects.get()
    assert (company.brands_ru, company.search_text) == (
        "Заря\nУтро",
        "ооо «рассвет»\nрассвет\nзаря\nутро\n\nприморский край\n滨海边疆区\nprimorsky krai"
        "\nрыба и морепродукты\n鱼类和海鲜\nfish and seafood",
    )
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


@pytest.fixture
def own(sign_in, settings, tmp_path):
    """A company at a fair, the page that changes it, and a client who may."""
    settings.MEDIA_ROOT = tmp_path
    company = ApplicationFactory().company
    return company, reverse("admin:exhibitors_company_change", args=[company.pk]), sign_in(company.applications.get().fair)


def stored_logo(company):
    return Company.objects.get(pk=company.pk).logo.name


def files(folder):
    return sorted(f"logos/{path.name}" for path in (folder / "logos").iterdir())


def test_a_logo_is_uploaded_shown_kept_replaced_and_removed(own, tmp_path, django_capture_on_commit_callbacks):
    company, page, client = own
    photo = logo_file(picture("JPEG", (1600, 400)), name="evil.svg", content_type="image/svg+xml")

    assert client.post(page, form_of(logo=photo)).status_code == 302
    first = stored_logo(company)
    assert files(tmp_path) == [first]
    with Image.open(tmp_path / first) as kept:
        assert (kept.format, kept.size) == ("PNG", (800, 200))
    assert f'<img src="/media/{first}"' in client.get(page).content.decode()

    assert client.post(page, form_of(name_en="Aurora")).status_code == 302
    assert stored_logo(company) == first

    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(page, form_of(logo=logo_file(picture()))).status_code == 302
    second = stored_logo(company)
    assert second != first
    assert files(tmp_path) == [second]

    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(page, form_of(**{"logo-clear": "on"})).status_code == 302
    assert stored_logo(company) == ""
    history = client.get(page).content.decode()
    assert f"{Path(first).name} → {Path(second).name}" in history
    assert history.count('<img src="data:image/png;base64,') == 4  # of a first one, a replaced one and a removed one
    assert files(tmp_path) == []


def test_a_wrong_logo_is_refused_at_its_field_and_the_one_before_stays(own, tmp_path):
    company, page, client = own
    client.post(page, form_of(logo=logo_file(picture())))
    before = stored_logo(company)
    for content, says in (
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture in PNG, JPEG or WebP"),
        (picture("GIF"), "not a picture in PNG, JPEG or WebP"),
        (picture() + bytes(2 * 1024 * 1024), "a logo may have 2 MB"),
        (picture(size=(4000, 2001), mode="1"), "a logo may have 8 million"),
    ):
        response = client.post(page, form_of(name_en="Aurora", logo=logo_file(content)))

        assert says in response.context["adminform"].form.errors["logo"][0]
        assert f'<img src="/media/{before}"' in response.content.decode()
        assert (stored_logo(company), files(tmp_path)) == (before, [before])
        assert Company.objects.get(pk=company.pk).name_en != "Aurora"


def test_a_new_company_may_come_with_its_logo(sign_in, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    assert sign_in(FairFactory()).post(ADD, form_of(logo=logo_file(picture()))).status_code == 302
    assert files(tmp_path) == [Company.objects.get().logo.name]


def test_whoever_may_only_look_sees_the_logo_and_cannot_change_it(own, settings, client):
    company, page, owner = own
    owner.post(page, form_of(logo=logo_file(picture())))
    before = stored_logo(company)
    reader = StaffMembershipFactory(fair=company.applications.get().fair, role=StaffRole.READ_ONLY)
    client.force_login(reader.user)

    assert f"/media/{before}" in client.get(page).content.decode()
    assert client.post(page, form_of(**{"logo-clear": "on"})).status_code == 403
    assert stored_logo(company) == before


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_any_number_of_rows(sign_in, count, django_assert_num_queries):
    here = FairFactory()
    client = sign_in(here)
    ApplicationFactory.create_batch(count, fair=here)
    shown(client)

    # session, user, roles, the regions, categories and countries of the filters, count, companies
    with django_assert_num_queries(10):
        assert len(shown(client)) == count


def test_the_page_of_a_company_asks_nothing_twice(sign_in):
    here = FairFactory()
    client = sign_in(here)
    application = ApplicationFactory(fair=here, submitted=True)
    for number in range(3):
        by = UserFactory()
        companies.update(company_id=application.company_id, by=by, name_en=f"Aurora {number}")
        applications.update(application_id=application.pk, by=by, now=NOW, as_staff=True, categories=[ProductCategoryFactory()])
    page = reverse("admin:exhibitors_company_change", args=[application.company_id])
    with CaptureQueriesContext(connection) as asked:
        assert b"Aurora 1" in client.get(page).content
    assert [sql for sql, times in Counter(query["sql"] for query in asked).items() if times > 1] == []


def test_reference_lists_are_read_by_all_and_written_by_superusers(sign_in, client):
    region = RegionFactory()
    url = reverse("admin:exhibitors_region_change", args=[region.pk])
    values = {"code": "RU-PRI", "country": "RU", "name_ru": "Приморье", "time_zones": "Asia/Vladivostok"}

    sign_in(FairFactory(), StaffRole.CHECK_IN)
    assert (client.get(url).status_code, client.post(url, values).status_code) == (200, 403)
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert client.post(url, {**values, "name_zh_hans": "滨海", "name_en": "Primorye"}).status_code == 302


def test_time_zones_of_a_region_are_read_and_written_without_brackets(sign_in, client):
    region = RegionFactory(code="RU-SA", time_zones=["Asia/Yakutsk", "Asia/Vladivostok"])
    url = reverse("admin:exhibitors_region_change", args=[region.pk])
    values = {"code": "RU-SA", "country": "CN", "name_ru": "Якутия", "name_zh_hans": "萨哈", "name_en": "Sakha"}

    sign_in(FairFactory(), StaffRole.CHECK_IN)
    for page in (reverse("admin:exhibitors_region_changelist"), url):
        assert "Asia/Yakutsk, Asia/Vladivostok" in client.get(page).content.decode()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert 'value="Asia/Yakutsk, Asia/Vladivostok"' in client.get(url).content.decode()
    refused = client.post(url, {**values, "time_zones": "Asia/Yakutsk Mars/Base"})
    assert "Mars/Base" in str(refused.context["adminform"].form.errors["time_zones"])
    assert client.post(url, {**values, "time_zones": "Asia/Vladivostok、Asia/Magadan"}).status_code == 302
    region.refresh_from_db()
    assert (region.country, region.time_zones) == ("RU", ["Asia/Vladivostok", "Asia/Magadan"])
