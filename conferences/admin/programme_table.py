"""The programme as tables, one a day: rooms across, half-hours down. Plain HTML that a screen reader reads in order."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.urls import reverse
from django.utils import formats
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from conferences.models import Conference, Session

_ORDER = ("draft_starts_at", "draft_room__code", "pk")
CELL = "border:1px solid #d4d4d4;padding:4px;vertical-align:top;font-size:12px"


class Placed(NamedTuple):
    """A session with its times in the draft."""

    session: Session
    starts_at: datetime
    ends_at: datetime


def programme_table(conference: Conference) -> SafeString:
    """Every day of the draft, in the fair's zone. Two queries."""
    zone = conference.fair.zone
    days: dict[date, list[Placed]] = defaultdict(list)
    for session in Session.objects.placed().filter(conference=conference).select_related("track", "draft_room").order_by(*_ORDER):
        if times := session.draft_times:
            days[times[0].astimezone(zone).date()].append(Placed(session, *times))
    rooms: list[tuple[int | None, str]] = [(room.pk, str(room)) for room in conference.rooms.order_by("code")]
    if any(placed.session.draft_room_id is None for sessions in days.values() for placed in sessions):
        rooms.append((None, _("no room")))
    tables = ((_day(conference, day, sessions, rooms),) for day, sessions in days.items())
    return format_html('<div class="desk-scroll">{}</div>', format_html_join("", "{}", tables)) if days else SafeString("–")


def _day(conference: Conference, day: date, sessions: list[Placed], rooms: list[tuple[int | None, str]]) -> SafeString:
    zone = conference.fair.zone
    moments = sorted({moment.astimezone(zone) for placed in sessions for moment in (placed.starts_at, placed.ends_at)})
    head = format_html_join("", '<th scope="col" style="{}">{}</th>', ((CELL, name) for _pk, name in rooms))
    covered: dict[int | None, datetime] = {}
    rows = ((_row(moment, moments, sessions, rooms, covered),) for moment in moments[:-1])
    return format_html(
        '<table style="border-collapse:collapse;margin:8px 0;min-width:100%"><caption style="text-align:left;font-weight:600">{}</caption>'
        '<thead><tr><th scope="col" style="{}">{}</th>{}</tr></thead><tbody>{}</tbody></table>',
        formats.date_format(day, "DATE_FORMAT"),
        CELL,
        _("time"),
        head,
        format_html_join("", "{}", rows),
    )


def _row(
    moment: datetime,
    moments: list[datetime],
    sessions: list[Placed],
    rooms: Iterable[tuple[int | None, str]],
    covered: dict[int | None, datetime],
) -> SafeString:
    """One row from a moment at which something begins or ends to the next; a session spans the rows until its end."""
    cells = []
    for room_id, _name in rooms:
        if room_id in covered and covered[room_id] > moment:
            continue  # a session from a row above reaches down to here
        begin = [placed for placed in sessions if placed.session.draft_room_id == room_id and placed.starts_at == moment]
        until = max((placed.ends_at for placed in begin), default=moment)
        covered[room_id] = until
        span = max(1, sum(moment <= other < until for other in moments))
        cells.append((CELL, span, format_html_join("", "{}", ((_entry(placed.session),) for placed in begin))))
    return format_html(
        '<tr><th scope="row" style="{}">{}</th>{}</tr>',
        CELL,
        f"{moment:%H:%M}",
        format_html_join("", '<td style="{}" rowspan="{}">{}</td>', cells),
    )


def _entry(session: Session) -> SafeString:
    colour = session.track.colour if session.track else "#a3a3a3"
    title = session.title if session.is_public else _("%(title)s (confidential)") % {"title": session.title}
    return format_html(
        '<a href="{}" style="display:block;border-left:4px solid {};padding-left:4px">{}</a>',
        reverse("admin:conferences_session_change", args=[session.pk]),
        colour,
        title,
    )
