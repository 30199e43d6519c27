"""The page that takes a table of companies: what it says of the columns, and the empty table to download."""

import io

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from exhibitors.importing import uploads
from exhibitors.importing.companies import import_companies
from exhibitors.models import Application
from fairs.enums import StaffRole
from fairs.models import Fair, Site
from tests.conftest import MOMENT
from tests.factories.exhibitors import ProductCategoryFactory, RegionFactory
from tests.factories.fairs import FairFactory, SiteFactory, StaffMembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

FORM = reverse("admin:exhibitors_company_import")


@pytest.fixture
def site() -> Site:
    RegionFactory()
    RegionFactory(code="CN-LN", country="CN", time_zones=["Asia/Shanghai"])
    for code in ("03", "16"):
        ProductCategoryFactory(code=code)
    return SiteFactory(fair=FairFactory(), slug="east", city_ru="Владивосток", city_zh_hans="海参崴", city_en="Vladivostok")


@pytest.fixture
def user(site: Site) -> User:
    return StaffMembershipFactory(fair=site.fair, user__language="en").user


@pytest.fixture
def desk(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def shown(desk: Client, language: str = "en", **given: object) -> str:
    return desk.get(FORM, given, headers={"Accept-Language": language}).content.decode()


def template(desk: Client, fair: Fair, language: str) -> list[tuple[object, ...]]:
    answer = desk.get(FORM, {"template": "xlsx", "fair": fair.pk}, headers={"Accept-Language": language})
    return list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))


def test_the_page_says_what_a_row_needs_and_how_the_columns_of_the_first_fair_are_called(desk, site):
    html = shown(desk)
    assert "legal_name, country, region." in html
    assert "needs product categories as well, a Russian company its INN" in html
    assert "in English, Russian or Chinese" in html
    assert "note, east_area, east_area_min, east_area_max, east_open_sides," in html
    assert "[site]" not in html


def test_headers_are_shown_in_the_readers_language(desk, user):
    User.objects.filter(pk=user.pk).update(language="ru")
    html = shown(desk, "ru")
    assert "legal_name (Юридическое название), country (Страна), region (Регион)." in html
    assert '<td class="pr-4">east_area_min</td><td>Владивосток площадь от</td>' in html


def test_the_columns_of_another_fair_are_shown_when_it_is_chosen(desk, user):
    other = SiteFactory(slug="north", fair__starts_on="2020-05-01", fair__ends_on="2020-05-03").fair
    StaffMembershipFactory(fair=other, user=user)
    html = shown(desk, fair=other.pk)
    assert ("north_area" in html, "east_area" in html) == (True, False)
    assert f'<option value="{other.pk}" selected>' in html


@pytest.mark.parametrize("language", ["en", "ru", "zh-hans"])
def test_the_empty_table_is_taken_as_it_is(desk, user, site, language):
    User.objects.filter(pk=user.pk).update(language=language)
    header, example = template(desk, site.fair, language)
    assert len(set(header)) == len(header) == len(example)
    assert {"en": "legal_name", "ru": "Юридическое название", "zh-hans": "公司全称"}[language] == header[0]

    content = desk.get(FORM, {"template": "xlsx", "fair": site.fair.pk}, headers={"Accept-Language": language}).content
    report = import_companies(fair=site.fair, source=io.BytesIO(content), name="empty.xlsx", by=user, now=MOMENT)
    assert (report.errors, report.created) == ([], 1)
    assert Application.objects.get().site_wishes.get().area_wished_m2 == 18


def test_two_sites_in_one_city_are_told_apart_by_their_short_names(desk, user, site):
    SiteFactory(fair=site.fair, slug="vladivostok", city_ru="Владивосток", city_zh_hans="海参崴", city_en="Vladivostok")
    User.objects.filter(pk=user.pk).update(language="ru")
    header, _example = template(desk, site.fair, "ru")
    assert [text for text in header if str(text).endswith(" площадь")] == ["east площадь", "vladivostok площадь"]
    table = "legal_name,country,region,inn,categories,east_area\nООО «А»,RU,RU-PRI,9999000013,03,9\n"
    wishes = "vladivostok_area,Владивосток площадь"
    for wish in wishes.split(","):
        source = io.BytesIO(table.replace("east_area", wish).encode())
        report = import_companies(fair=site.fair, source=source, name="t.csv", by=user, now=MOMENT, dry_run=True)
        assert [error.column for error in report.errors] == ([wish] if wish[0] == "В" else [])


def test_nobody_takes_the_empty_table_of_anothers_fair(desk, client, site):
    strangers = FairFactory()
    for wanted in (strangers.pk, "x", 10**30):
        assert desk.get(FORM, {"template": "xlsx", "fair": wanted}).status_code == 404
    client.force_login(StaffMembershipFactory(fair=strangers, role=StaffRole.CHECK_IN, user__language="en").user)
    assert client.get(FORM, {"template": "xlsx", "fair": strangers.pk}).status_code == 403


def test_a_form_that_is_sent_back_keeps_its_fair(desk, site):
    html = desk.post(FORM, {"fair": site.fair.pk}).content.decode()
    assert "east_area" in html
    assert not uploads.take_turn(now=lambda: MOMENT)
