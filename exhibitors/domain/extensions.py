"""One exhibitor gets longer than the others. What is due when for whom: deadlines.py."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from api.problems import Findings, Invalid, field_error
from exhibitors.domain import deadlines, letters, stand_staff, steps
from exhibitors.domain.checklist import ItemState, checklist
from exhibitors.domain.editing import OPEN_UNTIL
from exhibitors.enums import Step
from exhibitors.models import Application, DeadlineExtension
from fairs.enums import Audience
from fairs.models import Deadline
from notifications.moments import moment_in_zones

LONGEST_AFTER_THE_FAIR = timedelta(days=366)
# Codes of those after which the exhibitor can change nothing of it any more: whoever is done may still need longer to correct it.
CLOSING = frozenset({*OPEN_UNTIL.values(), *stand_staff.DEADLINES})


@transaction.atomic
def extend_deadline(
    *, application_id: int, deadline: str, due_at: datetime, by: User | None, now: datetime, reason: str = "", tell: bool = True
) -> DeadlineExtension:
    """Give the exhibitor until ``due_at`` for the fair's deadline of this code; given again, the moment moves. The exhibitor is told.

    A deadline that the exhibitor has missed can be given longer for as well: what it had closed is open again until then. With the code
    ``application`` the application may be submitted until then, and is not late. Raises Invalid for an unknown code, for a deadline that
    asks nothing of this exhibitor (:func:`extendable`), and for a moment that is past, not later than the deadline's own, or more than a
    year after the fair.
    """
    application = steps.locked(application_id)
    steps.require(application, Step.EXTEND_DEADLINE)
    refusals, found = Findings(), None
    with refusals.more():
        found = known(application, deadline)
        _require_open(application, found, now=now)
    with refusals.more():
        _require_later(application, found, due_at, now=now)
    refusals.refuse()
    values = {"due_at": due_at, "by": by, "at": now, "reason": reason}
    extension, _is_new = DeadlineExtension.objects.update_or_create(application=application, deadline=found, defaults=values)
    step = steps.note(application, Step.EXTEND_DEADLINE, by=by, now=now, reason=reason)
    if tell:
        letters.deadline_extended(application, step, extension)
    return extension


def known(application: Application, code: str) -> Deadline:
    """The fair's deadline of this code. Raises Invalid."""
    found = Deadline.objects.filter(fair=application.fair_id, code=code).first()
    if found is None:
        codes = ", ".join(Deadline.objects.filter(fair=application.fair_id).order_by("due_at", "pk").values_list("code", flat=True))
        text = _("This fair has no such deadline. It has: %(codes)s.") % {"codes": codes or "–"}
        raise Invalid([field_error("/deadline", "unknown_deadline", text)])
    return found


def extendable(application: Application, *, now: datetime) -> list[Deadline]:
    """Those that this exhibitor can be given longer for, ahead or missed: not those of staff, of others, or done and closing nothing."""
    done = _done_by_deadline(application, now=now)
    rows = Deadline.objects.filter(fair=application.fair_id).order_by("due_at", "pk")
    return [row for row in rows if _why_not(row, done) is None]


def _done_by_deadline(application: Application, *, now: datetime) -> dict[int | None, bool]:
    """Of each deadline that asks something of the exhibitor, whether all of that is done."""
    found: dict[int | None, bool] = {}
    for item in checklist(application, now=now):
        if item.required:
            found[item.deadline] = found.get(item.deadline, True) and item.state == ItemState.DONE
    return found


def _why_not(deadline: Deadline, done: dict[int | None, bool]) -> tuple[str, str] | None:
    """The code and the words of the refusal, or None."""
    if deadline.audience == Audience.STAFF:
        return "of_staff", _("This deadline is of the organisers, not of exhibitors.")
    if deadline.pk not in done:
        return "not_asked", _("This deadline does not concern this exhibitor.")
    if done[deadline.pk] and deadline.code not in CLOSING:
        return "done", _("The exhibitor has done this already.")
    return None


def _require_open(application: Application, deadline: Deadline, *, now: datetime) -> None:
    refusal = _why_not(deadline, _done_by_deadline(application, now=now))
    if refusal is not None:
        raise Invalid([field_error("/deadline", *refusal)])


def _require_later(application: Application, deadline: Deadline | None, due_at: datetime, *, now: datetime) -> None:
    """Later than the deadline's own moment, where it is known which."""
    fair = application.fair
    own = deadline.due_at if deadline else None
    if deadline and deadline.code == deadlines.APPLICATION:
        own = max(deadline.due_at, fair.applications_close_at)
    if own is not None and due_at <= own:
        shown = moment_in_zones(own, fair_zone=fair.time_zone, reader_zone=fair.time_zone, language=get_language() or "en")
        raise Invalid([field_error("/due_at", "not_later", _("This deadline is due at %(moment)s anyway.") % {"moment": shown})])
    if due_at <= now:
        raise Invalid([field_error("/due_at", "past", _("This moment is past: name a later one."))])
    if due_at >= fair.end_of(fair.ends_on + LONGEST_AFTER_THE_FAIR):
        raise Invalid([field_error("/due_at", "too_late", _("Name a moment within a year after the fair."))])
