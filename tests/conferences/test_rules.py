"""What may never be true in the tables is refused by the database itself, also to raw SQL."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from conferences.models import Conference, Delegate, Participation, Session
from tests.factories.conferences import (
    ConferenceFactory,
    DelegateFactory,
    ParticipationFactory,
    RoomFactory,
    SessionFactory,
    SpeakerFactory,
    TrackFactory,
    at,
)
from tests.factories.exhibitors import ApplicationFactory
from tests.factories.fairs import SiteFactory


def refused(rule: str, sql: str, *values: object) -> None:
    with pytest.raises(IntegrityError, match=rule), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_a_room_or_track_of_another_conference(conference: Conference) -> None:
    session, other = SessionFactory(conference=conference), ConferenceFactory(site=conference.site)
    room, track = RoomFactory(conference=other), TrackFactory(conference=other)
    refused("session_room_of_same_conference", "UPDATE conferences_session SET room_id = %s WHERE id = %s", room.pk, session.pk)
    refused("session_track_of_same_conference", "UPDATE conferences_session SET track_id = %s WHERE id = %s", track.pk, session.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Session.objects.bulk_create([SessionFactory.build(conference=conference, room=room)])


def test_people_of_another_conference(conference: Conference) -> None:
    session, speaker = SessionFactory(conference=conference), SpeakerFactory()
    sql = "INSERT INTO conferences_participation (session_id, speaker_id, role) VALUES (%s, %s, 'speaker')"
    refused("participation_within_conference", sql, session.pk, speaker.pk)
    part = ParticipationFactory(session=session)
    refused(
        "participation_within_conference",
        "UPDATE conferences_participation SET speaker_id = %s WHERE id = %s",
        speaker.pk,
        part.pk,
    )
    assert Participation.objects.count() == 1


def test_a_site_of_another_fair(conference: Conference) -> None:
    site = SiteFactory()
    refused("conference_site_of_same_fair", "UPDATE conferences_conference SET site_id = %s WHERE id = %s", site.pk, conference.pk)
    refused(
        "conference_(keeps_fair|site_of_same_fair)",
        "UPDATE conferences_conference SET fair_id = %s WHERE id = %s",
        site.fair_id,
        conference.pk,
    )


@pytest.mark.parametrize("noun", ["room", "track", "speaker", "session"])
def test_rows_stay_with_their_conference(conference: Conference, noun: str) -> None:
    make = {"room": RoomFactory, "track": TrackFactory, "speaker": SpeakerFactory, "session": SessionFactory}[noun]
    row, other = make(conference=conference), ConferenceFactory()
    sql = f"UPDATE conferences_{noun} SET conference_id = %s WHERE id = %s"  # noqa: S608 - a name out of the list above
    refused(f"{noun}_keeps_conference", sql, other.pk, row.pk)


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("session", "ends_at = starts_at"),
        ("session", "kind = 'dance'"),
        ("conference", "ends_on = '2029-01-01'"),
        ("conference", "capacity = -1"),
        ("delegate", "status = 'happy'"),
        ("delegate", "kind = 'king'"),
        ("participation", "role = 'singer'"),
    ],
)
def test_values_that_cannot_be(conference: Conference, table: str, change: str) -> None:
    ParticipationFactory(session=SessionFactory(conference=conference))
    DelegateFactory(conference=conference)
    refused(".", f"UPDATE conferences_{table} SET {change}")  # noqa: S608 - changes out of the list above


def test_one_address_has_one_place_in_any_case(conference: Conference) -> None:
    DelegateFactory(conference=conference, email="anna@example.com")
    other = DelegateFactory(conference=conference, email="boris@example.com")
    refused(".", "UPDATE conferences_delegate SET email = 'ANNA@example.com' WHERE id = %s", other.pk)
    DelegateFactory(conference=conference, email="anna@example.com", status="cancelled")
    assert Delegate.objects.filter(email="anna@example.com").count() == 2


def test_a_room_or_host_of_another_fair(conference: Conference) -> None:
    session, room = SessionFactory(conference=conference), RoomFactory(conference=conference)
    other = RoomFactory(conference=ConferenceFactory(site=conference.site))
    refused("session_draft_room_of_same", "UPDATE conferences_session SET draft_room_id = %s WHERE id = %s", other.pk, session.pk)
    refused("room_site_of_same_fair", "UPDATE conferences_room SET site_id = %s WHERE id = %s", SiteFactory().pk, room.pk)
    sql = "INSERT INTO conferences_sessionhost (session_id, application_id) VALUES (%s, %s)"
    refused("session_host_of_same_fair", sql, session.pk, ApplicationFactory().pk)


class TestOneAtATime:
    """On SQLite the rule is held in code alone."""

    pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="exclusion constraints are PostgreSQL's")

    def test_in_a_room(self, conference: Conference) -> None:
        room = RoomFactory(conference=conference)
        SessionFactory(conference=conference, room=room)
        second = SessionFactory(conference=conference, starts_at=at(conference, 11))
        sql = "UPDATE conferences_session SET draft_room_id = %s WHERE id = %s"
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [room.pk, second.pk])  # touching
        earlier = "UPDATE conferences_session SET draft_starts_at = draft_starts_at - interval '1 minute' WHERE id = %s"
        refused("room_one_session_at_a_time", earlier, second.pk)

    @pytest.mark.parametrize(
        ("starts", "ends", "is_taken"),
        [
            ((10, 0), (11, 0), True),  # equal
            ((10, 0), (10, 0), True),  # inside: a minute of it
            ((9, 0), (12, 0), True),  # enclosing
            ((9, 0), (10, 0), False),  # touching
            ((11, 0), (12, 0), False),
            ((23, -1), (11, 0), True),  # past midnight
            ((23, -1), (10, 0), False),
        ],
    )
    def test_all_that_overlaps(self, conference: Conference, starts: tuple[int, int], ends: tuple[int, int], is_taken: bool) -> None:
        room, taken = RoomFactory(conference=conference), ParticipationFactory(session__conference=conference)
        Session.objects.filter(pk=taken.session_id).update(draft_room=room)
        begins, until = at(conference, *starts), at(conference, *ends)
        times = {"draft_starts_at": begins, "draft_ends_at": until if until > begins else until + timedelta(minutes=1)}
        for kind in ("room", "person"):
            other = SessionFactory(conference=conference, starts_at=at(conference, 15))
            with transaction.atomic():
                if kind == "room":
                    Session.objects.filter(pk=other.pk).update(draft_room=room)
                else:
                    ParticipationFactory(session=other, speaker=taken.speaker)
            refusal = pytest.raises(IntegrityError, match=f"{kind}_one_session_at_a_time") if is_taken else nullcontext()
            with refusal, transaction.atomic():
                Session.objects.filter(pk=other.pk).update(**times)
            other.delete()

    def test_of_a_person(self, conference: Conference) -> None:
        first, second = ParticipationFactory(session__conference=conference), SessionFactory(conference=conference)
        ParticipationFactory(session=first.session, speaker=first.speaker, role="moderator")
        sql = "INSERT INTO conferences_participation (session_id, speaker_id, role) VALUES (%s, %s, 'interpreter')"
        refused("person_one_session_at_a_time", sql, second.pk, first.speaker_id)
        Session.objects.filter(pk=first.session_id).update(cancelled_at=first.session.starts_at)
        ParticipationFactory(session=second, speaker=first.speaker)
        back = "UPDATE conferences_session SET cancelled_at = NULL WHERE id = %s"
        refused("person_one_session_at_a_time", back, first.session_id)
