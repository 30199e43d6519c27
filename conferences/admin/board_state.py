"""What the programme board shows: days, rooms and every session of a conference with its place in the draft, as plain values.

Moments are minutes from midnight of a day on the wall clock of the fair's zone; a session past midnight has an end above 1440.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from conferences.domain.draft_warnings import DraftWarning, warnings_of
from conferences.domain.free_places import FreePlace
from conferences.domain.programme import Place, place_of
from conferences.models import Conference, ConferenceDay, Participation, Room, Session, SessionMove

DAY_MINUTES = 24 * 60


class Shown(NamedTuple):
    """Where and when a session is, in the draft or as released; all empty for none."""

    room: Room | None
    starts_at: datetime | None
    ends_at: datetime | None


def drafted(session: Session) -> Shown:
    return Shown(session.draft_room, session.draft_starts_at, session.draft_ends_at)


def released(session: Session) -> Shown:
    return Shown(session.room, session.starts_at, session.ends_at)


def state_json(conference: Conference) -> dict[str, Any]:
    """All that the board draws. Eleven queries."""
    order = ("draft_starts_at", "draft_room__code", "code")
    rows = Session.objects.filter(conference=conference).select_related("track", "room", "draft_room").order_by(*order)
    people = _people(conference)
    sessions = [_session(conference, session, people[session.pk]) for session in rows]
    return {
        "days": _days(conference, {session["day"] for session in sessions if session["day"]}),
        "rooms": [_room(room) for room in conference.rooms.select_related("site").order_by("code")],
        "sessions": sessions,
        "warnings": warnings_json(warnings_of(conference)),
        "unreleased": sum(session["unreleased"] for session in sessions),
    }


def warnings_json(warnings: Iterable[DraftWarning]) -> list[dict[str, Any]]:
    """Each as a sentence, with the ids of its sessions, and whether another ``place`` could mend it."""
    return [
        {"hard": one.is_hard, "place": one.is_of_place, "text": str(one), "sessions": [session.id for session in one.sessions]}
        for one in warnings
    ]


def free_json(conference: Conference, free: FreePlace) -> dict[str, Any]:
    """A free place as a sentence with how it differs, what there would be to say of it, and what a change asks for."""
    place = Shown(None, free.starts_at, free.ends_at)
    differs = pgettext("between the items of a list", ", ").join(free.reasons)
    where = f"{_day_and_times(conference, place)}, {free.room.name}"
    return {
        "text": _("%(place)s (%(differs)s)") % {"place": where, "differs": differs},
        "room": free.room.id,
        "starts": free.starts_at.astimezone(conference.fair.zone).isoformat(),
        "minutes": int((free.ends_at - free.starts_at).total_seconds()) // 60,
        "reasons": [str(one) for one in free.warnings],
    }


def place_text(conference: Conference, place: Shown) -> str:
    """29 January, 10:00–11:30, Amur Hall; '' for no time."""
    if place.starts_at is None or place.ends_at is None:
        return ""
    no_room = _("no room")
    return f"{_day_and_times(conference, place)}, {place.room or no_room}"


def _day_and_times(conference: Conference, place: Shown) -> str:
    day = formats.date_format(place.starts_at.astimezone(conference.fair.zone), "MONTH_DAY_FORMAT") if place.starts_at else ""
    return f"{day}, {_times_text(conference, place)}"


def move_texts(conference: Conference, move: SessionMove) -> tuple[str, str]:
    """Where a session was and where it came to."""
    places = (Shown(move.from_room, move.from_starts_at, move.from_ends_at), Shown(move.to_room, move.to_starts_at, move.to_ends_at))
    before, after = (place_text(conference, place) or _("without a time") for place in places)
    return before, after


def _times_text(conference: Conference, place: Shown) -> str:
    """10:00–11:30, on the fair's clock; '' for no time."""
    if place.starts_at is None or place.ends_at is None:
        return ""
    zone = conference.fair.zone
    return f"{place.starts_at.astimezone(zone):%H:%M}–{place.ends_at.astimezone(zone):%H:%M}"


