"""The review of a document at the desk: what is shown to whom, and the two decisions."""

import io
import zipfile
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from api.file_kinds import FileKind
from api.files import keep
from exhibitors.enums import DocumentState
from exhibitors.models import Document
from fairs.enums import StaffRole
from notifications.models import Letter
from tests.exhibitors.pictures import picture
from tests.exhibitors.world import application_in
from tests.factories.exhibitors import CompanyFactory, CompanyMemberFactory, DocumentFactory, DocumentRequirementFactory
from tests.factories.fairs import StaffMembershipFactory
from tests.uploaded import pdf, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def stored(content: bytes, name: str):
    return keep(upload(content, name), kinds=list(FileKind), by=None, now=timezone.now())


@pytest.fixture
def document():
    return DocumentFactory(file=stored(picture(), "label.png"))


def desk(document, role=StaffRole.REVIEWER) -> Client:
    member = StaffMembershipFactory(fair=document.application.fair, role=role, user__is_staff=True)
    client = Client()
    client.force_login(member.user)
    return client


def url(document) -> str:
    return reverse("admin:exhibitors_document_review", args=[document.pk])


def test_a_picture_is_shown_and_a_pdf_saved(document):
    client = desk(document)
    page = client.get(url(document)).content.decode()
    assert "<img src=" in page
    other = DocumentFactory(application=document.application, file=stored(pdf(), "a.pdf"))
    page = client.get(url(other)).content.decode()
    assert "<img src=" not in page
    assert "/api/v1/files/" in page


def test_approving_leads_to_the_next(document):
    following = DocumentFactory(application=document.application)
    answer = desk(document).post(url(document), {"approve": "1"})
    assert (answer.status_code, answer["Location"]) == (302, url(following))
    document.refresh_from_db()
    assert document.state == DocumentState.APPROVED
    assert not Letter.objects.exists()


def test_returning_says_which_letter_goes_and_needs_a_reason(document):
    member = CompanyMemberFactory(company=document.application.company)
    client = desk(document)
    assert member.user.email in client.get(url(document)).content.decode()
    assert client.post(url(document), {"return": "1", "reason": " "}).status_code == 200
    document.refresh_from_db()
    assert document.state == DocumentState.UPLOADED
    client.post(url(document), {"return": "1", "reason": "Name the importer."})
    document.refresh_from_db()
    assert (document.state, document.reason) == ("returned", "Name the importer.")
    assert Letter.objects.get().recipient_email == member.user.email


def test_who_does_not_review_sees_no_file_and_decides_nothing(document):
    client = desk(document, StaffRole.READ_ONLY)
    page = client.get(url(document)).content.decode()
    assert "/api/v1/files/" not in page
    assert 'name="approve"' not in page
    assert client.post(url(document), {"approve": "1"}).status_code == 403
    document.refresh_from_db()
    assert document.state == DocumentState.UPLOADED


def test_somebody_was_faster(document):
    client = desk(document)
    client.post(url(document), {"approve": "1"})
    assert client.post(url(document), {"approve": "1"}, follow=True).status_code == 200


def test_what_a_colleague_approved_meanwhile_is_not_returned_unseen(document):
    client = desk(document)
    shown = {"seen": client.get(url(document)).context["document"].state, "reason": "Name the importer."}
    desk(document).post(url(document), {"approve": "1", "seen": shown["seen"]})
    refused = client.post(url(document), {**shown, "return": "1"})
    assert "Look again before you decide" in refused.content.decode()
    document.refresh_from_db()
    assert document.state == DocumentState.APPROVED
    client.post(url(document), {**shown, "return": "1", "seen": "approved"})
    document.refresh_from_db()
    assert document.state == DocumentState.RETURNED


def test_the_queue_begins_with_what_waits(document):
    DocumentFactory(application=document.application, state=DocumentState.APPROVED, reviewed_at=timezone.now())
    rows = desk(document).get(reverse("admin:exhibitors_document_changelist")).context["cl"].result_list
    assert [row.state for row in rows] == ["uploaded", "approved"]


@pytest.mark.parametrize(("content", "name", "said"), [(picture(), "a.png", "drawn anew"), (pdf(), "a.pdf", "no scripts")])
def test_the_page_says_what_was_checked_and_what_was_not(content, name, said):
    document = DocumentFactory(file=stored(content, name))
    page = desk(document).get(url(document)).content.decode()
    assert said in page
    assert "not searched for viruses" in page


# --- all of a selection in one file


LIST = reverse("admin:exhibitors_document_changelist")


def export(client, *chosen):
    return client.post(LIST, {"action": "export_zip", "_selected_action": [row.pk for row in chosen]})


def approved(application=None, **fields):
    given = {"application": application} if application else {}
    content = fields.pop("content", None) or pdf()
    return DocumentFactory(state=DocumentState.APPROVED, reviewed_at=timezone.now(), file=stored(content, "a.pdf"), **given, **fields)


def test_the_approved_ones_come_as_one_zip_a_folder_a_company(document):
    fair, company = document.application.fair, CompanyFactory(legal_name="../ООО «Берег»:\u202e/..")
    first = approved(application_in("accepted", fair=fair, company=company))
    second, third = approved(first.application, title="CON", requirement=None), approved(application_in("accepted", fair=fair))
    client = desk(document)
    answer = export(client, document, first, second, third)
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/zip", "nosniff")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        names = archive.namelist()
        assert archive.testzip() is None
        assert archive.read(names[0]) == pdf()
    folder = f"_ООО «Берег»__ ({first.application_id})"
    assert {name.partition("/")[0] for name in names} == {
        folder, f"{third.application.company.legal_name} ({third.application_id})",
    }  # fmt: skip
    assert [name.partition("/")[2] for name in names if name.startswith(folder)] == [
        f"{first.requirement.code} v1 ({first.pk}).pdf", f"_CON v1 ({second.pk}).pdf",
    ]  # fmt: skip


def test_a_file_that_is_lost_is_named_and_the_others_come(document, media):
    lost, there = approved(document.application), approved(document.application)
    (media / lost.file.name).unlink()
    with zipfile.ZipFile(io.BytesIO(b"".join(export(desk(document), lost, there).streaming_content))) as archive:
        assert sorted(name.rpartition(").")[2] for name in archive.namelist()) == ["pdf", "pdf.missing.txt"]


def test_nothing_approved_is_nothing_to_save_and_other_fairs_stay_out(document):
    page = desk(document)
    for chosen in ([document], [approved()]):
        answer = page.post(LIST, {"action": "export_zip", "_selected_action": [row.pk for row in chosen]}, follow=True)
        assert not answer.streaming
    own = approved(document.application)
    with zipfile.ZipFile(io.BytesIO(b"".join(export(page, own, approved()).streaming_content))) as archive:
        assert len(archive.namelist()) == 1


# --- on the page of the application


def test_the_application_shows_what_is_asked_for_and_how_far_it_is(document):
    application = document.application
    Document.objects.filter(pk=document.pk).update(requirement=None, title="Stand photo")
    document.requirement.delete()
    DocumentRequirementFactory(fair=application.fair, code="vet", audience="all", title_en="Veterinary certificate")
    page = desk(document).get(reverse("admin:exhibitors_application_change", args=[application.pk]))
    rows = {row.title: (row.state, row.url) for row in page.context["documents"]}
    assert rows == {"Veterinary certificate": ("missing", ""), "Stand photo": ("waiting for review", url(document))}
    assert "Veterinary certificate" in page.content.decode()
