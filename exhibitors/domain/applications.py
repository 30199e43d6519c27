"""The life of an application but for its stands (those are in placements.py): draft, submit, decide, withdraw."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Unpack

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from api.problems import Invalid, field_error
from exhibitors.domain import changes, co_exhibitor_endings, deadlines, form, holding, letters, plans, readers, steps, waiting_list, window
from exhibitors.domain.completeness import require_complete
from exhibitors.domain.differences import Diff
from exhibitors.domain.editing import require_part_editable
from exhibitors.domain.form import FormValues
from exhibitors.domain.reasons import require_reason
from exhibitors.domain.steps import Taken
from exhibitors.enums import ApplicationStatus, ChangeSource, ChangeSubject, Step
from exhibitors.models import Application, Company
from fairs.enums import StaffRole
from fairs.models import Fair, StaffMembership

CHANGES_WITHIN = timedelta(days=7)  # DOMAIN part 2, "request changes"
END_OF_DAY = time(23, 59, 59)


@transaction.atomic
def create_draft(
    *,
    company: Company,
    fair: Fair,
    by: User | None,
    now: datetime,
    as_staff: bool = False,
    refused: Iterable[dict[str, Any]] = (),
    **values: Unpack[FormValues],
) -> Application:
    """Begin an application; it may be incomplete. Raises Invalid for a second live one, ApplicationsClosed outside the window.
    What the caller ``refused`` is told with all else that is wrong.

    Staff may write one down at any time: the window is asked again when it is submitted.
    """
    if not as_staff:
        window.require_open(fair, now)
    try:
        with transaction.atomic():  # a savepoint: the outer work survives the refusal
            application = Application.objects.create(fair=fair, company=company, created_by=by, created_at=now)
    except IntegrityError as error:
        raise Invalid([*refused, _second_application(company, fair)]) from error
    form.write(application, values, by=by, now=now, is_new=True, refused=refused)
    if as_staff and by is not None:
        _record_edit(application, by=by, source=ChangeSource.STAFF, now=now)
    return application


def _second_application(company: Company, fair: Fair) -> dict[str, Any]:
    """Of the one that is there, as the exhibitor knows it."""
    live = Application.objects.exclude(told_status__in=ApplicationStatus.ended)
    number = live.filter(company=company, fair=fair).values_list("pk", flat=True).get()
    text = _("This company has an application at this fair already: %(id)d. Change that one, or withdraw it first.")
    return field_error("/company", "second_application", text % {"id": number})


@transaction.atomic
def update(
    *,
    application_id: int,
    by: User | None,
    now: datetime,
    as_staff: bool = False,
    source: ChangeSource | None = None,
    **values: Unpack[FormValues],
) -> Application:
    """Change what is given; the rest stays as it is. ``sites`` and the other lists replace what was there. An import (``source``)
    leaves alone later what a person has given here.

    Raises NotEditable when the application is binding (staff may change it until it has ended).
    """
    return update_locked(steps.locked(application_id), by=by, now=now, as_staff=as_staff, source=source, **values)


def update_locked(
    application: Application,
    *,
    by: User | None,
    now: datetime,
    as_staff: bool = False,
    source: ChangeSource | None = None,
    refused: Iterable[dict[str, Any]] = (),
    **values: Unpack[FormValues],
) -> Application:
    """The same for an application that the caller has locked in this transaction, with its fair.

    What the caller ``refused`` is told with all else that is wrong.
    """
    for name in values or ("",):
        require_part_editable(application, name, as_staff=as_staff, now=now)
    diff = Diff()
    form.write(application, values, by=by, now=now, diff=diff, refused=refused)
    if diff.details:
        source = source or changes.source_of(by=by, as_staff=as_staff)
        _record_edit(application, by=by, source=source, now=now, fields=[name for name in values if name in diff.names], diff=diff)
    return application


def _record_edit(
    application: Application, *, by: User | None, source: ChangeSource, now: datetime, fields: Sequence[str] = (), diff: Diff | None = None
) -> None:
    changes.record(
        company_id=application.company_id,
        application_id=application.pk,
        subject=ChangeSubject.APPLICATION,
        by=by,
        source=source,
        now=now,
        fields=fields,
        details=diff.details if diff else (),
    )


@transaction.atomic
def submit(
    *, application_id: int, by: User | None, now: datetime, on_behalf: bool = False, tell: bool = True, is_imported: bool = False
) -> Application:
    """Make the application binding, or hand it in again after changes; receipt to the exhibitor, notice to the organisers.

    A table cannot answer the fair's questions: they are not asked of what is imported. Raises Invalid with what is missing,
    ApplicationsClosed after the window of a fair that takes no late ones.
    """
    return submit_locked(steps.locked(application_id), by=by, now=now, on_behalf=on_behalf, tell=tell, is_imported=is_imported)


def submit_locked(
    application: Application, *, by: User | None, now: datetime, on_behalf: bool = False, tell: bool = True, is_imported: bool = False
) -> Application:
    """The same for an application that the caller has locked in this transaction, with its fair and its company's region."""
    steps.require(application, Step.SUBMIT)
    is_first = application.submitted_at is None
    # A longer time for one exhibitor matters once the window itself has closed.
    closes_at = deadlines.closes_at(application) if is_first and application.fair.is_late(now) else None
    if is_first:
        window.require_open(application.fair, now, closes_at=closes_at)
    require_complete(application, is_imported=is_imported)
    staff = readers.staff_of(application)
    step = steps.record(
        application,
        Step.SUBMIT,
        ApplicationStatus.SUBMITTED,
        by=by,
        now=now,
        on_behalf=on_behalf,
        submitted_at=now if is_first else application.submitted_at,
        late=application.fair.is_late(now, closes_at=closes_at) if is_first else application.late,
        responsible=application.responsible or default_responsible(application, staff),
    )
    if tell:
        letters.submitted(application, step, staff=staff)
    return application


