"""Documents over HTTP: who hands in, who reviews, what a stranger learns (nothing)."""

import uuid
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from exhibitors.enums import ApplicationStatus, CompanyRole
from exhibitors.models import CompanyMember, Document
from fairs.enums import StaffRole
from tests.exhibitors.pictures import picture
from tests.exhibitors.world import application_in
from tests.factories.exhibitors import CompanyMemberFactory, DocumentFactory, DocumentRequirementFactory
from tests.factories.fairs import StaffMembershipFactory
from tests.uploaded import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def application():
    found = application_in(ApplicationStatus.ACCEPTED)
    DocumentRequirementFactory(fair=found.fair, code="labels")
    return found


@pytest.fixture
def exhibitor(application, signed_in):
    return signed_in(CompanyMemberFactory(company=application.company, role=CompanyRole.LOGISTICS, user__name="Анна").user)


@pytest.fixture
def reviewer(application, signed_in):
    return signed_in(StaffMembershipFactory(fair=application.fair, role=StaffRole.REVIEWER, user__name="Игорь").user)


def url(application, *parts: object) -> str:
    return f"/api/v1/fairs/{application.fair.slug}/applications/{application.pk}/documents/" + "".join(f"{part}/" for part in parts)


def hand_in(client, application, content=None, **given):
    headers = {"Idempotency-Key": given.pop("key")} if "key" in given else {}
    body = {"file": SimpleUploadedFile("Этикетка.pdf", content or pdf()), "requirement": "labels", **given}
    return client.post(
        url(application), {name: value for name, value in body.items() if value is not None}, format="multipart", headers=headers
    )


def test_a_scan_that_is_too_large_for_the_memory(exhibitor, application):
    """Django keeps what is over 2.5 MB on the disk."""
    made = hand_in(exhibitor, application, pdf(b"/Scan (" + b"x" * 3_000_000 + b") "), title="  Договор ")
    assert made.status_code == 201
    assert made.json()["file_size"] > 3_000_000


def test_the_story_of_a_document(exhibitor, reviewer, application):
    made = hand_in(exhibitor, application)
    assert (made.status_code, made["Location"]) == (201, f"http://testserver{url(application, made.json()['id'])}")
    body = made.json()
    assert (body["state"], body["version"], body["requirement"], body["file_name"]) == ("uploaded", 1, "labels", "Этикетка.pdf")
    assert "reviewed_by" not in body

    returned = reviewer.post(url(application, body["id"], "return"), {"reason": "Укажите импортёра."}, format="json")
    assert (returned.status_code, returned.json()["state"], returned.json()["reviewed_by"]) == (200, "returned", "Игорь")

    again = hand_in(exhibitor, application, picture("JPEG"))
    assert (again.json()["version"], again.json()["file_kind"], again.json()["file_name"]) == (2, "jpeg", "Этикетка.pdf.jpg")
    approved = reviewer.post(url(application, again.json()["id"], "approve"), {}, format="json")
    assert approved.json()["state"] == "approved"
    late = reviewer.post(url(application, again.json()["id"], "approve"), {}, format="json")
    assert (late.status_code, late.json()["type"]) == (409, "/problems/document-not-open")

    rows = exhibitor.get(url(application)).json()["results"]
    assert [(row["version"], row["state"]) for row in rows] == [(1, "superseded"), (2, "approved")]
    assert exhibitor.get(url(application), {"current": "true"}).json()["count"] == 1
    assert exhibitor.get(url(application), {"state": "superseded", "requirement": "labels"}).json()["count"] == 1


def test_the_link_of_one_reader_is_no_use_to_another(exhibitor, reviewer, application):
    made = hand_in(exhibitor, application).json()
    path = made["file_url"].removeprefix("http://testserver")
    answer = exhibitor.get(path)
    assert b"".join(answer.streaming_content) == pdf()
    assert reviewer.get(path).status_code == 404
    own = reviewer.get(url(application, made["id"])).json()["file_url"].removeprefix("http://testserver")
    assert own != path
    assert b"".join(reviewer.get(own).streaming_content) == pdf()


@pytest.mark.parametrize("role", [StaffRole.READ_ONLY, StaffRole.FINANCE, StaffRole.FLOOR_PLANNER])
def test_staff_who_do_not_review_see_the_list_and_no_link(role, application, signed_in):
    DocumentFactory(application=application)
    row = signed_in(StaffMembershipFactory(fair=application.fair, role=role).user).get(url(application)).json()["results"][0]
    assert (row["state"], row["file_url"]) == ("uploaded", None)


def test_who_may_not_is_refused_before_the_file_is_read(application, signed_in, monkeypatch):
    monkeypatch.setattr("api.uploads.UploadParser.parse", lambda *_given, **_more: pytest.fail("parsed"))
    on_site = CompanyMemberFactory(company=application.company, role=CompanyRole.ON_SITE).user
    stranger = CompanyMemberFactory().user
    finance = StaffMembershipFactory(fair=application.fair, role=StaffRole.FINANCE).user
    assert [hand_in(signed_in(user), application).status_code for user in (on_site, stranger, finance)] == [403, 404, 403]


