"""The programme board on the desk: what it tells its script, and what it lets whom do."""

from datetime import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

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
            "place": "May 1, 22:00–01:00, Amur Hall",
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
        assert (told["unreleased"], told["sessions"][0]["released"]) == (1, "May 1, 10:00–11:00, no room")

    def test_it_is_not_sent_twice(self, client: Client, conference: Conference) -> None:
        organiser(client, conference, StaffRole.READ_ONLY)
        session = SessionFactory(conference=conference)
        first = client.get(url(conference, "state"))
        assert client.get(url(conference, "state"), headers={"if-none-match": first["ETag"]}).status_code == 304
        Session.objects.filter(pk=session.pk).update(draft_ends_at=at(conference, 12))
        assert client.get(url(conference, "state"), headers={"if-none-match": first["ETag"]}).status_code == 200

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
        with django_assert_num_queries(9):
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