def place_token(place: Place) -> str:
    """What the page saw of a place: a change says which one it was made from."""
    return "|".join("" if value is None else str(value) for value in (place.room_id, place.starts_at, place.ends_at))


def place_seen(token: str) -> Place:
    """The place of which ``place_token`` made the token. Raises ValueError."""
    room, starts_at, ends_at = token.split("|")
    begins, ends = (datetime.fromisoformat(moment) if moment else None for moment in (starts_at, ends_at))
    return Place(int(room) if room else None, begins, ends)


def _days(conference: Conference, used: set[str]) -> list[dict[str, Any]]:
    """The conference's days with their opening hours, and any other on which a session begins."""
    hours = {day.date: day for day in ConferenceDay.objects.filter(conference=conference)}
    length = (conference.ends_on - conference.starts_on).days + 1
    days = {conference.starts_on + timedelta(days=number) for number in range(length)} | {date.fromisoformat(day) for day in used}
    return [_day(day, hours.get(day)) for day in sorted(days)]


def _day(day: date, hours: ConferenceDay | None) -> dict[str, Any]:
    label = _("%(weekday)s, %(day)s") % {"weekday": formats.date_format(day, "D"), "day": formats.date_format(day, "MONTH_DAY_FORMAT")}
    found: dict[str, Any] = {
        "date": day.isoformat(),
        "label": label,
        "title": formats.date_format(day, "DATE_FORMAT"),
        "opens": None,
        "closes": None,
    }
    if hours is not None:
        opens, closes = (time.hour * 60 + time.minute for time in (hours.opens_at, hours.closes_at))
        found |= {"opens": opens, "closes": closes if closes > opens else closes + DAY_MINUTES}
    return found


def _room(room: Room) -> dict[str, Any]:
    booths = room.interpretation_booths
    facts = [
        ngettext("%(count)d seat", "%(count)d seats", room.capacity) % {"count": room.capacity},
        room.get_layout_display() if room.layout else "",
        ngettext("%(count)d booth", "%(count)d booths", booths) % {"count": booths} if booths else "",
        str(room.site) if room.site else "",
    ]
    return {"id": room.pk, "name": str(room), "facts": " · ".join(filter(None, facts))}


def _people(conference: Conference) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = Participation.objects.filter(session__conference=conference).select_related("speaker").order_by("pk")
    for part in rows:
        found[part.session_id].append(f"{part.speaker} ({part.get_role_display()})")
    return found


def _session(conference: Conference, session: Session, people: list[str]) -> dict[str, Any]:
    draft, shown = drafted(session), released(session)
    start = session.draft_starts_at.astimezone(conference.fair.zone) if session.draft_starts_at else None
    is_unreleased = draft != shown
    return {
        "id": session.pk,
        "code": session.code,
        "title": str(session.title or session.code),
        "kind": session.get_kind_display(),
        "track": str(session.track or ""),
        "colour": session.track.colour if session.track else "#6b7280",
        "room": session.draft_room_id,
        "day": start.date().isoformat() if start else None,
        "start": start.hour * 60 + start.minute if start else None,
        "minutes": _minutes(draft) or session.minutes,
        "times": _times_text(conference, draft),
        "place": place_text(conference, draft),
        "token": place_token(place_of(session)),
        "people": people,
        "count": ngettext("%(count)d person", "%(count)d people", len(people)) % {"count": len(people)} if people else "",
        "confidential": not session.is_public,
        "cancelled": session.cancelled_at is not None,
        "unreleased": is_unreleased,
        "released": place_text(conference, shown) if is_unreleased else "",
        "url": reverse("admin:conferences_session_change", args=[session.pk]),
    }


def _minutes(place: Shown) -> int:
    if place.starts_at is None or place.ends_at is None:
        return 0
    return int((place.ends_at - place.starts_at).total_seconds()) // 60
