"""What staff have to see to: tasks that come when an exhibitor has not done something in time, and go when it has."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When

from accounts.models import User
from exhibitors.enums import ReminderOutcome
from exhibitors.models import Application, DeadlineReminder, StaffTask
from fairs import access
from fairs.enums import RungAct
from fairs.models import Deadline
from fairs.roles import Right


class Level(StrEnum):
    """How far it has gone that an exhibitor missed a deadline."""

    STAFF = "staff"
    COORDINATOR = "coordinator"
    CONSEQUENCE = "consequence"


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
            due_on=task.application.fair.day_of(now),
            created_at=now,
        )
        for task in given
    )
    StaffTask.objects.bulk_create(rows, ignore_conflicts=True)


def write(*, application: Application, title: str, note: str, assignee: User | None, now: datetime) -> None:
    """A task of its own, of no deadline: what the program cannot do by itself."""
    StaffTask.objects.create(
        fair_id=application.fair_id,
        application=application,
        title=title,
        note=note,
        assignee=assignee,
        due_on=application.fair.day_of(now),
        created_at=now,
    )


def seen_by(user: User) -> QuerySet[StaffTask]:
    """The tasks about applications that ``user`` sees, and the user's own that are about none."""
    if user.is_superuser:  # "everything" is an empty filter, which another one beside it would narrow
        return StaffTask.objects.all()
    about = access.within(user, Right.VIEW_APPLICATIONS, fair="fair", region="application__company__region__code")
    return StaffTask.objects.filter(about | _own(user) & Q(application=None))


def finishable_by(user: User) -> QuerySet[StaffTask]:
    """Those whose applications ``user`` may change, and the user's own among those seen, whatever the role."""
    if user.is_superuser:
        return StaffTask.objects.all()
    return seen_by(user).filter(access.within(user, Right.EDIT_APPLICATIONS, fair="fair") | _own(user))


def _own(user: User) -> Q:
    return Q(assignee=user) & access.within(user, Right.VIEW_APPLICATIONS, fair="fair")


def overdue(tasks: QuerySet[StaffTask]) -> QuerySet[StaffTask]:
    """Those of the tasks that an exhibitor's missed deadline has made, each with the furthest ``level`` that it has reached."""
    told = DeadlineReminder.objects.filter(
        application=OuterRef("application"),
        deadline=OuterRef("deadline"),
        due_at=OuterRef("deadline_due_at"),
        offset__gt=0,
        outcome=ReminderOutcome.TOLD,
    )
    level = Case(
        When(Exists(told.filter(act=RungAct.CONSEQUENCE)), then=Value(Level.CONSEQUENCE.value)),
        When(Exists(told.filter(act=RungAct.REMIND)), then=Value(Level.COORDINATOR.value)),
        default=Value(Level.STAFF.value),
        output_field=CharField(),
    )
    return tasks.filter(done_at__isnull=True, deadline_due_at__isnull=False).annotate(level=level)


def finish(*, task_ids: Sequence[int], now: datetime, by: User | None = None) -> int:
    """Mark tasks as done; ``by`` None: the exhibitor did what was missing. Returns how many were not done before."""
    if not task_ids:
        return 0
    return StaffTask.objects.open().filter(pk__in=task_ids).update(done_at=now, done_by=by)
