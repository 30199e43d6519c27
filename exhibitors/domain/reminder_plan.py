"""What is to be told of a fair's deadlines at one moment: to whom, about which applications, by which step of each ladder.

Reads and decides, writes nothing. The number of queries does not grow with exhibitors or deadlines. When a step is due for a reader:
fairs/domain/ladders.py and fairs/quiet_time.py.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Max, Q, QuerySet

from accounts.enums import Notice as TellAtOnce
from exhibitors.domain import readers
from exhibitors.domain.open_deadlines import OpenDeadline, read_open
from exhibitors.domain.readers import Reader
from exhibitors.enums import ApplicationStatus, ReminderOutcome
from exhibitors.models import Application, DeadlineExtension, DeadlineReminder, StaffTask
from fairs.domain.ladders import moment_of, quiet_days_of
from fairs.enums import FairStatus, RungAct, RungReader, StaffRole
from fairs.models import Deadline, Fair, Rung, StaffMembership
from fairs.quiet_time import QuietTime

log = logging.getLogger(__name__)
LATE = timedelta(days=2)  # so long a step that comes after the due moment may be late; then it expires
_LONGEST_AHEAD = timedelta(days=190)
_LONGEST_BEHIND = timedelta(days=160)


class Step(NamedTuple):
    """A step of a ladder that is due for a reader, or that has expired."""

    rung: Rung
    outcome: ReminderOutcome


@dataclass(frozen=True)
class Notice:
    """One step of one deadline for one application."""

    deadline: Deadline
    due_at: datetime
    rung: Rung
    open: OpenDeadline

    @property
    def application(self) -> Application:
        return self.open.application

    def row(self, reader: Reader, *, now: datetime, outcome: ReminderOutcome = ReminderOutcome.TOLD) -> DeadlineReminder:
        return DeadlineReminder(
            deadline=self.deadline,
            due_at=self.due_at,
            offset=self.rung.offset,
            unit=self.rung.unit,
            act=self.rung.act,
            application=self.application,
            email=reader.address,
            outcome=outcome,
            reminded_at=now,
        )


@dataclass
class Digest:
    """One letter to be. ``notices`` is all that is to be recorded; the letter says what is ``written``."""

    reader: Reader
    fair: Fair
    for_staff: bool
    notices: list[Notice] = field(default_factory=list)

    @property
    def written(self) -> list[Notice]:
        """Staff who read of missed deadlines in the daily digest get the task alone; of what is ahead that digest says nothing."""
        return [notice for notice in self.notices if is_written(notice.rung, self.reader, for_staff=self.for_staff)]


def is_written(rung: Rung, reader: Reader, *, for_staff: bool) -> bool:
    """Whether a step comes as a letter: each of the staff chooses whether escalations do."""
    return not for_staff or rung.offset <= 0 or reader.user_id is None or TellAtOnce.ESCALATIONS in reader.at_once


@dataclass
class Plan:
    """What is to be done at one fair."""

    fair: Fair
    digests: list[Digest] = field(default_factory=list)
    expired: list[tuple[Reader, Notice]] = field(default_factory=list)
    finished_tasks: list[int] = field(default_factory=list)


def plans(*, now: datetime, fair_id: int | None = None, deadline_id: int | None = None, held_back: bool = False) -> list[Plan]:
    """The plan of every published fair with deadlines, or of one, or of one of its deadlines alone.

    ``held_back``: with what is late and still waits, for the reader's next digest.
    """
    fairs = fairs_that_remind(now=now)
    if fair_id is not None:
        fairs = fairs.filter(pk=fair_id)
    return [Planning(fair, now, deadline_id, held_back=held_back).plan() for fair in fairs]


def fairs_that_remind(*, now: datetime) -> QuerySet[Fair]:
    """The published ones with a deadline that is ahead, or so little behind that a step of its ladder may still be."""
    fairs = Fair.objects.filter(status=FairStatus.PUBLISHED, deadlines__due_at__gt=now - _LONGEST_BEHIND)
    return fairs.distinct().order_by("pk")


class Ask(NamedTuple):
    """Somebody who hears of an application, and in which of the ladder's roles."""

    reader: Reader
    roles: frozenset[str]
    for_staff: bool


class Candidate(NamedTuple):
    ask: Ask
    application: Application
    deadline: Deadline
    due_at: datetime
    step: Step


