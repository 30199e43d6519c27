"""Until when each exhibitor has time. Whom a deadline concerns, and who has done what it asks for: checklist.py and open_deadlines.py."""

from collections.abc import Collection, Iterable
from datetime import datetime

from exhibitors.models import Application, DeadlineExtension
from fairs.models import Deadline, Fair

APPLICATION = "application"  # the code of the deadline by which applications come in: the same moment as the fair's own window


def due_moment(application: Application, deadline: Deadline) -> datetime:
    """When ``deadline`` is due for this application: at its own moment, or later where the organiser has extended it."""
    return due_moments([application.pk], [deadline])[application.pk, deadline.pk]


def due_moments(application_ids: Collection[int], deadlines: Iterable[Deadline]) -> dict[tuple[int, int], datetime]:
    """The same by application and deadline id, in one query. An extension that the deadline itself has overtaken does not count."""
    by_id = {deadline.pk: deadline for deadline in deadlines}
    found = {(application, deadline.pk): deadline.due_at for application in application_ids for deadline in by_id.values()}
    extended = DeadlineExtension.objects.filter(application__in=application_ids, deadline__in=by_id)
    for application, deadline, due_at in extended.values_list("application", "deadline", "due_at"):
        found[application, deadline] = max(due_at, found[application, deadline])
    return found


def closes_at(application: Application) -> datetime:
    """Until when the application is in time: when the fair's window closes, or as long as its deadline ``application`` was extended."""
    return closing_moments([application.pk], application.fair)[application.pk]


def closing_moments(application_ids: Collection[int], fair: Fair) -> dict[int, datetime]:
    """The same by application id, in one query."""
    found = dict.fromkeys(application_ids, fair.applications_close_at)
    extended = DeadlineExtension.objects.filter(application__in=application_ids, deadline__code=APPLICATION)
    for application, due_at in extended.values_list("application", "due_at"):
        found[application] = max(due_at, found[application])
    return found
