import io
import zipfile
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from api import archives
from fairs import tables
from fairs.tables import RowError, TableError, read_table
from tests.uploaded import pdf, presentation

COLUMNS = {"name": ["название", "名称"], "inn": ["ИНН", "tax number"], "city": ["город"]}
RUSSIAN = 'Название;ИНН;Город\nООО "Рыба";7707083893;Владивосток\n"Мёд; и чай";7707083894;Москва\n'


def read(content: bytes | str, **options: Any) -> tables.Table:
    data = content.encode() if isinstance(content, str) else content
    return read_table(io.BytesIO(data), **{"name": "companies.csv", "columns": COLUMNS, "required": ["name"], **options})


def errors_of(content: bytes | str, **options: Any) -> list[RowError]:
    with pytest.raises(TableError) as caught:
        read(content, **options)
    return caught.value.errors


def workbook(rows: list[list[Any]], *, title: str = "Sheet", **others: list[list[Any]]) -> bytes:
    """The rows of its first sheet, and of ``others`` by their names."""
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    for name, other_rows in others.items():
        other = book.create_sheet(name)
        for row in other_rows:
            other.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "koi8_r", "cp866", "gb18030"])
def test_every_encoding_that_organisers_send(encoding: str) -> None:
    table = read(RUSSIAN.encode(encoding))
    assert table.headers == ["name", "inn", "city"]
    assert [(row.number, dict(row.values)) for row in table.rows] == [
        (2, {"name": 'ООО "Рыба"', "inn": "7707083893", "city": "Владивосток"}),
        (3, {"name": "Мёд; и чай", "inn": "7707083894", "city": "Москва"}),
    ]


@pytest.mark.parametrize(
    ("text", "encoding", "city"),
    [
        ("名称,город\n沈阳食品有限公司,沈阳\n", "gb18030", "沈阳"),
        ("name\tcity\nМУХА\tМОСКВА\n", "cp1251", "МОСКВА"),
        ("name,city\nCafé Zürich,Köln\n", "cp1252", "Köln"),
        ("name,city\nplain,ASCII\n", "ascii", "ASCII"),
    ],
)
def test_old_encodings_are_told_apart(text: str, encoding: str, city: str) -> None:
    assert read(text.encode(encoding)).rows[0].values["city"] == city


def test_bytes_of_no_encoding_are_refused() -> None:
    (error,) = errors_of(b"name,city\nA," + b"\x81\x98\x83\x88" * 20)
    assert (error.row, error.column, "encoding" in error.message) == (2, "city", True)


def test_utf_8_with_a_wrong_byte_is_not_taken_for_something_else() -> None:
    (error,) = errors_of("name,city\nРыба,Москва\nМёд,Уфа".encode() + b"\xd0\n")
    assert (error.row, error.column) == (3, "city")


def test_a_nul_is_an_error_of_its_cell_and_no_sign_of_utf_16() -> None:
    (error,) = errors_of("name,city\nA,B\nC,\x00D\n")
    assert (error.row, error.column, "NUL" in error.message) == (3, "city", True)


@pytest.mark.parametrize(("encoding", "assumed"), [("utf-8", ""), ("utf-16", ""), ("koi8_r", "koi8_r"), ("cp1251", "cp1251")])
def test_an_encoding_that_was_a_guess_is_named(encoding: str, assumed: str) -> None:
    assert read(RUSSIAN.encode(encoding)).assumed_encoding == assumed


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "\t=1", '"\r=1"'])
def test_a_formula_is_refused(cell: str) -> None:
    (error,) = errors_of(f"name;city\nA;B\nC;{cell}\n")
    assert (error.row, error.column, "formula" in error.message) == (3, "city", True)
    assert read("name;city\n+7 423 255;-\n").rows[0].values == {"name": "+7 423 255", "city": "-"}


def test_a_formula_of_a_worksheet_is_refused() -> None:
    (error,) = errors_of(workbook([["name", "city"], ["A", "=CONCAT(A1;A2)"]]))
    assert (error.row, error.column, "formula" in error.message) == (2, "city", True)


def test_a_row_that_ends_early_has_empty_cells() -> None:
    """Spreadsheets leave out the separators behind the last cell that is filled."""
    assert read("name,inn,city\nA,1,B\nC,2\n").rows[1].values == {"name": "C", "inn": "2", "city": ""}


def test_a_huge_cell_is_named() -> None:
    (error,) = errors_of(f"name,city\nA,{'x' * 200_000}\n")
    assert (error.row, error.column, "32767" in error.message) == (2, "city", True)


