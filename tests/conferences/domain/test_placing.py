from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from conferences.domain.clashes import ProgrammeClash
from conferences.domain.moments import NoSuchTime, moment_in
from conferences.domain.programme import CancelledAlready, MovedMeanwhile, Place, cancel_session, place_of, place_session, take_off
from conferences.models import Conference, Session
from tests.conftest import MOMENT
from tests.factories.conferences import ConferenceFactory, ParticipationFactory, RoomFactory, SessionFactory, SpeakerFactory, at


def place(session: Session, **where: Any) -> Session:
    return place_session(session_id=session.pk, by=None, now=MOMENT, **{"room": None, **where})


def test_a_session_is_placed_and_taken_off_and_keeps_its_length(conference: Conference) -> None:
    room = RoomFactory(conference=conference)
    session = SessionFactory(conference=conference, starts_at=None, ends_at=None, minutes=90)
    place(session, room=room, starts_at=at(conference, 14), seen=Place())
    session.refresh_from_db()
    assert (place_of(session), session.released_times) == (
        Place(room.pk, at(conference, 14), at(conference, 14) + timedelta(hours=1.5)),
        None,
    )
    place(session, room=room, starts_at=at(conference, 15), minutes=30)
    take_off(session_id=session.pk, by=None, now=MOMENT)
    session.refresh_from_db()
    assert (place_of(session), session.minutes) == (Place(), 30)


def test_what_was_released_stays_when_a_session_is_moved(conference: Conference) -> None:
    session = SessionFactory(conference=conference)
    place(session, starts_at=at(conference, 14), ends_at=at(conference, 15))
    session.refresh_from_db()
    assert session.starts_at == at(conference, 10)


def test_a_taken_place_is_refused_with_all_that_stands_against_it(conference: Conference) -> None:
    room, anna = RoomFactory(conference=conference), SpeakerFactory(conference=conference)
    there = SessionFactory(conference=conference, room=room, code="A")
    session = SessionFactory(conference=conference, code="B", starts_at=None, ends_at=None)
    for each in (there, session):
        ParticipationFactory(session=each, speaker=anna)
    with pytest.raises(ProgrammeClash) as refusal:
        place(session, room=room, starts_at=at(conference, 10), minutes=30)
    found = refusal.value.facts["clashes"]
    assert [(clash["kind"], clash["what"], [one["code"] for one in clash["sessions"]]) for clash in found] == [
        ("room", "Room", ["A", "B"]),
        ("person", "Anna Rechnaya", ["A", "B"]),
    ]
    session.refresh_from_db()
    assert place_of(session) == Place()


def test_who_saw_the_session_elsewhere_is_told_where_it_is(conference: Conference) -> None:
    room = RoomFactory(conference=conference, code="main")
    session = SessionFactory(conference=conference, room=room)
    seen = place_of(session)
    place(session, room=room, starts_at=at(conference, 12), seen=seen)
    for move in (lambda: place(session, starts_at=at(conference, 16), seen=seen), lambda: take_off_seen(session, seen)):
        with pytest.raises(MovedMeanwhile) as refusal:
            move()
        now_there = {"room": "main", "starts_at": at(conference, 12).isoformat(), "ends_at": at(conference, 13).isoformat()}
        assert refusal.value.facts["place"] == now_there


def take_off_seen(session: Session, seen: Place) -> Session:
    return take_off(session_id=session.pk, seen=seen, by=None, now=MOMENT)


@pytest.mark.parametrize(
    ("where", "field"),
    [
        ({"minutes": 0}, "minutes"),
        ({"minutes": 25 * 60}, "minutes"),
        ({"ends_at": timedelta()}, "ends_at"),
        ({"ends_at": timedelta(hours=25)}, "ends_at"),
        ({"starts_at": timedelta(days=3)}, "starts_at"),
        ({"starts_at": datetime.max.replace(tzinfo=UTC)}, "starts_at"),
        ({"room": "elsewhere"}, "room"),
    ],
)
def test_a_wrong_place_is_refused_by_field(conference: Conference, where: dict[str, Any], field: str) -> None:
    session = SessionFactory(conference=conference)
    begins = at(conference, 10)
    moments = {name: begins + value if isinstance(value, timedelta) else value for name, value in where.items()}
    room = {"room": RoomFactory()} if "room" in where else {}
    with pytest.raises(ValidationError) as refusal:
        place(session, **{"starts_at": begins, **moments, **room})
    assert list(refusal.value.message_dict) == [field]
    session.refresh_from_db()
    assert place_of(session) == Place(None, begins, begins + timedelta(hours=1))


def test_a_cancelled_session_has_no_place(conference: Conference) -> None:
    session = SessionFactory(conference=conference)
    cancel_session(session_id=session.pk, by=None, now=MOMENT)
    with pytest.raises(CancelledAlready, match="put it back"):
        place(session, starts_at=at(conference, 14))


def test_the_length_of_a_session_in_the_night_in_which_the_clock_is_put_forward(db: None) -> None:
    conference = ConferenceFactory(site__fair__time_zone="Europe/Berlin", starts_on=date(2030, 3, 30), ends_on=date(2030, 3, 31))
    session = SessionFactory(conference=conference, starts_at=None, ends_at=None, minutes=60)
    begins = moment_in(conference.fair.zone, datetime.fromisoformat("2030-03-31T01:30"))
    place(session, starts_at=begins.astimezone(conference.fair.zone))
    session.refresh_from_db()
    assert session.draft_ends_at == datetime(2030, 3, 31, 1, 30, tzinfo=UTC)
    # from 01:30 to 03:30 on the clock is one hour
    place(session, starts_at=begins, ends_at=datetime(2030, 3, 31, 3, 30, tzinfo=conference.fair.zone))
    session.refresh_from_db()
    assert session.minutes == 60


@pytest.mark.parametrize(
    ("zone", "written", "says"),
    [
        (
            "Europe/Berlin",
            datetime.fromisoformat("2030-03-31T02:30"),
            "2030-03-31 02:30 does not exist in Europe/Berlin: the clock is put forward then.",
        ),
        ("Europe/Berlin", datetime.fromisoformat("2030-10-27T02:30"), "2030-10-27 02:30 is there twice in Europe/Berlin"),
        ("America/New_York", datetime.fromisoformat("9999-12-31T23:59"), "the end of the calendar"),
    ],
)
def test_a_time_that_is_not_there_or_is_there_twice(zone: str, written: datetime, says: str) -> None:
    with pytest.raises(NoSuchTime, match=says):
        moment_in(ZoneInfo(zone), written)


def test_an_offset_says_which_of_the_two() -> None:
    zone = ZoneInfo("Europe/Berlin")
    assert moment_in(zone, datetime.fromisoformat("2030-10-27T02:30+01:00")) == datetime(2030, 10, 27, 1, 30, tzinfo=UTC)
    assert moment_in(zone, datetime.fromisoformat("2030-10-27T03:00")) == datetime(2030, 10, 27, 2, tzinfo=UTC)
