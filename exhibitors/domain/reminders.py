"""Reminders of deadlines: to the exhibitor and to the staff member responsible for it, one digest a person and fair.

A reminder goes at 9 o'clock in the fair's zone, 7 days and 1 day before the day of the due moment. When that is past, because the
deadline or the exhibitor is new, the deadline was moved or the scheduler stood still, it goes at once while the due moment is
ahead; of several that are past only the latest goes. Who was told is written with the letter (DeadlineReminder), and the database
refuses a second time: however often, late, or on however many schedulers this runs, each is told once.

Quiet hours and quiet days of the reader are not looked at yet.
"""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from exhibitors.domain import deadlines, readers
from exhibitors.domain.readers import Reader
from exhibitors.models import Application, DeadlineExtension, DeadlineReminder
from exhibitors.models.application import ApplicationQuerySet
from fairs.enums import FairStatus
from fairs.models import Deadline, Fair
from notifications.outbox import NewLetter, write_letters

log = logging.getLogger(__name__)

DAYS_BEFORE = (7, 1)
HOUR = time(9)  # in the fair's zone
APPLICATIONS_A_QUERY = 500
DIGESTS_A_TRANSACTION = 100  # on SQLite other writers wait so long
COMPANIES_NAMED = 20  # of one deadline in a staff member's letter; the rest is a number


@dataclass(frozen=True)
class Occasion:
    """A deadline of which it is time to remind, and how many days before (one of DAYS_BEFORE).

    ``extended_to``: only for those exhibitors who have until then; without it for all who have no such extension.
    """

    deadline: Deadline
    days_before: int
    extended_to: datetime | None = None

    @property
    def due_at(self) -> datetime:
        return self.extended_to or self.deadline.due_at

    def open_for(self) -> ApplicationQuerySet:
        """The applications that have to do it by this moment and have not."""
        extensions = DeadlineExtension.objects.filter(application=OuterRef("pk"), deadline=self.deadline)
        if self.extended_to is not None:
            return deadlines.open_for(self.deadline).filter(Exists(extensions.filter(due_at=self.extended_to)))
        return deadlines.open_for(self.deadline).exclude(Exists(extensions.filter(due_at__gt=self.deadline.due_at)))


@dataclass
class Digest:
    """One letter to be: whom it goes to, and which applications each occasion concerns."""

    reader: Reader
    fair: Fair
    for_staff: bool = False
    items: dict[Occasion, list[Application]] = field(default_factory=dict)

    @property
    def applications(self) -> dict[int, Application]:
        return {application.pk: application for those in self.items.values() for application in those}

    def told(self) -> list[tuple[Occasion, Application | None]]:
        """What has been told when the letter is written. A staff member is told of a deadline, not of each application."""
        if self.for_staff:
            return [(occasion, None) for occasion in self.items]
        return [(occasion, application) for occasion, applications in self.items.items() for application in applications]

    def rows(self, *, now: datetime) -> list[DeadlineReminder]:
        return [
            DeadlineReminder(
                deadline=occasion.deadline,
                due_at=occasion.due_at,
                days_before=occasion.days_before,
                application=application,
                email=self.reader.address,
                reminded_at=now,
            )
            for occasion, application in self.told()
        ]


def remind(*, now: datetime) -> int:
    """Write every reminder that is due and was not written yet. Returns how many letters were written."""
    return sum(_send(batch, now=now) for batch in _batches(plan(now=now)))


def plan(*, now: datetime) -> list[Digest]:
    """Who is to be told of what now; writes nothing. The number of queries follows the deadlines, not the applications (500 a time)."""
    by_fair: dict[int, list[Occasion]] = defaultdict(list)
    for occasion in occasions(now=now):
        by_fair[occasion.deadline.fair_id].append(occasion)
    return [digest for of_fair in by_fair.values() for digest in (*_for_exhibitors(of_fair), *_for_staff(of_fair))]


def occasions(*, now: datetime) -> list[Occasion]:
    """The deadlines ahead, at published fairs, whose hour to be reminded of has come; each with the latest of its reminders."""
    until = now + timedelta(days=max(DAYS_BEFORE) + 2)  # a day has up to 25 hours, and the hour may lie a day before
    ahead = Deadline.objects.due_within(now=now, until=until).filter(fair__status=FairStatus.PUBLISHED)
    moments: list[tuple[Deadline, datetime | None]] = [(row, None) for row in ahead.select_related("fair").order_by("due_at", "pk")]
    found = []
    for deadline, extended_to in [*moments, *_extended(now=now, until=until)]:
        begun = [days for days in DAYS_BEFORE if moment_of(deadline, days, due_at=extended_to) <= now]
        if begun:
            found.append(Occasion(deadline, min(begun), extended_to))
    return found


def _extended(*, now: datetime, until: datetime) -> list[tuple[Deadline, datetime]]:
    """The moments to which deadlines were extended for somebody, each once."""
    rows = DeadlineExtension.objects.filter(due_at__gt=F("deadline__due_at"), due_at__lte=until)
    rows = (
        rows.filter(due_at__gt=now, deadline__fair__status=FairStatus.PUBLISHED)
        .select_related("deadline__fair")
        .order_by("due_at", "deadline")
    )
    return list({(row.deadline_id, row.due_at): (row.deadline, row.due_at) for row in rows}.values())


def moment_of(deadline: Deadline, days_before: int, *, due_at: datetime | None = None) -> datetime:
    """When the reminder goes: by the calendar and the clock on the fair's wall, also across a change of the clocks."""
    day = (due_at or deadline.due_at).astimezone(deadline.fair.zone).date() - timedelta(days=days_before)
    return datetime.combine(day, HOUR, tzinfo=deadline.fair.zone)


