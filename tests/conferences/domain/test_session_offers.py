"""A place in a session that comes free is offered for a time, and goes on to the next when nobody answers."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from conferences.domain import own, sign_ups
from conferences.models import Conference, Delegate, Session, SignUp
from tests.conferences.conftest import NOW
from tests.factories.conferences import DelegateFactory, SessionFactory
from tests.racing import at_once, by_many

Letters = Callable[[Callable[[], Any]], list[Any]]
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
QUIET_TICK = 2  # queries: unanswered offers, sessions with free places
PAGE = 4  # queries: conference, delegate, clock, sign-ups


@pytest.fixture
def session(conference: Conference) -> Session:
    return small_session(conference)


def small_session(conference: Conference, code: str = "small", **columns: Any) -> Session:
    return SessionFactory(conference=conference, code=code, capacity=1, takes_sign_ups=True, starts_at=NOW + 10 * 24 * HOUR, **columns)


def queue_for(session: Session, number: int) -> list[Delegate]:
    """One with the place and the others waiting, in this order."""
    people: list[Delegate] = DelegateFactory.create_batch(number, conference=session.conference)
    for one in people:
        sign_ups.sign_up(delegate_id=one.pk, codes=[session.code], now=NOW)
    return people


def withdraw(delegate: Delegate, *, now: datetime = NOW, code: str = "small") -> None:
    sign_ups.withdraw(delegate_id=delegate.pk, codes=[code], now=now)


def standing() -> list[tuple[int, str]]:
    return list(SignUp.objects.order_by("pk").values_list("delegate", "status"))


def page_of(delegate: Delegate) -> str:
    return reverse("delegate-page", args=[delegate.conference.slug, own.word_of(delegate)])


def ask(delegate: Delegate, step: str, *codes: str) -> Any:
    path = f"/api/v1/conferences/{delegate.conference.slug}/sign-ups/{step}"
    return APIClient().post(path, {"sessions": list(codes)}, headers={"Delegate-Word": own.word_of(delegate)})


def test_the_offer_holds_for_the_conferences_hours_and_then_goes_to_the_next(session: Session, letters: Letters) -> None:
    Conference.objects.update(offer_hours=5)
    first, second, third = queue_for(session, 3)
    withdraw(first)
    assert standing() == [(second.pk, "offered"), (third.pk, "waiting")]
    assert SignUp.objects.get(delegate=second).confirm_by == NOW + 5 * HOUR
    assert (sign_ups.fill_sessions(now=NOW + 5 * HOUR), standing()[0]) == (0, (second.pk, "offered"))

    later = NOW + 5 * HOUR + SECOND
    lapsed, letter = letters(lambda: sign_ups.fill_sessions(now=later))

    assert (second.email in lapsed.to[0], "has lapsed" in lapsed.subject) == (True, True)
    assert (third.email in letter.to[0], standing()) == (True, [(third.pk, "offered")])
    assert SignUp.objects.get().confirm_by == later + 5 * HOUR
    assert letters(lambda: sign_ups.fill_sessions(now=later)) == []


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "At the same time you already have a place in: Tea."),
        ("ru", "На это же время у вас уже есть место: Чай."),
        ("zh-hans", "同一时间您已有名额的场次：茶。"),
    ],
)
@pytest.mark.parametrize("hours_before", [10 * 24, 1])
def test_who_gets_a_place_hears_which_other_session_is_at_that_time(
    session: Session, letters: Letters, language: str, sentence: str, hours_before: int
) -> None:
    other = small_session(session.conference, code="other", title_en="Tea", title_ru="Чай", title_zh_hans="茶")
    after = small_session(session.conference, code="after", title_en="Later", title_ru="Потом", title_zh_hans="之后")
    Session.objects.filter(pk=after.pk).update(starts_at=session.ends_at, ends_at=session.ends_at + HOUR)
    first, second, third = queue_for(session, 3)
    Delegate.objects.filter(pk=second.pk).update(language=language)
    sign_ups.sign_up(delegate_id=second.pk, codes=[other.code, after.code], now=NOW)
    now = session.starts_at - hours_before * HOUR

    (letter,) = letters(lambda: withdraw(first, now=now))
    assert (sentence in letter.body, letter.body.count("Later") + letter.body.count("Потом") + letter.body.count("之后")) == (True, 0)
    (letter,) = letters(lambda: withdraw(second, now=now))
    assert (third.email in letter.to[0], "At the same time" in letter.body) == (True, False)


def test_an_address_that_is_none_keeps_no_place_of_another_session(session: Session, letters: Letters) -> None:
    other = small_session(session.conference, "other")
    (_first, unreachable), (_third, reached) = queue_for(session, 2), queue_for(other, 2)
    Delegate.objects.filter(pk=unreachable.pk).update(email="not an address")
    Session.objects.update(capacity=2)
    (letter,) = letters(lambda: sign_ups.fill_sessions(now=NOW))
    assert reached.email in letter.to[0]
    assert [status for _pk, status in standing()] == ["reserved", "waiting", "reserved", "offered"]


def test_an_offer_that_nobody_waits_behind_lapses_too(session: Session) -> None:
    first, _second = queue_for(session, 2)
    withdraw(first)
    assert (sign_ups.fill_sessions(now=NOW + 48 * HOUR + SECOND), standing()) == (0, [])


@pytest.mark.parametrize(
    ("language", "subject", "until"),
    [
        ("en", "The offer of a place in a session has lapsed", "until 17 January 2030, 17:00 (Beijing)"),
        ("ru", "Срок предложения места на сессии истёк", "до 17 января 2030"),
        ("zh-hans", "为您保留的场次名额已失效", "保留至 2030"),
    ],
)
def test_who_let_an_offer_lapse_hears_so_once(session: Session, letters: Letters, language: str, subject: str, until: str) -> None:
    first, second = queue_for(session, 2)
    Delegate.objects.filter(pk=second.pk).update(language=language)
    withdraw(first)
    late = NOW + 48 * HOUR + SECOND
    (letter,) = letters(lambda: sign_ups.fill_sessions(now=late))
    assert (second.email in letter.to[0], letter.subject, until in letter.body) == (True, subject, True)
    assert page_of(second) in letter.body
    assert letters(lambda: sign_ups.fill_sessions(now=late)) == []


@pytest.mark.parametrize("change", [{"cancelled_at": NOW}, {"is_public": False}, {"takes_sign_ups": False}])
def test_of_what_takes_nobody_any_more_no_letter_says_that_an_offer_lapsed(
    session: Session, letters: Letters, change: dict[str, Any]
) -> None:
    first, _second = queue_for(session, 2)
    withdraw(first)
    Session.objects.update(**change)
    assert letters(lambda: sign_ups.fill_sessions(now=NOW + 48 * HOUR + SECOND)) == []
    assert standing() == []


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (timedelta(days=10), timedelta(hours=48)),
        (timedelta(hours=49), timedelta(hours=48)),
        (timedelta(hours=48), timedelta(hours=47)),
        (timedelta(hours=2), timedelta(hours=1)),
        (timedelta(hours=2) - SECOND, None),
        (timedelta(minutes=-10), None),
    ],
)
def test_it_ends_an_hour_before_the_session_and_shortly_before_there_is_none(
    session: Session, letters: Letters, before: timedelta, expected: timedelta | None
) -> None:
    first, second = queue_for(session, 2)
    Session.objects.update(starts_at=NOW + before, ends_at=NOW + before + HOUR)
    (letter,) = letters(lambda: withdraw(first))
    offer = SignUp.objects.get(delegate=second)
    assert (offer.status, offer.confirm_by) == (("offered", NOW + expected) if expected else ("reserved", None))
    assert ("please answer" in letter.subject, "nothing to confirm" in letter.body) == (bool(expected), not expected)


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (timedelta(hours=49), ("offered", timedelta(hours=48))),
        (timedelta(hours=24), ("offered", timedelta(hours=23))),
        (timedelta(hours=2) - SECOND, ("reserved", None)),
    ],
)
def test_an_offer_ends_in_time_for_a_session_that_was_moved_forward(
    session: Session, letters: Letters, before: timedelta, expected: tuple[str, timedelta | None]
) -> None:
    first, second, third = queue_for(session, 3)
    withdraw(first)
    Session.objects.update(starts_at=NOW + before, ends_at=NOW + before + HOUR)
    told = letters(lambda: [sign_ups.fill_sessions(now=NOW) for _tick in range(2)])
    offer = SignUp.objects.get(delegate=second)
    status, until = expected
    said = {timedelta(hours=23): ["please answer"], None: ["come free for you"]}.get(until, [])
    assert [subject in letter.subject for letter, subject in zip(told, said, strict=True)] == [True] * len(said)
    assert (offer.status, offer.confirm_by) == (status, NOW + until if until else None)
    if until:
        sign_ups.fill_sessions(now=NOW + until + SECOND)
        assert standing()[0][0] == third.pk


@pytest.mark.parametrize(
    ("language", "subject", "until"),
    [
        ("en", "please answer", "until 17 January 2030, 17:00 (Beijing)"),
        ("ru", "ждём ответа", "до 17 января 2030"),
        ("zh-hans", "请答复", "名额为您保留至 2030"),
    ],
)
def test_the_letter_says_until_when_and_leads_to_the_page_with_the_buttons(
    session: Session, letters: Letters, client: Client, language: str, subject: str, until: str
) -> None:
    first, second = queue_for(session, 2)
    Delegate.objects.filter(pk=second.pk).update(language=language)
    (letter,) = letters(lambda: withdraw(first))
    assert subject in letter.subject
    assert until in letter.body
    address = re.search(r"http://testserver(/\S+/delegate/[\w.-]+/)", letter.body)[1]
    with time_machine.travel(NOW, tick=False):
        page = client.get(address).content.decode()
        assert ('value="take-seat"' in page, 'value="withdraw"' in page) == (True, True)
        assert client.post(address, {"step": "take-seat", "session": "small"}).status_code == 302
        assert standing() == [(second.pk, "reserved")]
        assert 'value="take-seat"' not in client.get(address).content.decode()
        assert client.post(address, {"step": "withdraw", "session": "small"}).status_code == 302
    assert standing() == []


def test_the_page_tells_who_comes_too_late(session: Session, client: Client) -> None:
    first, second = queue_for(session, 2)
    withdraw(first)
    with time_machine.travel(NOW + 48 * HOUR + SECOND, tick=False):
        answer = client.post(page_of(second), {"step": "take-seat", "session": "small"})
    assert (answer.status_code, "or no longer" in answer.content.decode()) == (409, True)
    assert client.post(page_of(second), {"step": "take-seat"}).status_code == 409


def test_the_api_shows_the_offer_and_takes_the_answer(session: Session) -> None:
    first, second, third = queue_for(session, 3)
    withdraw(first)
    with time_machine.travel(NOW, tick=False):
        path = f"/api/v1/conferences/{session.conference.slug}/sign-ups/"
        shown = APIClient().get(path, headers={"Delegate-Word": own.word_of(second)}).json()
        offered = {"session": "small", "status": "offered", "confirm_by": "2030-01-17T17:00:00+08:00", "same_time": []}
        assert shown == {"sign_ups": [offered]}
        for stranger in (first, third):
            assert ask(stranger, "confirm/", "small").json()["type"] == "/problems/no-place-offered"
        for _twice in range(2):
            answer = ask(second, "confirm/", "small").json()
            assert answer == {"sign_ups": [{**offered, "status": "reserved", "confirm_by": None}]}
        assert ask(second, "withdraw/", "small").json() == {"sign_ups": []}
    assert standing() == [(third.pk, "offered")]


def test_all_offers_are_accepted_or_none(session: Session) -> None:
    first, second = queue_for(session, 2)
    withdraw(first)
    with time_machine.travel(NOW, tick=False):
        assert ask(second, "confirm/", "small", "other").status_code == 409
    assert standing() == [(second.pk, "offered")]


def test_an_offered_place_is_taken(session: Session) -> None:
    first, second = queue_for(session, 2)
    withdraw(first)
    sign_ups.sign_up(delegate_id=first.pk, codes=["small"], now=NOW)
    assert standing() == [(second.pk, "offered"), (first.pk, "waiting")]
    calendar = f"/api/v1/conferences/{session.conference.slug}/calendars/{own.word_of(second)}.ics"
    assert str(session.guid).encode() not in APIClient().get(calendar).content


def test_who_signs_up_again_after_a_lapse_gets_another_letter(session: Session, letters: Letters) -> None:
    first, second = queue_for(session, 2)
    withdraw(first)
    late = NOW + 48 * HOUR + SECOND
    sign_ups.fill_sessions(now=late)
    for one in (first, second):
        sign_ups.sign_up(delegate_id=one.pk, codes=["small"], now=late)
    (letter,) = letters(lambda: withdraw(first, now=late))
    assert second.email in letter.to[0]


@pytest.mark.parametrize("columns", [{"status": "offered", "confirm_by": None}, {"status": "waiting", "confirm_by": NOW}])
@pytest.mark.django_db
def test_the_database_wants_an_end_for_each_offer_and_for_nothing_else(session: Session, columns: dict[str, Any]) -> None:
    delegate = DelegateFactory(conference=session.conference)
    with pytest.raises(IntegrityError, match="sign_up_offer_ends"), transaction.atomic():
        SignUp.objects.create(session=session, delegate=delegate, signed_up_at=NOW, **columns)


def test_a_quiet_tick_and_a_page_of_many_sessions_cost_few_queries(
    conference: Conference, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    delegate = DelegateFactory(conference=conference)
    for number in range(6):
        small_session(conference, f"s{number}")
    sign_ups.sign_up(delegate_id=delegate.pk, codes=[f"s{number}" for number in range(6)], now=NOW)
    with django_assert_num_queries(QUIET_TICK):
        sign_ups.fill_sessions(now=NOW)
    with time_machine.travel(NOW, tick=False), django_assert_num_queries(PAGE):
        assert client.get(page_of(delegate)).content.count(b'value="withdraw"') == 6


RACE = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
]


class TestRaces:
    pytestmark = RACE

    def test_many_ticks_at_once_pass_each_place_on_once(self, conference: Conference) -> None:
        session = small_session(conference)
        Session.objects.update(capacity=5)
        people = queue_for(session, 20)
        for one in people[:5]:
            withdraw(one)
        assert [status for _pk, status in standing()] == ["offered"] * 5 + ["waiting"] * 10
        late = NOW + 48 * HOUR + SECOND

        moved = by_many(lambda _number: sign_ups.fill_sessions(now=late), times=8)

        assert sum(moved) == 5
        assert standing() == [(one.pk, "offered" if number < 5 else "waiting") for number, one in enumerate(people[10:])]

    @pytest.mark.parametrize("_round", range(10))
    def test_an_answer_in_the_last_moment_or_the_lapse_never_both(self, conference: Conference, _round: int) -> None:
        first, second, third = queue_for(small_session(conference), 3)
        withdraw(first)
        end = NOW + 48 * HOUR

        answered, _moved = at_once(
            lambda: sign_ups.confirm(delegate_id=second.pk, codes=["small"], now=end),
            lambda: sign_ups.fill_sessions(now=end + SECOND),
        )

        lapsed = answered is sign_ups.NoPlaceOffered
        assert standing() == ([(third.pk, "offered")] if lapsed else [(second.pk, "reserved"), (third.pk, "waiting")])
