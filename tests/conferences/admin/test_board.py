"""The programme board on the desk: what it tells its script, and what it lets whom do."""

import json
from datetime import time
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from conferences.admin.board_state import place_token
from conferences.domain.programme import place_of
from conferences.models import Conference, ConferenceDay, Session
from fairs.enums import StaffRole
from tests.factories.conferences import (
    ConferenceFactory,
    ParticipationFactory,
    RoomFactory,
    SessionFactory,
    TrackFactory,
    at,
)
from tests.factories.fairs import StaffMembershipFactory

pytestmark = pytest.mark.django_db


def organiser(client: Client, conference: Conference, role: str = StaffRole.CONFERENCE_PRODUCER) -> Any:
    user = StaffMembershipFactory(fair=conference.fair, role=role, user__name="Anna Planner", user__is_staff=True).user
    client.force_login(user)
    return user


def url(conference: Conference, name: str = "") -> str:
    return reverse(f"admin:conferences_conference_board{'_' + name if name else ''}", args=[conference.pk])


def state(client: Client, conference: Conference) -> Any:
    return client.get(url(conference, "state")).json()


def ask(client: Client, conference: Conference, **asked: Any) -> Any:
    return client.post(url(conference, "change"), json.dumps(asked), content_type="application/json")


class TestChanges:
    def test_a_session_is_moved_made_longer_and_taken_off(self, client: Client, conference: Conference) -> None:
        user = organiser(client, conference)
        room, session = RoomFactory(conference=conference, name_en="Aurora"), SessionFactory(conference=conference, title_en="Cold chain")
        seen = state(client, conference)["sessions"][0]["token"]
        moved = ask(client, conference, action="place", session=session.pk, room=room.pk, starts="2030-05-02T14:00", minutes=90, seen=seen)
        assert (moved.status_code, moved.json()["message"]) == (200, "“Cold chain”: 2 May, 14:00–15:30, Aurora")
        session.refresh_from_db()
        assert (session.draft_room, session.draft_starts_at, session.minutes) == (room, at(conference, 14, day=1), 90)
        off = ask(client, conference, action="take_off", session=session.pk, seen=moved.json()["token"])
        assert (off.status_code, off.json()["message"]) == (200, "“Cold chain”: without a time")
        assert LogEntry.objects.filter(object_id=str(session.pk), user=user).count() == 2

    def test_a_clash_is_refused_by_name_and_nothing_is_moved(self, client: Client, conference: Conference) -> None:
        organiser(client, conference)
        room = RoomFactory(conference=conference, name_en="Aurora")
        SessionFactory(conference=conference, code="taken", room=room)
        mine = SessionFactory(conference=conference, code="mine", starts_at=at(conference, 14))
        where = {"session": mine.pk, "room": room.pk, "starts": "2030-05-01T10:30", "minutes": 60}
        told = client.get(url(conference, "check"), where).json()["warnings"]
        assert [one["text"] for one in told if one["hard"]] == ["Room Aurora has two sessions at once: taken and mine."]
        refused = ask(client, conference, action="place", seen=place_token(place_of(mine)), **where)
        assert (refused.status_code, refused.json()["message"]) == (409, told[0]["text"])
        mine.refresh_from_db()
        assert mine.draft_starts_at == at(conference, 14)
        assert not LogEntry.objects.exists()

    def test_who_saw_it_elsewhere_is_told(self, client: Client, conference: Conference) -> None:
        organiser(client, conference)
        session = SessionFactory(conference=conference)
        seen = place_token(place_of(session))
        first, second = (
            ask(client, conference, action="place", session=session.pk, starts=f"2030-05-01T{hour}:00", minutes=60, seen=seen)
            for hour in (12, 13)
        )
        assert (first.status_code, second.status_code) == (200, 409)
        assert "Somebody else has moved this session meanwhile." in second.json()["message"]

    @pytest.mark.parametrize(
        "asked",
        [
            b"[" * 5000,
            b'{"action": "fly"}',
            b'{"action": "place", "session": -1}',
            b'{"action": "take_off", "session": %d, "seen": "x"}',
            b'{"action": "place", "session": %d, "starts": "soon", "minutes": 60, "seen": "||"}',
            b'{"action": "place", "session": %d, "starts": "9999-12-31T23:59", "minutes": 60, "seen": "||"}',
            b'{"action": "place", "session": %d, "starts": "2030-06-01T10:00", "minutes": 60, "seen": "||"}',
            b'{"action": "place", "session": %d, "starts": "2030-05-01T10:00", "minutes": 1500, "seen": "||"}',
            b'{"action": "place", "session": %d, "room": 99999999, "starts": "2030-05-01T10:00", "minutes": 60, "seen": "||"}',
        ],
    )
    def test_nonsense_is_refused_in_words(self, client: Client, conference: Conference, asked: bytes) -> None:
        organiser(client, conference)
        session = SessionFactory(conference=conference, starts_at=None, ends_at=None)
        data = asked % session.pk if b"%d" in asked else asked
        answer = client.post(url(conference, "change"), data, content_type="application/json")
        assert answer.status_code in (400, 409)
        assert answer.json()["message"]
        session.refresh_from_db()
        assert session.draft_starts_at is None

    def test_nothing_of_another_conference_is_touched(self, client: Client, conference: Conference) -> None:
        organiser(client, conference)
        foreign = SessionFactory(conference=ConferenceFactory(site=conference.site))
        seen = place_token(place_of(foreign))
        assert ask(client, conference, action="take_off", session=foreign.pk, seen=seen).status_code == 409
        assert "no such session" in client.get(url(conference, "check"), {"session": foreign.pk}).json()["warnings"][0]["text"]


