"""What every step in the life of an application does alike: lock, check the table of steps, change, record."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from typing import NamedTuple

from django.db.models import QuerySet
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


class Taken(NamedTuple):
    """One of the applications with which a step is taken: its new status, the placement that the step is about, whether it is held."""

    application: Application
    target: ApplicationStatus
    placement: Placement | None = None
    hold: Hold = AT_ONCE


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


def locked_many(application_ids: Collection[int]) -> list[Application]:
    """The same for many in one query, in the order of their ids: two who lock some of the same wait for each other and do not cross."""
    found = list(_locking().filter(pk__in=application_ids).order_by("pk"))
    if len(found) < len(set(application_ids)):
        raise Application.DoesNotExist
    return found


@cache
def _for_update() -> RowStatement[Application]:
    return RowStatement(_locking().filter(pk=MARKER).order_by(), markers=(MARKER,))


def _locking() -> QuerySet[Application]:
    # The related rows come in the same query; only the application itself is locked.
    # no_key: rows that point at the application may be written meanwhile, or two steps could wait for each other.
    return Application.objects.select_for_update(of=("self",), no_key=True).select_related("fair", "company__region")


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
    taken = Taken(application, target, placement, hold)
    (row,) = record_many([taken], step, by=by, now=now, reason=reason, on_behalf=on_behalf, **fields)
    return row


def record_many(
    taken: Sequence[Taken], step: Step, *, by: User | None, now: datetime, reason: str = "", on_behalf: bool = False, **fields: object
) -> list[ApplicationStep]:
    """:func:`record` for many applications, all with the same ``fields``, in a number of queries that does not grow with theirs."""
    changed, rows = [], []
    for application, target, placement, hold in taken:
        before = application.status
        application.status = target
        for name, value in fields.items():
            setattr(application, name, value)
        told = [] if hold.is_held else tell(application, now=now)
        changed.append((application, ["status", *fields, *told]))
        rows.append(
            _row(application, step, before=before, by=by, now=now, reason=reason, on_behalf=on_behalf, placement=placement, hold=hold)
        )
    _save(changed)
    for one in taken:
        if not one.hold.is_held:
            release_holds(one.application, now=now)
    return ApplicationStep.objects.bulk_create(rows)


def _save(changed: Iterable[tuple[Application, Iterable[str]]]) -> None:
    """Write the named fields of each; those that get the same values share a statement."""
    alike: defaultdict[tuple[tuple[str, object], ...], list[int]] = defaultdict(list)
    for application, names in changed:
        alike[tuple((name, getattr(application, name)) for name in dict.fromkeys(names))].append(application.pk)
    for values, ids in alike.items():
        Application.objects.filter(pk__in=ids).update(**dict(values))


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
    row = _row(application, step, before=before, by=by, now=now, reason=reason, on_behalf=on_behalf, placement=placement, hold=hold)
    row.save(force_insert=True)
    return row


def _row(
    application: Application,
    step: Step,
    *,
    before: str,
    by: User | None,
    now: datetime,
    reason: str,
    on_behalf: bool,
    placement: Placement | None,
    hold: Hold,
) -> ApplicationStep:
    return ApplicationStep(
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
    return settled_statuses([application])[application.pk]


def settled_statuses(applications: Iterable[Application]) -> dict[int, ApplicationStatus]:
    """The same by application id, in one query."""
    live: dict[int, set[str]] = {application.pk: set() for application in applications}
    for application_id, status in Placement.objects.live().filter(application__in=live).order_by().values_list("application", "status"):
        live[application_id].add(status)
    return {pk: _furthest(statuses) for pk, statuses in live.items()}


def _furthest(live: Collection[str]) -> ApplicationStatus:
    if PlacementStatus.ACCEPTED in live:
        return ApplicationStatus.ACCEPTED
    if PlacementStatus.OFFERED in live:
        return ApplicationStatus.STAND_OFFERED
    return ApplicationStatus.ADMITTED
