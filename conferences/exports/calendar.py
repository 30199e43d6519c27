"""The programme as an iCalendar file (RFC 5545, 7986): what a calendar program subscribes to or takes in.

A session keeps its UID for good; SEQUENCE grows with every change the public can see. What was cancelled, hidden or deleted
stays in the file for a while as CANCELLED, so that programs which hold it strike it out.
"""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from conferences.enums import SessionKind
from conferences.exports.published import Entry, Gone, Programme
from conferences.exports.wording import by_role, joined, languages_line, role_name, with_organisation

if TYPE_CHECKING:
    from icalendar import Calendar, Event, Timezone

CONTENT_TYPE = "text/calendar; charset=utf-8; method=PUBLISH"
REFRESH = timedelta(hours=1)


def calendar_of(programme: Programme, *, entries: list[Entry], gone: list[Gone], name: str) -> bytes:
    """The file, in the active language (that of ``programme``), with a VTIMEZONE for the fair's zone."""
    calendar = _file("PUBLISH")
    for property_name in ("name", "x-wr-calname"):  # the first is the standard's, the second what most programs read
        calendar.add(property_name, name)
    calendar.add("x-wr-timezone", programme.time_zone)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for entry in entries:
        calendar.add_component(_event(programme, entry))
    for session in gone:
        calendar.add_component(_cancelled(programme, session))
    _add_zones(calendar)
    return calendar.to_ical()


def invitation_of(programme: Programme, session: Entry | Gone, *, title: str, name: str, email: str, is_off: bool) -> tuple[str, bytes]:
    """One session for one person's calendar, or its end there: the content type with the method, and the file.

    Mail programs put a REQUEST into the calendar, and take the session out at a CANCEL (RFC 5546; one session a file). Both need an
    organiser, so that without the fair's reply address it is published.
    """
    method = ("CANCEL" if is_off else "REQUEST") if programme.reply_to else "PUBLISH"
    calendar = _file(method)
    if isinstance(session, Entry):
        event = _event(programme, session)
    else:
        event = _dated(programme, session)
        event.add("summary", title)
        event.add("transp", "TRANSPARENT")
        event.add("status", "CANCELLED")
    if is_off:
        event["status"] = "CANCELLED"
    if programme.reply_to:
        event.add("attendee", f"mailto:{email}", {"CN": name, "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"})
    calendar.add_component(event)
    _add_zones(calendar)
    return f"text/calendar; charset=utf-8; method={method}", calendar.to_ical()


def _add_zones(calendar: "Calendar") -> None:
    for name in sorted(calendar.get_missing_tzids()):
        if (zone := _zone(name)) is not None:
            calendar.subcomponents.insert(0, zone)  # before what refers to it


@cache
def _zone(name: str) -> "Timezone | None":
    """The VTIMEZONE; None for a name that is none. Working it out takes longer than the rest of a letter, and a release writes many."""
    from icalendar import Timezone

    try:
        return Timezone.from_tzid(name)
    except ValueError:
        return None


def _file(method: str) -> "Calendar":
    from icalendar import Calendar  # a web worker that writes no such file does without it

    calendar = Calendar()
    calendar.add("prodid", "-//Yarmarka//Programme//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar


def _event(programme: Programme, entry: Entry) -> "Event":
    event = _dated(programme, entry)
    event.add("summary", entry.title)
    event.add("location", joined((entry.room.name if entry.room else "", *programme.whereabouts)))
    if description := _description(entry):
        event.add("description", description)
    event.add("url", f"{programme.url}sessions/{entry.id}/")
    if entry.track:
        event.add("categories", [entry.track.name])
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.is_cancelled or entry.kind == SessionKind.BREAK else "OPAQUE")
    event.add("class", "PUBLIC" if entry.is_public else "CONFIDENTIAL")
    if programme.place:
        event.add("geo", programme.place)
    return event


def _cancelled(programme: Programme, session: Gone) -> "Event":
    """Of a session that is hidden or deleted: enough to find it by, and no word about it."""
    event = _dated(programme, session)
    event.add("summary", _("Cancelled"))
    event.add("status", "CANCELLED")
    event.add("transp", "TRANSPARENT")
    return event


def _dated(programme: Programme, session: Entry | Gone) -> "Event":
    from icalendar import Event

    event = Event()
    event.add("uid", str(session.guid))
    event.add("sequence", session.number)
    changed_at = session.changed_at.astimezone(UTC).replace(microsecond=0)
    event.add("dtstamp", changed_at)  # without a method of scheduling, when the entry was last revised: the file stays the same
    event.add("last-modified", changed_at)
    event.add("dtstart", _written(session.starts_at))
    event.add("dtend", _written(session.ends_at))
    if programme.reply_to:
        event.add("organizer", f"mailto:{programme.reply_to}", {"CN": programme.fair})
    return event


def _written(moment: datetime) -> datetime:
    """The moment on the fair's clock; of an hour that the clock shows twice the second in UTC, which the standard cannot say otherwise."""
    return moment.astimezone(UTC) if moment.fold else moment


def _description(entry: Entry) -> str:
    people = "\n".join(
        _("%(role)s: %(people)s") % {"role": role_name(person), "people": with_organisation(person)} for person in by_role(entry)
    )
    return joined((entry.abstract, people, languages_line(entry)), by="\n\n")
