"""Products from a table: made, changed, left alone, all or nothing, or refused with row and column."""

import csv
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from exhibitors.enums import ApplicationStatus
from exhibitors.importing import products
from exhibitors.models import Product
from tests.exhibitors.world import application_in
from tests.factories.exhibitors import ApplicationFactory, ProductCategoryFactory, ProductFactory

pytestmark = pytest.mark.django_db
ROW = {
    "inn": "",  # filled in with the company's
    "название": "Минтай  мороженый",
    "ТН ВЭД": "303670000",  # a spreadsheet took the zero off
    "номер GACC": "crus 0303",
    "GACC до": "14.05.2031",
    "срок годности": "180",
    "температура от": "-20",
    "температура до": "-18",
    "судьба": "дегустация",
    "количество": "12,5",
    "единица": "кг",
}


@pytest.fixture
def application():
    ProductCategoryFactory()
    return ApplicationFactory()


@pytest.fixture
def run(application, tmp_path, capsys):
    def load(*rows: dict[str, str], more: tuple[str, ...] = ()) -> str:
        file = tmp_path / "products.csv"
        with file.open("w", encoding="utf-8-sig", newline="") as written:
            table = csv.DictWriter(written, fieldnames=list(dict.fromkeys(name for row in rows for name in row)))
            table.writeheader()
            table.writerows({**row, "inn": row["inn"] or application.company.inn} for row in rows)
        call_command("import_products", file, "--fair", application.fair.slug, *more)
        return capsys.readouterr().out

    return load


def test_a_row_is_made_in_its_normal_form_and_twice_changes_nothing(run, application):
    assert "1 new" in run(ROW)
    row = application.products.get()
    assert (row.name_ru, row.code, row.gacc_number, row.fate) == ("Минтай мороженый", "0303670000", "CRUS0303", "taste")
    assert (row.temperature_min_c, row.temperature_max_c, row.quantity, row.unit) == (-20, -18, Decimal("12.5"), "kg")
    assert "0 new, 0 changed, 1 unchanged" in run(ROW)
    assert "0 new, 1 changed, 0 unchanged" in run({**ROW, "количество": "13"})


def test_a_company_is_known_by_the_name_where_no_number_is_given_and_by_a_number_without_its_zeros(run, application):
    assert "1 new" in run({**ROW, "inn": application.company.inn.lstrip("0")})
    named = {**ROW, "inn": " ", "компания": application.company.legal_name}
    assert "1 unchanged" in run(named)


@pytest.mark.parametrize(
    ("same", "named", "message"),
    [
        ("inn", False, "row 2, column inn: 2 companies have this number"),
        ("legal_name", True, "row 2, column company: .*are several companies"),
    ],
)
def test_of_two_companies_of_one_number_or_name_none_gets_the_products(run, application, same, named, message):
    company = application.company
    ApplicationFactory(fair=application.fair, **{f"company__{same}": getattr(company, same)})
    with pytest.raises(CommandError, match=message):
        run({**ROW, "inn": " ", "компания": company.legal_name} if named else ROW)
    assert not Product.objects.exists()


def test_a_dry_run_changes_nothing(run):
    assert "checked only" in run(ROW, more=("--dry-run",))
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"inn": "7707083893"}, "row 3, column inn: .*No application"),
        ({"inn": "7,7E+9"}, "row 3, column inn: .*lost digits"),
        ({"ТН ВЭД": "12"}, "row 3, column code: .*10 digits"),
        ({"ТН ВЭД": "9900000000"}, "row 3, column code: .*chapter 99"),
        ({"название": ""}, "row 3, column name_ru: .*one language"),
        ({"номер GACC": ""}, "row 3, column gacc_number"),
        ({"GACC до": "завтра"}, "row 3, column gacc_valid_until: .*not a date"),
        ({"GACC до": "14.01.2020"}, "row 3, column gacc_valid_until: .*has run out"),
        ({"срок годности": "0"}, "row 3, column shelf_life_days"),
        ({"температура от": "-2.5"}, "row 3, column temperature_min: .*whole number"),
        ({"температура до": "-30"}, "row 3, column temperature_max: .*below"),
        ({"судьба": "съедят"}, "row 3, column fate: .*sell, taste, return, destroy"),
        ({"единица": ""}, "row 3, column unit"),
        ({"количество": "много"}, "row 3, column quantity: .*not a number"),
        ({"название": "Минтай мороженый"}, "row 3, column code: .*row 2 already"),
    ],
)
def test_what_is_wrong_is_named_with_row_and_column_and_nothing_is_loaded(run, wrong, message):
    with pytest.raises(CommandError, match=message):
        run(ROW, {**ROW, "название": "Треска", **wrong})
    assert not Product.objects.exists()


def test_a_column_that_is_missing_or_unknown_is_named(run):
    with pytest.raises(CommandError, match="fate"):
        run({name: value for name, value in ROW.items() if name != "судьба"})
    with pytest.raises(CommandError, match="вкус"):
        run({**ROW, "вкус": "рыбный"})


def test_an_application_that_has_ended_takes_no_products(run, application):
    ended = application_in(ApplicationStatus.REJECTED, fair=application.fair)
    with pytest.raises(CommandError, match="No application"):
        run({**ROW, "inn": ended.company.inn})


def test_an_application_shows_so_many_products_at_the_most(run, application, monkeypatch):
    monkeypatch.setattr(products, "MOST_PRODUCTS", 2)
    ProductFactory(application=application, name_ru="Сайра")
    with pytest.raises(CommandError, match="row 3: An application shows 2 products at the most"):
        run(ROW, {**ROW, "название": "Треска"})


@pytest.mark.parametrize("count", [1, 3])
def test_a_table_that_changes_nothing_costs_the_same_for_any_number_of_rows(run, application, count, django_assert_max_num_queries):
    rows = [{**ROW, "название": f"Минтай {number}"} for number in range(count)]
    run(*rows)
    with django_assert_max_num_queries(8):
        run(*rows)


def test_a_product_whose_name_is_there_in_another_language_is_the_same(run, application):
    known = ProductFactory(application=application, name_ru="", name_zh_hans="", name_en="Pollock")
    assert "0 new, 1 changed" in run({**ROW, "название": "Минтай", "name": "pollock"})
    known.refresh_from_db()
    assert (known.name_ru, known.name_en) == ("Минтай", "pollock")
    assert application.products.count() == 1


def test_one_product_in_two_rows_is_refused_also_by_another_of_its_names(run, application):
    first = {**ROW, "название": "", "name": "Pollock"}
    with pytest.raises(CommandError, match="row 2"):
        run(first, {**ROW, "название": "Минтай", "name": "POLLOCK"})
    assert not Product.objects.exists()