class TestWhatItTells:
    def test_days_rooms_and_sessions_on_the_fairs_clock(self, client: Client, conference: Conference) -> None:
        organiser(client, conference)
        ConferenceDay.objects.create(conference=conference, date=conference.starts_on, opens_at=time(9), closes_at=time(2))
        room = RoomFactory(conference=conference, name_en="Amur Hall", interpretation_booths=2)
        late = SessionFactory(
            conference=conference,
            room=room,
            track=TrackFactory(conference=conference),
            starts_at=at(conference, 22),
            ends_at=at(conference, 1, day=1),
            is_public=False,
        )
        ParticipationFactory(session=late)
        waiting = SessionFactory(conference=conference, starts_at=None, ends_at=None, minutes=90)
        told = state(client, conference)
        assert [(day["date"], day["opens"], day["closes"]) for day in told["days"]] == [
            ("2030-05-01", 9 * 60, 26 * 60),
            ("2030-05-02", None, None),
            ("2030-05-03", None, None),
        ]
        assert told["rooms"] == [{"id": room.pk, "name": "Amur Hall", "facts": "100 seats · 2 booths"}]
        first, second = told["sessions"] if told["sessions"][0]["id"] == late.pk else told["sessions"][::-1]
        names = ("day", "start", "minutes", "room", "times", "place", "people", "count", "confidential", "unreleased", "colour")
        assert {name: first[name] for name in names} == {
            "day": "2030-05-01",
            "start": 22 * 60,
            "minutes": 180,
            "room": room.pk,
            "times": "22:00–01:00",
            "place": "1 May, 22:00–01:00, Amur Hall",
            "people": ["Anna Rechnaya (speaker)"],
            "count": "1 person",
            "confidential": True,
            "unreleased": False,
            "colour": "#1559a8",
        }
        assert (second["id"], second["day"], second["minutes"], second["place"]) == (waiting.pk, None, 90, "")

    def test_what_differs_from_the_released_programme_says_how(self, client: Client, conference: Conference) -> None:
        organiser(client, conference)
        session = SessionFactory(conference=conference)
        Session.objects.filter(pk=session.pk).update(draft_starts_at=at(conference, 15), draft_ends_at=at(conference, 16))
        told = state(client, conference)
        assert {"hard": False, "place": True, "text": f"{session.code} has a time and no room.", "sessions": [session.pk]} in told[
            "warnings"
        ]
        assert (told["unreleased"], told["sessions"][0]["released"]) == (1, "1 May, 10:00–11:00, no room")

    def test_it_is_not_sent_twice(self, client: Client, conference: Conference) -> None:
        organiser(client, conference, StaffRole.READ_ONLY)
        session = SessionFactory(conference=conference)
        first = client.get(url(conference, "state"))
        assert client.get(url(conference, "state"), headers={"if-none-match": first["ETag"]}).status_code == 304
        Session.objects.filter(pk=session.pk).update(draft_ends_at=at(conference, 12))
        assert client.get(url(conference, "state"), headers={"if-none-match": first["ETag"]}).status_code == 200

    def test_a_colleagues_change_has_a_name(self, client: Client, conference: Conference) -> None:
        session = SessionFactory(conference=conference, title_en="Cold chain")
        organiser(client, conference)
        ask(client, conference, action="take_off", session=session.pk, seen=place_token(place_of(session)))
        assert state(client, conference)["latest"] == ""
        client.force_login(StaffMembershipFactory(fair=conference.fair, role=StaffRole.OWNER, user__is_staff=True).user)
        assert state(client, conference)["latest"] == "Anna Planner: “Cold chain”, without a time"

    @pytest.mark.parametrize("count", [1, 3])
    def test_costs_the_same_for_any_number(
        self, client: Client, conference: Conference, count: int, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        organiser(client, conference)
        for number in range(count):
            room = RoomFactory(conference=conference, site=conference.site)
            track = TrackFactory(conference=conference)
            session = SessionFactory(conference=conference, room=room, track=track, starts_at=at(conference, 9 + 2 * number))
            ParticipationFactory.create_batch(2, session=session)
        client.get(url(conference, "state"))
        with django_assert_num_queries(18):
            client.get(url(conference, "state"))

    def test_the_page_is_linked_and_names_its_sessions(self, client: Client, conference: Conference) -> None:
        organiser(client, conference)
        SessionFactory(conference=conference, title_en="Honey & <nuts>")
        page = client.get(url(conference), {"session": "1" * 30}).content.decode()
        assert "Honey \\u0026 \\u003Cnuts\\u003E" in page
        for place in (
            reverse("admin:conferences_conference_changelist"),
            reverse("admin:conferences_conference_change", args=[conference.pk]),
        ):
            assert url(conference) in client.get(place).content.decode()
        assert client.get(url(ConferenceFactory())).status_code == 404