def test_somebody_elses_document_is_as_unknown_as_none(exhibitor, application):
    other = DocumentFactory()
    for method in ("get", "delete", "patch"):
        answers = [getattr(exhibitor, method)(url(application, pk)) for pk in (other.pk, 10**9)]
        assert {answer.status_code for answer in answers} == {404}
        assert answers[0].content == answers[1].content


def test_the_day_of_validity_is_corrected_and_the_document_taken_back(exhibitor, reviewer, application):
    made = hand_in(exhibitor, application, valid_until="2030-02-01")
    path, tag = url(application, made.json()["id"]), made["ETag"]
    assert exhibitor.patch(path, {"valid_until": "2031-01-01"}, format="json").status_code == 428
    changed = exhibitor.patch(path, {"valid_until": "2031-01-01"}, format="json", headers={"If-Match": tag})
    assert (changed.status_code, changed.json()["valid_until"]) == (200, "2031-01-01")
    assert exhibitor.delete(path, headers={"If-Match": tag}).status_code == 412
    assert exhibitor.delete(path, headers={"If-Match": changed["ETag"]}).status_code == 204
    assert not Document.objects.exists()


def test_the_tag_does_not_change_with_the_link(exhibitor, application, clock):
    made = hand_in(exhibitor, application)
    path = url(application, made.json()["id"])
    clock.shift(300)
    again = exhibitor.get(path, headers={"If-None-Match": made["ETag"]})
    assert (again.status_code, again["ETag"]) == (200, made["ETag"])
    assert again.json()["file_url"] != made.json()["file_url"]


def test_a_key_makes_one_document(exhibitor, application):
    key = str(uuid.uuid4())
    answers = [hand_in(exhibitor, application, key=key) for _each in range(3)]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert hand_in(exhibitor, application, picture(), key=key).status_code == 422
    assert Document.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"file": None}, "/file"),
        ({"file": SimpleUploadedFile("a.svg", b"<svg/>")}, "/file"),
        ({"file": SimpleUploadedFile("a.jpg", b"<html>")}, "/file"),
        ({"file": "no file"}, "/file"),
        ({"requirement": "unknown"}, "/requirement"),
        ({"requirement": "../../etc"}, "/requirement"),
        ({"site": "nowhere"}, "/site"),
        ({"valid_until": "10000-01-01"}, "/valid_until"),
        ({"valid_until": "2029-01-01"}, "/valid_until"),
        ({"title": "x" * 201}, "/title"),
        ({"state": "approved"}, "/state"),
        ({"version": "7"}, "/version"),
    ],
)
def test_a_refusal_names_the_field(exhibitor, application, given, pointer, media):
    answer = hand_in(exhibitor, application, **given)
    assert (answer.status_code, [error["pointer"] for error in answer.json()["errors"]]) == (400, [pointer])
    assert not media.exists() or not [path for path in media.rglob("*") if path.is_file()]


def test_a_reason_is_needed(reviewer, application):
    document = DocumentFactory(application=application)
    answer = reviewer.post(url(application, document.pk, "return"), {}, format="json")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/reason")


def test_an_answer_given_again_holds_a_link_that_works(exhibitor, application, clock):
    key = uuid.uuid4().hex
    first = hand_in(exhibitor, application, key=key).json()
    clock.shift(3600)
    assert exhibitor.get(first["file_url"]).status_code == 404  # ten minutes are over
    again = hand_in(exhibitor, application, key=key)
    assert (again.status_code, again["Idempotency-Replayed"]) == (201, "true")
    assert {**again.json(), "file_url": ""} == {**first, "file_url": ""}
    loaded = exhibitor.get(again.json()["file_url"])
    assert b"".join(loaded.streaming_content) == pdf()
    assert Document.objects.count() == 1


def test_an_answer_given_again_opens_nothing_that_was_closed_since(exhibitor, application):
    key = uuid.uuid4().hex
    hand_in(exhibitor, application, key=key)
    Document.objects.all().delete()
    assert hand_in(exhibitor, application, key=key).json()["file_url"] is None
    CompanyMember.objects.all().delete()
    assert hand_in(exhibitor, application, key=key).status_code == 404


def test_texts_come_in_the_readers_language(exhibitor, application):
    hand_in(exhibitor, application)
    assert exhibitor.get(url(application), {"lang": "zh-hans"}).json()["results"][0]["requirement_title"] == "标签样稿"
    assert exhibitor.get(url(application), {"lang": "all"}).json()["results"][0]["requirement_title"]["ru"] == "Макеты этикеток"


def test_the_list_takes_as_many_queries_for_three_as_for_one(exhibitor, application):
    counts = []
    for more in (1, 2):
        for _each in range(more):
            DocumentFactory(application=application)
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert exhibitor.get(url(application)).status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1]
