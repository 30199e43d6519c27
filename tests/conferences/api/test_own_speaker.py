"""What people on the programme do over the API: by the word of a letter, or signed in with their verified address."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

import clock
from conferences.domain import speaker_links
from conferences.models import Participation, Speaker, SpeakerChange, SpeakerLink
from fairs.enums import StaffRole
from tests.exhibitors.pictures import picture
from tests.factories.accounts import UserFactory
from tests.factories.conferences import ConferenceFactory, ParticipationFactory, SessionFactory, SpeakerFactory, at
from tests.factories.fairs import StaffMembershipFactory
from tests.uploaded import pdf, presentation, upload


@pytest.fixture
def api() -> APIClient:
    return APIClient()


@pytest.fixture
def part(conference: Any) -> Participation:
    return ParticipationFactory(session__conference=conference, speaker=SpeakerFactory(conference=conference, email="anna@example.com"))


def path_of(speaker: Speaker, rest: str = "") -> str:
    return f"/api/v1/conferences/{speaker.conference.slug}/speakers/own/{rest}"


def known(speaker: Speaker) -> dict[str, str]:
    return {"Speaker-Word": speaker_links.new_link(speaker, now=clock.now())[0]}


def test_the_word_shows_the_own_part(api: APIClient, part: Participation) -> None:
    conference, speaker = part.session.conference, part.speaker
    secret = SessionFactory(conference=conference, is_public=False, starts_at=at(conference, 12))
    ParticipationFactory(session=secret, speaker=speaker, role="moderator")
    SessionFactory(conference=part.session.conference, is_public=False)
    answer = api.get(path_of(speaker), headers={**known(speaker), "accept-language": "ru"})
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    told = answer.json()
    assert (told["name"], told["answer"], told["photo"], told["availability"]) == ("Анна Речная", "open", None, [])
    assert [(row["id"], row["role"], row["is_public"]) for row in told["sessions"]] == [
        (part.session_id, "speaker", True),
        (secret.pk, "moderator", False),
    ]
    assert told["sessions"][0]["starts_at"] == at(speaker.conference, 10).isoformat()
    assert api.get(path_of(speaker)).status_code == 401


@pytest.mark.parametrize("forge", [lambda word: word[:-1], lambda word: "x" * 43, lambda word: "ß" * 9, lambda word: word * 9])
def test_a_word_of_nobodys_is_told_nothing(api: APIClient, part: Participation, forge: Callable[[str], str]) -> None:
    word = known(part.speaker)["Speaker-Word"]
    forged = api.get(path_of(part.speaker), headers={"Speaker-Word": forge(word)})
    elsewhere = api.get(path_of(SpeakerFactory(conference=ConferenceFactory())), headers={"Speaker-Word": word})
    SpeakerLink.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    late = api.get(path_of(part.speaker), headers={"Speaker-Word": word})
    assert {answer.json()["type"] for answer in (forged, elsewhere, late)} == {"/problems/link-unknown"}
    assert forged.content == elsewhere.content == late.content


def test_who_signs_in_with_the_verified_address(api: APIClient, part: Participation) -> None:
    user = UserFactory(email="Anna@Example.com")
    api.force_authenticate(user)
    address = EmailAddress.objects.create(user=user, email="anna@example.com", verified=False)
    told = api.get(path_of(part.speaker))
    assert (told.status_code, told.json()["type"]) == (409, "/problems/no-speaker")
    address.verified = True
    address.save()
    assert api.post(path_of(part.speaker, "confirm/"), {}).json()["answer"] == "confirmed"
    assert SpeakerChange.objects.get().by == user


def test_texts_times_and_journey_are_changed(api: APIClient, part: Participation) -> None:
    speaker, headers = part.speaker, known(part.speaker)
    tag = api.get(path_of(speaker), headers=headers)["ETag"]
    times = [{"starts_at": "2030-05-01T09:00", "ends_at": "2030-05-01T12:00:00+08:00"}]
    body = {"title": {"ru": "Глава"}, "visa": "granted", "time_zone": "Europe/Moscow", "availability": times}
    assert api.patch(path_of(speaker), body, headers=headers).status_code == 428
    answer = api.patch(path_of(speaker), body, headers={**headers, "if-match": tag, "accept-language": "ru"})
    assert answer.status_code == 200, answer.json()
    told = answer.json()
    assert (told["title"], told["visa"]) == ("Глава", "granted")
    assert told["availability"] == [{"starts_at": at(speaker.conference, 9).isoformat(), "ends_at": at(speaker.conference, 12).isoformat()}]
    assert api.patch(path_of(speaker), body, headers={**headers, "if-match": tag}).status_code == 412
    always = api.patch(path_of(speaker), {"availability": []}, headers={**headers, "if-match": "*"})
    assert always.json()["availability"] == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"visa": "invited"}, "/visa"),
        ({"travel": "flown"}, "/travel"),
        ({"name": {"ru": "", "zh-hans": "", "en": ""}}, "/name"),
        ({"time_zone": "Mars/Base"}, "/time_zone"),
        ({"answer": "confirmed"}, "/answer"),
        ({"email": "other@example.com"}, "/email"),
        ({"availability": [{"starts_at": "2030-05-01T12:00", "ends_at": "2030-05-01T09:00"}]}, "/availability/0/ends_at"),
        ({"availability": [{"starts_at": "2031-05-01T09:00", "ends_at": "2031-05-01T12:00"}]}, "/availability/0"),
        ({"availability": [{"starts_at": "9999-12-31T23:00", "ends_at": "9999-12-31T23:59"}]}, "/availability/0"),
        ({"availability": "always"}, "/availability"),
    ],
)
def test_what_is_wrong_is_named(api: APIClient, part: Participation, body: dict[str, Any], pointer: str) -> None:
    answer = api.patch(path_of(part.speaker), body, headers={**known(part.speaker), "if-match": "*"})
    assert answer.status_code == 400
    assert next(error["pointer"] for error in answer.json()["errors"]).startswith(pointer)
    assert not SpeakerChange.objects.exists()


def test_declining_needs_a_reason(api: APIClient, part: Participation) -> None:
    headers = known(part.speaker)
    for body in ({}, {"reason": ""}, {"reason": "x" * 1001}, {"reason": "a\x00"}):
        assert api.post(path_of(part.speaker, "decline/"), body, headers=headers).status_code == 400
    told = api.post(path_of(part.speaker, "decline/"), {"reason": "Ill"}, headers=headers).json()
    assert (told["answer"], told["reason"]) == ("declined", "Ill")


@pytest.mark.parametrize("rows", [1, 3])
def test_as_many_queries_for_many_sessions(
    api: APIClient, conference: Any, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    speaker = SpeakerFactory(conference=conference)
    for hour in range(rows):
        ParticipationFactory(session=SessionFactory(conference=conference, starts_at=at(conference, 10 + hour)), speaker=speaker)
    headers = known(speaker)
    with django_assert_num_queries(5):  # conference, link, the row anew, times, sessions with rooms
        assert len(api.get(path_of(speaker), headers=headers).json()["sessions"]) == rows


def test_photo_and_slides_are_sent(api: APIClient, part: Participation, media: Any) -> None:
    speaker, headers = part.speaker, known(part.speaker)
    sent = api.post(path_of(speaker, "photo/"), {"file": upload(picture("PNG"), "a.png")}, headers=headers, format="multipart")
    assert sent.status_code == 200, sent.content
    assert b"".join(api.get(sent.json()["photo"].removeprefix("http://testserver"))).startswith(b"\xff\xd8")
    slides = presentation()
    for content, name in ((pdf(), "Мёд.pdf"), (slides, "Мёд.pptx")):
        body = {"session": part.session.code, "file": upload(content, name)}
        made = api.post(path_of(speaker, "slides/"), body, headers=headers, format="multipart")
        assert made.status_code == 201, made.content
    assert (made.json()["version"], made.json()["kind"], made.json()["session"]) == (2, "pptx", part.session.code)
    told = api.get(path_of(speaker, "slides/"), headers=headers).json()["slides"]
    assert [(one["version"], one["name"]) for one in told] == [(2, "Мёд.pptx"), (1, "Мёд.pdf")]
    file = api.get(path_of(speaker, f"slides/{told[0]['id']}/"), headers=headers)
    assert (b"".join(file), file["X-Content-Type-Options"]) == (slides, "nosniff")
    assert file["Content-Disposition"].startswith("attachment")
    assert api.delete(path_of(speaker, "photo/"), headers=headers).status_code == 428
    tag = api.get(path_of(speaker), headers=headers)["ETag"]
    assert api.delete(path_of(speaker, "photo/"), headers={**headers, "If-Match": tag}).json()["photo"] is None
    assert api.delete(path_of(speaker, "photo/"), headers={**headers, "If-Match": tag}).status_code == 412


def test_files_that_are_not_taken(api: APIClient, part: Participation, media: Any) -> None:
    speaker, headers = part.speaker, known(part.speaker)
    other = SessionFactory(conference=speaker.conference, starts_at=at(speaker.conference, 15))
    tries = {
        "unknown_session": {"session": other.code, "file": upload(pdf())},
        "file_kind_refused": {"session": part.session.code, "file": upload(picture("PNG"), "a.pdf")},
        "file_active": {"session": part.session.code, "file": upload(presentation({"ppt/vbaProject.bin": b"x"}), "a.pptx")},
    }
    for code, body in tries.items():
        answer = api.post(path_of(speaker, "slides/"), body, headers=headers, format="multipart")
        assert (answer.status_code, [error["code"] for error in answer.json()["errors"]]) == (400, [code])
    answer = api.post(path_of(speaker, "photo/"), {"file": upload(pdf(), "a.png")}, headers=headers, format="multipart")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "photo_unreadable")
    assert api.post(path_of(speaker, "photo/"), {"file": "x"}, headers=headers, format="json").status_code == 415
    stranger = api.post(path_of(speaker, "slides/"), {"session": part.session.code, "file": upload(pdf())}, format="multipart")
    assert stranger.status_code == 401
    own = api.post(path_of(speaker, "slides/"), {"session": part.session.code, "file": upload(pdf())}, headers=headers, format="multipart")
    others = known(SpeakerFactory(conference=speaker.conference))
    assert api.get(path_of(speaker, f"slides/{own.json()['id']}/"), headers=others).status_code == 404


def test_an_organiser_reads_the_answers_and_writes_to_people(api: APIClient, part: Participation, letters: Any) -> None:
    conference, anna = part.session.conference, part.speaker
    silent = SpeakerFactory(conference=conference, email="")
    there = SpeakerFactory()
    path = f"/api/v1/conferences/{conference.slug}/draft/speakers/"
    api.force_authenticate(StaffMembershipFactory(fair=conference.fair, role=StaffRole.CONFERENCE_PRODUCER).user)
    (letter,) = letters(lambda: api.post(f"{path}{anna.pk}/invite/", {}))
    assert letter.to[0].endswith("<anna@example.com>")
    rows = api.get(path, {"invited": "true"}).json()["results"]
    assert [(row["id"], row["answer"], row["email"], row["invited_at"] is None) for row in rows] == [
        (anna.pk, "open", "anna@example.com", False)
    ]
    refused = api.post(f"{path}{silent.pk}/invite/", {})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/no-address")
    assert api.post(f"{path}{there.pk}/invite/", {}).status_code == 404
    api.force_authenticate(StaffMembershipFactory(fair=conference.fair, role=StaffRole.READ_ONLY).user)
    assert api.post(f"{path}{anna.pk}/invite/", {}).status_code == 403
    assert api.get(path, {"answer": "declined"}).json()["count"] == 0
