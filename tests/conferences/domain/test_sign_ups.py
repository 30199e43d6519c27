"""Places in sessions: what one person does in one session leaves other people and other sessions as they are."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from conferences.domain import sign_ups
from conferences.models import Conference, Delegate, Session, SignUp
from tests.conferences.conftest import NOW
from tests.conferences.domain.test_session_offers import queue_for, small_session
from tests.factories.conferences import DelegateFactory

HOUR = timedelta(hours=1)
Letters = Callable[[Callable[[], Any]], list[Any]]
Standing = dict[tuple[str, int], str]


@pytest.fixture
def here(conference: Conference) -> Session:
    return small_session(conference, "here")


@pytest.fixture
def elsewhere(conference: Conference) -> list[Delegate]:
    """One with an offered place and one who waits, in another session."""
    session = small_session(conference, "elsewhere")
    first, *others = queue_for(session, 3)
    sign_ups.withdraw(delegate_id=first.pk, codes=["elsewhere"], now=NOW)
    return others


def standing() -> Standing:
    return {(code, pk): status for code, pk, status in SignUp.objects.values_list("session__code", "delegate", "status")}


def fill_late() -> None:
    """When offers of 48 hours are over."""
    sign_ups.fill_sessions(now=NOW + 49 * HOUR)


def test_who_gives_one_place_back_keeps_the_other(here: Session, elsewhere: list[Delegate]) -> None:
    offered, waiting = elsewhere
    for one in elsewhere:
        sign_ups.sign_up(delegate_id=one.pk, codes=["here"], now=NOW)
    sign_ups.withdraw(delegate_id=offered.pk, codes=["here"], now=NOW)
    assert standing() == {("here", waiting.pk): "offered", ("elsewhere", offered.pk): "offered", ("elsewhere", waiting.pk): "waiting"}


def test_who_accepts_a_place_accepts_nobody_elses(here: Session, elsewhere: list[Delegate]) -> None:
    offered, waiting = elsewhere
    Session.objects.filter(pk=here.pk).update(capacity=2)
    *gone, second, third = queue_for(here, 4)
    for one in gone:
        sign_ups.withdraw(delegate_id=one.pk, codes=["here"], now=NOW)
    sign_ups.confirm(delegate_id=second.pk, codes=["here"], now=NOW)
    own = {("here", second.pk): "reserved", ("here", third.pk): "offered"}
    assert standing() == {**own, ("elsewhere", offered.pk): "offered", ("elsewhere", waiting.pk): "waiting"}


def test_an_offer_that_lapses_ends_no_other(here: Session, elsewhere: list[Delegate]) -> None:
    """Those of a session are gone through by the session: the other's offer is as old, but was accepted in time."""
    offered, waiting = elsewhere
    first, second = queue_for(here, 2)
    sign_ups.withdraw(delegate_id=first.pk, codes=["here"], now=NOW)
    sign_ups.confirm(delegate_id=offered.pk, codes=["elsewhere"], now=NOW)
    fill_late()
    assert second.pk not in {pk for _code, pk in standing()}
    assert standing() == {("elsewhere", offered.pk): "reserved", ("elsewhere", waiting.pk): "waiting"}


def test_offers_in_two_sessions_that_were_moved_forward_end_in_time_for_each(here: Session, elsewhere: list[Delegate]) -> None:
    offered, _waiting = elsewhere
    first, second = queue_for(here, 2)
    sign_ups.withdraw(delegate_id=first.pk, codes=["here"], now=NOW)
    for code, hours in (("here", 24), ("elsewhere", 36)):
        Session.objects.filter(code=code).update(starts_at=NOW + hours * HOUR, ends_at=NOW + (hours + 1) * HOUR)
    sign_ups.fill_sessions(now=NOW)
    assert SignUp.objects.get(delegate=second).confirm_by == NOW + 23 * HOUR
    assert SignUp.objects.get(delegate=offered).confirm_by == NOW + 35 * HOUR


def test_of_two_offers_that_lapse_each_reads_of_its_own_session(here: Session, elsewhere: list[Delegate], letters: Letters) -> None:
    offered, waiting = elsewhere
    first, second = queue_for(here, 2)
    sign_ups.withdraw(delegate_id=first.pk, codes=["here"], now=NOW)
    for code, title in (("here", "Honey"), ("elsewhere", "Crab")):
        Session.objects.filter(code=code).update(title_en=title)
    read = {mail.to[0]: {word for word in ("Honey", "Crab") if word in mail.body} for mail in letters(fill_late)}
    assert {one.email: next(read[to] for to in read if one.email in to) for one in (second, offered, waiting)} == {
        second.email: {"Honey"}, offered.email: {"Crab"}, waiting.email: {"Crab"},
    }  # fmt: skip


def test_where_nobody_can_sign_up_any_more_the_lapse_is_told_to_nobody(here: Session, letters: Letters) -> None:
    first, _second = queue_for(here, 2)
    sign_ups.withdraw(delegate_id=first.pk, codes=["here"], now=NOW)
    small_session(here.conference, "open")
    Session.objects.filter(pk=here.pk).update(cancelled_at=NOW)
    assert letters(fill_late) == []
    assert standing() == {}


def test_who_has_a_place_for_good_keeps_it_when_the_session_moves(here: Session) -> None:
    [reserved] = queue_for(here, 1)
    Session.objects.filter(pk=here.pk).update(starts_at=NOW + 24 * HOUR, ends_at=NOW + 25 * HOUR)
    sign_ups.fill_sessions(now=NOW)
    assert standing() == {("here", reserved.pk): "reserved"}
    assert SignUp.objects.get().confirm_by is None


def test_the_own_page_shows_the_own_sign_ups_in_what_is_to_come(here: Session, elsewhere: list[Delegate]) -> None:
    offered, waiting = elsewhere
    sign_ups.sign_up(delegate_id=waiting.pk, codes=["here"], now=NOW)
    shown = sign_ups.shown_to(waiting, now=NOW)
    assert [one.session.code for one in shown if one.delegate_id == waiting.pk] == [one.session.code for one in shown]
    assert {one.session.code for one in shown} == {"here", "elsewhere"}
    assert [one.session.code for one in sign_ups.shown_to(offered, now=NOW)] == ["elsewhere"]
    Session.objects.filter(pk=here.pk).update(starts_at=NOW - 2 * HOUR, ends_at=NOW - HOUR)
    assert [one.session.code for one in sign_ups.shown_to(waiting, now=NOW)] == ["elsewhere"]
    Session.objects.filter(code="elsewhere").update(is_public=False)
    assert sign_ups.shown_to(waiting, now=NOW) == []


def test_a_registration_that_ends_gives_back_its_own_places_alone(here: Session, elsewhere: list[Delegate]) -> None:
    offered, waiting = elsewhere
    DelegateFactory(conference=here.conference)
    sign_ups.sign_up(delegate_id=offered.pk, codes=["here"], now=NOW)
    sign_ups.withdraw_all(offered, now=NOW)
    assert standing() == {("elsewhere", waiting.pk): "offered"}
