from datetime import UTC, datetime

from conferences.domain.programme import create_session, update_session
from conferences.domain.releases import release_programme, unreleased
from conferences.models import Conference, Session, SessionRevision
from tests.conferences.domain.test_programme import values
from tests.factories.conferences import RoomFactory, at

NOW = datetime(2030, 1, 15, 9, tzinfo=UTC)


def release(conference: Conference) -> int:
    return release_programme(conference_id=conference.pk, by=None, now=NOW)


def revision(conference: Conference) -> int:
    conference.fair.public_revision.refresh_from_db()
    return conference.fair.public_revision.number


def test_everybody_sees_the_draft_once_it_is_released(conference: Conference) -> None:
    room = RoomFactory(conference=conference)
    before = revision(conference)
    session = create_session(conference=conference, values=values(conference, room=room))
    assert revision(conference) == before  # nothing of a draft shows, in no ETag either
    assert not Session.objects.public().exists()
    assert release(conference) == 1
    session = Session.objects.public().get()
    assert (session.room, session.starts_at, session.ends_at) == (room, at(conference, 10), at(conference, 11))
    assert release(conference) == 0


def test_a_move_shows_with_the_next_release(conference: Conference) -> None:
    session = create_session(conference=conference, values=values(conference, room=RoomFactory(conference=conference)))
    release(conference)
    session.refresh_from_db()
    seen, number = revision(conference), SessionRevision.objects.get().number
    update_session(session=session, values=values(conference, starts_at=at(conference, 15), ends_at=at(conference, 16)))
    assert list(unreleased(conference.pk)) == [session]
    assert (revision(conference), SessionRevision.objects.get().number) == (seen, number)
    assert Session.objects.get().starts_at == at(conference, 10)
    assert release(conference) == 1
    assert (Session.objects.get().starts_at, Session.objects.get().room) == (at(conference, 15), None)
    assert SessionRevision.objects.get().number == number + 1


def test_what_leaves_the_draft_leaves_the_programme(conference: Conference) -> None:
    session = create_session(conference=conference, values=values(conference))
    release(conference)
    session.refresh_from_db()
    number = SessionRevision.objects.get().number
    update_session(session=session, values=values(conference, starts_at=None, ends_at=None, minutes=45))
    assert release(conference) == 1
    assert not Session.objects.public().exists()
    kept = SessionRevision.objects.get()
    assert (kept.number, kept.starts_at) == (number + 1, at(conference, 10))  # what calendars strike out
