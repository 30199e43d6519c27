"""The import page with tables that nobody should have to read: told what to do, and the desk goes on."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from exhibitors.models import Company
from fairs import tables
from fairs.sheet_process import SheetUnread
from tests.factories.fairs import FairFactory, StaffMembershipFactory
from tests.uploaded import sheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def refused(client: Client) -> Any:
    """``refused(content)``: what is wrong with the table, and that nothing of it can be confirmed."""
    fair = FairFactory()
    client.force_login(StaffMembershipFactory(fair=fair, user__language="en").user)

    def run(content: bytes, name: str = "table.xlsx", language: str = "en") -> str:
        file = SimpleUploadedFile(name, content)
        page = client.post(
            reverse("admin:exhibitors_company_import"), {"fair": fair.pk, "file": file}, headers={"Accept-Language": language}
        )
        (error,) = page.context["report"].errors
        assert (page.status_code, page.context["token"], Company.objects.count()) == (200, "", 0)
        assert error.message in page.content.decode()
        return error.message

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