def test_headers_alone_are_no_table() -> None:
    (error,) = errors_of("name,city\n")
    assert "no rows" in error.message


def test_commas_inside_texts_do_not_fool_the_separator() -> None:
    table = read("name;city\nA, B, C;X\nD, E;Y\n")
    assert [row.values["name"] for row in table.rows] == ["A, B, C", "D, E"]


def test_title_rows_and_empty_rows_are_skipped_and_numbers_stay_those_of_the_file() -> None:
    table = read("Список участников;;\n;;\nНазвание;ИНН;Город\n\nРыба;1;Х\n")
    assert [(row.number, row.values["name"]) for row in table.rows] == [(5, "Рыба")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1251"])
def test_line_ends_of_an_old_mac_are_line_ends(encoding: str) -> None:
    table = read(RUSSIAN.replace("\n", "\r").encode(encoding))
    assert [(row.number, row.values["name"]) for row in table.rows] == [(2, 'ООО "Рыба"'), (3, "Мёд; и чай")]


def test_the_line_in_which_excel_names_the_separator_is_no_row() -> None:
    table = read(f"sep=;\r\n{RUSSIAN}")
    assert [(row.number, row.values["name"]) for row in table.rows] == [(3, 'ООО "Рыба"'), (4, "Мёд; и чай")]


def test_merged_cells_are_read_where_they_begin_and_a_header_of_two_rows_is_refused() -> None:
    book = openpyxl.Workbook()
    for row in (["Участники выставки"], ["Название", "ИНН", "Город"], ["Рыба", "1", "Уфа"], ["Мёд", "2", None]):
        book.active.append(row)
    book.active.merge_cells("A1:C1")
    book.active.merge_cells("C3:C4")
    out = io.BytesIO()
    book.save(out)
    assert [list(row.values.values()) for row in read(out.getvalue()).rows] == [["Рыба", "1", "Уфа"], ["Мёд", "2", ""]]

    found = errors_of(workbook([["Название", "Сведения", None], [None, "ИНН", "Город"], ["Рыба", "1", "Уфа"]]))
    assert {(error.row, error.column) for error in found} == {(2, "1"), (2, "name")}


def test_headers_that_are_unknown_doubled_or_missing_are_all_named() -> None:
    found = {(error.row, error.column) for error in errors_of("city,Город,colour\nx,y,z\n")}
    assert found == {(1, "Город"), (1, "colour"), (1, "name")}


def test_a_doubled_header_is_named_as_it_is_written_with_the_one_that_means_the_same() -> None:
    messages = {error.column: error.message for error in errors_of("name,Город,city,Название,name\nx,y,z,a,b\n")}
    twin = "This column is there twice: “%s” means the same."
    assert messages == {"city": twin % "Город", "Название": twin % "name", "name": "This column is there twice."}


def test_an_unknown_column_has_those_that_are_not_there_yet_once() -> None:
    messages = [error.message for error in errors_of("name,colour,size\nx,y,z\n")]
    assert messages == ["This column is not known. Known are also: inn, city.", "This column is not known: rename it, or take it out."]


def test_a_slip_of_the_hand_in_a_header_is_seen() -> None:
    (error,) = errors_of("name,Горад\nx,y\n")
    assert (error.column, error.message) == ("Горад", "This column is not known. Is “город” meant?")


def test_beside_an_unknown_column_the_rows_are_read_for_whoever_keeps_the_errors() -> None:
    content = "\n".join(["name,colour,city", "Мёд,=1,Уфа", "Рыба,red,=2"])
    table = read_table(io.BytesIO(content.encode()), name="a.csv", columns={"name": [], "city": []}, keep_errors=True)
    assert [(error.row, error.column) for error in table.errors] == [(1, "colour"), (3, "city")]
    assert [row.values for row in table.rows] == [{"name": "Мёд", "city": "Уфа"}, {"name": "Рыба", "city": ""}]
    assert (table.headers, list(table.written)) == (["name", "city"], ["name", "city"])


def test_many_known_columns_are_not_listed() -> None:
    (error,) = errors_of("name,colour\nx,y\n", columns={"name": [], **{f"column {number}": [] for number in range(40)}})
    assert error.message == "This column is not known: rename it, or take it out."


def test_a_header_of_ours_is_proposed_as_it_is_written() -> None:
    (error, *_missing) = errors_of("code,nmae_en\nx,y\n", columns={"code": [], "name_en": ["name"]})
    assert error.message == "This column is not known. Is “name_en” meant?"


def test_a_table_of_another_kind_is_one_error_that_begins_with_what_is_unknown() -> None:
    (error,) = errors_of("colour,size,weight\n1,2,3\n")
    assert (error.row, error.column) == (1, "")
    assert error.message == "These are not the columns of this table: “colour”, “size”, “weight”. Needed are: name."
    (error,) = errors_of(",".join(f"{'x' * 100}{number}" for number in range(50)) + "\n1\n")
    assert len(error.message) < 500


def test_a_table_of_another_kind_may_share_a_needed_column() -> None:
    header = "city,colour,size,weight\n1,2,3,4\n"
    (error,) = errors_of(header, required=["name", "inn", "city"])
    assert (error.column, error.message.endswith("Needed are: name, inn, city.")) == ("", True)
    assert len(errors_of(header, required=["name", "city"])) == 4


def archive(member: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        packed.writestr(member, "name")
    return content.getvalue()


PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00" + bytes(range(256)) * 20


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (pdf(), "companies.xlsx"),
        (pdf(), "companies.csv"),
        (pdf(packed=bytes(range(256)) * 50), "companies.xlsx"),
        (PNG, "photo.csv"),
        (b"MZ\x90\x00\n\x00" + bytes(2000), "setup.csv"),
        (b"<html><body><table><tr><td>colour</td></tr></table></body></html>", "companies.csv"),
        (b"Dear colleagues,\nhere is the list", "companies.xlsx"),
        (presentation(), "companies.xlsx"),
        (archive("content.xml"), "companies.ods"),
        (archive("companies.csv"), "companies.zip"),
    ],
)
def test_what_is_no_table_is_called_so(content: bytes, name: str) -> None:
    (error,) = errors_of(content, name=name)
    assert str(error) == "This is not a table: choose a .csv or .xlsx file, as a spreadsheet program saves it."


