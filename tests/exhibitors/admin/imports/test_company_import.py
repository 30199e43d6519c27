"""Importing companies at the desk: a worker checks the table, its uploader reads the result and confirms, a worker imports it."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from exhibitors.domain import companies
from exhibitors.enums import ChangeSource, ImportState
from exhibitors.importing import far_note
from exhibitors.models import Company, CompanyImport
from fairs import tables
from fairs.models import Fair
from fairs.sheet_process import SheetUnread
from tests.conftest import MOMENT
from tests.exhibitors.admin.imports.desk import FORM, LIST, page, table, turn, upload
from tests.exhibitors.importing.conftest import line
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import CompanyFactory, inn
from tests.factories.fairs import FairFactory, StaffMembershipFactory
from tests.uploaded import sheet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_a_table_is_checked_shown_confirmed_and_imported(desk, fair):
    there = upload(desk, fair, table(line(1), line(2)))
    under_way = desk.get(page("change", there)).content.decode()
    assert "being checked" in under_way
    assert "{#" not in under_way
    assert desk.get(page("progress", there)).json() == {"is_open": True, "percent": 0, "text": "It begins…"}

    turn()
    assert Company.objects.count() == 0
    assert desk.get(page("progress", there)).json()["is_open"] is False
    shown = desk.get(page("change", there)).content.decode()
    assert "table.csv → " in shown
    assert "new: 2" in shown
    assert "Nothing is written yet. Without a confirmation the table is forgotten: 16 Jan 2030, 17:00" in shown
    assert page("confirm", there) in shown

    assert desk.post(page("confirm", there))["Location"] == page("change", there)
    assert "being imported" in desk.get(page("change", there)).content.decode()
    turn()
    assert Company.objects.count() == 2
    assert page("confirm", there) not in desk.get(page("change", there)).content.decode()
    assert "2 new, 0 changed, 0 unchanged" in desk.get(LIST).content.decode()
    again = desk.post(page("confirm", there), follow=True).content.decode()
    assert "does not wait for a confirmation" not in again, "it was pressed once more, in another tab"
    assert "too late to stop it" in desk.post(page("discard", there), follow=True).content.decode()


def test_from_an_import_to_what_it_brought_and_back_to_who_did_what(desk, fair):
    CompanyFactory()
    there = upload(desk, fair, table(line(1), line(2)))
    turn()
    desk.post(page("confirm", there))
    turn()
    found = desk.get(f"{reverse('admin:exhibitors_company_changelist')}?imported={there.pk}")
    assert f"imported={there.pk}" in desk.get(page("change", there)).content.decode()
    assert {company.inn for company in found.context["cl"].queryset} == {inn(1), inn(2)}
    history = desk.get(page("history", there)).content.decode()
    assert "Confirmed" in history
    assert "change history" not in history


def test_nobody_finds_companies_by_an_import_of_another_fair(desk, fair):
    other = CompanyImport.objects.create(
        fair=FairFactory(), state=ImportState.DONE, created_at=MOMENT, ended_at=MOMENT, report={"created_ids": [CompanyFactory().pk]}
    )
    mine = upload(desk, fair, table(line(1)))
    turn()
    desk.post(page("confirm", mine))
    turn()
    found = desk.get(f"{reverse('admin:exhibitors_company_changelist')}?imported={other.pk}")
    assert not found.context["cl"].queryset.exists()


def test_the_check_tells_the_states_who_is_late_and_how_many_letters_go(desk, fair):
    Fair.objects.filter(pk=fair.pk).update(applications_close_at=MOMENT - timedelta(days=1))
    content = table(line(1, status="submitted", contact_email="a@example.org", contact_name="A"), line(2, status="draft"))
    desk.post(FORM, {"fair": fair.pk, "notify": "on", "file": SimpleUploadedFile("table.csv", content)})
    there = CompanyImport.objects.get()
    turn()
    shown = desk.get(page("change", there)).content.decode()
    assert "applications of the new and the changed – draft: 1, submitted: 1 (1 late: applications were open until 14 Jan 2030)" in shown
    assert "letters to exhibitors: 1" in shown


def test_of_a_table_that_changes_nothing_nothing_is_imported_and_what_is_kept_can_be_downloaded(desk, fair):
    upload(desk, fair, table(line(1)))
    turn()
    desk.post(page("confirm", CompanyImport.objects.get()))
    turn()
    company = Company.objects.get()
    companies.update(company_id=company.pk, by=UserFactory(), source=ChangeSource.STAFF, now=MOMENT, name_en="Aurora by hand")
    there = upload(desk, fair, table(line(1, name_en="Aurora by table")))
    turn()
    shown = desk.get(page("change", there)).content.decode()
    assert "There is nothing to import" in shown
    assert page("confirm", there) not in shown
    rows = list(csv.reader(io.StringIO(desk.get(page("csv", there)).content.decode("utf-8-sig"))))
    assert [row[:3] for row in rows] == [["Row", "Company", "Column"], ["2", company.legal_name, "name_en"]]
    assert rows[0][3] == "What is kept"


def test_a_table_that_no_worker_takes_up_says_so(desk, fair, clock):
    there = upload(desk, fair, table(line(1)))
    clock.shift(timedelta(minutes=2))
    assert "No worker has taken it up yet" in desk.get(page("progress", there)).json()["text"]


@pytest.mark.parametrize("is_seen", [True, False])
def test_a_way_to_stop_is_shown_where_it_stops_anything(desk, fair, monkeypatch, is_seen):
    monkeypatch.setattr(far_note, "is_seen_meanwhile", lambda: is_seen)
    there = upload(desk, fair, table(line(1)))
    shown = desk.get(page("change", there)).content.decode()
    assert (page("discard", there) in shown) is is_seen
    assert ("On SQLite it cannot be stopped" in shown) is not is_seen
    monkeypatch.undo()
    turn()
    assert page("discard", there) in desk.get(page("change", there)).content.decode()


def test_a_file_that_is_too_large_is_refused_with_its_limit_and_a_way_back(desk, fair, monkeypatch):
    monkeypatch.setattr("api.uploads.LARGEST_REQUEST", 1_000)
    answer = desk.post(FORM, {"fair": fair.pk, "file": SimpleUploadedFile("table.csv", b"x" * 2_000)})
    assert answer.status_code == 413
    text = answer.content.decode()
    assert "The file is larger than 20 MB" in text
    assert f'href="{FORM}"' in text


def test_a_worker_is_told_of_a_table_and_of_its_confirmation(desk, fair, django_capture_on_commit_callbacks):
    """Without waiting for the next minute's tick."""
    with django_capture_on_commit_callbacks(execute=True):
        there = upload(desk, fair, table(line(1)))
    there.refresh_from_db()
    assert there.state == ImportState.CHECKED
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(page("confirm", there))
    there.refresh_from_db()
    assert (there.state, Company.objects.count()) == (ImportState.DONE, 1)


