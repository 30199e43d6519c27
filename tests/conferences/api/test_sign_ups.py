"""Delegates sign up for sessions, wait, move up and withdraw; their own calendar follows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from conferences.domain import delegates, own, sign_ups
from conferences.models import Conference, Delegate, Session, SignUp
from tests.conferences.conftest import NOW
from tests.factories.conferences import ConferenceFactory, DelegateFactory, RoomFactory, SessionFactory

Letters = Callable[[Callable[[], Any]], list[Any]]


@pytest.fixture
def session(conference: Conference) -> Session:
    return SessionFactory(conference=conference, code="small", capacity=1, takes_sign_ups=True)


@pytest.fixture
def people(session: Session) -> list[Delegate]:
    return DelegateFactory.create_batch(3, conference=session.conference)


def ask(delegate: Delegate, *codes: Any, step: str = "") -> Any:
    path = f"/api/v1/conferences/{delegate.conference.slug}/sign-ups/{step}"
    return APIClient().post(path, {"sessions": list(codes)}, headers={"Delegate-Word": own.word_of(delegate)})


def statuses() -> list[str]:
    return list(SignUp.objects.order_by("pk").values_list("status", flat=True))


def test_places_go_in_order_and_to_the_next_when_one_is_given_back(people: list[Delegate], letters: Letters) -> None:
    first, second, third = people
    assert ask(first, "small").json() == {"sign_ups": [{"session": "small", "status": "reserved", "confirm_by": None, "same_time": []}]}
    assert [ask(one, "small").json()["sign_ups"][0]["status"] for one in (first, second, third)] == ["reserved", "waiting", "waiting"]
    (letter,) = letters(lambda: ask(first, "small", step="withdraw/"))
    assert (second.email in letter.to[0], "The cold chain" in letter.body) == (True, True)
    assert statuses() == ["offered", "waiting"]
    delegates.cancel(delegate_id=second.pk, by=None, now=NOW)
    assert list(SignUp.objects.values_list("delegate", "status")) == [(third.pk, "offered")]


def test_the_room_counts_where_the_session_has_no_places_of_its_own(people: list[Delegate], session: Session) -> None:
    session.capacity, session.room = None, RoomFactory(conference=session.conference, capacity=2)
    session.save()
    for one in people:
        ask(one, "small")
    assert statuses() == ["reserved", "reserved", "waiting"]


def test_all_of_them_or_none(people: list[Delegate], session: Session) -> None:
    SessionFactory(conference=session.conference, code="plain")
    SessionFactory(conference=session.conference, code="secret", takes_sign_ups=True, is_public=False)
    refused = ask(people[0], "small", "plain", "secret", "nothing")
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/sessions/1", "/sessions/2", "/sessions/3"]
    assert (refused.status_code, statuses()) == (400, [])


def test_a_thousand_at_once_are_refused_in_words(people: list[Delegate]) -> None:
    refused = ask(people[0], *[f"s{number}" for number in range(1000)])
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "/sessions")
    assert "50" in refused.json()["errors"][0]["detail"]
    assert statuses() == []


def test_who_has_not_confirmed_cannot(session: Session) -> None:
    delegate = DelegateFactory(conference=session.conference, confirmed_at=None)
    assert ask(delegate, "small").json()["type"] == "/problems/place-not-confirmed"


def test_the_own_calendar_shows_what_one_has_a_place_in(people: list[Delegate], session: Session) -> None:
    first, second, _third = people
    for one in (first, second):
        ask(one, "small")
    shown = [
        APIClient().get(f"/api/v1/conferences/{session.conference.slug}/calendars/{own.word_of(one)}.ics").content
        for one in (first, second)
    ]
    assert [str(session.guid).encode() in text for text in shown] == [True, False]


def test_nobody_of_another_conference(people: list[Delegate]) -> None:
    elsewhere = SessionFactory(conference=ConferenceFactory())
    with pytest.raises(IntegrityError, match="sign_up_within_conference"), transaction.atomic():
        SignUp.objects.create(session=elsewhere, delegate=people[0], status="reserved", signed_up_at=NOW)


def test_who_waits_moves_up_when_the_session_gets_more_places(people: list[Delegate], session: Session, letters: Letters) -> None:
    for one in people:
        ask(one, "small")
    assert sign_ups.fill_sessions(now=NOW) == 0
    Session.objects.update(capacity=2)
    (letter,) = letters(lambda: sign_ups.fill_sessions(now=NOW))
    assert (people[1].email in letter.to[0], statuses()) == (True, ["reserved", "offered", "waiting"])
    Session.objects.update(capacity=None, room=RoomFactory(conference=session.conference, capacity=3))
    assert (sign_ups.fill_sessions(now=NOW), sign_ups.fill_sessions(now=NOW)) == (1, 0)


def test_a_newcomer_does_not_pass_those_who_wait(people: list[Delegate], session: Session) -> None:
    first, second, third = people
    for one in (first, second):
        ask(one, "small")
    Session.objects.update(capacity=2)
    assert ask(third, "small").json()["sign_ups"][0]["status"] == "waiting"
    assert statuses() == ["reserved", "offered", "waiting"]


@pytest.mark.parametrize(
    "change",
    [
        {"is_public": False},
        {"cancelled_at": NOW},
        {"takes_sign_ups": False},
        {"starts_at": None, "ends_at": None},
        {"starts_at": NOW - timedelta(hours=2), "ends_at": NOW},
    ],
)
def test_nobody_is_called_to_a_session_that_is_over_or_takes_nobody(
    people: list[Delegate], session: Session, letters: Letters, change: dict[str, Any]
) -> None:
    first, second, third = people
    for one in (first, second):
        ask(one, "small")
    Session.objects.filter(pk=session.pk).update(**change)
    with time_machine.travel(NOW, tick=False):
        assert ask(third, "small").json()["errors"][0]["code"] == "unknown_session"
        assert letters(lambda: ask(first, "small", step="withdraw/")) == []
    assert (statuses(), sign_ups.fill_sessions(now=NOW)) == (["waiting"], 0)


def overlapping(conference: Conference) -> None:
    """``small`` is from 10 to 11; the others: within it, around it with no place left, and touching it."""
    start, hour = NOW + timedelta(days=10), timedelta(hours=1)
    Session.objects.filter(code="small").update(starts_at=start, ends_at=start + hour)
    columns = {"conference": conference, "takes_sign_ups": True}
    SessionFactory(code="within", capacity=5, starts_at=start + hour / 3, ends_at=start + hour / 2, title_en="Crab & roe", **columns)
    SessionFactory(code="around", capacity=0, starts_at=start - hour, ends_at=start + 2 * hour, **columns)
    SessionFactory(code="before", capacity=5, starts_at=start - hour, ends_at=start, **columns)


def same_time(answer: Any) -> dict[str, list[str]]:
    return {row["session"]: row["same_time"] for row in answer.json()["sign_ups"]}


def test_sessions_at_the_same_time_are_taken_and_named(people: list[Delegate], session: Session) -> None:
    overlapping(session.conference)
    assert same_time(ask(people[0], "small", "before")) == {"before": [], "small": []}
    assert same_time(ask(people[0], "within")) == {"before": [], "small": ["within"], "within": ["small"]}
    assert same_time(ask(people[0], "around")) == {
        "around": ["before", "small", "within"],
        "before": ["around"],
        "small": ["around", "within"],
        "within": ["around", "small"],
    }
    assert statuses() == ["reserved", "reserved", "reserved", "waiting"]
    Session.objects.filter(code="around").update(cancelled_at=NOW)
    Session.objects.filter(code="within").update(is_public=False)
    assert same_time(ask(people[0], "small"))["small"] == []


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "At the same time you have signed up for another session: Crab &amp; roe."),
        ("ru", "На это же время вы записаны и на другую сессию: «Холодовая цепь»."),
        ("zh-hans", "您还报名了同一时间的另一场次：“冷链”。"),
    ],
)
def test_the_own_page_names_them_too(people: list[Delegate], session: Session, client: Client, language: str, sentence: str) -> None:
    overlapping(session.conference)
    Delegate.objects.update(language=language)
    page = reverse("delegate-page", args=[session.conference.slug, own.word_of(people[0])])
    with time_machine.travel(NOW, tick=False):
        ask(people[0], "small")
        assert "⚠" not in client.get(page).content.decode()
        ask(people[0], "within")
        shown = client.get(page).content.decode()
    assert (sentence in shown, shown.count("⚠")) == (True, 2)
