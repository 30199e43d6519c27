"""Delegates hear of a release: those signed up for a session that changed, each once, and nobody else."""

from collections.abc import Callable
from typing import Any

import icalendar
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conferences.domain.programme import cancel_session, restore_session
from conferences.domain.release_letters import readers_of
from conferences.domain.releases import NothingToRelease, changes_of
from conferences.enums import DelegateStatus, SignUpStatus
from conferences.models import Conference, Delegate, Session, SessionRevision, SignUp
from fairs.enums import FairStatus
from tests.conferences.conftest import NOW
from tests.conferences.domain.test_releases import move, release
from tests.factories.conferences import (
    ConferenceFactory,
    DelegateFactory,
    ParticipationFactory,
    RoomFactory,
    SessionFactory,
    SpeakerFactory,
    at,
)

Letters = Callable[[Callable[[], Any]], list[Any]]


@pytest.fixture
def conference(db: None) -> Conference:
    found = ConferenceFactory()
    found.fair.reply_to = "team@fair.example"
    found.fair.save()
    return found


def session_at(conference: Conference, hour: int, **given: Any) -> Session:
    return SessionFactory(conference=conference, starts_at=at(conference, hour), takes_sign_ups=True, **given)


def signed_up(delegate: Delegate, *sessions: Session, status: str = SignUpStatus.RESERVED) -> Delegate:
    for session in sessions:
        SignUp.objects.create(session=session, delegate=delegate, status=status, signed_up_at=NOW)
    return delegate


def delegate(conference: Conference, email: str, **given: Any) -> Delegate:
    return DelegateFactory(conference=conference, email=email, **given)