def test_errors_are_shown_by_row_and_column_can_be_downloaded_and_nothing_can_be_confirmed(desk, fair, monkeypatch):
    monkeypatch.setattr("exhibitors.admin.company_import_page._SHOWN", 1)
    there = upload(desk, fair, table(line(1), line(2, region="RU-XXX"), line(3, region="RU-YYY")))
    turn()

    shown = desk.get(page("change", there)).content.decode()
    assert "2 errors: nothing was written." in shown
    assert "RU-XXX" in shown
    assert shown.count("RU-YYY") == 1, "among the first rows, and in no error"
    assert "Only the first 1 is shown." in shown
    assert "Please correct the error" not in shown, "there is no form to correct them in"
    assert page("confirm", there) not in shown
    rows = list(csv.reader(io.StringIO(desk.get(page("csv", there)).content.decode("utf-8-sig"))))
    wrong = [["3", "ООО «Рассвет 2»", "region"], ["4", "ООО «Рассвет 3»", "region"]]
    assert [row[:3] for row in rows] == [["Row", "Company", "Column"], *wrong]
    assert desk.get(page("xlsx", there)).content[:2] == b"PK"
    assert "2 errors" in desk.get(LIST).content.decode()
    assert desk.post(page("confirm", there)).status_code == 302
    turn()
    assert Company.objects.count() == 0


