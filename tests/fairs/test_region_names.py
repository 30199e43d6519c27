"""Codes of ISO 3166-2 are read as names, in the language of whoever looks."""

import pytest
from django.urls import reverse
from django.utils import translation

from fairs.enums import StaffRole
from fairs.models import StaffMembership, TradeFigure
from fairs.region_names import with_region_name
from tests.factories.exhibitors import RegionFactory
from tests.factories.fairs import StaffMembershipFactory, TradeFigureFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def regions():
    RegionFactory(code="RU-PRI", name_ru="Приморский край", name_zh_hans="滨海边疆区", name_en="Primorsky Krai")
    RegionFactory(code="CN-LN", name_ru="Ляонин", name_zh_hans="辽宁省", name_en="")
    RegionFactory(code="RU-KHA", name_ru="Хабаровский край", name_zh_hans="哈巴罗夫斯克边疆区", name_en="Khabarovsk Krai")


@pytest.mark.parametrize(("language", "name"), [("ru", "Приморский край"), ("zh-hans", "滨海边疆区"), ("en", "Primorsky Krai")])
def test_a_name_is_that_of_the_code_in_the_active_language(language, name):
    StaffMembershipFactory(role=StaffRole.REGIONAL_COORDINATOR, region_code="RU-PRI")
    with translation.override(language):
        assert with_region_name(StaffMembership.objects.all(), "region_code").get().region_name == name


@pytest.mark.parametrize(("province", "name"), [("CN-LN", "CN-LN"), ("CN-JL", "CN-JL")])
def test_a_code_without_a_name_is_shown_as_it_is(province, name):
    TradeFigureFactory(province=province)
    with translation.override("en"):
        assert with_region_name(TradeFigure.objects.all(), "province").get().region_name == name


def test_the_lists_of_staff_and_of_trade_figures_show_names(client):
    owner = StaffMembershipFactory(role=StaffRole.OWNER, user__language="ru")
    StaffMembershipFactory(fair=owner.fair, role=StaffRole.REGIONAL_COORDINATOR, region_code="RU-PRI")
    TradeFigureFactory(fair=owner.fair, province="CN-LN")
    client.force_login(owner.user)
    for page, name in (("staffmembership", "Приморский край"), ("tradefigure", "Ляонин")):
        shown = client.get(reverse(f"admin:fairs_{page}_changelist"), headers={"Accept-Language": "ru"}).text
        assert f">{name}<" in shown.replace("\n", "").replace("  ", "")
