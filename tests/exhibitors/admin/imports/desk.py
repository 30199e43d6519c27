"""The pages of an import, and a worker's turn at it."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from exhibitors.importing import uploads
from exhibitors.models import CompanyImport
from fairs.models import Fair
from tests.conftest import MOMENT
from tests.exhibitors.importing.conftest import csv_of

FORM = reverse("admin:exhibitors_company_import")
LIST = reverse("admin:exhibitors_companyimport_changelist")


def upload(desk: Client, fair: Fair, content: bytes, name: str = "table.csv", language: str = "en") -> CompanyImport:
    """What the form made of the table: the answer leads to its page."""
    answer = desk.post(FORM, {"fair": fair.pk, "file": SimpleUploadedFile(name, content)}, headers={"Accept-Language": language})
    there = CompanyImport.objects.latest("pk")
    assert answer["Location"] == page("change", there)
    return there


def page(name: str, of: CompanyImport) -> str:
    return reverse(f"admin:exhibitors_companyimport_{name}", args=[of.pk])


def turn() -> None:
    uploads.take_turn(now=lambda: MOMENT)


def table(*lines: dict[str, str]) -> bytes:
    return csv_of(*lines).getvalue()
