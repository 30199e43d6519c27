"""What people should look at in the draft before it is released: all that is allowed, and unlikely to be meant."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import Any

from django.utils import formats
from django.utils.translation import gettext_lazy as _

from api.text import listed
from conferences.domain import clashes
from conferences.domain.clashes import at_once
from conferences.domain.draft import Draft, DraftSession, OpenDay, Placed, draft_of, holds
from conferences.enums import DraftProblem
from conferences.models import Conference

SENTENCES: dict[str, Any] = {
    **clashes.SENTENCES,
    DraftProblem.HOST: _("%(what)s holds two sessions at once: %(first)s and %(second)s."),
    DraftProblem.SEATS: _("%(first)s needs more places (%(wanted)s) than %(what)s has (%(seats)s)."),
    DraftProblem.CLOSED: _("%(first)s is outside the opening hours: %(hours)s."),
    DraftProblem.UNAVAILABLE: _("%(what)s cannot come at the time of %(first)s."),
    DraftProblem.ROOM_CHANGE: _("%(what)s has %(minutes)s min from %(first)s to %(second)s, and needs %(needed)s to change rooms."),
    DraftProblem.SITE_CHANGE: _(
        "%(what)s has %(minutes)s min from %(first)s (%(from)s) to %(second)s (%(to)s), and needs %(needed)s for the way."
    ),
    DraftProblem.BOOTHS: _("%(first)s needs more interpretation booths (%(wanted)s) than %(what)s has (%(booths)s)."),
    DraftProblem.NO_INTERPRETER: _("%(first)s is to be interpreted, and no interpreter is named."),
    DraftProblem.NO_ROOM: _("%(first)s has a time and no room."),
    DraftProblem.NO_ADDRESS: _("%(what)s has no email address, and cannot be told of changes."),
    DraftProblem.DECLINED: _("%(what)s has declined. Somebody else is needed in: %(codes)s."),
    DraftProblem.HOST_GONE: _("%(what)s is to hold %(codes)s, and does not take part in the fair."),
}


@dataclass(frozen=True)
class DraftWarning:
    """``kind`` is a DraftProblem. As a text it is a sentence in the active language."""

    kind: str
    sessions: tuple[DraftSession, ...]
    facts: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        codes = dict(zip(("first", "second"), (session.code for session in self.sessions), strict=False))
        return str(SENTENCES[self.kind]) % {**codes, **self.facts}

    @property
    def is_hard(self) -> bool:
        """Whether it cannot be at all: no step leaves it behind."""
        return self.kind in DraftProblem.hard

    @property
    def is_of_place(self) -> bool:
        """Whether another room or time could mend it."""
        return self.kind not in DraftProblem.everywhere


def warnings_of(conference: Conference) -> list[DraftWarning]:
    """All of the draft, hard ones first, then in order of time. As many queries as ``draft_of``."""
    return warnings_in(draft_of(conference))


def warnings_in(draft: Draft) -> list[DraftWarning]:
    """The same of a draft that was read: compares only sessions that share a room, a person or a host, in order of time."""
    found = [(placed, warning) for placed in draft.placed for warning in alone(draft, placed)]
    for kind, what, group in _shared(draft.placed):
        found += [(second, _clash(kind, what, first, second)) for first, second in at_once(group)]
        if kind == DraftProblem.PERSON:
            found += [(second, warning) for second, warning in _changes(draft, what, group)]
    found.sort(key=lambda pair: (not pair[1].is_hard, pair[0].starts_at, pair[0].code))
    return [warning for _placed, warning in found] + list(_of_people_and_hosts(draft))


def alone(draft: Draft, placed: Placed) -> Iterator[DraftWarning]:
    """What is to say of a session at its place, whatever the others do."""
    session, room = placed.session, placed.room
    booths = _booths(session)
    if not holds(draft.open_times, placed.starts_at, placed.ends_at):
        yield DraftWarning(DraftProblem.CLOSED, (session,), {"hours": _hours(draft, placed)})
    for pk, name in session.people:
        if pk in draft.available and not holds(draft.available[pk], placed.starts_at, placed.ends_at):
            yield DraftWarning(DraftProblem.UNAVAILABLE, (session,), {"what": name})
    if room is None:
        if not session.is_break:
            yield DraftWarning(DraftProblem.NO_ROOM, (session,))
    else:
        if session.wanted > room.seats:
            yield DraftWarning(DraftProblem.SEATS, (session,), {"what": room.name, "seats": room.seats, "wanted": session.wanted})
        if booths > room.booths:
            yield DraftWarning(DraftProblem.BOOTHS, (session,), {"what": room.name, "booths": room.booths, "wanted": booths})
    if booths and not session.has_interpreter:
        yield DraftWarning(DraftProblem.NO_INTERPRETER, (session,))


def between(draft: Draft, one: Placed, other: Placed) -> Iterator[DraftWarning]:
    """What is to say of two sessions with the same room, people or hosts; of ways between rooms, if they follow each other."""
    first, second = sorted((one, other), key=lambda each: (each.starts_at, each.code))
    for kind, what, group in _shared((first, second)):
        if len(group) == 1:
            continue
        if second.starts_at < first.ends_at:
            yield _clash(kind, what, first, second)
        elif kind == DraftProblem.PERSON:
            yield from (warning for _second, warning in _changes(draft, what, group))


def _shared(programme: Iterable[Placed]) -> Iterator[tuple[str, str, list[Placed]]]:
    """Everything that sessions may have in common, with its kind and name and the sessions."""
    names: dict[tuple[str, int], str] = {}
    groups: dict[tuple[str, int], list[Placed]] = defaultdict(list)
    for placed in programme:
        if placed.room is not None:
            names[DraftProblem.ROOM, placed.room.id] = placed.room.name
            groups[DraftProblem.ROOM, placed.room.id].append(placed)
        for kind, owners in ((DraftProblem.PERSON, placed.session.people), (DraftProblem.HOST, placed.session.hosts)):
            for pk, name in owners:
                names[kind, pk] = name
                groups[kind, pk].append(placed)
    yield from ((kind, names[kind, pk], group) for (kind, pk), group in groups.items())


def _clash(kind: str, what: str, first: Placed, second: Placed) -> DraftWarning:
    return DraftWarning(kind, (first.session, second.session), {"what": what})


def _changes(draft: Draft, who: str, sessions: Iterable[Placed]) -> Iterator[tuple[Placed, DraftWarning]]:
    """Ways of one person from a session to the next that are too short, each with the session that is at its end."""
    with_room = sorted((placed for placed in sessions if placed.room), key=lambda placed: (placed.starts_at, placed.code))
    for first, second in pairwise(with_room):
        if first.room is None or second.room is None or first.room.id == second.room.id:
            continue
        is_far = first.room.site_id != second.room.site_id
        needed = draft.minutes_between_sites if is_far else draft.minutes_between_rooms
        gap = second.starts_at - first.ends_at
        if timedelta() <= gap < timedelta(minutes=needed):
            facts = {"what": who, "minutes": int(gap.total_seconds()) // 60, "needed": needed}
            ways = {"from": first.room.site, "to": second.room.site}
            kind = DraftProblem.SITE_CHANGE if is_far else DraftProblem.ROOM_CHANGE
            yield second, DraftWarning(kind, (first.session, second.session), facts | ways)


def _booths(session: DraftSession) -> int:
    """One for each language into which somebody interprets; both directions of a pair share one."""
    return max(1, len({*session.interpretation} - {session.language})) if session.interpretation else 0


def _hours(draft: Draft, placed: Placed) -> str:
    """The opening hours of the day on which it begins, in the fair's zone."""
    day = placed.starts_at.astimezone(draft.zone).date()
    return ", ".join(_hours_of(draft, open_day) for open_day in draft.days if open_day.date == day) or formats.date_format(
        day, "MONTH_DAY_FORMAT"
    )


def _hours_of(draft: Draft, day: OpenDay) -> str:
    opens, closes = (formats.time_format(moment.astimezone(draft.zone), "H:i") for moment in (day.opens_at, day.closes_at))
    return f"{formats.date_format(day.date, 'MONTH_DAY_FORMAT')} {opens}–{closes}"


def _of_people_and_hosts(draft: Draft) -> Iterator[DraftWarning]:
    """What is to say of somebody or a company wherever their sessions are, each once."""
    sessions = [*(placed.session for placed in draft.placed), *draft.unplaced]
    people = [(session, [pk for pk, _name in session.people]) for session in sessions]
    hosts = [(session, [pk for pk, _name in session.hosts]) for session in sessions]
    for kind, names, of_sessions in (
        (DraftProblem.DECLINED, draft.declined, people),
        (DraftProblem.NO_ADDRESS, draft.unreachable, people),
        (DraftProblem.HOST_GONE, draft.gone_hosts, hosts),
    ):
        for pk, name in names.items():
            concerned = tuple(session for session, ids in of_sessions if pk in ids)
            codes = listed(session.code for session in concerned)
            yield DraftWarning(kind, concerned, {"what": name, "codes": codes})