def test_nobody_imports_into_another_fair_or_confirms_anothers_table(desk, fair, client):
    there = upload(desk, fair, table(line(1)))
    turn()

    client.force_login(StaffMembershipFactory(fair=fair, user__language="en").user)
    shown = client.get(page("change", there)).content.decode()
    assert "Only who uploaded the table can import it." in shown
    assert page("confirm", there) not in shown
    assert client.post(page("confirm", there)).status_code == 403

    client.force_login(StaffMembershipFactory(fair=FairFactory(), user__language="en").user)
    assert client.post(page("confirm", there)).status_code == 404
    assert client.post(page("discard", there)).status_code == 404
    refused = client.post(FORM, {"fair": fair.pk, "file": SimpleUploadedFile("table.csv", table(line(1)))})
    assert "fair" in refused.context["form"].errors
    turn()
    there.refresh_from_db()
    assert (there.state, CompanyImport.objects.count(), Company.objects.count()) == (ImportState.CHECKED, 1, 0)


def test_a_table_is_discarded(desk, fair):
    there = upload(desk, fair, table(line(1)))
    shown = desk.post(page("discard", there), follow=True).content.decode()
    assert "Discarded: nothing was written." in shown
    assert "discarded" in desk.get(LIST).content.decode()
    assert "This import is over" in desk.post(page("discard", there), follow=True).content.decode()


def test_what_changes_something_is_posted(desk, fair):
    there = upload(desk, fair, table(line(1)))
    turn()
    """A sign-in in between sends back to the address by GET: from there to the page of the import."""
    assert {desk.get(page(name, there))["Location"] for name in ("confirm", "discard")} == {page("change", there)}
    there.refresh_from_db()
    assert there.state == ImportState.CHECKED


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_any_number_of_rows(desk, fair, count, django_assert_num_queries):
    for _ in range(count):
        upload(desk, fair, table(line(1)))
    desk.get(LIST)
    with django_assert_num_queries(6):  # session, user, roles, the fairs of the filter, count, imports
        desk.get(LIST)


@pytest.fixture
def refused(desk: Client, fair: Fair) -> Any:
    """``refused(content)``: what is wrong with the table, and that nothing of it can be confirmed."""

    def run(content: bytes, name: str = "table.xlsx", language: str = "en") -> str:
        there = upload(desk, fair, content, name, language)
        turn()
        there.refresh_from_db()
        ((_row, _column, message),) = there.report["errors"]
        assert (there.state, Company.objects.count()) == (ImportState.REFUSED, 0)
        assert message in desk.get(page("change", there)).content.decode()
        return str(message)

    return run


@pytest.mark.parametrize(
    ("why", "said", "in_russian"),
    [("memory", "takes more memory than reading it may", "памяти"), ("time", "takes longer than reading it may", "дольше")],
)
def test_a_table_whose_reader_was_ended_is_refused_in_words(refused, monkeypatch, why, said, in_russian):
    """The limits themselves: tests/fairs/test_sheet_process.py."""

    def ended(*_given: Any, **_wanted: Any) -> Iterator[Any]:
        raise SheetUnread(why)
        yield

    monkeypatch.setattr("fairs.table_files.sheet_rows", ended)
    content = sheet('<row r="1"><c r="A1"><v>1</v></c></row>')
    assert refused(content).startswith(f"This .xlsx file {said}: save only the table itself")
    assert in_russian in refused(content, language="ru")


def test_a_table_of_too_many_cells_is_refused(refused, monkeypatch):
    monkeypatch.setattr(tables, "LARGEST_CELL_COUNT", 5)
    assert "more than 5 cells" in refused(b"legal_name,country\na,b\nc,d\n", "table.csv")


def test_a_text_that_a_thousand_cells_share_counts_a_thousand_times(refused, monkeypatch):
    shared = f"<si><t>{''.join(f'{number * 7919 % 100_003:x}' for number in range(4_000))}</t></si>"
    rows = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 20))
    monkeypatch.setattr(tables, "LARGEST_FILE", 100_000)
    assert "more than 100000 characters" in refused(sheet(rows, shared=shared))