def default_responsible(application: Application, staff: Sequence[StaffMembership]) -> User | None:
    """Of the fair's staff the coordinator of the company's region, else the first reviewer, else the owner."""
    region = application.company.region
    by_role: dict[str, User] = {}
    for membership in reversed(staff):
        if membership.role != StaffRole.REGIONAL_COORDINATOR or (region and membership.region_code == region.code):
            by_role[membership.role] = membership.user
    for role in (StaffRole.REGIONAL_COORDINATOR, StaffRole.REVIEWER, StaffRole.OWNER):
        if role in by_role:
            return by_role[role]
    return None


@transaction.atomic
def start_review(*, application_id: int, by: User | None, now: datetime, tell: bool = True) -> Application:
    """An organiser takes the application up. Nobody is told."""
    application = steps.locked(application_id)
    steps.require(application, Step.START_REVIEW)
    steps.record(application, Step.START_REVIEW, ApplicationStatus.IN_REVIEW, by=by, now=now)
    return application


@transaction.atomic
def request_changes(
    *, application_id: int, by: User | None, now: datetime, message: str, hold: bool = False, tell: bool = True
) -> Application:
    """Give the application back with the list of gaps; a week to mend them. Raises ReasonMissing without a message."""
    application = steps.locked(application_id)
    steps.require(application, Step.REQUEST_CHANGES)
    require_reason(message, pointer="/message", detail=_("Write what the exhibitor has to change."))
    held = holding.hold_decision(application, hold=hold, now=now)
    step = steps.record(
        application,
        Step.REQUEST_CHANGES,
        ApplicationStatus.CHANGES_REQUESTED,
        by=by,
        now=now,
        reason=message,
        message=message,
        hold=held,
        changes_due_at=None if held.is_held else changes_due(application, now),
    )
    if tell and not held.is_held:
        letters.changes_requested(application, step)
    return application


def changes_due(application: Application, now: datetime) -> datetime:
    """Until when changes that the exhibitor hears of at ``now`` are due: the end of a day at the fair."""
    zone = application.fair.zone
    return datetime.combine(now.astimezone(zone).date() + CHANGES_WITHIN, END_OF_DAY, tzinfo=zone)


@transaction.atomic
def admit(*, application_id: int, by: User | None, now: datetime, hold: bool = False, tell: bool = True) -> Application:
    """The organiser's yes: the goods fit the fair. Not yet a place."""
    application = steps.locked(application_id)
    _admit([application], by=by, now=now, hold=hold, tell=tell)
    return application


@transaction.atomic
def admit_many(*, application_ids: Collection[int], by: User | None, now: datetime, tell: bool) -> None:
    """:func:`admit` for many, in a number of queries that does not grow: all of them or none."""
    _admit(steps.locked_many(application_ids), by=by, now=now, hold=False, tell=tell)


def _admit(admitted: Sequence[Application], *, by: User | None, now: datetime, hold: bool, tell: bool) -> None:
    for application in admitted:
        steps.require(application, Step.ADMIT)
    held = holding.hold_decisions(admitted, hold=hold, now=now)
    taken = [Taken(application, ApplicationStatus.ADMITTED, hold=held[application.pk]) for application in admitted]
    rows = steps.record_many(taken, Step.ADMIT, by=by, now=now, decided_at=now, waitlist_rank=None, message="")
    if tell:
        letters.all_admitted([(application, row) for application, row in zip(admitted, rows, strict=True) if not row.held])


@transaction.atomic
def waitlist(
    *, application_id: int, by: User | None, now: datetime, rank: int | None = None, hold: bool = False, tell: bool = True
) -> Application:
    """Put the application on the fair's waiting list, at its end when no rank is given. Raises RankTaken."""
    application = steps.locked(application_id)
    steps.require(application, Step.WAITLIST)
    rank = waiting_list.take_rank(application, rank)
    plans.end_plans(application, by=by, now=now)
    held = holding.hold_decision(application, hold=hold, now=now)
    step = steps.record(
        application, Step.WAITLIST, ApplicationStatus.WAITLISTED, by=by, now=now, hold=held, decided_at=now, waitlist_rank=rank, message=""
    )
    if tell and not held.is_held:
        letters.waitlisted(application, step)
    return application


@transaction.atomic
def reject(*, application_id: int, by: User | None, now: datetime, reason: str, hold: bool = False, tell: bool = True) -> Application:
    """The organiser's no. Raises ReasonMissing: a rejection tells why."""
    application = steps.locked(application_id)
    steps.require(application, Step.REJECT)
    require_reason(reason, pointer="/reason", detail=_("Write why the application is rejected; the exhibitor reads it."))
    plans.end_plans(application, by=by, now=now)
    held = holding.hold_decision(application, hold=hold, now=now)
    step = steps.record(
        application,
        Step.REJECT,
        ApplicationStatus.REJECTED,
        by=by,
        now=now,
        reason=reason,
        hold=held,
        decided_at=now,
        waitlist_rank=None,
        message=reason,
    )
    co_exhibitor_endings.end_with(application, now=now, tell=tell)
    if tell and not held.is_held:
        letters.rejected(application, step)
    return application
