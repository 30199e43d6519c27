"""Warnings are made of plain values: most of these tests need no database."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from conferences.domain.draft import Draft, DraftRoom, DraftSession, OpenDay, Placed, merged
from conferences.domain.draft_warnings import warnings_in, warnings_of
from conferences.models import Availability, Conference, ConferenceDay, SessionHost, SignUp
from tests.conftest import MOMENT
from tests.factories.conferences import DelegateFactory, ParticipationFactory, RoomFactory, SessionFactory, SpeakerFactory, at
from tests.factories.exhibitors import ApplicationFactory
from tests.factories.fairs import SiteFactory

DAY = date(2030, 5, 1)
ANNA = ((1, "Anna"),)
HALL = DraftRoom(1, "hall", "Hall", seats=100, booths=1, site_id=1, site="Shenyang")
NEXT = DraftRoom(2, "next", "Next door", seats=20, booths=0, site_id=1, site="Shenyang")
DALIAN = DraftRoom(3, "dalian", "Pier", seats=100, booths=1, site_id=2, site="Dalian")


def hour(number: float, day: int = 0) -> datetime:
    return datetime(2030, 5, 1, tzinfo=UTC) + timedelta(days=day, hours=number)


def session(starts: float, ends: float, room: DraftRoom | None = HALL, **given: Any) -> Placed:
    facts = DraftSession(**{"id": 1, "code": f"{starts:g}-{ends:g}", "title": "", **given})
    return Placed(facts, hour(starts), hour(ends), room)


def draft(*placed: Placed, opens: float = 0, closes: float = 24, **given: Any) -> Draft:
    days = tuple(OpenDay(DAY + timedelta(days=n), hour(opens, n), hour(closes, n)) for n in (0, 1))
    return Draft(**{"zone": ZoneInfo("UTC"), "days": days, "placed": placed, **given})


def found(*placed: Placed, **given: Any) -> list[str]:
    return [str(warning) for warning in warnings_in(draft(*placed, **given))]


@pytest.mark.parametrize(
    ("starts", "ends", "is_at_once"),
    [
        (10, 12, True),  # equal
        (10.5, 11, True),  # inside
        (9, 13, True),  # enclosing
        (11, 13, True),
        (9, 11, True),
        (8, 10, False),  # touching
        (12, 13, False),
        (23, 34.5, False),  # past midnight
        (23, 35, False),
    ],
)
def test_two_at_once(starts: float, ends: float, is_at_once: bool) -> None:
    one, other = session(10, 12, people=ANNA, hosts=((7, "Mill"),)), session(starts, ends, people=ANNA, hosts=((7, "Mill"),))
    warnings = warnings_in(draft(one, other))
    assert [(warning.kind, warning.is_hard) for warning in warnings] == (
        [("room", True), ("person", True), ("host", False)] if is_at_once else []
    )


def test_past_midnight() -> None:
    warnings = warnings_in(draft(session(23, 26, hosts=((7, "Mill"),)), session(25, 27, NEXT, hosts=((7, "Mill"),))))
    assert [str(warning) for warning in warnings] == ["Mill holds two sessions at once: 23-26 and 25-27."]


def test_a_room_that_is_too_small_or_has_too_few_booths() -> None:
    small = session(10, 12, NEXT, wanted=21, language="ru", interpretation=("zh-hans", "en", "ru"), has_interpreter=True)
    assert found(small, session(10, 12, HALL, wanted=100, language="ru", interpretation=("zh-hans",), has_interpreter=True)) == [
        "10-12 needs more places (21) than Next door has (20).",
        "10-12 needs more interpretation booths (2) than Next door has (0).",
    ]


def test_a_room_too_small_for_those_who_signed_up_or_wait(conference: Conference) -> None:
    small = RoomFactory(conference=conference, name_en="Parlour", capacity=2)
    session = SessionFactory(conference=conference, code="A", room=small, interpretation=[])
    others = SessionFactory(conference=conference, code="B", room=small, interpretation=[], capacity=1, starts_at=at(conference, 14))
    delegates = DelegateFactory.create_batch(3, conference=conference)
    for delegate, status in zip(delegates, ("reserved", "reserved", "waiting"), strict=True):
        SignUp.objects.create(session=session, delegate=delegate, status=status, signed_up_at=MOMENT)
    SignUp.objects.create(session=others, delegate=delegates[0], status="reserved", signed_up_at=MOMENT)
    assert [str(warning) for warning in warnings_of(conference)] == ["A needs more places (3) than Parlour has (2)."]


def test_a_room_and_an_interpreter_are_named() -> None:
    assert found(session(10, 11, None, interpretation=("en",)), session(11, 12, None, is_break=True)) == [
        "10-11 has a time and no room.",
        "10-11 is to be interpreted, and no interpreter is named.",
    ]


@pytest.mark.parametrize(
    ("starts", "ends", "is_open"),
    [(9, 18, True), (8.5, 10, False), (17, 18.5, False), (26, 27, False), (33, 34, True)],
)
def test_opening_hours(starts: float, ends: float, is_open: bool) -> None:
    outside = f"{starts:g}-{ends:g} is outside the opening hours: {2 if starts > 24 else 1} May 09:00–18:00."
    assert found(session(starts, ends), opens=9, closes=18) == ([] if is_open else [outside])


def test_a_night_may_be_open_into_the_next_day() -> None:
    assert found(session(23, 26), opens=9, closes=26) == []
    assert len(found(session(23, 26.5), opens=9, closes=26)) == 1
    assert found(session(23, 34), opens=0, closes=24) == []  # open from midnight to midnight, both days


def test_somebody_who_cannot_come() -> None:
    available = {1: [(hour(10), hour(12))], 2: []}
    assert found(session(10, 12, people=ANNA), available=available) == []
    assert found(session(11, 13, people=ANNA), available=available) == ["Anna cannot come at the time of 11-13."]


def test_times_that_touch_are_one_time() -> None:
    mornings = {1: [(hour(9), hour(12))]}
    assert found(session(9, 12, people=ANNA), available=mornings) == []
    assert found(session(8, 13, people=ANNA), available=mornings) == ["Anna cannot come at the time of 8-13."]
    assert merged([(hour(12), hour(14)), (hour(9), hour(12)), (hour(10), hour(11))]) == [(hour(9), hour(14))]
    nights = {1: [(hour(22), hour(26))]}
    assert found(session(23, 25, people=ANNA), available=nights) == []
    assert found(session(25, 27, people=ANNA), available=nights) == ["Anna cannot come at the time of 25-27."]


def test_a_way_past_midnight_to_another_site() -> None:
    assert found(session(20, 23, people=ANNA), session(26, 27, DALIAN, people=ANNA)) == [
        "Anna has 180 min from 20-23 (Shenyang) to 26-27 (Dalian), and needs 240 for the way."
    ]
    assert found(session(20, 22, people=ANNA), session(26, 27, DALIAN, people=ANNA)) == []


def test_ways_between_rooms_and_sites() -> None:
    ways = [session(10, 11, people=ANNA), session(11, 12, NEXT, people=ANNA), session(12.1, 13, None, people=ANNA, is_break=True)]
    assert found(*ways, session(15, 16, DALIAN, people=ANNA), session(16, 17, DALIAN, people=ANNA)) == [
        "Anna has 0 min from 10-11 to 11-12, and needs 5 to change rooms.",
        "Anna has 180 min from 11-12 (Shenyang) to 15-16 (Dalian), and needs 240 for the way.",
    ]
    assert found(ways[0], session(11, 12, HALL, people=ANNA), session(16, 17, DALIAN, people=ANNA)) == []


def test_who_has_declined_and_a_host_that_does_not_exhibit_are_named_once_wherever_they_are() -> None:
    one, other = session(10, 11, people=ANNA, hosts=((7, "Mill"),)), session(12, 13, people=ANNA)
    unplaced = (DraftSession(id=9, code="later", title="", hosts=((7, "Mill"),)),)
    warnings = warnings_in(draft(one, other, unplaced=unplaced, declined={1: "Anna"}, gone_hosts={7: "Mill"}))
    assert [(str(warning), [named.code for named in warning.sessions], warning.is_hard, warning.is_of_place) for warning in warnings] == [
        ("Anna has declined. Somebody else is needed in: 10-11, 12-13.", ["10-11", "12-13"], False, False),
        ("Mill is to hold 10-11, later, and does not take part in the fair.", ["10-11", "later"], False, False),
    ]


def test_who_has_no_address_is_named_once() -> None:
    warnings = warnings_in(draft(session(10, 11, people=ANNA), session(12, 13, people=ANNA), unreachable={1: "Anna"}))
    assert [(str(warning), len(warning.sessions)) for warning in warnings] == [
        ("Anna has no email address, and cannot be told of changes.", 2)
    ]


def test_many_at_the_same_time_are_not_compared_with_each_other() -> None:
    crowd = [session(10, 11, None, is_break=True, code=str(n), people=((n, "?"),)) for n in range(20_000)]
    assert found(*crowd) == []


def test_what_is_read_from_the_database(conference: Conference, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    pier = RoomFactory(conference=conference, name_en="Pier", capacity=5, site=SiteFactory(fair=conference.fair, slug="dalian"))
    declined = {"answer": "declined", "answered_at": MOMENT, "reason": "Ill"}
    anna = SpeakerFactory(conference=conference, email="", **declined)
    Availability.objects.create(speaker=anna, starts_at=at(conference, 9), ends_at=at(conference, 11))
    ConferenceDay.objects.create(conference=conference, date=conference.starts_on, opens_at="09:00", closes_at="12:00")
    mill = ApplicationFactory(fair=conference.fair, company__name_en="Mill", company__name_ru="")
    first = SessionFactory(conference=conference, code="A", room=RoomFactory(conference=conference))
    second = SessionFactory(
        conference=conference, code="B", room=pier, capacity=6, starts_at=at(conference, 11), ends_at=at(conference, 13)
    )
    SessionFactory(conference=conference, code="C", starts_at=None, ends_at=None)
    SessionFactory(conference=conference, code="D", room=pier, cancelled_at=at(conference, 1))
    third = SessionFactory(conference=conference, code="E", interpretation=[], starts_at=at(conference, 12))
    ParticipationFactory(session=first, speaker=anna, role="interpreter")
    ParticipationFactory(session=second, speaker=anna, role="interpreter")
    for each in (second, third):
        SessionHost.objects.create(session=each, application=mill)
    conference = Conference.objects.select_related("fair", "site").get()
    with django_assert_num_queries(7), override("ru"):
        warnings = warnings_of(conference)
        texts = [str(warning) for warning in warnings]
    assert [(warning.kind, [one.code for one in warning.sessions]) for warning in warnings] == [
        ("closed", ["B"]),
        ("unavailable", ["B"]),
        ("seats", ["B"]),
        ("site_change", ["A", "B"]),
        ("closed", ["E"]),
        ("no_room", ["E"]),
        ("host", ["B", "E"]),
        ("declined", ["A", "B"]),
        ("no_address", ["A", "B"]),
        ("host_gone", ["B", "E"]),
    ]
    assert "Анна Речная" in texts[1]
    assert "Mill" in texts[6]
