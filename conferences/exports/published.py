"""What the exports of a programme are made of: plain values in one language, read with few queries.

The exporters beside this file turn them into calendars, schedules, tables and pages and ask the database nothing. Whoever
wants other sessions in all of them changes ``_exported``.
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from api.languages import COLUMNS, FALLBACKS
from api.statements import MARKER, Statement
from conferences.domain.readers import hosts_in_catalogue
from conferences.models import Conference, Participation, Room, Session, SessionRevision, Track

GONE_SHOWN_FOR = timedelta(days=30)  # after the conference's last day
_COMPANY = "application__company"  # of a host
_ELSE = [COLUMNS[code] for code in FALLBACKS]
# XML, and so a spreadsheet and a calendar, has no place for these; nobody types them on purpose.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class RoomFacts:
    guid: UUID
    code: str
    name: str
    capacity: int


@dataclass(frozen=True, slots=True)
class TrackFacts:
    code: str
    name: str
    colour: str


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Somebody in a session, in one ``role``."""

    id: int
    guid: UUID
    name: str
    title: str
    organisation: str
    role: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A session; times have the offset of the fair's zone."""

    id: int
    guid: UUID
    code: str
    kind: str
    title: str
    abstract: str
    starts_at: datetime
    ends_at: datetime
    languages: tuple[str, ...]  # that it is held in, the first one first
    interpretation: tuple[str, ...]
    capacity: int | None
    room: RoomFacts | None
    track: TrackFacts | None
    is_public: bool
    is_cancelled: bool
    number: int
    changed_at: datetime
    people: list[PersonFacts] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)

    @property
    def language(self) -> str:
        return self.languages[0]


@dataclass(frozen=True, slots=True)
class Gone:
    """A session that the public knew and that is hidden or deleted now: when it was to be, and nothing else of it."""

    guid: UUID
    number: int
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Programme:
    """A conference with its sessions in order of time, all texts in ``language``."""

    slug: str
    name: str
    fair: str
    reply_to: str
    time_zone: str
    starts_on: date
    ends_on: date
    site: str
    address: str
    city: str
    country: str
    place: tuple[float, float] | None  # latitude, longitude
    version: str
    language: str
    rooms: list[RoomFacts]
    tracks: list[TrackFacts]
    entries: list[Entry]
    gone: list[Gone] = field(default_factory=list)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def whereabouts(self) -> tuple[str, str, str]:
        """Site, address, and the city where the address does not say it."""
        return self.site, self.address, "" if self.city in self.address else self.city

    @property
    def url(self) -> str:
        """Where a program reads the conference."""
        return f"{settings.SITE_URL}/api/v1/conferences/{self.slug}/"

    @property
    def taking_place(self) -> list[Entry]:
        return [entry for entry in self.entries if not entry.is_cancelled]

    @property
    def days(self) -> list[tuple[date, list[Entry]]]:
        """Every day of the conference with the sessions that begin on it, cancelled ones left out."""
        by_day: dict[date, list[Entry]] = {
            self.starts_on + timedelta(days=number): [] for number in range((self.ends_on - self.starts_on).days + 1)
        }
        for entry in self.taking_place:
            by_day.setdefault(entry.starts_at.date(), []).append(entry)
        return sorted(by_day.items())


def programme_of(conference: Conference, *, language: str, with_confidential: bool = False, with_hosts: bool = False) -> Programme:
    """The programme for its exports: what everybody may see, unless ``with_confidential``. Four queries, ``with_hosts`` five.

    ``conference`` has its ``site`` and ``fair`` read already. Cancelled sessions are among the entries.
    """
    site, fair = conference.site, conference.fair
    zone = fair.zone
    rooms = {row["id"]: _room(row, language) for row in _statements().rooms.for_ids([conference.pk])}
    tracks = {row["id"]: _track(row, language) for row in _statements().tracks.for_ids([conference.pk])}
    people = _people(conference, language)
    hosts = _hosts(conference, language) if with_hosts else {}
    entries = [
        _entry(row, zone, language, rooms=rooms, tracks=tracks, people=people, hosts=hosts)
        for row in _statements().sessions.for_ids([conference.pk])
        if with_confidential or row["is_public"]
    ]
    has_place = site.latitude is not None and site.longitude is not None
    return Programme(
        slug=conference.slug,
        name=text_of(conference, "name", language) or conference.slug,
        fair=text_of(fair, "name", language) or fair.slug,
        reply_to=fair.reply_to,
        time_zone=fair.time_zone,
        starts_on=conference.starts_on,
        ends_on=conference.ends_on,
        site=text_of(site, "name", language) or site.slug,
        address=text_of(site, "address", language),
        city=text_of(site, "city", language),
        country=site.country,
        place=(float(site.latitude), float(site.longitude)) if has_place else None,  # type: ignore[arg-type]
        version=str(conference.release_number),
        language=language,
        rooms=list(rooms.values()),
        tracks=list(tracks.values()),
        entries=entries,
    )


def gone_of(conference: Conference, *, track: str = "") -> list[Gone]:
    """What calendars are to strike out, though the programme has it no more; of one ``track``, if its code is given. One query."""
    on_programme = Session.objects.filter(conference=conference, is_public=True, starts_at__isnull=False)
    rows = SessionRevision.objects.filter(conference=conference, was_public=True).exclude(session__in=on_programme)
    if track:
        rows = rows.filter(track__code=track)
    zone = conference.fair.zone
    return [
        Gone(row.guid, row.number, row.changed_at, row.starts_at.astimezone(zone), row.ends_at.astimezone(zone))
        for row in rows.order_by("starts_at", "pk")
        if row.starts_at and row.ends_at
    ]


