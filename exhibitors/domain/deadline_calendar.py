"""The calendar file that goes with a reminder: one entry a deadline, which a later file moves where the deadline moved."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings

from fairs.models import Deadline, Fair
from notifications.attachments import Attachment

_SHOWN = timedelta(minutes=30)  # before the due moment: programs draw an entry without a length badly
_CONTENT_TYPE = "text/calendar; charset=utf-8; method=PUBLISH"


def calendar_of(fair: Fair, due: Iterable[tuple[Deadline, datetime]], *, now: datetime) -> Attachment:
    """The file, in the active language. Moments are in UTC: every program shows them on its owner's clock."""
    from icalendar import Calendar, Event  # a web worker that writes no such file does without it

    calendar = Calendar()
    calendar.add("prodid", "-//Yarmarka//Deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for deadline, due_at in due:
        event = Event()
        event.add("uid", f"deadline-{deadline.pk}@{urlsplit(settings.SITE_URL).hostname}")
        event.add("sequence", int(now.timestamp()) // 60)  # a later file wins over an earlier one (RFC 5545, 3.8.7.4)
        event.add("dtstamp", now.astimezone(UTC))
        event.add("dtstart", (due_at - _SHOWN).astimezone(UTC))
        event.add("dtend", due_at.astimezone(UTC))
        event.add("summary", f"{deadline} – {fair}")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return Attachment("deadlines.ics", _CONTENT_TYPE, calendar.to_ical())
