"""Which reminders come in the next days, if nobody does anything until then: letter by letter, as the scans to come will write them.

Each is one digest: what is due for a reader at one moment goes together, and what comes later on a day that has had its digest goes with
the next day's, unless that were too late. Reads and decides, writes nothing.

Exhibitors who have the same to do and live by the same clock get the same letters: those are worked out once, so that thousands of
exhibitors take little more than asking what each has to do.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from typing import NamedTuple

from exhibitors.domain.open_deadlines import read_open
from exhibitors.domain.readers import Reader
from exhibitors.domain.reminder_plan import Ask, Planning, is_written
from exhibitors.enums import ReminderOutcome
from exhibitors.models import Application
from fairs.enums import FairStatus, RungAct
from fairs.models import Deadline, Fair, Rung
from fairs.quiet_time import QuietTime


class Told(NamedTuple):
    """A deadline in a letter, and whom it is about: ids of applications, or none where the letter's reader has one alone."""

    deadline: int
    applications: tuple[int, ...]


class Letter(NamedTuple):
    at: datetime
    for_staff: bool
    told: tuple[Told, ...]


class Mailbox(NamedTuple):
    """A reader, the application where there is one alone, and the letters to come."""

    reader: Reader
    application: int | None
    letters: tuple[Letter, ...]

    def about(self, told: Told) -> tuple[int, ...]:
        return (self.application,) if self.application is not None else told.applications


@dataclass(frozen=True)
class Ahead:
    """What is to come at one fair; the names in the language that is active."""

    mailboxes: list[Mailbox] = field(default_factory=list)
    deadlines: dict[int, str] = field(default_factory=dict)
    companies: dict[int, str] = field(default_factory=dict)  # by application


class _Turn(NamedTuple):
    """A step of a ladder that comes for somebody."""

    at: datetime
    for_staff: bool
    deadline: Deadline
    due_at: datetime
    rung: Rung
    application: int


class _Part(NamedTuple):
    """Somebody who hears of an application."""

    ask: Ask
    application: Application


def reminders_ahead(fair: Fair, *, now: datetime, until: datetime) -> Ahead:
    """From ``now`` to ``until``. The number of queries does not grow with deadlines or applications."""
    if fair.status != FairStatus.PUBLISHED:
        return Ahead()
    return _Looking(fair, now=now, until=until).ahead()