class Planning:
    """One look at one fair."""

    def __init__(self, fair: Fair, now: datetime, deadline_id: int | None = None, *, held_back: bool = False) -> None:
        self.held_back = held_back
        self.fair, self.now, self.deadline_id = fair, now.astimezone(UTC), deadline_id
        self.quiet_days = quiet_days_of(fair)
        self.quiet: dict[str, QuietTime] = {}
        self.steps: dict[tuple[int, datetime, str, frozenset[str]], list[Step]] = {}

    def plan(self) -> Plan:
        plan = Plan(self.fair)
        deadlines = self.deadlines()
        tasks = list(StaffTask.objects.open().filter(fair=self.fair, deadline_due_at__isnull=False).only("application", "deadline"))
        if not deadlines and not tasks:
            return plan
        applications = self.applications()
        candidates = self.untold(list(self.candidates(applications, deadlines)))
        wanted: dict[int, set[int]] = defaultdict(set)
        for candidate in candidates:
            wanted[candidate.application.pk].add(candidate.deadline.pk)
        for task in tasks:
            wanted[task.application_id or 0].add(task.deadline_id or 0)
        found = (
            read_open([each for each in applications if each.pk in wanted], fair=self.fair, now=self.now, wanted=wanted) if wanted else {}
        )
        self._sort_into(plan, candidates, found)
        plan.finished_tasks = [task.pk for task in tasks if (task.application_id, task.deadline_id) not in found]
        return plan

    def applications(self) -> list[Application]:
        """Those that are not over, as their exhibitors know."""
        rows = Application.objects.filter(fair=self.fair).exclude(told_status__in=ApplicationStatus.ended)
        return list(rows.select_related("company__region", "responsible").order_by("pk"))

    def deadlines(self) -> list[Deadline]:
        """Those with a ladder that may have something to say now."""
        rows = Deadline.objects.filter(fair=self.fair, due_at__lt=self.now + _LONGEST_AHEAD)
        rows = rows if self.deadline_id is None else rows.filter(pk=self.deadline_id)
        rows = rows.filter(Q(due_at__gt=self.now - _LONGEST_BEHIND) | Q(extensions__due_at__gt=self.now - _LONGEST_BEHIND))
        return [row for row in rows.prefetch_related("ladder").distinct().order_by("due_at", "pk") if row.ladder.all()]

    # --- who and when ---

    def candidates(self, applications: Sequence[Application], deadlines: Sequence[Deadline]) -> Iterator[Candidate]:
        extended = self.extended(deadlines)
        asks = self.asks(applications)
        for application in applications:
            for deadline in deadlines:
                due_at = max(deadline.due_at, extended.get((application.pk, deadline.pk), deadline.due_at))
                for ask in asks[application.pk]:
                    for step in self._steps(deadline, due_at, ask):
                        yield Candidate(ask, application, deadline, due_at, step)

    def extended(self, deadlines: Sequence[Deadline]) -> dict[tuple[int, int], datetime]:
        rows = DeadlineExtension.objects.filter(deadline__in=deadlines).values_list("application", "deadline", "due_at")
        return {(application, deadline): due_at for application, deadline, due_at in rows}

    def asks(self, applications: Sequence[Application]) -> dict[int, list[Ask]]:
        people = readers.people_of({application.company_id for application in applications})
        staff = _Staff(self.fair)
        return {application.pk: [*_exhibitors(people[application.company_id]), *staff.of(application)] for application in applications}

    def _steps(self, deadline: Deadline, due_at: datetime, ask: Ask) -> list[Step]:
        key = (deadline.pk, due_at, ask.reader.time_zone, ask.roles)
        if key not in self.steps:
            self.steps[key] = list(self._find_steps(deadline, due_at, self.quiet_of(ask.reader.time_zone), ask.roles))
        return self.steps[key]

    def quiet_of(self, zone: str) -> QuietTime:
        if zone not in self.quiet:
            self.quiet[zone] = QuietTime.of(zone, self.quiet_days)
        return self.quiet[zone]

    def moments(self, deadline: Deadline, due_at: datetime, quiet: QuietTime, roles: frozenset[str]) -> list[tuple[datetime, int, Rung]]:
        """When each step of the ladder is due for a reader with these roles, with its offset."""
        ladder = [rung for rung in deadline.ladder.all() if rung.reader in roles]
        return [(moment_of(rung, due_at=due_at, fair_zone=self.fair.zone, quiet=quiet), rung.offset, rung) for rung in ladder]

    def _find_steps(self, deadline: Deadline, due_at: datetime, quiet: QuietTime, roles: frozenset[str]) -> Iterator[Step]:
        moments = self.moments(deadline, due_at, quiet, roles)
        before = sorted((each for each in moments if each[1] <= 0), key=lambda each: each[:2])
        begun = [rung for moment, _offset, rung in before if moment <= self.now]
        if self.now < due_at:
            # What is late goes at once, but before nine and in quiet time only where it could not go afterwards, and not on a day that
            # has a step of its own to come. Of several the latest tells it all.
            today = quiet.day_of(self.now)
            is_early = any(quiet.day_of(moment) == today for moment, _offset, _rung in before if moment > self.now)
            waits = is_early or self.now < quiet.goes(self.now) < due_at
            if begun and (self.held_back or not waits):
                yield Step(begun[-1], ReminderOutcome.TOLD)
            return
        if before and self.now < due_at + LATE:
            yield Step(before[-1][2], ReminderOutcome.EXPIRED)
        for moment, offset, rung in moments:
            if offset <= 0 or moment > self.now or (rung.act == RungAct.CONSEQUENCE and not deadline.consequence):
                continue
            if self.now < moment + LATE:
                if self.held_back or quiet.goes(self.now) <= self.now:
                    yield Step(rung, ReminderOutcome.TOLD)
            elif self.now < moment + 2 * LATE:
                yield Step(rung, ReminderOutcome.EXPIRED)

    # --- what was told, and what is left of it ---

    def untold(self, candidates: list[Candidate]) -> list[Candidate]:
        asked = {(each.deadline.pk, each.due_at, each.step.rung.offset, each.step.rung.unit, each.step.rung.act) for each in candidates}
        condition = Q(pk=None)
        for deadline, due_at, offset, unit, act in asked:
            condition |= Q(deadline=deadline, due_at=due_at, offset=offset, unit=unit, act=act)
        rows = DeadlineReminder.objects.filter(condition) if asked else DeadlineReminder.objects.none()
        told = set(rows.values_list("deadline", "due_at", "offset", "unit", "act", "application", "email"))
        left = {}
        for each in candidates:  # once, also for somebody who hears of it in two roles
            if _guard(each) not in told:
                left.setdefault(_guard(each), each)
        return list(left.values())

    def _sort_into(self, plan: Plan, candidates: Iterable[Candidate], found: dict[tuple[int, int], OpenDeadline]) -> None:
        told_today = self.told_today() if found else {}
        digests: dict[tuple[str, bool], Digest] = {}
        for each in candidates:
            open_deadline = found.get((each.application.pk, each.deadline.pk))
            if open_deadline is None:
                continue
            reader = each.ask.reader
            notice = Notice(each.deadline, each.due_at, each.step.rung, open_deadline)
            if each.step.outcome == ReminderOutcome.EXPIRED:
                plan.expired.append((reader, notice))
            elif not self.can_wait(reader, each.due_at, told_today.get(reader.address)):
                digest = digests.setdefault((reader.address, each.ask.for_staff), Digest(reader, self.fair, each.ask.for_staff))
                digest.notices.append(notice)
        plan.digests = [digest for digest in digests.values() if _has_address(digest)]

    def told_today(self) -> dict[str, datetime]:
        """When each address got its latest digest, as far as that may have been today."""
        recent = DeadlineReminder.objects.filter(
            deadline__fair=self.fair, outcome=ReminderOutcome.TOLD, reminded_at__gt=self.now - timedelta(days=1, hours=1)
        )
        return dict(recent.order_by().values_list("email").annotate(at=Max("reminded_at")))

    def can_wait(self, reader: Reader, due_at: datetime, told_at: datetime | None) -> bool:
        """One digest a day: whoever has had today's gets the rest tomorrow, unless that were too late."""
        if self.held_back or told_at is None or told_at > self.now:
            return False
        quiet = self.quiet_of(reader.time_zone)
        today: date = quiet.day_of(self.now)
        if quiet.day_of(told_at) != today:
            return False
        tomorrow = quiet.goes(quiet.at(today + timedelta(days=1)))
        return due_at <= self.now or tomorrow < due_at


