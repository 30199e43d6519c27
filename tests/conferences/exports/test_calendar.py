"""Calendars, each read back by two parsers that know nothing of each other: icalendar and ical."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar
from rest_framework.test import APIClient

from conferences.domain import calendars, programme
from conferences.models import Delegate, SessionRevision
from fairs.enums import FairStatus
from tests.conferences.exports.test_pdf import text_of
from tests.conferences.exports.world import ODD, World, hide_something
from tests.factories.conferences import ConferenceFactory, DelegateFactory, SessionFactory, at
from tests.factories.fairs import FairFactory, SiteFactory

NOW = datetime(2030, 4, 1, 9, tzinfo=UTC)
KIND = "text/calendar; charset=utf-8; method=PUBLISH"


@pytest.fixture(autouse=True)
def _before_the_conference(clock: time_machine.Traveller) -> None:
    clock.move_to(NOW)


def read(content: bytes) -> dict[str, Any]:
    """What both parsers find: by UID the start, end, title, place, state and number."""
    by_icalendar = {
        str(event["uid"]): (
            event.decoded("dtstart"), event.decoded("dtend"), str(event.get("summary", "")), str(event.get("location", "")),
            str(event["status"]), int(event["sequence"]), str(event.get("description", "")),
        )
        for event in Calendar.from_ical(content).walk("VEVENT")
    }  # fmt: skip
    stream = IcsCalendarStream.calendar_from_ics(content.decode())
    by_ical = {
        event.uid: (
            event.dtstart, event.dtend, event.summary, event.location or "", event.status.value, event.sequence, event.description or "",
        )
        for event in stream.events
    }  # fmt: skip
    assert by_ical == by_icalendar
    assert len(by_ical) == content.count(b"BEGIN:VEVENT")
    return by_icalendar


def calendar(api: APIClient, world: World, **query: Any) -> dict[str, Any]:
    answer = api.get(world.url("schedule.ics"), query)
    assert (answer.status_code, answer["Content-Type"]) == (200, KIND), answer.content
    return read(answer.content)


def numbers(found: dict[str, Any]) -> dict[str, int]:
    return {uid: event[5] for uid, event in found.items()}


def test_the_whole_programme(api: APIClient, world: World) -> None:
    found = calendar(api, world)
    assert set(found) == {str(session.guid) for session in world.sessions.values()}
    starts, ends, title, place, status, _number, text = found[str(world.sessions["opening"].guid)]
    assert (starts, ends) == (at(world.conference, 10), at(world.conference, 11))
    assert (title, place, status) == ("Opening", f"Hall & Garden, {world.conference.site.name_en}, Shenyang", "CONFIRMED")
    vera = 'Vera "V" O\'Hara & Co, Grain <Meridian>'
    assert text.split("\n") == [
        *("Where temperature is lost.", "", f"moderator: {vera}", f"speaker: {vera}", "panellist: Anna Rechnaya"),
        *("interpreter: Anna Rechnaya, River Trade (demo)", "", "English, interpreted into Chinese"),
    ]
    assert found[str(world.sessions["odd"].guid)][2] == ODD.replace("\x0b", "")


def test_the_place_names_the_city_once_and_nothing_is_described_with_nothing(api: APIClient, world: World) -> None:
    site = world.conference.site
    site.address_en, site.address_ru = "Zhongjie, Shenyang", "Чжунцзе"
    site.save()
    type(world.sessions["late"]).objects.filter(pk=world.sessions["late"].pk).update(abstract_en="", abstract_ru="", abstract_zh_hans="")
    late = str(world.sessions["late"].guid)
    assert calendar(api, world)[late][3].endswith(f"{site.name_en}, Zhongjie, Shenyang")
    assert calendar(api, world, lang="ru")[late][3].endswith(f"Чжунцзе, {site.city_ru}")
    content = api.get(world.url("schedule.ics")).content
    assert b"DESCRIPTION:\r\n" not in content.replace(b"\r\n ", b"")


def test_its_zone_is_described(api: APIClient, world: World) -> None:
    parsed = Calendar.from_ical(api.get(world.url("schedule.ics")).content)
    (zone,) = parsed.walk("VTIMEZONE")
    assert str(zone["tzid"]) == "Asia/Shanghai"
    assert zone.walk("STANDARD")[0].decoded("tzoffsetto") == timedelta(hours=8)
    assert {event["dtstart"].params["TZID"] for event in parsed.walk("VEVENT")} == {"Asia/Shanghai"}
    assert (str(parsed["method"]), str(parsed["x-wr-timezone"]), str(parsed["name"])) == ("PUBLISH", "Asia/Shanghai", "Conference")


def test_lines_are_as_long_as_the_standard_allows(api: APIClient, world: World) -> None:
    world.sessions["odd"].title_zh_hans = "很长的标题" * 40
    world.sessions["odd"].save()
    content = api.get(world.url("schedule.ics"), {"lang": "zh-hans"}).content
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert read(content)[str(world.sessions["odd"].guid)][2] == "很长的标题" * 40


def test_of_a_track_and_of_a_speaker(api: APIClient, world: World) -> None:
    both = {str(world.sessions[name].guid) for name in ("opening", "odd")}
    assert set(calendar(api, world, track="food")) == both
    assert set(calendar(api, world, speaker=world.people["liu"].pk)) == both
    assert set(calendar(api, world, speaker=world.people["ivan"].pk)) == {str(world.sessions["opening"].guid)}


@pytest.mark.parametrize(
    "query", [{"track": "nothing"}, {"track": ""}, {"speaker": "0"}, {"speaker": "x"}, {"lang": "all"}, {"day": "1"}, {"track": ["a", "b"]}]
)
def test_a_wrong_question_is_named(api: APIClient, world: World, query: dict[str, Any]) -> None:
    answer = api.get(world.url("schedule.ics"), query)
    assert answer.status_code == 400
    assert [error["parameter"] for error in answer.json()["errors"]] == list(query)


def test_whoever_is_in_confidential_sessions_only_is_unknown(api: APIClient, world: World) -> None:
    secret = hide_something(world)
    someone = secret.participations.order_by("pk").first().speaker
    answers = [api.get(world.url("schedule.ics"), {"speaker": number}) for number in (someone.pk, 10**6)]
    assert answers[0].content == answers[1].content


class TestSequence:
    def test_grows_when_a_session_changes(self, api: APIClient, world: World) -> None:
        before = numbers(calendar(api, world))
        session = world.sessions["opening"]
        stale = type(session).objects.get(pk=session.pk)
        for change in (
            {"title_ru": "Иначе"},
            {"ends_at": at(world.conference, 12)},
            {"room": None},
            {"language": "ru"},
            {"interpretation": []},
        ):
            for name, value in change.items():
                setattr(session, name, value)
            session.save()
            after = numbers(calendar(api, world))
            assert after.pop(str(session.guid)) == before.pop(str(session.guid)) + 1
            assert after == before
            before = numbers(calendar(api, world))
        stale.title_en = "From a page opened long ago"
        stale.save()
        assert numbers(calendar(api, world))[str(session.guid)] == before[str(session.guid)] + 1

    def test_grows_with_its_people_and_its_rooms_name(self, api: APIClient, world: World) -> None:
        uid = str(world.sessions["opening"].guid)
        before = numbers(calendar(api, world))[uid]
        world.sessions["opening"].participations.get(speaker=world.people["ivan"]).delete()
        assert numbers(calendar(api, world))[uid] == before + 1
        room = world.sessions["opening"].room
        room.name_en = "Great hall"
        room.save()
        assert numbers(calendar(api, world))[uid] == before + 2
        world.people["liu"].organisation_en = "Long River Trade (demo)"
        world.people["liu"].save()
        assert numbers(calendar(api, world))[uid] == before + 3

    def test_stays_when_nothing_changes(self, api: APIClient, world: World) -> None:
        before = api.get(world.url("schedule.ics")).content
        for session in world.sessions.values():
            session.save()
        world.people["liu"].email = "elsewhere@example.com"
        world.people["liu"].save()
        assert api.get(world.url("schedule.ics")).content == before


class TestCancelled:
    def test_stays_for_a_while(self, api: APIClient, world: World, clock: time_machine.Traveller) -> None:
        session = world.sessions["opening"]
        before = calendar(api, world)[str(session.guid)]
        programme.cancel_session(session_id=session.pk, by=None, now=NOW)
        for query in ({}, {"track": "food"}, {"speaker": world.people["vera"].pk}):
            after = calendar(api, world, **query)[str(session.guid)]
            assert after[:4] == before[:4]
            assert (after[4], after[5]) == ("CANCELLED", before[5] + 1)
        assert "Opening" not in str(api.get(world.url("sessions/")).json())
        assert api.get(world.url(f"sessions/{session.pk}/")).status_code == 404
        assert b"Opening" not in api.get(world.url("schedule.json")).content + api.get(world.url("schedule.xml")).content
        assert b"Opening" not in api.get(world.url("schedule.jsonld")).content
        assert "Opening" not in text_of(api.get(world.url("schedule.pdf")).content)
        clock.move_to(datetime(2030, 6, 2, 15, 59, tzinfo=UTC))  # 30 days after 3 May, a minute to midnight in Shanghai
        tag = api.get(world.url("schedule.ics"))["ETag"]
        assert str(session.guid) in calendar(api, world)
        clock.move_to(datetime(2030, 6, 2, 16, tzinfo=UTC))
        assert str(session.guid) not in calendar(api, world)
        assert api.get(world.url("schedule.ics"), headers={"If-None-Match": tag}).status_code == 200

    def test_comes_back(self, api: APIClient, world: World) -> None:
        session = world.sessions["opening"]
        programme.cancel_session(session_id=session.pk, by=None, now=NOW)
        with pytest.raises(programme.CancelledAlready):
            programme.cancel_session(session_id=session.pk, by=None, now=NOW)
        programme.restore_session(session_id=session.pk, by=None, now=NOW)
        with pytest.raises(programme.NotCancelled):
            programme.restore_session(session_id=session.pk, by=None, now=NOW)
        assert calendar(api, world)[str(session.guid)][4] == "CONFIRMED"

    def test_a_session_that_is_hidden_is_struck_out_without_a_word(self, api: APIClient, world: World) -> None:
        session = world.sessions["opening"]
        uid, before = str(session.guid), calendar(api, world)[str(session.guid)]
        session.is_public = False
        session.save()
        hidden = api.get(world.url("schedule.ics"))
        assert read(hidden.content)[uid] == (*before[:2], "Cancelled", "", "CANCELLED", before[5] + 1, "")
        assert uid in calendar(api, world, track="food")
        # What becomes of it in secret does not show.
        session.starts_at, session.ends_at, session.title_en, session.track = at(world.conference, 15), at(world.conference, 16), "Zz", None
        session.save()
        world.conference.fair.public_revision.refresh_from_db()
        assert api.get(world.url("schedule.ics")).content == hidden.content
        session.is_public = True
        session.save()
        assert calendar(api, world)[uid][:3] == (at(world.conference, 15), at(world.conference, 16), "Zz")

    def test_a_session_that_is_deleted(self, api: APIClient, world: World) -> None:
        uid = str(world.sessions["opening"].guid)
        before = calendar(api, world)[uid]
        world.sessions["opening"].delete()
        after = calendar(api, world)[uid]
        assert after[:2] == before[:2]
        assert (after[2], after[4]) == ("Cancelled", "CANCELLED")
        assert after[5] > before[5]

    def test_what_the_public_never_saw_is_not_struck_out(self, api: APIClient, world: World) -> None:
        hide_something(world).delete()
        fair = world.conference.fair
        fair.status = FairStatus.DRAFT
        fair.save()
        SessionFactory(conference=world.conference).delete()
        kept = SessionFactory(conference=world.conference, title_en="Drafted")
        fair.status = FairStatus.PUBLISHED
        fair.save()
        assert {event[4] for event in calendar(api, world).values()} == {"CONFIRMED"}
        kept.delete()
        assert calendar(api, world)[str(kept.guid)][4] == "CANCELLED"
        world.conference.sessions.all().delete()
        world.conference.delete()
        assert SessionRevision.objects.count() == 0


class TestOwnCalendar:
    """A delegate's link: 256 bits, only a hash of it stored, good for whoever has a confirmed place."""

    @pytest.fixture
    def delegate(self, world: World) -> Delegate:
        word, calendar_hash = calendars.new_word()
        delegate = DelegateFactory(conference=world.conference, calendar_hash=calendar_hash, language="zh-hans")
        delegate.word = word
        return delegate

    def url(self, delegate: Any) -> str:
        return calendars.calendar_url(delegate.conference, delegate.word).removeprefix("http://testserver")

    def test_has_the_programme_in_the_delegates_language(self, api: APIClient, world: World, delegate: Any) -> None:
        hide_something(world)
        answer = api.get(self.url(delegate))
        assert (answer.status_code, answer["Content-Type"]) == (200, KIND)
        assert answer["Cache-Control"] == "private, no-store"
        found = read(answer.content)
        assert set(found) == {str(session.guid) for session in world.sessions.values()}
        assert {event[2] for event in found.values()} == {"冷链"}
        assert "Opening" in [event[2] for event in read(api.get(self.url(delegate), {"lang": "en"}).content).values()]

    @pytest.mark.parametrize(
        "change", [{"status": "waiting"}, {"status": "cancelled"}, {"status": "lapsed"}, {"confirmed_at": None}, {"calendar_hash": ""}]
    )
    def test_is_closed_without_a_confirmed_place(self, api: APIClient, delegate: Any, change: dict[str, Any]) -> None:
        Delegate.objects.update(**change)
        answer = api.get(self.url(delegate))
        delegate.word = "0" * 43
        assert (answer.status_code, answer.content) == (404, api.get(self.url(delegate)).content)

    def test_is_closed_in_a_draft_and_at_another_conference(self, api: APIClient, world: World, delegate: Any) -> None:
        other = SessionFactory().conference
        assert api.get(self.url(delegate).replace(world.conference.slug, other.slug)).status_code == 404
        fair = world.conference.fair
        fair.status = FairStatus.DRAFT
        fair.save()
        assert api.get(self.url(delegate)).status_code == 404

    def test_words_are_long_and_not_kept(self, delegate: Any) -> None:
        assert len(delegate.word) == 43
        assert delegate.word not in str(Delegate.objects.values())
        assert len({calendars.new_word() for _number in range(100)}) == 100


@pytest.mark.django_db
def test_a_clock_change(api: APIClient) -> None:
    """02:30 comes twice in that night: what was meant is what is read."""
    berlin = ZoneInfo("Europe/Berlin")
    fair = FairFactory(time_zone="Europe/Berlin", starts_on=date(2030, 10, 26), ends_on=date(2030, 10, 28))
    conference = ConferenceFactory(site=SiteFactory(fair=fair, starts_on=fair.starts_on, ends_on=fair.ends_on))
    moments = [datetime(2030, 10, 27, 2, 30, tzinfo=berlin, fold=fold) for fold in (0, 1)]
    for moment in moments:
        SessionFactory(conference=conference, starts_at=moment, ends_at=moment + timedelta(hours=3))
    content = api.get(f"/api/v1/conferences/{conference.slug}/schedule.ics").content
    starts = sorted(event.decoded("dtstart").astimezone(UTC) for event in Calendar.from_ical(content).walk("VEVENT"))
    assert starts == sorted(moment.astimezone(UTC) for moment in moments)
