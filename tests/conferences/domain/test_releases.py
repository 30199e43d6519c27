from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import icalendar
import pytest
from django.utils.translation import override

from api.problems import Conflict
from conferences.domain.programme import cancel_session, restore_session
from conferences.domain.releases import (
    DraftChanged,
    NothingToRelease,
    changes_of,
    fingerprint,
    release_imported,
    release_programme,
    unreleased,
)
from conferences.models import Conference, ProgrammeRelease, Session, SessionRevision
from tests.conferences.domain.writing import create_session, update_session, values
from tests.factories.conferences import ConferenceFactory, ParticipationFactory, RoomFactory, SessionFactory, SpeakerFactory, at

NOW = datetime(2030, 1, 15, 9, tzinfo=UTC)
Letters = Callable[[Callable[[], Any]], list[Any]]


def release(conference: Conference, **given: Any) -> ProgrammeRelease:
    return release_programme(conference_id=conference.pk, by=None, now=NOW, **given)


def revision(conference: Conference) -> int:
    conference.fair.public_revision.refresh_from_db()
    return conference.fair.public_revision.number


def move(session: Session, hour: int) -> None:
    conference = session.conference
    Session.objects.filter(pk=session.pk).update(draft_starts_at=at(conference, hour), draft_ends_at=at(conference, hour + 1))


def listed(release: ProgrammeRelease) -> list[tuple[str, str]]:
    return list(release.changes.values_list("code", "kind"))


def test_everybody_sees_the_draft_once_it_is_released(conference: Conference) -> None:
    room = RoomFactory(conference=conference)
    before = revision(conference)
    session = create_session(conference=conference, values=values(conference, room=room))
    assert revision(conference) == before  # nothing of a draft shows, in no ETag either
    assert not Session.objects.public().exists()
    assert listed(release(conference, note={"en": "Final"})) == [(session.code, "new")]
    session = Session.objects.public().get()
    assert (session.room, session.starts_at, session.ends_at) == (room, at(conference, 10), at(conference, 11))
    with pytest.raises(NothingToRelease):
        release(conference)
    assert ProgrammeRelease.objects.get().number == 1


def test_a_release_is_one_conferences_and_counts_its_own(conference: Conference) -> None:
    other = ConferenceFactory()
    for one in (conference, other):
        create_session(conference=one, values=values(one, room=RoomFactory(conference=one)))
    first = release(conference)
    assert [session.conference for session in Session.objects.public()] == [conference]
    assert len(changes_of(other.pk)) == 1
    assert (first.number, release(other).number) == (1, 1)


def test_a_move_shows_with_the_next_release(conference: Conference) -> None:
    session = create_session(conference=conference, values=values(conference, room=RoomFactory(conference=conference)))
    release(conference)
    session.refresh_from_db()
    seen, number = revision(conference), SessionRevision.objects.get().number
    update_session(session=session, values=values(conference, starts_at=at(conference, 15), ends_at=at(conference, 16)))
    assert list(unreleased(conference.pk)) == [session]
    assert (revision(conference), SessionRevision.objects.get().number) == (seen, number)
    assert Session.objects.get().starts_at == at(conference, 10)
    change = release(conference).changes.get()
    assert (change.kind, change.starts_before, change.starts_after) == ("moved", at(conference, 10), at(conference, 15))
    assert (Session.objects.get().starts_at, Session.objects.get().room) == (at(conference, 15), None)
    assert SessionRevision.objects.get().number == number + 1
    conference.refresh_from_db()
    assert conference.release_number == 2


def test_what_leaves_the_draft_leaves_the_programme(conference: Conference) -> None:
    session = create_session(conference=conference, values=values(conference))
    release(conference)
    session.refresh_from_db()
    number = SessionRevision.objects.get().number
    update_session(session=session, values=values(conference, starts_at=None, ends_at=None, minutes=45))
    assert listed(release(conference)) == [(session.code, "taken_off")]
    assert not Session.objects.public().exists()
    kept = SessionRevision.objects.get()
    assert (kept.number, kept.starts_at) == (number + 1, at(conference, 10))  # what calendars strike out


def test_a_change_of_something_confidential_is_no_version_of_the_public(conference: Conference) -> None:
    session = SessionFactory(conference=conference, is_public=False)
    move(session, 14)
    before = revision(conference)
    release(conference)
    conference.refresh_from_db()
    assert (conference.release_number, revision(conference)) == (0, before)


def test_what_becomes_confidential_leaves_the_change_list_for_good(conference: Conference) -> None:
    session = SessionFactory(conference=conference)
    move(session, 14)
    change = release(conference).changes.get()
    Session.objects.filter(pk=session.pk).update(is_public=False)
    Session.objects.get().delete()
    change.refresh_from_db()
    assert (change.is_public, change.session) == (False, None)


def test_who_agreed_to_other_changes_is_asked_again(conference: Conference) -> None:
    session = SessionFactory(conference=conference)
    move(session, 14)
    seen = fingerprint(changes_of(conference.pk))
    move(session, 15)
    with pytest.raises(DraftChanged):
        release(conference, seen=seen)
    assert not ProgrammeRelease.objects.exists()
    assert release(conference, seen=fingerprint(changes_of(conference.pk)))


