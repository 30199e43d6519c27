"""One exhibitor gets longer than the others. What is due when for whom: deadlines.py."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from api.problems import Findings, Invalid, field_error
from exhibitors.domain import deadlines, letters, steps
from exhibitors.domain.checklist import ItemState, checklist
from exhibitors.enums import Step
from exhibitors.models import Application, DeadlineExtension
from fairs.enums import Audience
from fairs.models import Deadline
from notifications.moments import moment_in_zones

LONGEST_AFTER_THE_FAIR = timedelta(days=366)


@transaction.atomic
def extend_deadline(
    *, application_id: int, deadline: str, due_at: datetime, by: User | None, now: datetime, reason: str = "", tell: bool = True
) -> DeadlineExtension:
    """Give the exhibitor until ``due_at`` for the fair's deadline of this code; given again, the moment moves. The exhibitor is told.

    With the code ``application`` the application may be submitted until then, and is not late. Raises Invalid for an unknown code, for
    a deadline that is not this exhibitor's to meet any more (:func:`extendable`), and for a moment that is past, not later than the
    deadline's own, or more than a year after the fair.
    """
    application = steps.locked(application_id)
    steps.require(application, Step.EXTEND_DEADLINE)
    refusals, found = Findings(), None
    with refusals.more():
        found = known(application, deadline)
        _require_ahead(application, found, now=now)
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
    """Those that this exhibitor can be given longer for: not of staff or of others, past or done. A draft may still come late."""
    done = _done_by_deadline(application, now=now)
    found = list(Deadline.objects.filter(fair=application.fair_id).order_by("due_at", "pk"))
    moments = deadlines.due_moments([application.pk], found)
    return [row for row in found if _why_not(application, row, due_at=moments[application.pk, row.pk], done=done, now=now) is None]


def _done_by_deadline(application: Application, *, now: datetime) -> dict[int | None, bool]:
    """Of each deadline that asks something of the exhibitor, whether all of that is done."""
    found: dict[int | None, bool] = {}
    for item in checklist(application, now=now):
        if item.required:
            found[item.deadline] = found.get(item.deadline, True) and item.state == ItemState.DONE
    return found


def _why_not(
    application: Application, deadline: Deadline, *, due_at: datetime, done: dict[int | None, bool], now: datetime
) -> tuple[str, str] | None:
    """The code and the words of the refusal, or None."""
    if deadline.audience == Audience.STAFF:
        return "of_staff", _("This deadline is of the organisers, not of exhibitors.")
    if deadline.pk not in done:
        return "not_asked", _("This deadline does not concern this exhibitor.")
    if done[deadline.pk]:
        return "done", _("The exhibitor has done this already.")
    may_come_late = deadline.code == deadlines.APPLICATION and application.submitted_at is None
    if due_at <= now and not may_come_late:
        moment = moment_in_zones(
            due_at, fair_zone=application.fair.time_zone, reader_zone=application.fair.time_zone, language=get_language() or "en"
        )
        text = _("This deadline passed for the exhibitor on %(moment)s. If it was met, or no longer matters, tick it off.")
        return "over", text % {"moment": moment}
    return None


def _require_ahead(application: Application, deadline: Deadline, *, now: datetime) -> None:
    due_at = deadlines.due_moment(application, deadline)
    refusal = _why_not(application, deadline, due_at=due_at, done=_done_by_deadline(application, now=now), now=now)
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
