"""What every step in the life of an application does alike: lock, check the table of steps, change, record."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from typing import NamedTuple

from django.utils.translation import gettext as _

from accounts.models import User
from api.problems import Conflict
from api.statements import MARKER, RowStatement
from api.text import quoted
from exhibitors.enums import EXHIBITOR_STEPS, STEPS, ApplicationStatus, HoldEnd, PlacementStatus, Step
from exhibitors.models import Application, ApplicationStep, Placement, StandHold

TOLD = ("status", "message", "waitlist_rank", "decided_at")  # with told_ before them: what the exhibitor knows


class Hold(NamedTuple):
    """Whether a step is kept from the exhibitor for now, and the announcement that will tell it, where there is one already."""

    is_held: bool
    announcement_id: int | None = None


AT_ONCE = Hold(is_held=False)

_imported_at: ContextVar[datetime | None] = ContextVar("imported_at", default=None)


class StepNotAllowed(Conflict):
    """The state of the application does not allow the step, often because somebody else was first."""

    code = "step-not-allowed"


@contextmanager
def from_a_table(*, now: datetime) -> Iterator[None]:
    """Steps that are written within were taken elsewhere, and a table brings them in at ``now``."""
    token = _imported_at.set(now)
    try:
        yield
    finally:
        _imported_at.reset(token)


def imported_at() -> datetime | None:
    """When the table that is just being read brings its steps in; None where somebody takes a step."""
    return _imported_at.get()


def locked(application_id: int) -> Application:
    """The application, locked to the end of the caller's transaction: the status read here is the one changed below."""
    application = _for_update().first({MARKER: application_id})
    if application is None:
        raise Application.DoesNotExist
    return application


@cache
def _for_update() -> RowStatement[Application]:
    # The related rows come in the same query; only the application itself is locked.
    # no_key: rows that point at the application may be written meanwhile, or two steps could wait for each other.
    applications = Application.objects.select_for_update(of=("self",), no_key=True).select_related("fair", "company__region")
    return RowStatement(applications.filter(pk=MARKER).order_by(), markers=(MARKER,))


def require(application: Application, step: Step) -> None:
    """Raise StepNotAllowed unless the table of steps allows ``step`` from here: the exhibitor's from what it has been told."""
    status = ApplicationStatus(application.told_status if step in EXHIBITOR_STEPS else application.status)
    if status not in STEPS[step]:
        text = _("This step is not possible while the application is “%(status)s”; it is while the application is: %(possible)s.")
        possible = quoted(one.label for one in STEPS[step])
        raise StepNotAllowed(
            text % {"status": status.label, "possible": possible},
            step=step.value,
            status=status.value,
            possible_from=[one.value for one in STEPS[step]],
        )


def record(
    application: Application,
    step: Step,
    target: ApplicationStatus,
    *,
    by: User | None,
    now: datetime,
    reason: str = "",
    on_behalf: bool = False,
    placement: Placement | None = None,
    hold: Hold = AT_ONCE,
    **fields: object,
) -> ApplicationStep:
    """Write the new status with ``fields`` of the application, and the step itself: who, when, from, to, why.

    The exhibitor knows the new status as well, unless the step is held.
    """
    before = application.status
    application.status = target
    for name, value in fields.items():
        setattr(application, name, value)
    told = [] if hold.is_held else tell(application, now=now)
    application.save(update_fields=["status", *fields, *told])
    if not hold.is_held:
        release_holds(application, now=now)
    return note(application, step, before=before, by=by, now=now, reason=reason, on_behalf=on_behalf, placement=placement, hold=hold)


def note(
    application: Application,
    step: Step,
    *,
    by: User | None,
    now: datetime,
    before: str = "",
    reason: str = "",
    on_behalf: bool = False,
    placement: Placement | None = None,
    hold: Hold = AT_ONCE,
) -> ApplicationStep:
    """Write the step alone: one that changes no status, or whose change is written already (``before``: what it was)."""
    return ApplicationStep.objects.create(
        application=application,
        step=step.value,
        from_status=before or application.status,
        to_status=application.status,
        by=by,
        on_behalf=on_behalf,
        at=now,
        reason=reason,
        placement=placement,
        held=hold.is_held,
        announcement_id=hold.announcement_id,
        imported_at=imported_at(),
    )


def release_holds(application: Application, *, now: datetime) -> None:
    """Stands are not held any longer for an application that has ended and knows it."""
    if application.told_status in ApplicationStatus.ended:
        StandHold.objects.live(now=now).filter(application=application).end(HoldEnd.APPLICATION_ENDED, now=now)


def tell(application: Application, *, now: datetime) -> list[str]:
    """What the exhibitor knows becomes what the organiser decided; a decision is as old as the telling. Returns the fields to be saved."""
    known_since = application.told_decided_at
    for name in TOLD:
        setattr(application, f"told_{name}", getattr(application, name))
    if application.decided_at is not None:
        is_new = known_since is None or known_since < application.decided_at
        application.told_decided_at = now if is_new else known_since
    if application.status != ApplicationStatus.CHANGES_REQUESTED:
        application.changes_due_at = None
    changed = [*(f"told_{name}" for name in TOLD), "changes_due_at"]
    return changed if application.status == ApplicationStatus.ACCEPTED else [*changed, *forget_move(application)]


def forget_move(application: Application) -> list[str]:
    """The request for another stand is settled. Returns the fields to be saved."""
    application.move_requested_at = application.move_placement = None
    application.move_reason = application.move_wish = ""
    return ["move_requested_at", "move_placement", "move_reason", "move_wish"]


def settled_status(application: Application) -> ApplicationStatus:
    """The furthest of the live placements: accepted, stand offered, and admitted when none is left."""
    live = set(application.placements.live().values_list("status", flat=True))
    if PlacementStatus.ACCEPTED in live:
        return ApplicationStatus.ACCEPTED
    if PlacementStatus.OFFERED in live:
        return ApplicationStatus.STAND_OFFERED
    return ApplicationStatus.ADMITTED
