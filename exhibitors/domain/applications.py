"""The life of an application but for its stands (those are in placements.py): draft, submit, decide, withdraw."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from api.problems import Conflict, Invalid, Refused, field_error
from exhibitors.domain import changes, deadlines, holding, letters, steps, waiting_list
from exhibitors.domain.editing import require_editable
from exhibitors.domain.reasons import require_reason
from exhibitors.enums import ApplicationStatus, ChangeSource, ChangeSubject, Scheme, Step
from exhibitors.models import Application, Company, ProductCategory, SiteWish
from fairs.enums import FairStatus, StaffRole
from fairs.models import Fair, Site, StaffMembership

CHANGES_WITHIN = timedelta(days=7)  # DOMAIN part 2, "request changes"
END_OF_DAY = time(23, 59, 59)
TAX_ID_REQUIRED = {"RU": "inn", "CN": "uscc"}


class ApplicationsClosed(Refused):
    """The fair takes no applications now."""

    code = "applications-closed"


@dataclass(frozen=True)
class SiteWishInput:
    """What is asked for at one site. Areas in m²; days None: all days of the site."""

    site: Site
    area_min_m2: Decimal | None = None
    area_wished_m2: Decimal | None = None
    area_max_m2: Decimal | None = None
    open_sides: int | None = None
    scheme: str = Scheme.SHELL
    first_day: date | None = None
    last_day: date | None = None


@transaction.atomic
def create_draft(
    *,
    company: Company,
    fair: Fair,
    by: User | None,
    now: datetime,
    categories: Iterable[ProductCategory] = (),
    sites: Sequence[SiteWishInput] = (),
    as_staff: bool = False,
) -> Application:
    """Begin an application; it may be incomplete. Raises Invalid for a second live one, ApplicationsClosed outside the window.

    Staff may write one down at any time: the window is asked again when it is submitted.
    """
    if not as_staff:
        require_open(fair, now)
    try:
        with transaction.atomic():  # a savepoint: the outer work survives the refusal
            application = Application.objects.create(fair=fair, company=company, created_by=by, created_at=now)
    except IntegrityError as error:
        raise Invalid(
            [field_error("/company", "second_application", _("This company has an application at this fair already."))]
        ) from error
    application.categories.set(categories)
    _write_sites(application, sites)
    if as_staff and by is not None:
        _record_edit(application, by=by, source=ChangeSource.STAFF, now=now)
    return application


@transaction.atomic
def update(
    *,
    application_id: int,
    by: User | None,
    now: datetime,
    categories: Iterable[ProductCategory] | None = None,
    sites: Sequence[SiteWishInput] | None = None,
    as_staff: bool = False,
    source: ChangeSource | None = None,
) -> Application:
    """Change what is given; None leaves it alone. ``sites`` replaces the whole list. An import (``source``) leaves alone later
    what a person has given here.

    Raises NotEditable when the application is binding (staff may change it until it has ended).
    """
    application = steps.locked(application_id)
    require_editable(application, as_staff=as_staff)
    if categories is not None:
        application.categories.set(categories)
    if sites is not None:
        _write_sites(application, sites)
    given = [name for name, value in (("categories", categories), ("sites", sites)) if value is not None]
    _record_edit(application, by=by, source=source or changes.source_of(by=by, as_staff=as_staff), now=now, fields=given)
    return application


def _record_edit(application: Application, *, by: User | None, source: ChangeSource, now: datetime, fields: Sequence[str] = ()) -> None:
    changes.record(
        company_id=application.company_id,
        application_id=application.pk,
        subject=ChangeSubject.APPLICATION,
        by=by,
        source=source,
        now=now,
        fields=fields,
    )


def _write_sites(application: Application, sites: Sequence[SiteWishInput]) -> None:
    wanted = {wish.site.pk for wish in sites}
    if len(wanted) < len(sites):
        raise Invalid([field_error("/sites", "unique", _("A site is named twice."))])
    _keep_placed_sites(application, wanted)
    application.site_wishes.exclude(site__in=wanted).delete()
    for number, wish in enumerate(sites):
        check_site(application, wish, pointer=f"/sites/{number}")
        SiteWish.objects.update_or_create(
            application=application,
            site=wish.site,
            defaults=wish_columns(wish),
        )


def wish_columns(wish: SiteWishInput) -> dict[str, Any]:
    """The columns of a SiteWish but for application and site; days that are not named are all days of the site."""
    return {
        "area_min_m2": wish.area_min_m2,
        "area_wished_m2": wish.area_wished_m2,
        "area_max_m2": wish.area_max_m2,
        "open_sides": wish.open_sides,
        "scheme": wish.scheme,
        "first_day": wish.first_day or wish.site.starts_on,
        "last_day": wish.last_day or wish.site.ends_on,
    }


def _keep_placed_sites(application: Application, wanted: set[int]) -> None:
    if application.placements.live().exclude(site__in=wanted).exists():
        raise Conflict(_("A site where a stand is offered or accepted cannot be left out."))


def check_site(application: Application, wish: SiteWishInput, *, pointer: str) -> None:
    if wish.site.fair_id != application.fair_id:
        raise Invalid([field_error(f"{pointer}/site", "unknown_site", _("This fair has no such site."))])
    first, last = wish.first_day or wish.site.starts_on, wish.last_day or wish.site.ends_on
    if last < first:
        raise Invalid([field_error(f"{pointer}/last_day", "days_in_order", _("The last day is before the first."))])
    if first < wish.site.starts_on or last > wish.site.ends_on:
        days = {"first": wish.site.starts_on.isoformat(), "last": wish.site.ends_on.isoformat()}
        raise Invalid([field_error(f"{pointer}/first_day", "outside_site_days", _("This site is open from %(first)s to %(last)s.") % days)])
    _check_areas(wish, pointer=f"{pointer}/requested_area_m2")


def _check_areas(wish: SiteWishInput, *, pointer: str) -> None:
    areas = {"min": wish.area_min_m2, "wished": wish.area_wished_m2, "max": wish.area_max_m2}
    given = [(name, area) for name, area in areas.items() if area is not None]
    for name, area in given:
        if area < 1:
            raise Invalid([field_error(f"{pointer}/{name}", "min_value", _("An area is 1 m² or more."))])
    for (_smaller, less), (name, more) in pairwise(given):
        if more < less:
            raise Invalid(
                [field_error(f"{pointer}/{name}", "areas_in_order", _("The areas are not in order: at least ≤ wished ≤ at most."))]
            )


@transaction.atomic
def submit(*, application_id: int, by: User | None, now: datetime, on_behalf: bool = False, tell: bool = True) -> Application:
    """Make the application binding, or hand it in again after changes; receipt to the exhibitor, notice to the organisers.

    Raises Invalid with what is missing, ApplicationsClosed after the window of a fair that takes no late ones.
    """
    application = steps.locked(application_id)
    steps.require(application, Step.SUBMIT)
    is_first = application.submitted_at is None
    closes_at = deadlines.closes_at(application) if is_first else None
    if is_first:
        require_open(application.fair, now, closes_at=closes_at)
    require_complete(application)
    step = steps.record(
        application,
        Step.SUBMIT,
        ApplicationStatus.SUBMITTED,
        by=by,
        now=now,
        on_behalf=on_behalf,
        submitted_at=now if is_first else application.submitted_at,
        late=application.fair.is_late(now, closes_at=closes_at) if is_first else application.late,
        responsible=application.responsible or default_responsible(application),
    )
    if tell:
        letters.application_received(application, step)
        letters.new_application(application, step)
    return application


def require_open(fair: Fair, now: datetime, *, closes_at: datetime | None = None) -> None:
    """Raise ApplicationsClosed unless the fair takes applications at ``now``; its moments have the offset of the fair's zone.

    ``closes_at``: when the window closes for this exhibitor, where that is not when it closes for all.
    """
    facts: dict[str, str] = {}
    if fair.status != FairStatus.PUBLISHED:
        text = _("This fair takes no applications.")
    elif not fair.has_opened_applications(now):
        text = _("This fair does not take applications yet.")
        facts["opens_at"] = fair.applications_open_at.astimezone(fair.zone).isoformat()
    elif fair.is_late(now, closes_at=closes_at) and not fair.takes_late_applications:
        text = _("Applications to this fair have closed, and it takes no late ones.")
        facts["closed_at"] = (closes_at or fair.applications_close_at).astimezone(fair.zone).isoformat()
    else:
        return
    # No value of the body is wrong: the pointer is that of the whole.
    raise ApplicationsClosed(text, errors=[field_error("", ApplicationsClosed.code, text)], **facts)


def require_complete(application: Application) -> None:
    """Raise Invalid with a pointer for everything that an application must have to be binding."""
    missing: list[dict[str, Any]] = []
    wishes = list(application.site_wishes.all())
    if not wishes:
        missing.append(field_error("/sites", "required", _("Name at least one site.")))
    for number, wish in enumerate(wishes):
        if wish.area_wished_m2 is None:
            missing.append(field_error(f"/sites/{number}/requested_area_m2/wished", "required", _("Say how many m² you wish.")))
    if not application.categories.exists():
        missing.append(field_error("/categories", "required", _("Name at least one product category.")))
    tax_id = TAX_ID_REQUIRED.get(application.company.country)
    if tax_id and not getattr(application.company, tax_id):
        detail = _("Before you submit, add the company's %(number)s.") % {"number": tax_id.upper()}
        missing.append(field_error("/company", f"{tax_id}_required", detail))
    if missing:
        raise Invalid(missing)


def default_responsible(application: Application) -> User | None:
    """The coordinator of the company's region, else the first reviewer, else the fair's owner."""
    staff = StaffMembership.objects.filter(fair=application.fair_id, user__is_active=True).select_related("user")
    region = application.company.region
    by_role: dict[str, User] = {}
    for membership in staff.order_by("-pk"):
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
    steps.require(application, Step.ADMIT)
    held = holding.hold_decision(application, hold=hold, now=now)
    step = steps.record(
        application, Step.ADMIT, ApplicationStatus.ADMITTED, by=by, now=now, hold=held, decided_at=now, waitlist_rank=None, message=""
    )
    if tell and not held.is_held:
        letters.admitted(application, step)
    return application


@transaction.atomic
def waitlist(
    *, application_id: int, by: User | None, now: datetime, rank: int | None = None, hold: bool = False, tell: bool = True
) -> Application:
    """Put the application on the fair's waiting list, at its end when no rank is given. Raises RankTaken."""
    application = steps.locked(application_id)
    steps.require(application, Step.WAITLIST)
    rank = waiting_list.take_rank(application, rank)
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
    if tell and not held.is_held:
        letters.rejected(application, step)
    return application