@pytest.mark.parametrize("name", ["companies.xlsx", "companies.csv"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "cp1251"])
def test_a_text_with_the_needed_columns_is_a_table_whatever_it_is_called(name: str, encoding: str) -> None:
    assert len(read(RUSSIAN.encode(encoding), name=name).rows) == 2
    assert len(read(f"[Участники]\n{RUSSIAN}".encode(encoding), name=name).rows) == 2


def test_cells_without_a_header_are_an_error_with_the_row() -> None:
    (error,) = errors_of("name,city\nA,B\nC,D,E\n")
    assert (error.row, error.column) == (3, "")


def test_an_open_quote_is_an_error_with_the_row() -> None:
    (error,) = errors_of('name,city\nA,B\n"C,D\n')
    assert error.row == 3


def test_an_xlsx_reads_like_a_csv() -> None:
    table = read(workbook([["Название", "ИНН", "Город"], ["Рыба", 7707083893.0, None], [None, None, None], ["Мёд", "0012", "Х"]]))
    assert [(row.number, dict(row.values)) for row in table.rows] == [
        (2, {"name": "Рыба", "inn": "7707083893", "city": ""}),
        (4, {"name": "Мёд", "inn": "0012", "city": "Х"}),
    ]


def test_a_number_of_a_worksheet_is_the_one_that_is_shown_there() -> None:
    table = read(workbook([["name", "inn", "city"], ["A", 3.3 * 3.1, 0.1 + 0.2], ["B", 12.5, 3 * 1.1 - 0.3]]))
    assert [(row.values["inn"], row.values["city"]) for row in table.rows] == [("10.23", "0.3"), ("12.5", "3")]


def test_a_sheet_is_chosen_by_name() -> None:
    content = workbook([["name"], ["Рыба"]], title="Компании")
    assert len(read(content, sheet="Компании").rows) == 1
    (error,) = errors_of(content, sheet="Other")
    assert "Компании" in error.message


COMPANIES = [["Название", "ИНН"], ["Рыба", "1"]]


@pytest.mark.parametrize(
    "content",
    [
        workbook([["Инструкция"], ["Название компании – как в уставе"]], title="Инструкция", Компании=COMPANIES, Второй=COMPANIES),
        workbook(COMPANIES, title="Компании", Инструкция=[["Название"]], Второй=COMPANIES),
        workbook([["ИНН", "Город"], ["1", "Уфа"]], title="Инструкция", Компании=[["Участники"], [None], *COMPANIES], Второй=[["x"]]),
    ],
)
def test_of_several_sheets_the_first_with_the_needed_columns_is_read(content: bytes) -> None:
    table = read(content)
    assert [row.values["name"] for row in table.rows] == ["Рыба"]
    assert (table.sheets[0], sorted(table.sheets[1:])) == ("Компании", ["Второй", "Инструкция"])


