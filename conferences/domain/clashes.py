"""What cannot all happen: one room, or one person, in two sessions of the draft at the same time.

Touching is not overlapping: a session is over at the moment at which the next begins.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar

from django.db.models import Q
from django.utils.translation import gettext_lazy

from api.problems import Conflict
from conferences.models import Participation, Session

SENTENCES = {
    "room": gettext_lazy("Room %(what)s has two sessions at once: %(first)s and %(second)s."),
    "person": gettext_lazy("%(what)s is in two sessions at once: %(first)s and %(second)s."),
}


@dataclass(frozen=True)
class Slot:
    """A session with its place in the draft; ``people`` are names by id. One that is not saved yet has no ``session_id``."""

    session_id: int | None
    code: str
    title: str
    starts_at: datetime
    ends_at: datetime
    room_id: int | None = None
    room: str = ""
    people: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Clash:
    """Two sessions that cannot both be: ``kind`` is room or person, ``what`` the name of it."""

    kind: str
    what: str
    first: Slot
    second: Slot

    def __str__(self) -> str:
        return str(SENTENCES[self.kind]) % {"what": self.what, "first": self.first.code, "second": self.second.code}

    def facts(self) -> dict[str, Any]:
        """For programs: the kind, the room's or person's name, the sentence, and both sessions."""
        both = [{"id": slot.session_id, "code": slot.code, "title": slot.title} for slot in (self.first, self.second)]
        return {"kind": self.kind, "what": self.what, "detail": str(self), "sessions": both}


class ProgrammeClash(Conflict):
    """A room or a person would be in two sessions at once; ``clashes`` names each, for programs among the facts."""

    code = "programme_clash"
    message = gettext_lazy("This place in the programme is taken.")

    def __init__(self, clashes: Sequence[Clash]) -> None:
        self.clashes = list(clashes)
        super().__init__(" ".join(str(clash) for clash in clashes), clashes=[clash.facts() for clash in clashes])


def refuse_clashes(session: Session) -> None:
    """Raises ProgrammeClash if ``session``, as it stands in the table, needs a room or a person that another session has then.

    Certain only under the conference's lock. Four queries.
    """
    found = [clash for slot in slots(Q(pk=session.pk)) for clash in clashes_with(slot, conference_id=session.conference_id)]
    if found:
        raise ProgrammeClash(found)


def clashes_with(slot: Slot, *, conference_id: int) -> list[Clash]:
    """What stands against a session having the place ``slot``, whatever place it has now. Two queries."""
    beside = Q(draft_starts_at__lt=slot.ends_at, draft_ends_at__gt=slot.starts_at, conference=conference_id) & ~Q(pk=slot.session_id)
    return [clash for clash in clashes_of([*slots(beside), slot]) if slot in (clash.first, clash.second)]


def slots(which: Q) -> list[Slot]:
    """The sessions ``which`` have a place in the draft. Two queries."""
    sessions = list(Session.objects.placed().filter(which).select_related("draft_room").order_by("pk"))
    people: dict[int, dict[int, str]] = {}
    for part in Participation.objects.filter(session__in=[session.pk for session in sessions]).select_related("speaker").order_by("pk"):
        people.setdefault(part.session_id, {})[part.speaker_id] = str(part.speaker)
    return [
        Slot(
            session_id=session.pk,
            code=session.code,
            title=str(session.title),
            starts_at=times[0],
            ends_at=times[1],
            room_id=session.draft_room_id,
            room=str(session.draft_room or ""),
            people=people.get(session.pk, {}),
        )
        for session in sessions
        if (times := session.draft_times)
    ]


def clashes_of(programme: Iterable[Slot]) -> list[Clash]:
    """Every pair that cannot both be, in order of time."""
    held: dict[tuple[str, int], tuple[str, list[Slot]]] = {}
    for slot in programme:
        rooms = [("room", slot.room_id, slot.room)] if slot.room_id is not None else []
        for kind, pk, name in (*rooms, *(("person", pk, name) for pk, name in slot.people.items())):
            held.setdefault((kind, pk), (name, []))[1].append(slot)
    found = [Clash(kind, name, *pair) for (kind, _pk), (name, slots) in held.items() for pair in at_once(slots)]
    return sorted(found, key=lambda clash: (clash.second.starts_at, clash.second.code, clash.kind != "room"))


class Timed(Protocol):
    """What has a place in time, and a code to tell it by."""

    @property
    def code(self) -> str: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...


Each = TypeVar("Each", bound=Timed)


def at_once(programme: Iterable[Each]) -> Iterator[tuple[Each, Each]]:
    """Pairs that overlap: equal, inside, enclosing or in part, the earlier one first."""
    running: list[Each] = []
    for slot in sorted(programme, key=lambda one: (one.starts_at, one.code)):
        running = [earlier for earlier in running if earlier.ends_at > slot.starts_at]
        yield from ((earlier, slot) for earlier in running)
        running.append(slot)
