"""An organiser ticks off what an exhibitor has done of a deadline, where the system cannot see it, or takes the tick back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from api.problems import Invalid, field_error
from exhibitors.domain import steps
from exhibitors.models import Application, DeadlineTick, StaffTask
from fairs.models import Deadline


@transaction.atomic
def tick(*, application_id: int, deadline: str, by: User | None, now: datetime, note: str = "") -> DeadlineTick:
    """Say that the exhibitor has done what the fair's deadline of this code asks for: reminders stop, tasks for it are done.

    Ticked again, the first tick stays. Raises Invalid for an unknown code.
    """
    application = steps.locked(application_id)
    found = _deadline(application, deadline)
    row, is_new = DeadlineTick.objects.get_or_create(
        application=application, deadline=found, defaults={"by": by, "at": now, "note": note.strip()[:300]}
    )
    if is_new:
        StaffTask.objects.open().filter(application=application, deadline=found, deadline_due_at__isnull=False).update(
            done_at=now, done_by=by
        )
    return row


@transaction.atomic
def untick(*, application_id: int, deadline: str) -> bool:
    """Take the tick back; reminders go on with the step that comes next. False when there was none. Raises Invalid for an unknown code."""
    application = steps.locked(application_id)
    count, _rows = DeadlineTick.objects.filter(application=application, deadline=_deadline(application, deadline)).delete()
    return bool(count)


def _deadline(application: Application, code: str) -> Deadline:
    found = Deadline.objects.filter(fair=application.fair_id, code=code).first()
    if found is None:
        raise Invalid([field_error("/deadline", "unknown_deadline", _("This fair has no such deadline."))])
    return found