# --- who hears of it


def test_only_those_whose_session_changed_are_told_and_each_once(conference: Conference, letters: Letters) -> None:
    conference.fair.reply_to = "team@fair.example"
    conference.fair.save()
    room = RoomFactory(conference=conference, name_ru="Синий зал")
    moved, other, same = (
        SessionFactory(conference=conference, title_ru=title, starts_at=at(conference, hour))
        for title, hour in (("Мёд", 9), ("Мука", 10), ("Рыба", 11))
    )
    anna = SpeakerFactory(conference=conference, email="anna@example.com", language="ru", time_zone="Europe/Moscow")
    twin = SpeakerFactory(conference=conference, email="Anna@example.com", name_ru="Пётр Полевой")  # one office for two people
    silent = SpeakerFactory(conference=conference, email="")
    for session, person in ((moved, anna), (moved, silent), (other, anna), (other, twin), (same, SpeakerFactory(conference=conference))):
        ParticipationFactory(session=session, speaker=person)
    ParticipationFactory(session=moved, speaker=anna, role="moderator")
    move(moved, 14)
    Session.objects.filter(pk=other.pk).update(draft_room=room)

    letter, *more = letters(lambda: release(conference, note={"ru": "Двери открываются раньше."}))
    assert more == []
    assert letter.to[0].endswith("<anna@example.com>")
    assert "Анна Речная" in letter.to[0]
    assert "Пётр Полевой" in letter.to[0]
    assert "Для вас изменилась" in letter.subject
    assert "«Мёд»" in letter.body
    assert "14:00 (Пекин) / 09:00 (Москва)" in letter.body
    assert "Синий зал" in letter.body
    assert "Двери открываются раньше." in letter.body
    calendars = {part.get_filename(): part for part in letter.message().walk() if part.get_content_type() == "text/calendar"}
    assert set(calendars) == {f"{moved.code}.ics", f"{other.code}.ics"}
    part = calendars[f"{moved.code}.ics"]
    [event] = icalendar.Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")
    assert (part.get_param("method"), str(event["UID"]), event["DTSTART"].dt) == ("REQUEST", str(moved.guid), at(conference, 14))
    assert event["SEQUENCE"] == SessionRevision.objects.get(guid=moved.guid).number > 0
    assert (str(event["ATTENDEE"]).lower(), str(event["ORGANIZER"])) == ("mailto:anna@example.com", "mailto:team@fair.example")


def test_what_is_taken_off_is_struck_out_of_calendars(conference: Conference, letters: Letters) -> None:
    conference.fair.reply_to = "team@fair.example"
    conference.fair.save()
    session = ParticipationFactory(session__conference=conference).session
    Session.objects.update(draft_starts_at=None, draft_ends_at=None)
    [letter] = letters(lambda: release(conference))
    [part] = [part for part in letter.message().walk() if part.get_content_type() == "text/calendar"]
    [event] = icalendar.Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")
    assert (part.get_param("method"), event["STATUS"], str(event["UID"])) == ("CANCEL", "CANCELLED", str(session.guid))
    assert event["DTSTART"].dt == at(conference, 10)


def test_a_cancellation_is_told_and_listed_at_once_and_so_is_its_end(conference: Conference, letters: Letters) -> None:
    session = ParticipationFactory(session__conference=conference).session
    told = letters(lambda: cancel_session(session_id=session.pk, by=None, now=NOW))
    told += letters(lambda: restore_session(session_id=session.pk, by=None, now=NOW))
    numbers = [
        int(icalendar.Calendar.from_ical(letter.attachments[0].get_payload(decode=True)).walk("VEVENT")[0]["SEQUENCE"]) for letter in told
    ]
    assert numbers[1] == numbers[0] + 1
    assert [listed(found) for found in ProgrammeRelease.objects.order_by("number")] == [
        [(session.code, "cancelled")],
        [(session.code, "restored")],
    ]
    draft = SessionFactory(conference=conference, starts_at=None, ends_at=None)
    assert letters(lambda: cancel_session(session_id=draft.pk, by=None, now=NOW)) == []
    assert ProgrammeRelease.objects.count() == 2  # nobody had heard of it


def test_the_first_programme_that_is_imported_tells_nobody_and_the_next_does(conference: Conference, letters: Letters) -> None:
    session = SessionFactory(conference=conference, starts_at=None, ends_at=None)
    ParticipationFactory(session=session)
    move(session, 14)
    assert letters(lambda: release_imported(conference_id=conference.pk, now=NOW)) == []
    move(session, 15)
    assert len(letters(lambda: release_imported(conference_id=conference.pk, now=NOW))) == 1
    release_imported(conference_id=conference.pk, now=NOW)
    assert ProgrammeRelease.objects.count() == 2


@pytest.mark.parametrize("language", ["ru", "zh-hans", "en"])
def test_refusals_speak_the_readers_language(language: str) -> None:
    with override(language):
        assert all(str(refusal()) for refusal in (NothingToRelease, DraftChanged) if issubclass(refusal, Conflict))
