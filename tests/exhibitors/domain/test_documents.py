"""Documents from hand to hand: one version counts, what was decided stays, files follow their rows."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from api.file_kinds import KindRefused
from api.models import StoredFile
from api.problems import Invalid
from exhibitors.domain import document_letters, documents, endings
from exhibitors.domain.documents import DocumentReviewed, DocumentSettled, TooManyDocuments
from exhibitors.domain.editing import NotEditable
from exhibitors.enums import ApplicationStatus, DocumentState, Scheme
from exhibitors.models import Document
from fairs.enums import Audience, StaffRole
from notifications.models import Letter
from tests.exhibitors.pictures import picture
from tests.exhibitors.world import NOW, application_in
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import (
    ApplicationFactory,
    CompanyMemberFactory,
    DocumentFactory,
    DocumentRequirementFactory,
    ProductCategoryFactory,
    SiteWishFactory,
)
from tests.factories.fairs import DeadlineFactory, SiteFactory, StaffMembershipFactory
from tests.uploaded import pdf, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def application():
    return application_in(ApplicationStatus.ACCEPTED)


@pytest.fixture
def asked(application):
    return DocumentRequirementFactory(fair=application.fair, code="labels")


@pytest.fixture
def reviewer(application):
    return StaffMembershipFactory(fair=application.fair, role=StaffRole.REVIEWER).user


def hand_in(application, **given) -> Document:
    values = {"file": upload(pdf()), "by": None, "now": NOW, "requirement": "labels", **given}
    return documents.upload(application_id=application.pk, **values)


def states(application) -> list[tuple[int, str]]:
    return list(Document.objects.filter(application=application).order_by("version").values_list("version", "state"))


def files(media: Path) -> int:
    return len([path for path in media.rglob("*") if path.is_file()])


def pointer_of(refusal) -> tuple[str, str]:
    error = refusal.value.facts["errors"][0]
    return error["pointer"], error["code"]


def test_each_exhibitor_has_versions_of_its_own(application, asked, reviewer):
    other = application_in(ApplicationStatus.ACCEPTED, fair=application.fair)
    for one in (application, other, application):
        hand_in(one)
    assert (states(application), states(other)) == ([(1, "superseded"), (2, "uploaded")], [(1, "uploaded")])
    documents.approve(document_id=Document.objects.get(application=other).pk, by=reviewer, now=NOW)
    assert states(application) == [(1, "superseded"), (2, "uploaded")]


def test_a_new_version_replaces_one_that_nobody_has_reviewed(application, asked):
    first, second = hand_in(application), hand_in(application)
    assert states(application) == [(1, "superseded"), (2, "uploaded")]
    assert first.file != second.file


def test_a_returned_one_is_answered_by_a_new_version(application, asked, reviewer):
    documents.return_(document_id=hand_in(application).pk, reason="The importer is missing.", by=reviewer, now=NOW)
    hand_in(application)
    assert states(application) == [(1, "superseded"), (2, "uploaded")]
    assert Document.objects.get(version=1).reason == "The importer is missing."


def test_review_says_who_and_when(application, asked, reviewer):
    document = documents.approve(document_id=hand_in(application).pk, by=reviewer, now=NOW)
    document.refresh_from_db()
    assert (document.state, document.reviewed_by, document.reviewed_at) == ("approved", reviewer, NOW)


def test_two_reviewers_do_not_decide_on_one_document(application, asked, reviewer):
    document = hand_in(application)
    documents.approve(document_id=document.pk, by=reviewer, now=NOW)
    with pytest.raises(DocumentReviewed, match="approved"):
        documents.approve(document_id=document.pk, by=reviewer, now=NOW)
    newer = hand_in(application)
    for verb in (documents.approve, documents.return_):
        more = {"reason": "No."} if verb is documents.return_ else {}
        with pytest.raises(DocumentReviewed, match="replaced"):
            verb(document_id=document.pk, by=reviewer, now=NOW, **more)
    assert Document.objects.get(pk=newer.pk).state == DocumentState.UPLOADED


def test_to_return_needs_a_reason(application, asked, reviewer):
    document = hand_in(application)
    for reason in ("", "  ", "\u200b"):
        with pytest.raises(Invalid) as refusal:
            documents.return_(document_id=document.pk, reason=reason, by=reviewer, now=NOW)
        assert pointer_of(refusal) == ("/reason", "required")


def test_an_approved_one_is_replaced_until_its_deadline(application, reviewer):
    deadline = DeadlineFactory(fair=application.fair, due_at=NOW + timedelta(days=1))
    DocumentRequirementFactory(fair=application.fair, code="labels", deadline=deadline)
    documents.approve(document_id=hand_in(application).pk, by=reviewer, now=NOW)
    second = hand_in(application, now=deadline.due_at)
    documents.approve(document_id=second.pk, by=reviewer, now=NOW)
    late = deadline.due_at + timedelta(seconds=1)
    with pytest.raises(DocumentSettled):
        hand_in(application, now=late)
    hand_in(application, now=late, as_staff=True)


def test_without_a_deadline_an_approved_one_is_replaced_until_the_fair_begins(application, reviewer):
    DocumentRequirementFactory(fair=application.fair, code="labels", deadline=None)
    opens = datetime.combine(application.fair.starts_on, time(), application.fair.zone)
    for moment in (NOW, opens - timedelta(seconds=1)):
        documents.approve(document_id=hand_in(application, now=moment).pk, by=reviewer, now=moment)
    with pytest.raises(DocumentSettled):
        hand_in(application, now=opens)
    hand_in(application, now=opens, as_staff=True)


def test_a_returned_one_is_answered_after_the_deadline_too(application, reviewer):
    deadline = DeadlineFactory(fair=application.fair, due_at=NOW)
    DocumentRequirementFactory(fair=application.fair, code="labels", deadline=deadline)
    document = hand_in(application)
    documents.approve(document_id=document.pk, by=reviewer, now=NOW)
    documents.return_(document_id=document.pk, reason="Expired meanwhile.", by=reviewer, now=NOW)
    hand_in(application, now=NOW + timedelta(days=30))
    assert states(application) == [(1, "superseded"), (2, "uploaded")]


def test_what_is_taken_back_leaves_the_version_before(application, asked, reviewer, media, django_capture_on_commit_callbacks):
    documents.return_(document_id=hand_in(application).pk, reason="Unreadable.", by=reviewer, now=NOW)
    second = hand_in(application)
    with django_capture_on_commit_callbacks(execute=True):
        documents.remove(document_id=second.pk, by=None, now=NOW)
    assert states(application) == [(1, "returned")]
    assert (files(media), StoredFile.objects.count()) == (1, 1)
    with pytest.raises(DocumentReviewed):
        documents.remove(document_id=Document.objects.get().pk, by=None, now=NOW)


def test_other_documents_stand_side_by_side(application):
    for number in range(2):
        document = hand_in(application, requirement=None, title=f"Photo\u202e {number}", file=upload(picture(), "a.png"))
        assert (document.title, document.version) == (f"Photo {number}", 1)
    assert Document.objects.filter(state=DocumentState.UPLOADED).count() == 2


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"requirement": "unknown"}, ("/requirement", "unknown_requirement")),
        ({"requirement": "old"}, ("/requirement", "unknown_requirement")),
        ({"requirement": "elsewhere"}, ("/requirement", "unknown_requirement")),
        ({"site": "shenyang"}, ("/site", "not_per_site")),
        ({"requirement": "design"}, ("/site", "required")),
        ({"requirement": "design", "site": "nowhere"}, ("/site", "unknown_site")),
        ({"requirement": "design", "site": "not-wished"}, ("/site", "unknown_site")),
        ({"requirement": "gacc"}, ("/valid_until", "required")),
        ({"requirement": "gacc", "valid_until": date(2030, 1, 14)}, ("/valid_until", "expired")),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(application, asked, given, expected, media):
    fair = application.fair
    DocumentRequirementFactory(code="elsewhere")
    DocumentRequirementFactory(fair=fair, code="old", valid_to=date(2029, 12, 31))
    DocumentRequirementFactory(fair=fair, code="design", per_site=True)
    DocumentRequirementFactory(fair=fair, code="gacc", needs_expiry=True)
    SiteFactory(fair=fair, slug="not-wished")
    with pytest.raises(Invalid) as refusal:
        hand_in(application, **given)
    assert pointer_of(refusal) == expected
    assert files(media) == 0


def test_what_is_not_asked_of_the_application_is_refused_with_a_way_out(application, media):
    shell = application.site_wishes.get().site
    SiteWishFactory(application=application, site=SiteFactory(fair=application.fair, slug="raw-site"), scheme=Scheme.RAW)
    DocumentRequirementFactory(fair=application.fair, code="design", per_site=True, audience=Audience.RAW_SPACE)
    DocumentRequirementFactory(fair=application.fair, code="other").categories.add(ProductCategoryFactory(code="99"))
    for given, expected, way_out in (
        ({"requirement": "design", "site": shell.slug}, ("/site", "not_asked"), "raw-site"),
        ({"requirement": "other"}, ("/requirement", "not_asked"), "under a title"),
        ({"requirement": None, "title": " \u202e "}, ("/title", "required"), "Write what this document is"),
    ):
        with pytest.raises(Invalid) as refusal:
            hand_in(application, **given)
        assert pointer_of(refusal) == expected
        assert way_out in refusal.value.facts["errors"][0]["detail"]
    assert files(media) == 0
    assert hand_in(application, requirement="design", site="raw-site").version == 1


def test_each_site_has_its_own(application):
    DocumentRequirementFactory(fair=application.fair, code="labels", per_site=True)
    other = SiteWishFactory(application=application, site=SiteFactory(fair=application.fair), scheme=Scheme.RAW)
    for wish in application.site_wishes.all():
        hand_in(application, site=wish.site.slug)
    hand_in(application, site=other.site.slug)
    assert Document.objects.current().count() == 2
    assert Document.objects.get(site=other.site, state="uploaded").version == 2


def test_a_kind_that_the_requirement_does_not_take(application, media):
    DocumentRequirementFactory(fair=application.fair, code="labels", kinds=["png"])
    with pytest.raises(KindRefused):
        hand_in(application)
    assert (files(media), Document.objects.count()) == (0, 0)


def test_an_ended_application_takes_nothing(asked, application):
    endings.withdraw(application_id=application.pk, by=None, now=NOW)
    document = DocumentFactory(application=application, requirement=asked)
    with pytest.raises(NotEditable):
        hand_in(application)
    with pytest.raises(NotEditable):
        documents.remove(document_id=document.pk, by=None, now=NOW)


def test_nobody_fills_the_disk(application, asked, monkeypatch):
    monkeypatch.setattr(documents, "MOST_DOCUMENTS", 2)
    hand_in(application)
    hand_in(application)
    with pytest.raises(TooManyDocuments):
        hand_in(application)


def test_expiry_is_marked_once_by_the_fairs_calendar(application, asked, reviewer):
    day = NOW.astimezone(application.fair.zone).date()
    document = documents.approve(document_id=hand_in(application, valid_until=day).pk, by=reviewer, now=NOW)
    assert documents.expire(now=NOW) == 0
    tomorrow = NOW + timedelta(days=1)
    assert (documents.expire(now=tomorrow), documents.expire(now=tomorrow)) == (1, 0)
    document.refresh_from_db()
    assert document.state == DocumentState.EXPIRED
    hand_in(application, now=tomorrow)
    assert states(application) == [(1, "superseded"), (2, "uploaded")]


# --- letters ------------------------------------------------------------------------------------------------------


def test_a_returned_document_is_told_with_its_reason(application, asked, reviewer):
    member = CompanyMemberFactory(company=application.company, user__language="ru")
    documents.return_(document_id=hand_in(application).pk, reason="Укажите импортёра.", by=reviewer, now=NOW)
    letter = Letter.objects.get()
    assert (letter.recipient_email, letter.occasion) == (member.user.email, "exhibitors.document_returned")
    assert "Макеты этикеток" in letter.subject
    assert "Укажите импортёра." in letter.text


@pytest.mark.parametrize("language", ["ru", "zh-hans", "en"])
def test_reviewers_hear_of_new_documents_together_and_once_a_day(application, asked, language):
    reviewer = StaffMembershipFactory(fair=application.fair, role=StaffRole.REVIEWER, user__language=language).user
    StaffMembershipFactory(fair=application.fair, role=StaffRole.FINANCE)
    hand_in(application)
    hand_in(application, requirement=None, title="Photo", now=NOW + timedelta(minutes=10))
    soon = NOW + timedelta(minutes=39)
    assert document_letters.tell_reviewers(now=soon) == 0
    later = NOW + timedelta(minutes=40)
    assert (document_letters.tell_reviewers(now=later), document_letters.tell_reviewers(now=later)) == (1, 0)
    letter = Letter.objects.get()
    assert (letter.recipient_email, letter.occasion) == (reviewer.email, "exhibitors.documents_to_review")
    assert "Photo" in letter.text
    hand_in(application, now=later)
    assert document_letters.tell_reviewers(now=later + timedelta(hours=1)) == 0
    assert document_letters.tell_reviewers(now=later + timedelta(days=1)) == 1
    assert Letter.objects.count() == 2


def test_a_reviewer_without_an_address_keeps_no_other_from_hearing_of_documents(application, asked, reviewer):
    other = DocumentFactory(uploaded_at=NOW)
    StaffMembershipFactory(fair=other.application.fair, role=StaffRole.REVIEWER)
    User.objects.filter(pk=reviewer.pk).update(email="not an address")
    hand_in(application)
    assert document_letters.tell_reviewers(now=NOW + timedelta(hours=1)) == 1
    assert Letter.objects.get().about == f"application:{other.application_id}"


def test_the_responsible_reviewer_alone_is_told(application, asked):
    responsible, _other = (StaffMembershipFactory(fair=application.fair, role=StaffRole.REVIEWER).user for _each in range(2))
    application.responsible = responsible
    application.save()
    assert [reader.email for reader in document_letters.reviewers(application)] == [responsible.email]
    application.responsible = UserFactory()
    application.save()
    assert len(document_letters.reviewers(application)) == 2


# --- the table ----------------------------------------------------------------------------------------------------


def refused(sql: str, *params: object) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def test_the_table_cannot_lie(application, asked):
    document = DocumentFactory(application=application, requirement=asked)
    second = DocumentFactory(application=application, requirement=asked, version=2, state=DocumentState.SUPERSEDED)
    update = "UPDATE exhibitors_document SET {} WHERE id = %s"
    refused(update.format("state = 'uploaded'"), second.pk)
    refused(update.format("version = 1"), second.pk)
    for change in ("state = 'lost'", "state = 'returned'", "state = 'approved'", "state = 'expired'", "version = 0"):
        refused(update.format(change), document.pk)
    elsewhere = DocumentFactory()
    for column, value in (
        ("application_id", elsewhere.application_id),
        ("requirement_id", elsewhere.requirement_id),
        ("site_id", SiteFactory(fair=elsewhere.application.fair).pk),
        ("file_id", second.file_id),
    ):
        refused(update.format(f"{column} = %s"), value, document.pk)
    refused("UPDATE exhibitors_documentrequirement SET deadline_id = %s WHERE id = %s", DeadlineFactory().pk, asked.pk)
    refused("UPDATE exhibitors_documentrequirement SET fair_id = %s WHERE id = %s", elsewhere.application.fair_id, asked.pk)
    refused("UPDATE exhibitors_documentrequirement SET audience = 'staff' WHERE id = %s", asked.pk)


def test_an_application_that_is_deleted_leaves_its_files_to_the_sweep(application, asked):
    draft = ApplicationFactory(fair=application.fair)
    hand_in(draft)
    draft.delete()
    assert StoredFile.objects.unreferenced().count() == 1
