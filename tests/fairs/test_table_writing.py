"""Tables that leave the desk: nothing in them runs, and nothing is lost."""

import csv
import io

import pytest
from openpyxl import load_workbook

from fairs.table_writing import csv_answer, harmless, xlsx_answer

EVIL = ["=1+1", "+SUM(A1)", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "  =1", '=HYPERLINK("http://x")', "|calc"]
PLAIN = ["+7 423 255-01-23", "+74232550123", "-5", "3.5", "Анна Петрова", "王海", "", "O'Brien", "a=b"]


def read_csv(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", EVIL)
def test_a_csv_cell_that_a_spreadsheet_would_run_is_told_to_be_a_text(text):
    assert harmless(text) == "'" + text


@pytest.mark.parametrize("text", PLAIN)
def test_other_cells_are_as_they_were(text):
    assert harmless(text) == text


def test_a_csv_file_has_the_mark_of_utf_8_and_every_row():
    answer = csv_answer("People", ["name", "phone"], [["王海", "+74232550123"], ["Анна", None], ['"a";b', 3]])
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert read_csv(answer) == [["name", "phone"], ["王海", "+74232550123"], ["Анна", ""], ['"a";b', "3"]]


def test_no_text_of_an_xlsx_file_is_a_formula():
    rows = [[text, 1] for text in [*EVIL, *PLAIN, "\x00bell\x07"]]
    book = load_workbook(io.BytesIO(xlsx_answer("People", ["=name", "number"], rows).content))
    cells = [row[0] for row in book.active.iter_rows()]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n"}
    assert [cell.value for cell in cells[1:3]] == ["=1+1", "+SUM(A1)"]
    assert cells[-1].value == "bell"
    assert next(book.active.iter_rows(min_row=2))[1].value == 1


@pytest.mark.parametrize("make", [csv_answer, xlsx_answer])
def test_the_file_keeps_its_russian_and_chinese_name(make):
    answer = make("Сотрудники – 博览会", ["a"], [])
    assert "filename*=utf-8''%D0%A1%D0%BE%D1%82" in answer["Content-Disposition"]
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
