"""What staff have to see to: tasks that come when an exhibitor has not done something in time, and go when it has."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from accounts.models import User
from exhibitors.models import Application, StaffTask
from fairs.models import Deadline


class Given(NamedTuple):
    """A task to be: about which exhibitor and deadline, due at which moment, and whose."""

    application: Application
    deadline: Deadline
    due_at: datetime
    assignee_id: int | None


def give(given: Sequence[Given], *, now: datetime) -> None:
    """Write the tasks that are not there yet: one an application, deadline and due moment, whoever was told of it."""
    if not given:
        return
    rows = (
        StaffTask(
            fair_id=task.application.fair_id,
            application=task.application,
            deadline=task.deadline,
            deadline_due_at=task.due_at,
            assignee_id=task.assignee_id,
            due_on=now.date(),
            created_at=now,
        )
        for task in given
    )
    StaffTask.objects.bulk_create(rows, ignore_conflicts=True)


def finish(*, task_ids: Sequence[int], now: datetime, by: User | None = None) -> int:
    """Mark tasks as done; ``by`` None: the exhibitor did what was missing. Returns how many were not done before."""
    if not task_ids:
        return 0
    return StaffTask.objects.open().filter(pk__in=task_ids).update(done_at=now, done_by=by)
