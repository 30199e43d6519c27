"""Until when an application may be changed, and by whom: the one rule for its own fields and for all that belongs to it."""

from datetime import datetime

from django.utils import formats
from django.utils.translation import gettext as _

from api.problems import Conflict
from exhibitors.domain.deadlines import due_moment
from exhibitors.enums import ApplicationStatus
from exhibitors.models import Application
from fairs.models import Deadline

EDITABLE_BY_EXHIBITOR = (ApplicationStatus.DRAFT, ApplicationStatus.CHANGES_REQUESTED)
# What stays open to the exhibitor after submission, until the fair's deadline of this code.
OPEN_UNTIL = {"fascia_text": "fascia_text", "products": "exhibit_list"}


class NotEditable(Conflict):
    """What was submitted is binding: the exhibitor changes it when the organiser asks for changes."""

    code = "application-not-editable"


def require_editable(application: Application, *, as_staff: bool) -> None:
    """Raise NotEditable when the application is binding; staff may change it until it has ended."""
    status = ApplicationStatus(application.status if as_staff else application.told_status)
    if status in ApplicationStatus.ended or (not as_staff and status not in EDITABLE_BY_EXHIBITOR):
        raise _closed(status)


def require_part_editable(application: Application, part: str, *, as_staff: bool, now: datetime) -> None:
    """The same for a part with a deadline of its own (OPEN_UNTIL): once submitted, it stays open until then."""
    if as_staff or application.told_status in EDITABLE_BY_EXHIBITOR or part not in OPEN_UNTIL:
        return require_editable(application, as_staff=as_staff)
    require_live(application)
    deadline = Deadline.objects.filter(fair=application.fair_id, code=OPEN_UNTIL[part]).first()
    if deadline is None:
        return require_editable(application, as_staff=as_staff)
    closes_at = due_moment(application, deadline)
    if int(now.timestamp()) > int(closes_at.timestamp()):  # the closing second itself is in time
        local = closes_at.astimezone(application.fair.zone)
        facts = {
            "deadline": deadline.title,
            "moment": f"{formats.date_format(local, 'SHORT_DATETIME_FORMAT')} (UTC{local.isoformat()[-6:]})",
        }
        text = _("The time to change this was over on %(moment)s with the deadline “%(deadline)s”: ask the organiser for more time.")
        raise NotEditable(text % facts, closed_at=local.isoformat(), deadline=deadline.code)
    return None


def require_live(application: Application) -> None:
    """Raise NotEditable when the application has ended: what stays open after submission (staff, documents) ends with it.

    A rejection that the exhibitor has not been told of ends nothing yet.
    """
    status = ApplicationStatus(application.told_status)
    if status in ApplicationStatus.ended:
        raise _closed(status)


def _closed(status: ApplicationStatus) -> NotEditable:
    text = _("An application that is “%(status)s” can no longer be changed; ask the organiser.") % {"status": status.label}
    return NotEditable(text, status=status.value)
