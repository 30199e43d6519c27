from typing import Any

import pytest
from django.utils.translation import override

from conferences.domain.draft import DraftRoom, Placed
from conferences.domain.free_places import free_places, free_places_in
from conferences.models import Conference
from tests.conferences.domain.test_draft_warnings import ANNA, DALIAN, HALL, NEXT, draft, hour, session
from tests.factories.conferences import RoomFactory, SessionFactory, at

ROOMS = (HALL, NEXT)


def proposed(moved: Placed, *others: Placed, rooms: tuple[DraftRoom, ...] = ROOMS, **given: Any) -> list[tuple[str, float, list[str]]]:
    plan = draft(moved, *others, rooms=rooms, **{"opens": 9, "closes": 18, **given})
    found = free_places_in(plan, session_id=99, now=hour(0), limit=3)
    return [(free.room.code, (free.starts_at - hour(0)).total_seconds() / 3600, [str(one) for one in free.warnings]) for free in found]


def test_the_nearest_place_without_a_warning_comes_first() -> None:
    moved = session(10, 11, HALL, id=99, people=ANNA)
    others = (session(10.5, 12, HALL), session(10, 11, NEXT, people=ANNA, code="A"))
    # before ten Anna stays next door; in the hall she would have no time to change rooms
    assert proposed(moved, *others)[:2] == [("next", 9, []), ("hall", 12, [])]


def test_a_place_that_is_too_small_is_proposed_after_all_others() -> None:
    moved = session(10, 11, HALL, id=99, wanted=50)
    assert proposed(moved, session(9, 18, HALL))[:2] == [
        ("hall", 34, []),  # at the same time, on the next day
        ("next", 10, ["10-11 needs more places (50) than Next door has (20)."]),
    ]


@pytest.mark.parametrize("now", [10.1, 17.5])
def test_nothing_is_proposed_that_has_begun(now: float) -> None:
    plan = draft(session(10, 11, HALL, id=99), rooms=ROOMS, opens=9, closes=18)
    assert all(free.starts_at >= hour(now) for free in free_places_in(plan, session_id=99, now=hour(now)))


def test_a_way_to_another_city_counts() -> None:
    moved = session(14, 15, HALL, id=99, people=ANNA)
    found = proposed(moved, session(9, 18, HALL), session(10, 11, DALIAN, people=ANNA), rooms=(HALL, DALIAN))
    assert found[0] == ("dalian", 14, [])


def test_a_session_that_fits_nowhere() -> None:
    assert proposed(session(9, 20, HALL, id=99)) == []
    assert free_places_in(draft(rooms=ROOMS), session_id=99, now=hour(0)) == []


def test_a_day_that_is_never_closed_begins_in_the_morning(conference: Conference) -> None:
    room = RoomFactory(conference=conference)
    moved = SessionFactory(conference=conference, starts_at=None, ends_at=None)
    assert free_places(session=moved, now=at(conference, 0))[0].starts_at == at(conference, 9)
    SessionFactory(conference=conference, room=room, starts_at=at(conference, 9), ends_at=at(conference, 18))
    found = free_places(session=moved, now=at(conference, 0))
    assert [free.starts_at for free in found] == [at(conference, 18), at(conference, 9, day=1), at(conference, 9, day=2)]
    SessionFactory(conference=conference, room=room, starts_at=at(conference, 18), ends_at=at(conference, 20))
    found = free_places(session=moved, now=at(conference, 0))
    assert [free.starts_at for free in found] == [at(conference, 9, day=1), at(conference, 9, day=2), at(conference, 8)]


def test_an_evening_with_opening_hours_is_as_good_as_the_morning() -> None:
    moved = session(19, 20, HALL, id=99)
    assert proposed(moved, session(10, 19, HALL), rooms=(HALL,), closes=22)[0] == ("hall", 19.25, [])


def test_a_session_taken_off_goes_back_to_where_everybody_sees_it(conference: Conference) -> None:
    RoomFactory(conference=conference)
    moved = SessionFactory(conference=conference, starts_at=at(conference, 11, day=1), draft_starts_at=None, draft_ends_at=None)
    assert free_places(session=moved, now=at(conference, 0))[0].starts_at == at(conference, 11, day=1)


def test_places_for_a_session_without_one(conference: Conference) -> None:
    RoomFactory(conference=conference, code="main")
    SessionFactory(conference=conference, room=RoomFactory(conference=conference, code="other"), starts_at=at(conference, 9))
    moved = SessionFactory(conference=conference, starts_at=None, ends_at=None, minutes=45)
    with override("ru"):
        first, *_others = free_places(session=moved, now=at(conference, 0))
    assert (first.room.code, first.starts_at, first.warnings) == ("main", at(conference, 9), ())
    assert (first.ends_at - first.starts_at).total_seconds() == 45 * 60
    assert first.reasons == ("мест: 100",)
