"""When a fair takes applications: from its opening on, and after its window late ones where it takes such."""

from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from api.problems import Refused, field_error
from fairs.enums import FairStatus
from fairs.models import Fair
from notifications.moments import moment_in_zones


class ApplicationsClosed(Refused):
    """The fair takes no applications now."""

    code = "applications-closed"


def is_open(fair: Fair, now: datetime, *, closes_at: datetime | None = None) -> bool:
    """Whether the fair takes an application at ``now``. ``closes_at``: when its window closes for this exhibitor, if not as for all."""
    is_in_time = fair.takes_late_applications or not fair.is_late(now, closes_at=closes_at)
    return fair.status == FairStatus.PUBLISHED and fair.has_opened_applications(now) and is_in_time


def require_open(fair: Fair, now: datetime, *, closes_at: datetime | None = None) -> None:
    """Raise ApplicationsClosed, with the reason, unless it is; its moments have the offset of the fair's zone."""
    if is_open(fair, now, closes_at=closes_at):
        return
    facts: dict[str, str] = {}
    if fair.status != FairStatus.PUBLISHED:
        text = _("This fair takes no applications.")
    elif not fair.has_opened_applications(now):
        text = _("This fair takes applications from %(moment)s on.") % {"moment": _moment(fair, fair.applications_open_at)}
        facts["opens_at"] = fair.applications_open_at.astimezone(fair.zone).isoformat()
    else:
        closed_at = closes_at or fair.applications_close_at
        text = _("Applications to this fair closed on %(moment)s, and it takes no late ones; its organisers can give you more time.")
        text %= {"moment": _moment(fair, closed_at)}
        facts["closed_at"] = closed_at.astimezone(fair.zone).isoformat()
    # No value of the body is wrong: the pointer is that of the whole.
    raise ApplicationsClosed(text, errors=[field_error("", ApplicationsClosed.code, text)], **facts)


def _moment(fair: Fair, moment: datetime) -> str:
    return moment_in_zones(moment, fair_zone=fair.time_zone, reader_zone=fair.time_zone, language=get_language() or "en")
