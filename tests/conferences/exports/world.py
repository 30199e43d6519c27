"""A conference with all that an export has to get right: three languages, two rooms of one name, times past midnight, odd signs."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from conferences.domain.releases import release_programme
from conferences.models import Conference, Session, SessionHost, Speaker
from tests.factories.conferences import (
    ConferenceFactory,
    ParticipationFactory,
    RoomFactory,
    SessionFactory,
    SpeakerFactory,
    TrackFactory,
    at,
)
from tests.factories.exhibitors import ApplicationFactory, ExhibitorFactory

ODD = "Fish & <chips> \"raw\" 'n' =1+1\x0b ﷽ 🐟"  # what every form has to escape, and one sign that none may hold


@dataclass
class World:
    conference: Conference
    sessions: dict[str, Session]
    people: dict[str, Speaker]

    def url(self, name: str) -> str:
        return f"/api/v1/conferences/{self.conference.slug}/{name}"


def build(**conference: Any) -> World:
    found = ConferenceFactory(slug="shen-2030", **conference)
    hall = RoomFactory(conference=found, code="main", name_en="Hall & Garden", name_zh_hans="大厅")
    twin = RoomFactory(conference=found, code="aux", name_en="Hall & Garden")
    track = TrackFactory(conference=found, code="food", name_en="Food <and> drink", name_zh_hans="食品", colour="#8A5A00")
    people = {
        "vera": SpeakerFactory(conference=found, code="vera", name_en='Vera "V" O\'Hara & Co', organisation_en="Grain <Meridian>"),
        "liu": SpeakerFactory(conference=found, code="liu", name_zh_hans="刘星河", organisation_en="", title_en=""),
        "ivan": SpeakerFactory(conference=found, code="ivan"),
    }
    sessions = {
        "opening": SessionFactory(conference=found, code="S01", kind="plenary", title_en="Opening", room=hall, track=track, language="en"),
        "odd": SessionFactory(
            conference=found, code="S02", title_en=ODD, abstract_en=f"{ODD}\nSecond line; with, marks", room=twin, track=track,
            starts_at=at(found, 11),
        ),
        "late": SessionFactory(
            conference=found, code="S03", title_en="Banquet", kind="break", starts_at=at(found, 22), ends_at=at(found, 2, day=1),
            interpretation=[], room=hall,
        ),
        "nowhere": SessionFactory(conference=found, code="S04", title_en="Wherever", starts_at=at(found, 9, day=1)),
        "whole day": SessionFactory(
            conference=found, code="S05", title_en="Business meetings", kind="b2b", starts_at=at(found, 0, day=2),
            ends_at=at(found, 24 - 24, day=3), room=twin,
        ),
    }  # fmt: skip
    ParticipationFactory(session=sessions["opening"], speaker=people["vera"], role="moderator")
    ParticipationFactory(session=sessions["opening"], speaker=people["vera"], role="speaker")
    ParticipationFactory(session=sessions["opening"], speaker=people["liu"], role="panellist")
    ParticipationFactory(session=sessions["opening"], speaker=people["ivan"], role="interpreter")
    ParticipationFactory(session=sessions["odd"], speaker=people["liu"])
    return World(found, sessions, people)


def name_hosts(world: World) -> None:
    """The opening is held in two languages, by a company of the catalogue and one that has only applied so far."""
    opening, fair = world.sessions["opening"], world.conference.fair
    opening.further_languages = ["ru"]
    opening.save()
    shown = ExhibitorFactory(fair=fair, company__name_en="Taiga Honey & Co").application
    for application in (shown, ApplicationFactory(submitted=True, fair=fair, company__name_en="Not Yet")):
        SessionHost.objects.create(session=opening, application=application)


def release(conference: Conference, *, moved: int) -> None:
    """The first version, and a second in which so many sessions begin five minutes later."""
    now = datetime(2030, 3, 1, 4, tzinfo=UTC)
    Session.objects.filter(conference=conference).update(draft_room=None)
    release_programme(conference_id=conference.pk, by=None, now=now, tells=False)
    for session in conference.sessions.order_by("starts_at", "pk")[:moved]:
        session.draft_starts_at += timedelta(minutes=5)
        session.save()
    release_programme(conference_id=conference.pk, by=None, now=now + timedelta(days=1), note={"en": "The hall is <late>"}, tells=False)


def hide_something(world: World) -> Session:
    """A confidential session in a room and a track of the programme, with somebody who is in no other."""
    texts = dict.fromkeys(("title_en", "title_ru", "title_zh_hans", "abstract_en"), "Zzsecret")
    conference = world.conference
    room, track = conference.rooms.first(), conference.tracks.first()
    secret = SessionFactory(
        conference=conference, code="SECRET", room=room, track=track, is_public=False, starts_at=at(conference, 13), **texts
    )
    ParticipationFactory(session=secret, speaker=SpeakerFactory(conference=world.conference, code="zz", name_en="Zzsecret"))
    ParticipationFactory(session=secret, speaker=world.people["vera"])
    return secret