def _told(occasion: Occasion) -> QuerySet[DeadlineReminder]:
    return DeadlineReminder.objects.filter(deadline=occasion.deadline, due_at=occasion.due_at, days_before=occasion.days_before)


def _for_exhibitors(of_fair: list[Occasion]) -> Iterable[Digest]:
    digests: dict[str, Digest] = {}
    for occasion in of_fair:
        # By application, not by address: its readers are told in one transaction (_batches), or none of them is.
        untold = occasion.open_for().exclude(Exists(_told(occasion).filter(application=OuterRef("pk"))))
        applications = list(untold.select_related("company").order_by("pk"))
        for start in range(0, len(applications), APPLICATIONS_A_QUERY):
            some = applications[start : start + APPLICATIONS_A_QUERY]
            people = readers.exhibitor_readers_of(application.company_id for application in some)
            for application in some:
                for reader in people[application.company_id]:
                    digest = digests.setdefault(reader.address, Digest(reader, occasion.deadline.fair))
                    digest.items.setdefault(occasion, []).append(application)
    return digests.values()


def _for_staff(of_fair: list[Occasion]) -> Iterable[Digest]:
    digests: dict[str, Digest] = {}
    for occasion in of_fair:
        concerned = occasion.open_for().filter(responsible__is_active=True)
        told = _told(occasion).filter(application=None, email=OuterRef("responsible__email"))
        for application in concerned.exclude(Exists(told)).select_related("company", "responsible").order_by("pk"):
            if application.responsible is None:  # the filter leaves none; said for the type checker
                continue
            reader = Reader.of(application.responsible)
            digest = digests.setdefault(reader.address, Digest(reader, occasion.deadline.fair, for_staff=True))
            digest.items.setdefault(occasion, []).append(application)
    return digests.values()


def _batches(digests: list[Digest]) -> Iterator[list[Digest]]:
    """The digests, about a hundred a batch; those that tell of one application stay together."""
    telling_of: dict[int, list[Digest]] = defaultdict(list)
    for digest in digests:
        if not digest.for_staff:
            for application_id in digest.applications:
                telling_of[application_id].append(digest)
    batch: dict[int, Digest] = {}
    done: set[int] = set()
    for first in digests:
        waiting = [first]
        while waiting:
            digest = waiting.pop()
            if id(digest) in done:
                continue
            done.add(id(digest))
            batch[id(digest)] = digest
            if not digest.for_staff:
                for application_id in digest.applications:
                    waiting.extend(telling_of.pop(application_id, []))
        if len(batch) >= DIGESTS_A_TRANSACTION:
            yield list(batch.values())
            batch = {}
    if batch:
        yield list(batch.values())


@transaction.atomic
def _send(batch: list[Digest], *, now: datetime) -> int:
    """Write down who is told, and the letters with it; nothing when another scheduler is at the same."""
    batch = sorted((digest for digest in batch if _has_address(digest)), key=lambda digest: (digest.for_staff, digest.reader.address))
    rows = [row for digest in batch for row in digest.rows(now=now)]
    try:
        with transaction.atomic():  # a savepoint: the outer transaction survives the refusal
            DeadlineReminder.objects.bulk_create(rows)
    except IntegrityError:
        log.info("Another scheduler reminds the same people, or a deadline was removed; the rest goes at the next tick.")
        return 0
    return write_letters([_letter(digest, now=now) for digest in batch])


def _has_address(digest: Digest) -> bool:
    try:
        validate_email(digest.reader.email)
    except ValidationError:
        log.warning("A reader has no valid email address and is not reminded: fair %s.", digest.fair.pk)
        return False
    return True


def _letter(digest: Digest, *, now: datetime) -> NewLetter:
    occasion = "staff_deadline_reminder" if digest.for_staff else "deadline_reminder"
    told_of = list(digest.applications.values())
    items = [_item(of, applications, digest, now=now) for of, applications in digest.items.items()]
    alone = told_of[0] if len(told_of) == 1 and not digest.for_staff else None
    return NewLetter(
        key=f"{occasion}:{_fingerprint(digest)}:{digest.reader.address}",
        to=digest.reader.email,
        name=digest.reader.name,
        user_id=digest.reader.user_id,
        fair_id=digest.fair.pk,
        occasion=f"exhibitors.{occasion}",
        language=digest.reader.language,
        time_zone=digest.reader.time_zone,
        about=f"application:{alone.pk}" if alone else f"fair:{digest.fair.pk}",
        reply_to=digest.fair.reply_to,
        context={
            "fair": digest.fair,
            "fair_zone": digest.fair.time_zone,
            "company": alone.company if alone else None,
            "items": sorted(items, key=lambda item: item["due_at"]),
            "only": items[0] if len(items) == 1 else None,
            "desk_url": f"{settings.SITE_URL}/admin/exhibitors/application/",
        },
    )


def _item(occasion: Occasion, applications: list[Application], digest: Digest, *, now: datetime) -> dict[str, Any]:
    zone = digest.fair.zone
    due_day = occasion.due_at.astimezone(zone).date()
    named = applications[:COMPANIES_NAMED] if digest.for_staff else applications
    return {
        "deadline": occasion.deadline,
        "due_at": occasion.due_at,
        "due_day": due_day,
        "days_left": (due_day - now.astimezone(zone).date()).days,
        "companies": [application.company for application in named],
        "count": len(applications),
        "more": len(applications) - len(named),
    }


def _fingerprint(digest: Digest) -> str:
    """What the digest tells, as a part of the letter's key: the same on every scheduler."""
    told = sorted(
        (of.deadline.pk, of.due_at.isoformat(), of.days_before, application.pk if application else 0) for of, application in digest.told()
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]