def _has_address(digest: Digest) -> bool:
    try:
        validate_email(digest.reader.email)
    except ValidationError:
        log.warning("A reader has no valid email address and is not reminded: fair %s.", digest.fair.pk)
        return False
    return True


def _guard(each: Candidate) -> tuple[int, datetime, int, str, str, int, str]:
    rung = each.step.rung
    return each.deadline.pk, each.due_at, rung.offset, rung.unit, rung.act, each.application.pk, each.ask.reader.address


def _exhibitors(people: readers.People) -> list[Ask]:
    """Where nobody has a login the operational contacts stand in for those who act."""
    acting = {reader.address for reader in people.acting or people.operations}
    operations = {reader.address for reader in people.operations}
    return [
        Ask(
            reader,
            frozenset(
                role
                for role, addresses in ((RungReader.OWNER.value, acting), (RungReader.OPERATIONS.value, operations))
                if reader.address in addresses
            ),
            for_staff=False,
        )
        for reader in readers.once_each([*people.acting, *people.operations])
    ]


class _Staff:
    """Who of the fair's staff hears of an application; where nobody is responsible, or no longer here, the fair's owners."""

    def __init__(self, fair: Fair) -> None:
        rows = StaffMembership.objects.filter(fair=fair, user__is_active=True).select_related("user").order_by("pk")
        self.owners = [Reader.of(row.user) for row in rows if row.role == StaffRole.OWNER]
        self.coordinators: dict[str, list[Reader]] = defaultdict(list)
        for row in rows:
            if row.role == StaffRole.REGIONAL_COORDINATOR:
                self.coordinators[row.region_code].append(Reader.of(row.user))

    def of(self, application: Application) -> list[Ask]:
        responsible = [Reader.of(user) for user in readers.responsible_staff(application)]
        roles: dict[str, set[str]] = defaultdict(set)
        by_address: dict[str, Reader] = {}
        named = [(RungReader.RESPONSIBLE, reader) for reader in responsible or self.owners]
        named += [(RungReader.COORDINATOR, reader) for reader in self.coordinators.get(self._region(application), [])]
        for role, reader in named:
            by_address.setdefault(reader.address, reader)
            roles[reader.address].add(role.value)
        return [Ask(reader, frozenset(roles[address]), for_staff=True) for address, reader in by_address.items()]

    def _region(self, application: Application) -> str:
        region = application.company.region
        return region.code if region else ""
