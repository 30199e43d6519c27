"""What a search of the catalogue finds, and in which order."""

import pytest

from tests.exhibitors.api.catalogue import exhibitor, names
from tests.factories.exhibitors import RegionFactory
from tests.factories.fairs import FairFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def fair():
    return FairFactory()


@pytest.mark.parametrize("query", ["ёлочка", "ЕЛОЧКА", "Елочка", "елоч", "yolka", "YOLKA", "云杉", "  ёлочка   сибири ", "сибири елочка"])
def test_search_knows_no_case_and_no_yo(api, fair, query):
    exhibitor(fair, name_ru="Ёлочка Сибири", name_zh_hans="云杉", name_en="Yolka")
    exhibitor(fair, name_ru="Сосна", name_zh_hans="松树", name_en="Pine")

    assert names(api, fair, search=query) == ["Yolka"]


@pytest.mark.parametrize("query", ["%", "_", "' OR 1=1", "\\", "сосна ёлочка"])
def test_search_finds_what_is_written_only(api, fair, query):
    exhibitor(fair, name_en="Pine", name_ru="Сосна")

    assert names(api, fair, search=query) == []


def test_search_looks_at_brands_and_the_legal_name(api, fair):
    exhibitor(fair, name_en="Pine", brands_zh_hans="红星", legal_name="ООО «Бор»")

    assert names(api, fair, search="红星") == names(api, fair, search="«бор»") == ["Pine"]


def test_search_finds_nobody_by_a_tax_number(api, fair):
    shown = exhibitor(fair, name_en="Pine")

    assert names(api, fair, search="Pine") == ["Pine"]
    assert names(api, fair, search=shown.company.inn) == []


def test_who_bears_the_word_comes_before_who_speaks_of_it(api, fair):
    exhibitor(fair, name_ru="Альфа", name_en="Region", region=RegionFactory(code="RU-YAR", name_ru="Медовый край"))
    exhibitor(fair, name_ru="Альфа", name_en="Inside a word", description_ru="Умеди.")
    exhibitor(fair, name_ru="Бета", name_en="Description", description_ru="Есть мёд.")
    exhibitor(fair, name_ru="Вега", name_en="Brand", brands_ru="Медовик")
    exhibitor(fair, name_ru="Камедь", name_en="Within a name")
    exhibitor(fair, name_ru="Наш «Мёд»", name_en="Second word")
    exhibitor(fair, name_ru="Медуница", name_en="Name")
    exhibitor(fair, name_ru="Мёд", name_en="Honey")
    expected = ["Honey", "Name", "Second word", "Within a name", "Brand", "Description", "Inside a word", "Region"]

    assert names(api, fair, search="МЁД", lang="en") == expected
    assert names(api, fair, search="мед", ordering="relevance") == expected
    assert [*names(api, fair, search="мед", page_size=3), *names(api, fair, search="мед", page_size=3, page=2)] == expected[:6]
    assert names(api, fair, search="мед", ordering="name") == sorted(expected, key=str.casefold)
    assert names(api, fair, search=" ", ordering="relevance") == names(api, fair)


@pytest.mark.parametrize("count", [1, 3])
def test_a_search_costs_the_same_for_any_number_of_rows(api, fair, count, django_assert_num_queries):
    for _number in range(count):
        exhibitor(fair, name_en="Honey")

    with django_assert_num_queries(6):  # as the list, and which exhibitors, in their order
        assert names(api, fair, search="honey") == ["Honey"] * count


def test_of_several_words_each_counts(api, fair):
    exhibitor(fair, name_en="Bee house", description_en="Honey, wax.")
    exhibitor(fair, name_en="Honey wax")
    exhibitor(fair, name_en="Alpine wax", description_en="And honey.")

    assert names(api, fair, search="honey wax") == ["Honey wax", "Alpine wax", "Bee house"]
