"""Reminders of deadlines: to exhibitors and to the staff responsible for them, one digest a day and person at each fair.

What is due is planned (reminder_plan.py), drawn (reminder_letters.py), and written here together with the rows that say so: the database
refuses a second row of the same step, due moment, application and reader, so however often, late, or on however many schedulers this
runs, each is told once. A step whose moment passed while nothing ran is written down as expired.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from exhibitors.domain import staff_tasks
from exhibitors.domain.reminder_letters import Letters
from exhibitors.domain.reminder_plan import Digest, Plan, Planning, fairs_that_remind
from exhibitors.enums import ReminderOutcome
from exhibitors.models import DeadlineReminder
from fairs.enums import FairStatus, RungAct
from fairs.models import Fair
from fairs.one_by_one import one_by_one
from notifications.outbox import write_drawn

log = logging.getLogger(__name__)

DIGESTS_A_TRANSACTION = 3000  # drawn beforehand, so that other writers wait for the rows alone


def remind(*, now: datetime) -> int:
    """Write every reminder that is due and was not written yet, fair by fair. Returns how many letters were written."""
    fairs = fairs_that_remind(now=now)
    return one_by_one(lambda fair: carry_out(Planning(fair, now).plan(), now=now), fairs, what="The reminders of")


def told_on_the_day_of(now: datetime) -> Iterator[DeadlineReminder]:
    """What readers were told on that day of each published fair's calendar, reader by reader."""
    for fair in Fair.objects.filter(status=FairStatus.PUBLISHED).order_by("pk"):
        midnight = now.astimezone(fair.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        rows = DeadlineReminder.objects.filter(deadline__fair=fair, outcome=ReminderOutcome.TOLD, reminded_at__gte=midnight)
        rows = rows.filter(reminded_at__lt=midnight + timedelta(days=1)).select_related("deadline__fair", "application__company")
        yield from rows.order_by("email", "reminded_at", "deadline__due_at", "pk")


def carry_out(plan: Plan, *, now: datetime) -> int:
    """Write what a plan says; what another scheduler has done meanwhile, or somebody has changed, is left to the next tick."""
    staff_tasks.finish(task_ids=plan.finished_tasks, now=now)
    _note_expired(plan, now=now)
    digests = sorted(plan.digests, key=lambda each: (each.for_staff, each.reader.address))
    letters = Letters(now=now)
    return sum(_send(batch, letters, now=now) for batch in _batches(digests))


def _note_expired(plan: Plan, *, now: datetime) -> None:
    rows = [notice.row(reader, now=now, outcome=ReminderOutcome.EXPIRED) for reader, notice in plan.expired]
    if rows:
        DeadlineReminder.objects.bulk_create(rows, ignore_conflicts=True)


def _batches(digests: Sequence[Digest]) -> Iterator[Sequence[Digest]]:
    for start in range(0, len(digests), DIGESTS_A_TRANSACTION):
        yield digests[start : start + DIGESTS_A_TRANSACTION]


def _send(batch: Sequence[Digest], letters: Letters, *, now: datetime) -> int:
    drawn = [letters.draw(digest) for digest in batch if digest.written]
    rows = [notice.row(digest.reader, now=now) for digest in batch for notice in digest.notices]
    rows.sort(key=lambda row: (row.deadline_id, row.due_at, row.offset, row.application_id, row.email))  # two at once wait, in one order
    try:
        with transaction.atomic():
            DeadlineReminder.objects.bulk_create(rows)
            staff_tasks.give(_tasks_of(batch), now=now)
            return write_drawn(drawn)
    except IntegrityError:
        log.info("Another scheduler reminds the same people, or a deadline was removed; the rest goes at the next tick.")
        return 0


def _tasks_of(batch: Sequence[Digest]) -> list[staff_tasks.Given]:
    return [
        staff_tasks.Given(notice.application, notice.deadline, notice.due_at, digest.reader.user_id)
        for digest in batch
        for notice in digest.notices
        if notice.rung.act == RungAct.TASK
    ]


__all__ = ["carry_out", "remind", "told_on_the_day_of"]
