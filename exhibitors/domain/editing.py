"""Until when an application may be changed, and by whom: the one rule for its own fields and for all that belongs to it."""

from django.utils.translation import gettext as _

from api.problems import Conflict
from exhibitors.enums import ApplicationStatus
from exhibitors.models import Application

EDITABLE_BY_EXHIBITOR = (ApplicationStatus.DRAFT, ApplicationStatus.CHANGES_REQUESTED)


class NotEditable(Conflict):
    """What was submitted is binding: the exhibitor changes it when the organiser asks for changes."""

    code = "application-not-editable"


def require_editable(application: Application, *, as_staff: bool) -> None:
    """Raise NotEditable when the application is binding; staff may change it until it has ended."""
    status = ApplicationStatus(application.status if as_staff else application.told_status)
    if status in ApplicationStatus.ended or (not as_staff and status not in EDITABLE_BY_EXHIBITOR):
        raise _closed(status)


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
