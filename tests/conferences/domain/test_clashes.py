import pytest

from conferences.domain.clashes import ProgrammeClash
from conferences.domain.programme import cancel_session, restore_session
from conferences.enums import SessionRole
from conferences.models import Conference, Session
from tests.conferences.domain.writing import create_session, update_session, values
from tests.conftest import MOMENT
from tests.factories.conferences import RoomFactory, SpeakerFactory, at

TIMES = pytest.mark.parametrize(
    ("starts", "ends", "is_taken"),
    [
        ((10, 0), (12, 0), True),  # equal
        ((11, 0), (12, 0), True),  # inside
        ((9, 0), (13, 0), True),  # enclosing
        ((11, 0), (13, 0), True),
        ((9, 0), (11, 0), True),
        ((9, 0), (10, 0), False),  # touching
        ((12, 0), (13, 0), False),
        ((22, -1), (10, 0), False),
        ((23, 0), (1, 1), False),
        ((23, -1), (11, 0), True),  # past midnight
    ],
)


@TIMES
def test_two_sessions_in_a_room(conference: Conference, starts: tuple[int, int], ends: tuple[int, int], is_taken: bool) -> None:
    room = RoomFactory(conference=conference)
    first = values(conference, code="A", room=room, starts_at=at(conference, 10, 1), ends_at=at(conference, 12, 1))
    create_session(conference=conference, values=first)
    times = {"starts_at": at(conference, starts[0], starts[1] + 1), "ends_at": at(conference, ends[0], ends[1] + 1)}
    second = values(conference, code="B", room=room, **times)
    if is_taken:
        with pytest.raises(ProgrammeClash, match=r"Room Room has two sessions at once: (A and B|B and A)\."):
            create_session(conference=conference, values=second)
        assert Session.objects.count() == 1
    else:
        create_session(conference=conference, values=second)


@TIMES
def test_two_sessions_of_a_person(conference: Conference, starts: tuple[int, int], ends: tuple[int, int], is_taken: bool) -> None:
    _check_two_sessions_of_a_person(conference, starts, ends, is_taken, "speaker")


@pytest.mark.parametrize("role", sorted(set(SessionRole.values) - {"speaker"}))
def test_whatever_a_person_does_in_them(conference: Conference, role: str) -> None:
    _check_two_sessions_of_a_person(conference, (11, 0), (13, 0), True, role)


def _check_two_sessions_of_a_person(
    conference: Conference, starts: tuple[int, int], ends: tuple[int, int], is_taken: bool, role: str
) -> None:
    person = SpeakerFactory(conference=conference, name_en="Anna")
    first = values(conference, code="A", starts_at=at(conference, 10, 1), ends_at=at(conference, 12, 1), people=((person, role),))
    create_session(conference=conference, values=first)
    times = {"starts_at": at(conference, starts[0], starts[1] + 1), "ends_at": at(conference, ends[0], ends[1] + 1)}
    second = create_session(conference=conference, values=values(conference, code="B", **times))
    people = values(conference, code="B", **times, people=((person, "speaker"),))
    if is_taken:
        with pytest.raises(ProgrammeClash, match=r"Anna is in two sessions at once: (A and B|B and A)\."):
            update_session(session=second, values=people)
        assert not second.participations.exists()
    else:
        update_session(session=second, values=people)


def test_past_midnight(conference: Conference) -> None:
    room = RoomFactory(conference=conference)
    night = {"room": room, "starts_at": at(conference, 23), "ends_at": at(conference, 2, 1)}
    create_session(conference=conference, values=values(conference, code="A", **night))
    early = {"room": room, "starts_at": at(conference, 1, 1), "ends_at": at(conference, 3, 1)}
    with pytest.raises(ProgrammeClash):
        create_session(conference=conference, values=values(conference, code="B", **early))


def test_somebody_is_in_one_session_at_a_time_in_whatever_role(conference: Conference) -> None:
    person = SpeakerFactory(conference=conference, name_en="Anna")
    create_session(conference=conference, values=values(conference, code="A", people=((person, "moderator"), (person, "speaker"))))
    other = create_session(conference=conference, values=values(conference, code="B"))
    with pytest.raises(ProgrammeClash, match="Anna is in two sessions at once: A and B"):
        update_session(session=other, values=values(conference, code="B", people=((person, "interpreter"),)))
    assert not other.participations.exists()


def test_a_cancelled_session_leaves_its_place_to_others(conference: Conference) -> None:
    room = RoomFactory(conference=conference)
    first = create_session(conference=conference, values=values(conference, code="A", room=room))
    cancel_session(session_id=first.pk, by=None, now=MOMENT)
    create_session(conference=conference, values=values(conference, code="B", room=room))
    with pytest.raises(ProgrammeClash):
        restore_session(session_id=first.pk, by=None, now=MOMENT)
    first.refresh_from_db()
    assert first.cancelled_at == MOMENT
