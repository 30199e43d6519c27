"""Somebody ticks off what an exhibitor has done of a deadline, or takes the tick back: an organiser any of them, the exhibitor those that
nothing here can see."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from api.problems import Conflict, Invalid, field_error
from exhibitors.domain import steps
from exhibitors.domain.checklist import checklist
from exhibitors.models import Application, DeadlineTick, StaffTask
from fairs.models import Deadline

LONGEST_NOTE = 300


class NotByHand(Conflict):
    """The system sees whether it is done, or it is not needed yet."""

    code = "not-ticked-by-hand"
    message = gettext_lazy("This is not ticked off by hand: the checklist says what it needs.")


class TickedByOrganiser(Conflict):
    """An organiser's tick is taken back by an organiser."""

    code = "ticked-by-organiser"
    message = gettext_lazy("The organiser has ticked this off: write to the organiser if that is wrong.")


@transaction.atomic
def tick(*, application_id: int, deadline: str, by: User | None, now: datetime, note: str = "", by_exhibitor: bool = False) -> DeadlineTick:
    """Say that the exhibitor has done what the fair's deadline of this code asks for: reminders stop, tasks for it are done.

    Ticked again, the first tick stays. Raises Invalid for an unknown code, NotByHand for an exhibitor where the system sees for itself.
    """
    application = steps.locked(application_id)
    found = _deadline(application, deadline)
    there = DeadlineTick.objects.filter(application=application, deadline=found).first()
    if there is not None:
        return there
    if by_exhibitor and not _is_by_hand(application, found, now=now):
        raise NotByHand
    row = DeadlineTick.objects.create(
        application=application, deadline=found, by=by, at=now, note=note.strip()[:LONGEST_NOTE], by_exhibitor=by_exhibitor
    )
    StaffTask.objects.open().filter(application=application, deadline=found, deadline_due_at__isnull=False).update(done_at=now, done_by=by)
    return row


@transaction.atomic
def untick(*, application_id: int, deadline: str, by_exhibitor: bool = False) -> bool:
    """Take the tick back; reminders go on with the step that comes next. False when there was none.

    Raises Invalid for an unknown code, TickedByOrganiser for an exhibitor where it is not the exhibitor's own.
    """
    application = steps.locked(application_id)
    ticks = DeadlineTick.objects.filter(application=application, deadline=_deadline(application, deadline))
    if by_exhibitor and ticks.filter(by_exhibitor=False).exists():
        raise TickedByOrganiser
    count, _rows = ticks.delete()
    return bool(count)


def _is_by_hand(application: Application, deadline: Deadline, *, now: datetime) -> bool:
    return any(item.by_hand for item in checklist(application, now=now) if item.deadline == deadline.pk)


def _deadline(application: Application, code: str) -> Deadline:
    found = Deadline.objects.filter(fair=application.fair_id, code=code).first()
    if found is None:
        raise Invalid([field_error("/deadline", "unknown_deadline", _("This fair has no such deadline."))])
    return found