def test_empty_sheets_are_passed_over() -> None:
    assert read(workbook([], Пустой=[], Компании=COMPANIES)).sheets == ["Компании"]
    (error,) = errors_of(workbook([], Пустой=[]))
    assert "has no rows" in error.message


def test_errors_about_columns_name_the_sheet_where_there_are_several() -> None:
    (error,) = errors_of(workbook([["colour", "size"]], title="Цвета", Второй=[["x"]]))
    assert error.message.startswith("Sheet “Цвета”: ")
    (missing,) = errors_of(workbook([["x"]], Компании=[["Название", "ИНН", "Город"]]), required=["name", "inn", "city", "code"])
    assert (missing.column, missing.message.startswith("Sheet “Компании”: ")) == ("code", True)
    assert "Sheet" not in errors_of(workbook([["colour", "size"]]))[0].message


def test_reading_stops_after_a_hundred_empty_rows() -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A2"], book.active["A500"] = "name", "Рыба", "lost in formatting"
    out = io.BytesIO()
    book.save(out)
    assert [row.values["name"] for row in read(out.getvalue()).rows] == ["Рыба"]


def test_zip_bombs_are_refused_before_they_are_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openpyxl, "load_workbook", lambda *_a, **_k: pytest.fail("it was opened"))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/sheet.xml", b"0" * 1_000_000)
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(201):
            archive.writestr(f"{number}.xml", "x")
    for content in (packed.getvalue(), many.getvalue()):
        (error,) = errors_of(content)
        assert "unpacks to too much" in error.message


@pytest.mark.parametrize("content", [b"", b"   \n", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old Excel"])
def test_what_is_no_table_is_an_error_of_the_whole_file(content: bytes) -> None:
    (error,) = errors_of(content)
    assert error.row == 0
    assert str(error) == error.message


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "LARGEST_FILE", 10)
    (error,) = errors_of("name,city\nA,B\n")
    assert error.row == 0


def test_errors_read_as_lines() -> None:
    error = TableError([RowError(12, "INN", "has no digits."), RowError(13, "", "is odd."), RowError(0, "", "All wrong.")])
    assert str(error) == "row 12, column INN: has no digits.\nrow 13: is odd.\nAll wrong."


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("7707083893.0", "7707083893"),
        ("7707083893,0", "7707083893"),
        ("7 707 083 893", "7707083893"),
        ("7\u202f707\u202f083\u202f893", "7707083893"),
        ("91310000ma1e3x7", "91310000MA1E3X7"),
    ],
)
def test_numbers_that_excel_bent_are_put_right(text: str, code: str) -> None:
    assert tables.as_number_code(text) == code


@pytest.mark.parametrize("text", ["7,707E+09", "7.70708E+09", "7E+09"])
def test_numbers_that_lost_digits_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="lost digits"):
        tables.as_number_code(text)


def test_numbers_flags_and_days() -> None:
    for space in (" ", "\xa0", "\u202f", "\u2009"):
        assert tables.as_decimal(f"1{space}234,5") == Decimal("1234.5")
    assert [tables.as_decimal(text) for text in ("-.5", "+3.", "１２")] == [Decimal("-0.5"), 3, 12]
    assert (tables.as_flag("да"), tables.as_flag("нет"), tables.as_flag("")) == (True, False, False)
    assert tables.as_date("27.01.2024") == tables.as_date("2024-01-27")
    for read_cell, text in [
        *((tables.as_decimal, text) for text in ("NaN", "1e2", "1_000", "1,234,5", ".", "")),
        (tables.as_flag, "maybe"),
        (tables.as_date, "31.02.2024"),
        (tables.as_whole_number, "1.5"),
    ]:
        with pytest.raises(ValueError, match=f"“{text}”"):
            read_cell(text)


def test_the_limits_are_those_of_the_promise() -> None:
    assert (tables.LARGEST_FILE, tables.EMPTY_ROWS_AT_MOST) == (20_000_000, 100)
    assert (archives.UNPACKED_AT_MOST, archives.RATIO_AT_MOST, archives.MEMBERS_AT_MOST) == (50_000_000, 100, 200)
