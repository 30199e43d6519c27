"""Whoever arranges a programme over the API: the same rules as on the board."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from conferences.domain.programme import Place, place_of
from conferences.models import Conference, Session, SessionMove
from fairs.enums import StaffRole
from tests.factories.conferences import (
    ConferenceFactory,
    ParticipationFactory,
    RoomFactory,
    SessionFactory,
    SpeakerFactory,
    TrackFactory,
    at,
)
from tests.factories.fairs import StaffMembershipFactory

LIST_QUERIES = 4  # conference, count, sessions, people


@pytest.fixture
def api(conference: Conference) -> APIClient:
    """The conference's producer."""
    client = APIClient()
    member = StaffMembershipFactory(fair=conference.fair, role=StaffRole.CONFERENCE_PRODUCER, user__email="producer@example.com")
    client.force_authenticate(member.user)
    return client


def url(where: Session | Conference, step: str = "") -> str:
    conference = where.conference if isinstance(where, Session) else where
    part = f"sessions/{where.pk}/" if isinstance(where, Session) else ""
    return f"/api/v1/conferences/{conference.slug}/draft/{part}{step}"


def place(api: APIClient, session: Session, tag: str = "", **where: Any) -> Any:
    return api.post(url(session, "place/"), where, headers={"If-Match": tag} if tag else {})


def test_a_session_is_placed_and_taken_off(api: APIClient, conference: Conference) -> None:
    RoomFactory(conference=conference, code="main")
    session = SessionFactory(conference=conference, code="A", starts_at=None, ends_at=None, minutes=90, interpretation=[])
    ParticipationFactory(session=session, speaker=SpeakerFactory(conference=conference, email=""))
    placed = place(api, session, room="main", starts_at="2030-05-02T14:00:00+08:00")
    shown = placed.json()
    assert {name: shown[name] for name in ("room", "starts_at", "ends_at", "minutes", "released")} == {
        "room": "main",
        "starts_at": "2030-05-02T14:00:00+08:00",
        "ends_at": "2030-05-02T15:30:00+08:00",
        "minutes": 90,
        "released": None,
    }
    assert [(one["kind"], one["is_hard"], one["sessions"]) for one in shown["warnings"]] == [
        ("no_address", False, [{"id": session.pk, "code": "A"}])
    ]
    assert (shown["latest_move"]["by"], placed["ETag"]) == ("producer@example.com", api.get(url(session))["ETag"])
    shorter = place(api, session, starts_at="2030-05-02T14:00", minutes=45)  # on the fair's clock, in the room that it has
    assert (shorter.json()["room"], shorter.json()["ends_at"]) == ("main", "2030-05-02T14:45:00+08:00")
    off = api.post(url(session, "take-off/"))
    assert (off.json()["room"], off.json()["starts_at"], off.json()["minutes"]) == (None, None, 45)
    assert api.get(f"/api/v1/conferences/{conference.slug}/sessions/").json()["count"] == 0


def test_who_moved_it_from_where_to_where_is_noted(api: APIClient, conference: Conference) -> None:
    session, room = SessionFactory(conference=conference), RoomFactory(conference=conference, code="main")
    for _again in range(2):
        place(api, session, room="main", starts_at="2030-05-01T12:00+08:00", minutes=60)
    (move,) = SessionMove.objects.all()
    assert (move.by.email, move.from_room, move.to_room) == ("producer@example.com", None, room)
    assert (move.from_starts_at, move.to_starts_at) == (at(conference, 10), at(conference, 12))
    move.by.delete()
    shown = APIClient()
    shown.force_authenticate(StaffMembershipFactory(fair=conference.fair, role=StaffRole.READ_ONLY).user)
    assert shown.get(url(session)).json()["latest_move"]["by"] is None


def test_a_clash_is_refused_with_all_that_stands_against_it(api: APIClient, conference: Conference) -> None:
    room, anna = RoomFactory(conference=conference, code="main"), SpeakerFactory(conference=conference)
    there = SessionFactory(conference=conference, code="A", room=room)
    session = SessionFactory(conference=conference, code="B", starts_at=None, ends_at=None)
    for each in (there, session):
        ParticipationFactory(session=each, speaker=anna)
    refused = place(api, session, room="main", starts_at="2030-05-01T10:30+08:00")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/programme-clash")
    assert [clash["kind"] for clash in refused.json()["clashes"]] == ["room", "person"]
    session.refresh_from_db()
    assert place_of(session) == Place()
    assert not SessionMove.objects.exists()


def test_who_read_an_older_version_is_refused(api: APIClient, conference: Conference) -> None:
    session = SessionFactory(conference=conference)
    tag = api.get(url(session))["ETag"]
    assert place(api, session, tag, starts_at="2030-05-01T12:00+08:00").status_code == 200
    stale = place(api, session, tag, starts_at="2030-05-01T15:00+08:00")
    assert (stale.status_code, stale.json()["type"]) == (412, "/problems/precondition-failed")
    assert api.post(url(session, "take-off/"), headers={"If-Match": tag}).status_code == 412


