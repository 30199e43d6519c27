"""The programme in frab's two forms, schedule.xml and schedule.json, as conference apps read them.

What both forms ask for is worked out here once; the published schemas (github.com/voc/schedule) say what may stand where.
"""

import json
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.utils.translation import gettext as _

from conferences.enums import SessionKind
from conferences.exports.published import Entry, Programme, RoomFacts
from conferences.exports.wording import on_stage

XML_TYPE = "application/xml; charset=utf-8"
JSON_TYPE = "application/json"
SLOT = "00:05"  # the grid that times lie on, as apps draw them
GENERATOR = "Yarmarka"
# The JSON schema knows zones of one word on each side of the slash, and UTC.
_ZONE = re.compile(r"([A-Z][a-z]+/[A-Z][a-z]+)|UTC")


@dataclass(frozen=True, slots=True)
class Day:
    """One day: from midnight to midnight in the fair's zone; ``rooms`` are pairs of a name with a guid, and sessions."""

    index: int
    date: date
    start: str
    end: str
    rooms: list[tuple[str, str, list[Entry]]]


def acronym_of(programme: Programme) -> str:
    """The conference's slug as the schemas want it: at least four of lower-case letters, digits and underscores."""
    return re.sub(r"[^a-z0-9_]", "_", programme.slug.lower()).ljust(4, "_")


def frab_days(programme: Programme) -> list[Day]:
    days = []
    for index, (day, entries) in enumerate(programme.days, start=1):
        midnight = datetime.combine(day, time(), programme.zone)
        next_midnight = datetime.combine(day + timedelta(days=1), time(), programme.zone)
        rooms = [(room.name, str(room.guid), [entry for entry in entries if entry.room is room]) for room in programme.rooms]
        if without := [entry for entry in entries if entry.room is None]:
            rooms.append((nowhere(), "", without))
        days.append(Day(index, day, midnight.isoformat(), next_midnight.isoformat(), rooms))
    return days


def nowhere() -> str:
    return _("room not fixed yet")


def slug_of(entry: Entry, acronym: str) -> str:
    return f"{acronym}-session-{entry.id}"


def duration_of(entry: Entry) -> str:
    minutes = int((entry.ends_at - entry.starts_at).total_seconds()) // 60
    return f"{minutes // 60:02}:{minutes % 60:02}"


def schedule_json(programme: Programme) -> bytes:
    """schedule.json, in the active language (that of ``programme``)."""
    acronym = acronym_of(programme)
    conference: dict[str, Any] = {
        "acronym": acronym,
        "title": programme.name,
        "start": programme.starts_on.isoformat(),
        "end": programme.ends_on.isoformat(),
        "daysCount": (programme.ends_on - programme.starts_on).days + 1,
        "timeslot_duration": SLOT,
        "url": programme.url,
        "tracks": [{"name": track.name, "slug": _slug(track.code), "color": track.colour.lower()} for track in programme.tracks],
        "rooms": [_json_room(room) for room in programme.rooms],
        "days": [_json_day(programme, day, acronym) for day in frab_days(programme)],
    }
    if _ZONE.match(programme.time_zone):
        conference["time_zone_name"] = programme.time_zone
    schedule = {"version": programme.version, "base_url": f"{settings.SITE_URL}/", "conference": conference}
    document = {
        "$schema": "https://c3voc.de/schedule/schema.json",
        "generator": {"name": GENERATOR, "url": f"{settings.SITE_URL}/"},
        "schedule": schedule,
    }
    return json.dumps(document, ensure_ascii=False).encode()


def _json_room(room: RoomFacts) -> dict[str, Any]:
    return {"name": room.name, "slug": _slug(room.code), "guid": str(room.guid), "capacity": room.capacity}


def _slug(code: str) -> str:
    """A code as the schema wants a slug: in lower case, with a letter or digit at its end."""
    slug = code.lower().strip("-_")
    return slug if len(slug) > 1 else f"{slug or 'x'}0"