def still_shows_gone(conference: Conference, *, now: datetime) -> bool:
    """Whether calendars are told of cancelled sessions: until 30 days after the last day."""
    return conference.fair.day_of(now) <= conference.ends_on + GONE_SHOWN_FOR


def printable(text: str) -> str:
    """The text without what XML forbids."""
    return _UNPRINTABLE.sub("", text)


def text_of(row: Any, name: str, language: str) -> str:
    """A text in ``language``, else in the next that has it; '' when none does."""
    texts = row if isinstance(row, dict) else row.__dict__
    found = texts.get(f"{name}_{COLUMNS[language]}") or next((text for end in _ELSE if (text := texts.get(f"{name}_{end}"))), "")
    return printable(found)


# --- reading


def _columns(*names: str, path: str = "") -> list[str]:
    return [f"{path}{name}_{end}" for name in names for end in COLUMNS.values()]


class _Statements:
    """The five statements, written once (docs/adr/0010); each asks for the rows of one conference."""

    def __init__(self) -> None:
        exported = _exported()
        self.sessions = Statement(
            exported.values(
                "id", "guid", "code", "kind", *_columns("title", "abstract"), "starts_at", "ends_at", "language",
                "further_languages", "interpretation", "capacity", "room_id", "track_id", "is_public", "cancelled_at",
                "revision__number", "revision__changed_at",
            )
        )  # fmt: skip
        self.people = Statement(
            Participation.objects.filter(session__conference__in=[MARKER])
            .order_by("session_id", "pk")
            .values(
                "session_id", "role", "speaker_id", "speaker__guid", *_columns("name", "title", "organisation", path="speaker__")
            )
        )  # fmt: skip
        self.hosts = Statement(
            hosts_in_catalogue()
            .filter(session__conference__in=[MARKER])
            .order_by("session_id", "pk")
            .values("session_id", f"{_COMPANY}__legal_name", *_columns("name", path=f"{_COMPANY}__"))
        )
        self.rooms = Statement(
            Room.objects.filter(conference__in=[MARKER]).order_by("code").values("id", "guid", "code", *_columns("name"), "capacity")
        )
        self.tracks = Statement(
            Track.objects.filter(conference__in=[MARKER]).order_by("code").values("id", "code", *_columns("name"), "colour")
        )


def _exported() -> Any:
    """The sessions that exports are made of, confidential and cancelled ones too, in order of time."""
    return Session.objects.filter(conference__in=[MARKER], starts_at__isnull=False).order_by("starts_at", "room__code", "pk")


@cache
def _statements() -> _Statements:
    return _Statements()


def _room(row: dict[str, Any], language: str) -> RoomFacts:
    return RoomFacts(row["guid"], row["code"], text_of(row, "name", language) or row["code"], row["capacity"])


def _track(row: dict[str, Any], language: str) -> TrackFacts:
    return TrackFacts(row["code"], text_of(row, "name", language) or row["code"], row["colour"])


def _people(conference: Conference, language: str) -> dict[int, list[PersonFacts]]:
    """Who takes part, by session."""
    found: dict[int, list[PersonFacts]] = {}
    for row in _statements().people.for_ids([conference.pk]):
        found.setdefault(row["session_id"], []).append(
            PersonFacts(
                row["speaker_id"],
                row["speaker__guid"],
                text_of(row, "speaker__name", language),
                text_of(row, "speaker__title", language),
                text_of(row, "speaker__organisation", language),
                row["role"],
            )
        )
    return found


def _hosts(conference: Conference, language: str) -> dict[int, list[str]]:
    """Names of host companies, by session."""
    found: dict[int, list[str]] = {}
    for row in _statements().hosts.for_ids([conference.pk]):
        name = text_of(row, f"{_COMPANY}__name", language) or printable(row[f"{_COMPANY}__legal_name"])
        found.setdefault(row["session_id"], []).append(name)
    return found


def _entry(
    row: dict[str, Any],
    zone: ZoneInfo,
    language: str,
    *,
    rooms: dict[int, RoomFacts],
    tracks: dict[int, TrackFacts],
    people: dict[int, list[PersonFacts]],
    hosts: dict[int, list[str]],
) -> Entry:
    return Entry(
        id=row["id"],
        guid=row["guid"],
        code=row["code"],
        kind=row["kind"],
        title=text_of(row, "title", language) or row["code"],
        abstract=text_of(row, "abstract", language),
        starts_at=row["starts_at"].astimezone(zone),
        ends_at=row["ends_at"].astimezone(zone),
        languages=tuple(dict.fromkeys((row["language"], *row["further_languages"]))),
        interpretation=tuple(row["interpretation"]),
        capacity=row["capacity"],
        room=rooms.get(row["room_id"]),
        track=tracks.get(row["track_id"]),
        is_public=row["is_public"],
        is_cancelled=row["cancelled_at"] is not None,
        number=row["revision__number"],
        changed_at=row["revision__changed_at"],
        people=people.get(row["id"], []),
        hosts=hosts.get(row["id"], []),
    )