class _Looking:
    def __init__(self, fair: Fair, *, now: datetime, until: datetime) -> None:
        self.planning = Planning(fair, now, held_back=True)
        self.fair, self.now, self.until = fair, self.planning.now, until
        self._events: dict[tuple[int, datetime, str, frozenset[str]], list[tuple[datetime, Rung]]] = {}
        self._late: dict[tuple[int, int, str], _Turn] = {}  # by application, deadline and address
        self._schedules: dict[object, tuple[Letter, ...]] = {}

    def ahead(self) -> Ahead:
        deadlines = self.planning.deadlines()
        if not deadlines:
            return Ahead()
        applications = self.planning.applications()
        asks = self.planning.asks(applications)
        self._find_late(applications, deadlines)
        due = self._due(applications, deadlines, asks)
        wanted = {pk: set(those) for pk, those in due.items()}
        asked = [each for each in applications if each.pk in due]
        found = read_open(asked, fair=self.fair, now=self.now, wanted=wanted) if wanted else {}
        by_address: dict[str, list[_Part]] = defaultdict(list)
        for application in asked:
            for ask in asks[application.pk]:
                by_address[ask.reader.address].append(_Part(ask, application))
        self._open = {
            application.pk: [each for each in deadlines if each.pk in due[application.pk] and (application.pk, each.pk) in found]
            for application in asked
        }
        self._due_at = due
        told_today = self.planning.told_today()
        mailboxes = (self._mailbox(parts, told_today.get(address)) for address, parts in sorted(by_address.items()))
        return Ahead(
            [each for each in mailboxes if each.letters],
            {deadline.pk: str(deadline) for deadline in deadlines},
            {application.pk: str(application.company) for application in asked},
        )

    def _find_late(self, applications: Sequence[Application], deadlines: Sequence[Deadline]) -> None:
        """What is due and has not been told: it goes now or with the reader's next digest, unless a step of today tells it."""
        for each in self.planning.untold(list(self.planning.candidates(applications, deadlines))):
            if each.step.outcome != ReminderOutcome.TOLD:
                continue
            quiet = self.planning.quiet_of(each.ask.reader.time_zone)
            coming = self._steps_to_come(each.deadline, each.due_at, each.ask)
            if self.now < each.due_at and any(quiet.day_of(moment) == quiet.day_of(self.now) for moment, _rung in coming):
                continue
            goes = quiet.goes(self.now)
            at = goes if each.due_at <= self.now or goes < each.due_at else self.now
            turn = _Turn(at, each.ask.for_staff, each.deadline, each.due_at, each.step.rung, each.application.pk)
            self._late[each.application.pk, each.deadline.pk, each.ask.reader.address] = turn

    def _due(
        self, applications: Sequence[Application], deadlines: Sequence[Deadline], asks: dict[int, list[Ask]]
    ) -> dict[int, dict[int, datetime]]:
        """When the deadlines that may have something to say are due, by application."""
        extended = self.planning.extended(deadlines)
        kinds = {(ask.reader.time_zone, ask.roles): ask for those in asks.values() for ask in those}
        late = {(application, deadline) for application, deadline, _address in self._late}
        says: dict[tuple[int, datetime], bool] = {}
        found: dict[int, dict[int, datetime]] = defaultdict(dict)
        for application in applications:
            for deadline in deadlines:
                due_at = max(deadline.due_at, extended.get((application.pk, deadline.pk), deadline.due_at))
                key = (deadline.pk, due_at)
                if key not in says:
                    says[key] = any(self._steps_to_come(deadline, due_at, ask) for ask in kinds.values())
                if says[key] or (application.pk, deadline.pk) in late:
                    found[application.pk][deadline.pk] = due_at
        return found

    def _steps_to_come(self, deadline: Deadline, due_at: datetime, ask: Ask) -> list[tuple[datetime, Rung]]:
        key = (deadline.pk, due_at, ask.reader.time_zone, ask.roles)
        if key not in self._events:
            quiet = self.planning.quiet_of(ask.reader.time_zone)
            self._events[key] = [
                (at, rung)
                for at, offset, rung in self.planning.moments(deadline, due_at, quiet, ask.roles)
                if self.now < at <= self.until and (at < due_at or offset > 0) and (rung.act != RungAct.CONSEQUENCE or deadline.consequence)
            ]
        return self._events[key]

    def _mailbox(self, parts: Sequence[_Part], told_at: datetime | None) -> Mailbox:
        reader = parts[0].ask.reader
        if len(parts) > 1:
            turns = [turn for part in parts for turn in self._turns(part)]
            return Mailbox(reader, None, tuple(self._digests(turns, reader, told_at)))
        [part] = parts
        pk = part.application.pk
        dues = tuple((deadline.pk, self._due_at[pk][deadline.pk]) for deadline in self._open[pk])
        late = tuple(turn.rung.pk for deadline in self._open[pk] if (turn := self._late.get((pk, deadline.pk, reader.address))))
        key = (reader.time_zone, part.ask.roles, part.ask.for_staff and reader.at_once, part.ask.for_staff, told_at, dues, late)
        if key not in self._schedules:
            alone = self._digests(list(self._turns(part)), reader, told_at)
            self._schedules[key] = tuple(
                letter._replace(told=tuple(told._replace(applications=()) for told in letter.told)) for letter in alone
            )
        return Mailbox(reader, pk, self._schedules[key])

    def _turns(self, part: _Part) -> Iterator[_Turn]:
        pk = part.application.pk
        for deadline in self._open[pk]:
            if late := self._late.get((pk, deadline.pk, part.ask.reader.address)):
                yield late
            due_at = self._due_at[pk][deadline.pk]
            for at, rung in self._steps_to_come(deadline, due_at, part.ask):
                yield _Turn(at, part.ask.for_staff, deadline, due_at, rung, pk)

    def _digests(self, turns: Sequence[_Turn], reader: Reader, told_at: datetime | None) -> Iterator[Letter]:
        """The letters to one address."""
        quiet = self.planning.quiet_of(reader.time_zone)
        order = count()
        queue = [(turn.at, next(order), turn) for turn in turns]
        heapq.heapify(queue)
        while queue:
            at = queue[0][0]
            letters: dict[bool, list[_Turn]] = defaultdict(list)
            while queue and queue[0][0] == at:
                _at, _number, turn = heapq.heappop(queue)
                later = _later(turn, at, told_at, quiet)
                if later is None:
                    letters[turn.for_staff].append(turn)
                elif later <= self.until and not _is_told_on(quiet.day_of(later), turn, turns, quiet):
                    heapq.heappush(queue, (later, next(order), turn))
            for for_staff, those in letters.items():
                written = [turn for turn in those if is_written(turn.rung, reader, for_staff=for_staff)]
                if written:
                    yield Letter(at, for_staff, _told(written))
                told_at = at


def _later(turn: _Turn, at: datetime, told_at: datetime | None, quiet: QuietTime) -> datetime | None:
    """When it goes instead, because the reader has had the day's digest; None where it goes now."""
    if told_at is None or told_at > at or quiet.day_of(told_at) != quiet.day_of(at):
        return None
    day = quiet.day_of(at) + timedelta(days=1)
    tomorrow = quiet.goes(quiet.at(day))
    return None if at < turn.due_at <= tomorrow else tomorrow


def _is_told_on(day: date, turn: _Turn, turns: Sequence[_Turn], quiet: QuietTime) -> bool:
    """Whether a step of the same deadline has that day for its own."""
    if day == quiet.day_of(turn.at) or turn.rung.offset > 0:
        return False
    same = (each for each in turns if each.deadline.pk == turn.deadline.pk and each.application == turn.application)
    return any(quiet.day_of(each.at) == day and each.rung.offset <= 0 for each in same)


def _told(turns: Sequence[_Turn]) -> tuple[Told, ...]:
    """A deadline once, with those it is about."""
    about: dict[int, dict[int, None]] = defaultdict(dict)
    for turn in sorted(turns, key=lambda each: (each.due_at, each.deadline.pk, each.application)):
        about[turn.deadline.pk][turn.application] = None
    return tuple(Told(deadline, tuple(applications)) for deadline, applications in about.items())
