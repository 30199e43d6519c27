"""Regions and product categories as organisers write them, read against the shipped lists."""

import csv

import pytest
from django.utils.translation import override

from exhibitors.domain.company_values import Reference
from exhibitors.importing.names import ReferenceNames
from exhibitors.importing.reference import SHIPPED
from exhibitors.models import ProductCategory, Region


def shipped(name, **columns):
    with (SHIPPED / name).open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            names = {"code": row["code"], "name_ru": row["name_ru"], "name_zh_hans": row["name_zh"], "name_en": row["name_en"]}
            yield row["code"], names | {column: row[column] for column in columns.values()}


@pytest.fixture(scope="module")
def names():
    regions = {code: Region(**values) for code, values in shipped("regions.csv", country="country")}
    categories = {code: ProductCategory(**values) for code, values in shipped("categories.csv")}
    return ReferenceNames(Reference(regions, categories))


def test_every_name_and_code_of_the_lists_means_its_own_row(names):
    for find, rows in ((names.region, names.regions.rows), (names.category, names.categories.rows)):
        for code, row in rows.items():
            more = {"country": row.country} if isinstance(row, Region) else {}
            written = (code, row.name_ru, row.name_zh_hans, row.name_en.upper())
            assert [find(text, **more) for text in written] == [code] * 4


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("приморский  КРАЙ", "RU-PRI"),
        ("Приморский кр.", "RU-PRI"),
        ("滨海", "RU-PRI"),
        ("Татарстан", "RU-TA"),
        ("Респ. Татарстан", "RU-TA"),
        ("Республика Татарстан (Татарстан)", "RU-TA"),
        ("Якутия", "RU-SA"),
        ("Республика Саха", "RU-SA"),
        ("Удмуртия", "RU-UD"),
        ("Ханты-Мансийский АО", "RU-KHM"),
        ("ХМАО - Югра", "RU-KHM"),
        ("Республика Марий-Эл", "RU-ME"),
        ("г. Москва", "RU-MOW"),
        ("Московская обл.", "RU-MOS"),
        ("Moscow", "RU-MOW"),
        ("Алтай", "RU-AL"),
        ("辽宁", "CN-LN"),
        ("广西", "CN-GX"),
        ("Шэньси", "CN-SN"),
    ],
)
def test_regions_are_written_in_many_ways(names, written, code):
    assert names.region(written, country="RU") == code
    assert names.region(written, country="RU") == code  # and no row of a table changes how the next is read


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("阿尔泰", "“阿尔泰” may be Altai Republic (RU-AL), Altai Krai (RU-ALT): write the code."),
        (
            "Примоский край",
            "There is no region “Примоский край”: write its name, or its code of ISO 3166-2, such as RU-PRI. Perhaps: Primorsky",
        ),
        ("Хабаровск", "Perhaps: Khabarovsk Krai (RU-KHA)."),
        ("край", "There is no region “край”"),
        ("Атлантида", "There is no region “Атлантида”: write its name, or its code of ISO 3166-2, such as RU-PRI."),
        ("я" * 10_000, "There is no region “" + "я" * 80 + "”"),
    ],
)
def test_a_region_that_cannot_be_told_is_asked_for_with_those_that_may_be_meant(names, written, said):
    with override("en"), pytest.raises(ValueError, match="write") as error:
        names.region(written, country="RU")
    assert said in str(error.value)
    assert ("Perhaps" in str(error.value)) == ("Perhaps" in said or written == "край")


@pytest.mark.parametrize(
    ("parts", "codes"),
    [
        (["03", "16"], ["03", "16"]),
        (["3"], ["03"]),  # as a spreadsheet writes it
        (["03, 16"], ["03", "16"]),
        (["рыба и морепродукты"], ["03"]),
        (["Молочные продукты, яйца, мёд"], ["04"]),
        (["Рыба и морепродукты, Какао и шоколад", "4"], ["03", "18", "04"]),
        (["鱼类和海鲜、可可和巧克力"], ["03", "18"]),
    ],
)
def test_categories_are_written_by_number_or_by_name(names, parts, codes):
    assert names.category_list(parts) == codes


@pytest.mark.parametrize(("written", "said"), [("Мёд", "Perhaps: Dairy, eggs and honey (04)."), ("98", "no product category “98”")])
def test_a_category_that_there_is_not_is_refused(names, written, said):
    with override("en"), pytest.raises(ValueError, match="There is no product category") as error:
        names.category_list(["03", written])
    assert said in str(error.value)
