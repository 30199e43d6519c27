"""How an uploaded table was read, as the page of its import shows it: its sheets, first rows, headers and names."""

import csv
import io
from typing import Any

import openpyxl
import pytest
from django.test import Client

from exhibitors.enums import ImportState
from exhibitors.importing import uploads
from exhibitors.models import CompanyImport
from fairs.models import Fair
from tests.exhibitors.admin.imports.desk import page, table, turn, upload
from tests.exhibitors.importing.conftest import csv_of, line

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def workbook(**sheets: list[dict[str, str]]) -> bytes:
    """Of each sheet its lines under their headers."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for cells in [list(lines[0]), *(list(each.values()) for each in lines)]:
            sheet.append(cells)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.fixture
def shown(desk: Client, fair: Fair) -> Any:
    """``shown(content)``: the page of the import after a worker has looked at the table."""

    def run(content: bytes, name: str = "table.csv") -> str:
        there = upload(desk, fair, content, name)
        turn()
        return desk.get(page("change", there)).content.decode()

    return run


def cells_of(html: str) -> list[str]:
    """The texts of the cells under the first rows as they were read."""
    table = html.partition("The first rows as they were read")[2].partition("</table>")[0]
    return [part.partition("</td>")[0] for part in table.split('<td class="pr-4">')[1:]]


def test_the_sheet_that_was_read_and_those_that_were_not_are_named(shown):
    html = shown(workbook(Инструкция=[{"Как заполнять": "Внимательно"}], Компании=[line(1)], Второй=[line(2), line(3)]), "table.xlsx")
    assert "Read: sheet “Компании”. Not read: “Инструкция”, “Второй”." in html
    assert "new: 1" in html
    assert "Read: sheet" not in shown(workbook(Компании=[line(1)]), "table.xlsx")


def test_the_first_rows_are_shown_as_they_were_read(shown):
    html = shown(table(*(line(number, name_en="") for number in range(1, 8))))
    expected = [[str(n + 1), f"ООО «Рассвет {n}»", "RU-PRI", f"Рассвет {n}", f"黎明{n}", ""] for n in range(1, 6)]
    assert cells_of(html) == [text for row in expected for text in row]


def test_of_a_table_with_errors_too_the_first_rows_are_shown(shown):
    html = shown(csv_of({"Юридическое название": "ООО «А»", "Страна": "RU", "Регион": "RU-XXX"}).getvalue())
    assert cells_of(html) == ["2", "ООО «А»", "RU-XXX"]
    assert '<th scope="col" class="pr-4">Юридическое название</th>' in html


def test_a_text_of_a_megabyte_is_not_kept(desk, fair):
    there = upload(desk, fair, table(line(1, legal_name="я" * 30_000)))
    turn()
    there.refresh_from_db()
    assert len(str(there.report["reading"])) < 2_000


def test_an_encoding_is_doubted_only_as_long_as_somebody_can_look(desk, fair):
    there = upload(desk, fair, table(line(1, name_zh="")).decode().encode("cp1251"))
    turn()
    html = desk.get(page("change", there)).content.decode()
    assert "it was read as cp1251" in html
    assert "ООО «Рассвет 1»" in cells_of(html)

    uploads.confirm(import_id=there.pk)
    turn()
    html = desk.get(page("change", there)).content.decode()
    assert ("new: 1" in html, "it was read as" in html, cells_of(html)) == (True, False, [])


def test_errors_have_the_company_and_the_header_as_the_file_writes_it(desk, fair):
    first = {"Юридическое название": "ООО «Рыба»", "国家": "RU", "region": "RU-PRI", "Владивосток площадь": "9"}
    fair.sites.update(city_ru="Владивосток")
    there = upload(desk, fair, csv_of({**first, "ИНН": "7707083890"}, {**first, "Юридическое название": "", "ИНН": ""}).getvalue())
    turn()

    rows = list(csv.reader(io.StringIO(desk.get(page("csv", there)).content.decode("utf-8-sig"))))
    assert [row[:3] for row in rows[1:]] == [["2", "ООО «Рыба»", "ИНН"], ["3", "", "Юридическое название"]]
    html = desk.get(page("change", there)).content.decode()
    assert '<td class="pr-4">2</td><td class="pr-4">ООО «Рыба»</td><td class="pr-4">ИНН</td>' in html


def test_what_the_file_has_no_column_for_has_its_own_name(desk, fair):
    without = {name: text for name, text in line(1).items() if name not in ("categories", "inn")}
    there = upload(desk, fair, table(without))
    turn()
    rows = list(csv.reader(io.StringIO(desk.get(page("csv", there)).content.decode("utf-8-sig"))))
    assert sorted(row[:3] for row in rows[1:]) == [["2", "ООО «Рассвет 1»", "categories"], ["2", "ООО «Рассвет 1»", "inn"]]


def test_a_report_of_before_has_errors_without_names(desk, fair):
    there = upload(desk, fair, table(line(1)))
    CompanyImport.objects.update(
        state=ImportState.REFUSED, ended_at=there.created_at, report={"errors": [[2, "inn", "Wrong."]], "error_count": 1, "kept": []}
    )
    html = desk.get(page("change", there)).content.decode()
    assert ("Wrong." in html, '<th scope="col" class="pr-4">Company</th>' in html) == (True, False)
