"""Two decide on one version at once, or a new version arrives while somebody approves: one of them is told so. On PostgreSQL."""

from pathlib import Path
from typing import Any

import pytest

from exhibitors.domain import documents
from exhibitors.domain.documents import DocumentReviewed
from exhibitors.enums import ApplicationStatus, DocumentState
from exhibitors.models import Document
from notifications.models import Letter
from tests.exhibitors.world import NOW, application_in
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import CompanyMemberFactory, DocumentRequirementFactory
from tests.racing import at_once
from tests.uploaded import pdf, upload

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
]

ROUNDS = 10


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def document() -> Document:
    application = application_in(ApplicationStatus.ACCEPTED)
    CompanyMemberFactory(company=application.company)
    DocumentRequirementFactory(fair=application.fair, code="labels")
    return hand_in(application.pk)


def hand_in(application_id: int) -> Document:
    return documents.upload(application_id=application_id, file=upload(pdf()), by=None, now=NOW, requirement="labels")


def states() -> list[tuple[int, str]]:
    return list(Document.objects.order_by("version").values_list("version", "state"))


def test_of_two_reviewers_who_approve_one_is_told_that_it_is_decided(document: Document) -> None:
    one, other = UserFactory(), UserFactory()
    for _round in range(ROUNDS):
        Document.objects.update(state=DocumentState.UPLOADED, reviewed_at=None, reviewed_by=None)
        answers = at_once(*(lambda by=by: documents.approve(document_id=document.pk, by=by, now=NOW) for by in (one, other)))
        assert answers.count(DocumentReviewed) == 1
        assert states() == [(1, "approved")]


def test_approve_against_return_leaves_the_one_decision_that_was_told(document: Document) -> None:
    """An approved one may be returned, a returned one not approved: whoever is second, the letter goes with the state."""
    one, other = UserFactory(), UserFactory()
    for _round in range(ROUNDS):
        Letter.objects.all().delete()
        Document.objects.update(state=DocumentState.UPLOADED, reviewed_at=None, reviewed_by=None, reason="")
        at_once(
            lambda: documents.approve(document_id=document.pk, by=one, now=NOW),
            lambda: documents.return_(document_id=document.pk, reason="Unreadable.", by=other, now=NOW),
        )
        document.refresh_from_db()
        assert (document.state, document.reviewed_by) == (DocumentState.RETURNED, other)
        assert Letter.objects.filter(occasion="exhibitors.document_returned").count() == 1


def test_a_new_version_against_an_approval_counts_once(document: Document) -> None:
    """Either the old one was approved first and is replaced, or it is replaced first and the reviewer is told."""
    reviewer = UserFactory()
    for version in range(1, ROUNDS + 1):
        current = Document.objects.current().get()
        approved, uploaded = at_once(
            lambda pk=current.pk: documents.approve(document_id=pk, by=reviewer, now=NOW),
            lambda: hand_in(document.application_id),
        )
        assert isinstance(uploaded, Document)
        assert approved is DocumentReviewed or approved.pk == current.pk
        assert states() == [*((number, "superseded") for number in range(1, version + 1)), (version + 1, "uploaded")]
