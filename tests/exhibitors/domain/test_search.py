"""Search looks alike on both databases because both sides are folded."""

import pytest

from exhibitors.domain.search import matching, search_text_of
from exhibitors.models import Company
from tests.factories.exhibitors import CompanyFactory, RegionFactory


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("ЛЁД", True),
        ("лед СИБИРЬ", True),
        ("сибирь огонь", False),
        ("冰", True),
        ("sıberia", False),
        ("100%", True),
        ("10_%", False),
        ("\x00лед", True),
        ("", True),
        ("0012", False),
    ],
)
def test_each_word_must_be_in_names_or_brands(query, is_found):
    company = CompanyFactory(legal_name="ООО «Лёд»", name_ru="Сибирь", name_zh_hans="冰", name_en="Siberia", brands_en="100% Ice", inn="")

    assert list(matching(Company.objects.all(), query)) == ([company] if is_found else [])


@pytest.mark.django_db
def test_staff_find_a_company_by_the_beginning_of_its_number():
    company = CompanyFactory(inn="0012345678")

    assert list(matching(Company.objects.all(), "00123", numbers=True)) == [company]
    assert list(matching(Company.objects.all(), "12345", numbers=True)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["мёд", "蜂蜜", "HONEY", "башкортостан", "巴什科尔托斯坦"])
def test_buyers_find_a_company_by_what_it_makes_and_where(query):
    region = RegionFactory(code="RU-BA", name_ru="Республика Башкортостан", name_zh_hans="巴什科尔托斯坦共和国")
    found = CompanyFactory(region=region, description_ru="Мёд с липы.", description_zh_hans="椴树蜂蜜。", description_en="Lime honey.")
    found.search_text = search_text_of(found)
    found.save()
    CompanyFactory()
    assert list(matching(Company.objects.all(), query)) == [found]
