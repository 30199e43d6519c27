"""The review of a document at the desk: what is shown to whom, and the two decisions."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from api.file_kinds import FileKind
from api.files import keep
from exhibitors.enums import DocumentState
from fairs.enums import StaffRole
from notifications.models import Letter
from tests.exhibitors.pictures import picture
from tests.factories.exhibitors import CompanyMemberFactory, DocumentFactory
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


def test_the_queue_begins_with_what_waits(document):
    DocumentFactory(application=document.application, state=DocumentState.APPROVED, reviewed_at=timezone.now())
    rows = desk(document).get(reverse("admin:exhibitors_document_changelist")).context["cl"].result_list
    assert [row.state for row in rows] == ["uploaded", "approved"]