@pytest.mark.parametrize(
    ("where", "pointer", "code"),
    [
        ({"starts_at": "soon"}, "/starts_at", "invalid"),
        ({}, "/starts_at", "required"),
        ({"starts_at": "2030-05-01T10:00", "minutes": 0}, "/minutes", "min_value"),
        ({"starts_at": "2030-05-01T10:00", "minutes": 25 * 60}, "/minutes", "max_value"),
        ({"starts_at": "2030-05-01T10:00", "ends_at": "2030-05-01T10:00"}, "/ends_at", "invalid"),
        ({"starts_at": "2030-05-01T10:00", "ends_at": "2030-05-02T11:00"}, "/ends_at", "invalid"),
        ({"starts_at": "2030-05-01T10:00", "ends_at": "2030-05-01T11:00", "minutes": 60}, "/minutes", "one_of_two"),
        ({"starts_at": "2030-06-01T10:00"}, "/starts_at", "invalid"),
        ({"starts_at": "2030-05-01T10:00", "room": "nowhere"}, "/room", "unknown_room"),
        ({"starts_at": "2030-05-01T10:00", "day": 1}, "/day", "unknown_field"),
    ],
)
def test_a_place_that_cannot_be(api: APIClient, conference: Conference, where: dict[str, Any], pointer: str, code: str) -> None:
    session = SessionFactory(conference=conference, starts_at=None, ends_at=None)
    refused = place(api, session, **where)
    assert refused.status_code == 400, refused.json()
    assert [(error["pointer"], error["code"]) for error in refused.json()["errors"]] == [(pointer, code)]
    assert not Session.objects.placed().exists()


def test_a_time_that_the_clock_leaves_out(api: APIClient, conference: Conference) -> None:
    conference.fair.time_zone = "Europe/Berlin"
    conference.fair.save()
    Conference.objects.update(starts_on="2030-03-30", ends_on="2030-10-28")
    session = SessionFactory(conference=conference, starts_at=None, ends_at=None)
    texts = [place(api, session, starts_at=moment).json()["errors"][0]["detail"] for moment in ("2030-03-31T02:30", "2030-10-27T02:30")]
    assert ["does not exist in Europe/Berlin" in texts[0], "is there twice in Europe/Berlin" in texts[1]] == [True, True]
    for moment, ends in (("2030-03-31T01:30", "2030-03-31T03:30:00+02:00"), ("2030-10-27T02:30+01:00", "2030-10-27T03:30:00+01:00")):
        assert place(api, session, starts_at=moment).json()["ends_at"] == ends


def test_a_cancelled_session_is_not_moved(api: APIClient, conference: Conference) -> None:
    session = SessionFactory(conference=conference, cancelled_at=at(conference, 1))
    assert api.get(url(session)).json()["is_cancelled"] is True
    assert place(api, session, starts_at="2030-05-01T10:00").json()["type"] == "/problems/cancelled-already"


def test_warnings_of_the_whole_draft(api: APIClient, conference: Conference) -> None:
    small = RoomFactory(conference=conference, code="small", capacity=5)
    session = SessionFactory(conference=conference, code="A", room=small, capacity=6, interpretation=[])
    answer = api.get(url(conference, "warnings/"))
    assert answer.json()["results"] == [
        {
            "kind": "seats",
            "is_hard": False,
            "detail": "A needs more places (6) than Room has (5).",
            "sessions": [{"id": session.pk, "code": "A"}],
        }
    ]
    assert answer["Cache-Control"] == "private, no-store"
    in_russian = api.get(url(conference, "warnings/"), headers={"Accept-Language": "ru"}).json()["results"][0]["detail"]
    assert "Зал" in in_russian


def test_free_places(api: APIClient, conference: Conference) -> None:
    small, large = (RoomFactory(conference=conference, code=code, capacity=seats) for code, seats in (("small", 5), ("large", 50)))
    session = SessionFactory(conference=conference, code="A", room=small, capacity=6, interpretation=[])
    SessionFactory(conference=conference, code="B", room=large, interpretation=[])
    first, *_others = api.get(url(session, "free-places/")).json()["results"]
    assert first == {
        "room": "large",
        "starts_at": "2030-05-01T09:00:00+08:00",
        "ends_at": "2030-05-01T10:00:00+08:00",
        "reasons": ["1 h earlier", "seats: 50"],
        "warnings": [],
    }
    taken = place(api, session, room=first["room"], starts_at=first["starts_at"], ends_at=first["ends_at"])
    assert (taken.status_code, taken.json()["warnings"]) == (200, [])


def test_a_session_of_another_conference_is_not_there(api: APIClient, conference: Conference) -> None:
    foreign = SessionFactory(conference=ConferenceFactory(site=conference.site))
    for step in ("", "free-places/"):
        assert api.get(f"{url(conference, 'sessions/')}{foreign.pk}/{step}").status_code == 404
    assert api.post(f"{url(conference, 'sessions/')}{foreign.pk}/take-off/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_costs_the_same_for_any_number(
    api: APIClient, conference: Conference, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        room, track = RoomFactory(conference=conference), TrackFactory(conference=conference)
        session = SessionFactory(conference=conference, room=room, track=track, starts_at=at(conference, 9 + 2 * number))
        ParticipationFactory.create_batch(2, session=session)
        place(api, session, starts_at=f"2030-05-02T{9 + 2 * number:02}:00")
    with django_assert_num_queries(LIST_QUERIES):
        assert api.get(url(conference, "sessions/"), {"placed": "true"}).json()["count"] == count
    assert api.get(url(conference, "sessions/"), {"placed": "false"}).json()["count"] == 0
