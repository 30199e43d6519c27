"""The public list of changes, and the release by whoever changes the programme."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from conferences.domain.releases import release_programme
from conferences.models import Conference, ProgrammeRelease, Session, SignUp
from fairs.enums import StaffRole
from tests.conferences.admin.test_desk import person
from tests.conferences.admin.test_release import moved
from tests.conferences.conftest import NOW
from tests.factories.conferences import DelegateFactory, ParticipationFactory, RoomFactory, at


@pytest.fixture
def api() -> APIClient:
    return APIClient()


def path_of(conference: Conference, rest: str = "") -> str:
    return f"/api/v1/conferences/{conference.slug}/releases/{rest}"


def release(conference: Conference, **given: Any) -> ProgrammeRelease:
    return release_programme(conference_id=conference.pk, by=None, now=NOW, **given)


def test_everybody_reads_what_a_release_changed(api: APIClient, conference: Conference) -> None:
    session = moved(conference, code="honey")
    assert api.get(path_of(conference)).json()["results"] == []
    moved(conference, hour=15, code="secret", is_public=False)
    release(conference, note={"ru": "Первым идёт пленарное", "en": "Plenary first"})
    answer = api.get(path_of(conference), headers={"accept-language": "ru"})
    (row,) = answer.json()["results"]
    assert (row["number"], row["note"], row["released_at"]) == (1, "Первым идёт пленарное", "2030-01-15T17:00:00+08:00")
    assert [(change["code"], change["kind"], change["session"]) for change in row["changes"]] == [("honey", "moved", session.pk)]
    assert row["changes"][0]["starts_before"] == at(conference, 10).isoformat()
    assert row["changes"][0]["starts_after"] == at(conference, 14).isoformat()
    assert api.get(path_of(conference), headers={"if-none-match": answer["ETag"], "accept-language": "ru"}).status_code == 304
    assert "public" in answer["Cache-Control"]


def test_what_is_confidential_is_for_staff(api: APIClient, conference: Conference) -> None:
    session = moved(conference, is_public=False)
    release(conference)
    assert api.get(path_of(conference)).json()["count"] == 0
    api.force_authenticate(person(conference, StaffRole.CHECK_IN))
    assert api.get(path_of(conference)).json()["results"][0]["changes"][0]["session"] == session.pk


@pytest.mark.django_db(transaction=True)  # the public revision, and with it the tag, grows when something is committed
def test_what_becomes_confidential_later_leaves_the_list_and_its_tag(api: APIClient, conference: Conference) -> None:
    session = moved(conference)
    release(conference)
    before = api.get(path_of(conference))
    Session.objects.filter(pk=session.pk).update(is_public=False)
    after = api.get(path_of(conference), headers={"if-none-match": before["ETag"]})
    assert (after.status_code, after.json()["count"]) == (200, 0)


def test_an_organiser_looks_and_releases(api: APIClient, conference: Conference) -> None:
    session = ParticipationFactory(session=moved(conference, interpretation=["zh-hans"])).session
    SignUp.objects.create(session=session, delegate=DelegateFactory(conference=conference), status="waiting", signed_up_at=NOW)
    api.force_authenticate(person(conference, StaffRole.CONFERENCE_PRODUCER))
    preview = api.get(path_of(conference, "next/"))
    assert "private" in preview["Cache-Control"]
    told = preview.json()
    assert (told["letters"], told["unreachable"], told["clashes"], len(told["changes"])) == (2, [], [], 1)
    assert {"no_room", "no_interpreter"} <= {warning["kind"] for warning in told["warnings"]}
    stale = api.post(path_of(conference), {"seen": "0" * 32})
    assert (stale.status_code, stale.json()["type"]) == (409, "/problems/draft-changed")
    headers = {"idempotency-key": "one"}
    answers = [api.post(path_of(conference), {"seen": told["seen"], "note": {"en": "New"}}, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert (answers[0].json()["number"], answers[0].json()["note"]) == (1, "New")
    assert ProgrammeRelease.objects.get().letters == 2
    nothing = api.post(path_of(conference), {"seen": told["seen"]})
    assert (nothing.status_code, nothing.json()["type"]) == (409, "/problems/nothing-to-release")


@pytest.mark.parametrize("body", [{}, {"seen": 5}, {"seen": "x" * 65}, {"seen": "x", "note": "n" * 1001}, {"seen": "x", "more": 1}])
def test_a_wrong_request_is_refused(api: APIClient, conference: Conference, body: dict[str, Any]) -> None:
    moved(conference)
    api.force_authenticate(person(conference))
    assert api.post(path_of(conference), body).status_code == 400


@pytest.mark.parametrize("rows", [1, 3])
def test_as_many_queries_for_many_releases(
    api: APIClient, conference: Conference, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    session = moved(conference)
    for hour in range(rows):
        Session.objects.filter(pk=session.pk).update(
            draft_starts_at=at(conference, 12 + hour),
            draft_ends_at=at(conference, 13 + hour),
            draft_room=RoomFactory(conference=conference),
        )
        release(conference)
    with django_assert_num_queries(4):  # conference with its revision, count, releases, changes with their rooms
        assert api.get(path_of(conference)).json()["count"] == rows