def files_of(letter: Any) -> dict[str, tuple[str, Any]]:
    """By name: the method, and the event."""
    return {
        part.get_filename(): (part.get_param("method"), icalendar.Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")[0])
        for part in letter.message().walk()
        if part.get_content_type() == "text/calendar"
    }


def test_exactly_those_signed_up_for_what_changed_are_told_each_once(conference: Conference, letters: Letters) -> None:
    moved, shorter, elsewhere, same = (session_at(conference, hour) for hour in (9, 10, 11, 12))
    move(moved, 15)
    Session.objects.filter(pk=shorter.pk).update(draft_ends_at=shorter.starts_at.replace(minute=30))
    Session.objects.filter(pk=elsewhere.pk).update(draft_room=RoomFactory(conference=conference, name_zh_hans="蓝厅"))
    signed_up(
        delegate(conference, "all@example.com", name="Речная, Анна", language="ru", time_zone="Europe/Moscow"),
        moved,
        shorter,
        elsewhere,
        same,
    )
    signed_up(delegate(conference, "room@example.com", language="zh-hans"), elsewhere)
    signed_up(delegate(conference, "same@example.com"), same)
    delegate(conference, "none@example.com")
    told = {letter.to[0].split("<")[-1].rstrip(">"): letter for letter in letters(lambda: release(conference))}
    assert set(told) == {"all@example.com", "room@example.com"}
    of_all, of_room = told["all@example.com"], told["room@example.com"]
    assert of_all.to == ['"Речная, Анна" <all@example.com>']
    assert set(files_of(of_all)) == {f"{session.code}.ics" for session in (moved, shorter, elsewhere)}
    assert "15:00 (Пекин) / 10:00 (Москва)" in of_all.body
    assert "Приложенные файлы обновят ваш календарь" in of_all.body
    assert of_room.subject == "与您相关的会议日程有变动"
    assert "蓝厅" in of_room.body
    assert "<html" in of_room.alternatives[0][0]
    method, event = files_of(of_all)[f"{moved.code}.ics"]
    assert (method, str(event["UID"]), event["DTSTART"].dt) == ("REQUEST", str(moved.guid), at(conference, 15))
    assert event["SEQUENCE"] == SessionRevision.objects.get(guid=moved.guid).number > 0
    assert str(event["ATTENDEE"]) == "mailto:all@example.com"
    with pytest.raises(NothingToRelease):  # releasing again tells nobody
        release(conference)


def test_who_waits_is_told_without_a_file_for_a_place_that_is_not_theirs(conference: Conference, letters: Letters) -> None:
    full, open_ = session_at(conference, 9, code="full"), session_at(conference, 10, code="open")
    waits = signed_up(delegate(conference, "waits@example.com"), full, status=SignUpStatus.WAITING)
    both = signed_up(signed_up(delegate(conference, "both@example.com"), open_), full, status=SignUpStatus.WAITING)
    move(full, 14)
    move(open_, 15)
    told = {letter.to[0].split("<")[-1].rstrip(">"): letter for letter in letters(lambda: release(conference))}
    assert set(told) == {waits.email, both.email}
    for letter, files in ((told[waits.email], set()), (told[both.email], {"open.ics"})):
        assert letter.body.count("You are still on the waiting list for it.") == 1
        assert set(files_of(letter)) == files
        assert ("The attached files" in letter.body) == bool(files)


def test_one_letter_for_who_is_on_the_programme_too(conference: Conference, letters: Letters) -> None:
    spoken, heard = session_at(conference, 9, code="spoken"), session_at(conference, 10, code="heard")
    speaker = SpeakerFactory(conference=conference, email="anna@example.com", language="ru")
    ParticipationFactory(session=spoken, speaker=speaker)
    twin = signed_up(delegate(conference, "Anna@example.com", name=speaker.name_en, language="en"), heard)
    signed_up(twin, spoken, status=SignUpStatus.WAITING)  # who speaks there waits for no place
    move(spoken, 14)
    move(heard, 15)
    [letter] = letters(lambda: release(conference))
    assert letter.to == ['"Анна Речная" <anna@example.com>']  # named once, though in two scripts
    assert set(files_of(letter)) == {"spoken.ics", "heard.ics"}
    assert "листе ожидания" not in letter.body


@pytest.mark.parametrize("hidden", ["confidential", "cancelled", "unconfirmed", "fair", "draft"])
def test_nobody_is_told_of_what_is_not_theirs_to_know(conference: Conference, letters: Letters, hidden: str) -> None:
    session = session_at(conference, 9)
    listener = signed_up(delegate(conference, "anna@example.com"), session)
    if hidden == "confidential":
        Session.objects.update(is_public=False)
    elif hidden == "cancelled":
        Delegate.objects.filter(pk=listener.pk).update(status=DelegateStatus.CANCELLED)
    elif hidden == "unconfirmed":
        Delegate.objects.filter(pk=listener.pk).update(confirmed_at=None)
    elif hidden == "fair":
        type(conference.fair).objects.update(status=FairStatus.DRAFT)
    if hidden == "draft":
        assert letters(lambda: move(session, 14)) == []
    else:
        move(session, 14)
        assert letters(lambda: release(conference)) == []


def test_what_leaves_the_programme_is_struck_out_of_calendars(conference: Conference, letters: Letters) -> None:
    off, cancelled = session_at(conference, 9), session_at(conference, 10)
    waited = signed_up(delegate(conference, "waits@example.com"), off, status=SignUpStatus.WAITING)
    listener = signed_up(delegate(conference, "anna@example.com"), off, cancelled)
    Session.objects.filter(pk=off.pk).update(draft_starts_at=None, draft_ends_at=None, draft_room=None)
    told = {letter.to[0].split("<")[-1].rstrip(">"): letter for letter in letters(lambda: release(conference))}
    assert set(told) == {waited.email, listener.email}
    assert "waiting list" not in told[waited.email].body  # there is nothing to wait for
    method, event = files_of(told[listener.email])[f"{off.code}.ics"]
    assert (method, event["STATUS"], str(event["UID"])) == ("CANCEL", "CANCELLED", str(off.guid))
    [of_end] = letters(lambda: cancel_session(session_id=cancelled.pk, by=None, now=NOW))
    [of_return] = letters(lambda: restore_session(session_id=cancelled.pk, by=None, now=NOW))
    (ended, end), (came, back) = (files_of(letter)[f"{cancelled.code}.ics"] for letter in (of_end, of_return))
    assert (ended, came, back["SEQUENCE"]) == ("CANCEL", "REQUEST", end["SEQUENCE"] + 1)


@pytest.mark.parametrize("tells", [True, False])
def test_the_count_before_is_the_count_of_letters(conference: Conference, letters: Letters, tells: bool) -> None:
    session = session_at(conference, 9)
    ParticipationFactory(session=session)
    for number in range(3):
        signed_up(delegate(conference, f"d{number}@example.com"), session)
    move(session, 14)
    readers = readers_of(changes_of(conference.pk), time_zone="Asia/Shanghai")
    assert (len(readers.reached), readers.delegates) == (4, 3)
    assert len(letters(lambda: release(conference, tells=tells))) == (4 if tells else 0)


def test_as_many_queries_for_many_delegates(conference: Conference) -> None:
    counts = []
    for listeners in (1, 3):
        session = session_at(conference, 9 + listeners, code=f"with-{listeners}")
        for number in range(listeners):
            signed_up(delegate(conference, f"{listeners}-{number}@example.com"), session)
        move(session, 15)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert release(conference).letters == listeners
        counts.append(len(seen))
        Session.objects.all().delete()
    assert counts[0] == counts[1]