def _json_day(programme: Programme, day: Day, acronym: str) -> dict[str, Any]:
    rooms: dict[str, list[dict[str, Any]]] = {}
    for name, _guid, entries in day.rooms:  # two rooms may have one name; an app finds the sessions of both under it
        rooms.setdefault(name, []).extend(_json_event(programme, entry, name, acronym) for entry in entries)
    return {"index": day.index, "date": day.date.isoformat(), "day_start": day.start, "day_end": day.end, "rooms": rooms}


def _json_event(programme: Programme, entry: Entry, room: str, acronym: str) -> dict[str, Any]:
    return {
        "guid": str(entry.guid),
        "id": entry.id,
        "date": entry.starts_at.isoformat(),
        "start": f"{entry.starts_at:%H:%M}",
        "end": entry.ends_at.isoformat(),
        "duration": duration_of(entry),
        "room": room,
        "slug": slug_of(entry, acronym),
        "url": f"{programme.url}sessions/{entry.id}/",
        "title": entry.title,
        "subtitle": "",
        "track": entry.track.name if entry.track else None,
        "type": _kind_name(entry),
        "language": entry.language,
        "abstract": entry.abstract,
        "description": "",
        "persons": [
            {"guid": str(person.guid), "id": person.id, "name": person.name, "biography": None, "organisation": person.organisation}
            for person in on_stage(entry)
        ],
        "links": [],
        "attachments": [],
    }


def _kind_name(entry: Entry) -> str:
    return str(SessionKind(entry.kind).label)


def schedule_xml(programme: Programme) -> bytes:
    """schedule.xml, in the active language (that of ``programme``). Written as text: a tree of it costs five times as much."""
    acronym = acronym_of(programme)
    tracks = "".join(f"<track name={quoteattr(track.name)} color={quoteattr(track.colour.lower())}/>" for track in programme.tracks)
    days = "".join(_xml_day(programme, day, acronym) for day in frab_days(programme))
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<schedule><generator name={quoteattr(GENERATOR)}/>"
        f"<url>{escape(programme.url)}schedule.xml</url><version>{programme.version}</version>"
        f"<conference><title>{escape(programme.name)}</title><acronym>{acronym}</acronym>"
        f"<start>{programme.starts_on}</start><end>{programme.ends_on}</end>"
        f"<days>{(programme.ends_on - programme.starts_on).days + 1}</days><timeslot_duration>{SLOT}</timeslot_duration>"
        f"<base_url>{escape(settings.SITE_URL)}/</base_url><url>{escape(programme.url)}</url>"
        f"<time_zone_name>{escape(programme.time_zone)}</time_zone_name>{tracks}</conference>{days}</schedule>\n"
    )
    return text.encode()


def _xml_day(programme: Programme, day: Day, acronym: str) -> str:
    rooms = "".join(
        f"<room name={quoteattr(name)}"
        + (f' guid="{guid}">' if guid else ">")
        + "".join(_xml_event(programme, entry, name, acronym) for entry in entries)
        + "</room>"
        for name, guid, entries in day.rooms
    )
    return f'<day index="{day.index}" date="{day.date}" start="{day.start}" end="{day.end}">{rooms}</day>'


def _xml_event(programme: Programme, entry: Entry, room: str, acronym: str) -> str:
    people = "".join(f'<person id="{person.id}" guid="{person.guid}">{escape(person.name)}</person>' for person in on_stage(entry))
    return (
        f'<event guid="{entry.guid}" id="{entry.id}"><room>{escape(room)}</room><title>{escape(entry.title)}</title><subtitle/>'
        f"<type>{escape(_kind_name(entry))}</type><date>{entry.starts_at.isoformat()}</date>"
        f"<start>{entry.starts_at:%H:%M}</start><duration>{duration_of(entry)}</duration>"
        f"<abstract>{escape(entry.abstract)}</abstract><slug>{slug_of(entry, acronym)}</slug>"
        f"<track>{escape(entry.track.name) if entry.track else ''}</track><persons>{people}</persons>"
        f"<language>{entry.language}</language><description/><links/><attachments/>"
        f"<url>{escape(programme.url)}sessions/{entry.id}/</url></event>"
    )
