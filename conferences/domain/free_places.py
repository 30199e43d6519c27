"""Where a session could go in the draft: places that nothing forbids, those with the least to say against them first."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from conferences.domain.draft import Draft, DraftRoom, DraftSession, Placed, draft_of
from conferences.domain.draft_warnings import DraftWarning, alone, between
from conferences.models import Session

STEP = timedelta(minutes=15)
MORNING, EVENING = time(9), time(20)  # on a day without opening hours
MOST_TRIED = 3_000  # places, the nearest first: a long conference with many rooms has more than anybody waits for


@dataclass(frozen=True)
class FreePlace:
    """A room and a time; ``warnings`` are what would still be to say, ``reasons`` how it differs from where the session is."""

    room: DraftRoom
    starts_at: datetime
    ends_at: datetime
    warnings: tuple[DraftWarning, ...]
    reasons: tuple[str, ...]


def free_places(*, session: Session, now: datetime, limit: int = 5) -> list[FreePlace]:
    """At most one a room and day, from ``now`` on; fewest warnings first, then nearest. As many queries as ``draft_of``."""
    return free_places_in(draft_of(session.conference), session_id=session.pk, now=now, limit=limit)


def free_places_in(draft: Draft, *, session_id: int, now: datetime, limit: int = 5) -> list[FreePlace]:
    """The same of a draft that was read; nothing for a session that is not in it."""
    here = next((placed for placed in draft.placed if placed.session.id == session_id), None)
    session = here.session if here else next((one for one in draft.unplaced if one.id == session_id), None)
    if session is None:
        return []
    others = _Others(draft, session)
    best: dict[tuple[int, date], tuple[int, int, FreePlace]] = {}
    for number, candidate in enumerate(_candidates(draft, session, here, now)):
        if number == MOST_TRIED or sum(not found[0] for found in best.values()) >= limit:
            break
        if candidate.room is None:
            continue
        key = (candidate.room.id, candidate.starts_at.astimezone(draft.zone).date())
        if key in best and not best[key][0]:
            continue
        warnings = _against(draft, others, candidate)
        if any(warning.is_hard for warning in warnings):
            continue
        if key not in best or len(warnings) < best[key][0]:
            reasons = (*([_when(draft, here, candidate)] if here else []), _where(here, candidate.room))
            free = FreePlace(candidate.room, candidate.starts_at, candidate.ends_at, warnings, reasons)
            best[key] = (len(warnings), number, free)
    return [free for _count, _number, free in sorted(best.values(), key=lambda found: found[:2])[:limit]]


def _candidates(draft: Draft, session: DraftSession, here: Placed | None, now: datetime) -> Iterator[Placed]:
    """Every room at every quarter of an hour that the doors are open: times at which people work first, then the nearest day, and on it
    the nearest time of the day."""
    length = here.ends_at - here.starts_at if here else timedelta(minutes=session.minutes)
    from_where = (here.starts_at if here else session.released_at or _first_start(draft)).astimezone(draft.zone)
    all_day = {day.date for day in draft.days if day.is_all_day}

    def distance(at: datetime) -> tuple[bool, int, int, datetime]:
        local = at.astimezone(draft.zone)
        minutes = (local.hour - from_where.hour) * 60 + local.minute - from_where.minute
        return local.date() in all_day and _is_unusual(local, length), abs((local.date() - from_where.date()).days), abs(minutes), at

    starts = {at for begins, ends in draft.open_times for at in _quarters(begins, ends - length) if at >= now}
    for starts_at in sorted(starts, key=distance):
        for room in sorted(draft.rooms, key=lambda room: _unlike(room, session, here)):
            if here is None or (here.starts_at, here.room) != (starts_at, room):
                yield Placed(session, starts_at, starts_at + length, room)


def _first_start(draft: Draft) -> datetime:
    """Where the programme begins; of one that is empty when the doors open, and not in the night where they never close."""
    first = draft.days[0]
    begins = max(first.opens_at, datetime.combine(first.date, MORNING, draft.zone)) if first.is_all_day else first.opens_at
    return min((placed.starts_at for placed in draft.placed), default=begins)


def _is_unusual(local: datetime, length: timedelta) -> bool:
    """Early or late for a day that has no opening hours."""
    until = local + length
    return local.time() < MORNING or until.date() != local.date() or until.time() > EVENING


def _quarters(first: datetime, last: datetime) -> Iterator[datetime]:
    while first <= last:
        yield first
        first += STEP


def _unlike(room: DraftRoom, session: DraftSession, here: Placed | None) -> tuple[bool, bool, int, str]:
    """The room it has, then those that seat who comes, the smallest first."""
    is_other = here is None or here.room is None or here.room.id != room.id
    return is_other, room.seats < session.wanted, room.seats, room.code


class _Others:
    """The other sessions, by what they may have in common with one: most share nothing with it but a room."""

    def __init__(self, draft: Draft, session: DraftSession) -> None:
        people, hosts = set(session.people), set(session.hosts)
        self._sharing: list[Placed] = []
        self._by_room: dict[int, list[Placed]] = defaultdict(list)
        for other in draft.placed:
            if other.session.id == session.id:
                continue
            if people.intersection(other.session.people) or hosts.intersection(other.session.hosts):
                self._sharing.append(other)
            elif other.room is not None:
                self._by_room[other.room.id].append(other)
        self._way = timedelta(minutes=max(draft.minutes_between_rooms, draft.minutes_between_sites))

    def near(self, candidate: Placed) -> Iterator[Placed]:
        """Those in its room at its time, then those with its people or hosts at that time or a way before or after it."""
        for other in self._by_room.get(candidate.room.id, ()) if candidate.room else ():
            if other.ends_at > candidate.starts_at and other.starts_at < candidate.ends_at:
                yield other
        begins, ends = candidate.starts_at - self._way, candidate.ends_at + self._way
        for other in self._sharing:
            if other.ends_at > begins and other.starts_at < ends:
                yield other


def _against(draft: Draft, others: _Others, candidate: Placed) -> tuple[DraftWarning, ...]:
    found = [warning for warning in alone(draft, candidate) if warning.is_of_place]
    for other in others.near(candidate):
        found += between(draft, other, candidate)
        if any(warning.is_hard for warning in found):
            break  # the place is none, whatever else there is to say
    return tuple(found)


def _when(draft: Draft, here: Placed, candidate: Placed) -> str:
    later = candidate.starts_at - here.starts_at
    days = {placed.starts_at.astimezone(draft.zone).date() for placed in (here, candidate)}
    if not later:
        return _("at the same time")
    if len(days) > 1:
        return _("on another day")
    facts = {"length": _length_text(int(abs(later).total_seconds()) // 60)}
    return _("%(length)s later") % facts if later > timedelta() else _("%(length)s earlier") % facts


def _length_text(minutes: int) -> str:
    facts = {"hours": minutes // 60, "minutes": minutes % 60}
    if not facts["hours"]:
        return _("%(minutes)s min") % facts
    return _("%(hours)s h %(minutes)s min") % facts if facts["minutes"] else _("%(hours)s h") % facts


def _where(here: Placed | None, room: DraftRoom) -> str:
    if here is not None and here.room == room:
        return _("in the same room")
    return _("seats: %(seats)s") % {"seats": room.seats}
