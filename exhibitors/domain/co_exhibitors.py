"""Companies on a main exhibitor's stand with own staff and own products (DOMAIN, "Co-exhibitor").

The main exhibitor names one by legal name, country, tax number and an address, and learns nothing of who is registered
here: a known number is linked to its company without a word, an unknown one makes a new company.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from api.problems import Conflict, Invalid, field_error
from api.text import quoted
from exhibitors.domain import catalogue, changes, co_exhibitor_letters, steps
from exhibitors.domain.co_exhibitor_values import DeclaredCompany, company_behind
from exhibitors.domain.differences import Diff
from exhibitors.domain.editing import require_live
from exhibitors.enums import ApplicationStatus, ChangeSubject, CoExhibitorStatus
from exhibitors.models import Application, CoExhibitor, Company

MOST_DECLARED = 100  # of one application: each makes a letter to somebody


class CoExhibitorStepNotAllowed(Conflict):
    """The state of the co-exhibitor does not allow the step."""

    code = "step-not-allowed"


class TooManyCoExhibitors(Conflict):
    """The application has named as many as it may."""

    code = "too-many-co-exhibitors"


_S = CoExhibitorStatus
_FROM = {
    _S.CONFIRMED: (_S.DECLARED,),
    _S.ADMITTED: (_S.CONFIRMED,),
    _S.REFUSED: (_S.DECLARED, _S.CONFIRMED, _S.ADMITTED),
    _S.WITHDRAWN: (_S.DECLARED, _S.CONFIRMED, _S.ADMITTED, _S.REFUSED),
}


@transaction.atomic
def name(*, application_id: int, declared: DeclaredCompany, by: User | None, now: datetime, as_staff: bool = False) -> CoExhibitor:
    """The main exhibitor names a company that it may not know to be here. Its people are asked by letter to confirm.

    Raises Invalid with pointers for wrong values and for a company named before, NotEditable when the application has ended.
    """
    application = steps.locked(application_id)
    require_live(application)
    if application.co_exhibitors.count() >= MOST_DECLARED:
        raise TooManyCoExhibitors(_("At most %(count)d co-exhibitors can be named.") % {"count": MOST_DECLARED})
    checked = declared.checked()
    _refuse_own_number(application, checked)
    company = company_behind(checked, now=now)
    co_exhibitor = _create(
        application,
        company,
        now=now,
        pointer="/tax_number",
        declared_legal_name=checked.legal_name,
        declared_country=checked.country,
        declared_tax_number=checked.tax_number,
        contact_email=checked.contact_email,
    )
    _record(co_exhibitor, _named(None, checked.legal_name), by=by, now=now, as_staff=as_staff)
    co_exhibitor_letters.declared(co_exhibitor)
    return co_exhibitor


def _named(before: str | None, after: str | None) -> Diff:
    """Whom the main exhibitor, or staff for it, named or took back."""
    diff = Diff()
    diff.note("co_exhibitors", before, after)
    return diff


def _record(co_exhibitor: CoExhibitor, diff: Diff, *, by: User | None, now: datetime, as_staff: bool) -> None:
    changes.record_part(
        application=co_exhibitor.application, subject=ChangeSubject.CO_EXHIBITORS, by=by, as_staff=as_staff, now=now, diff=diff
    )


def _refuse_own_number(application: Application, declared: DeclaredCompany) -> None:
    own = application.company
    if declared.tax_number and declared.tax_number in (own.inn, own.uscc):
        raise Invalid([field_error("/tax_number", "same_company", _("A company cannot be its own co-exhibitor."))])


@transaction.atomic
def declare(*, application_id: int, company: Company, by: User | None, now: datetime) -> CoExhibitor:
    """Staff and imports name a company that they know; no letter goes.

    Raises Invalid when it is there already, or is the main exhibitor.
    """
    application = Application.objects.select_for_update(of=("self",)).get(pk=application_id)
    if application.status in ApplicationStatus.ended:
        raise CoExhibitorStepNotAllowed(_("This application has ended."))
    if company.pk == application.company_id:
        raise Invalid([field_error("/company", "same_company", _("A company cannot be its own co-exhibitor."))])
    co_exhibitor = _create(application, company, now=now, pointer="/company")
    _record(co_exhibitor, _named(None, company.legal_name), by=by, now=now, as_staff=True)
    return co_exhibitor


def _create(application: Application, company: Company, *, now: datetime, pointer: str, **declared: str) -> CoExhibitor:
    try:
        with transaction.atomic():
            return CoExhibitor.objects.create(application=application, company=company, declared_at=now, **declared)
    except IntegrityError as error:
        raise Invalid([field_error(pointer, "unique", _("This company is a co-exhibitor here already."))]) from error


@transaction.atomic
def confirm(*, co_exhibitor_id: int, by: User | None, now: datetime, tell: bool = True) -> CoExhibitor:
    """The company itself says that it takes part. Main exhibitor and organisers are told."""
    co_exhibitor, diff = _become(co_exhibitor_id, _S.CONFIRMED, now=now, tell=tell)
    _record(co_exhibitor, diff, by=by, now=now, as_staff=False)
    return co_exhibitor


@transaction.atomic
def admit(*, co_exhibitor_id: int, by: User | None, now: datetime, tell: bool = True) -> CoExhibitor:
    """The organiser's yes; it stands in the catalogue as soon as the main exhibitor does. Both companies are told."""
    co_exhibitor, diff = _become(co_exhibitor_id, _S.ADMITTED, now=now, tell=tell)
    _record(co_exhibitor, diff, by=by, now=now, as_staff=True)
    return co_exhibitor


@transaction.atomic
def refuse(*, co_exhibitor_id: int, reason: str, by: User | None, now: datetime, tell: bool = True) -> CoExhibitor:
    """The organiser's no, also later; it leaves the catalogue. Both companies are told why. Raises Invalid without a reason."""
    if not reason.strip():
        raise Invalid([field_error("/reason", "required", _("Write the reason; both companies read it."))])
    co_exhibitor, diff = _become(co_exhibitor_id, _S.REFUSED, now=now, tell=tell, reason=reason.strip())
    diff.note("co_exhibitors.reason", None, co_exhibitor.reason, of=co_exhibitor.shown_name)
    _record(co_exhibitor, diff, by=by, now=now, as_staff=True)
    return co_exhibitor


@transaction.atomic
def withdraw(*, co_exhibitor_id: int, by: User | None, now: datetime, tell: bool = True, as_staff: bool = False) -> CoExhibitor:
    """The main exhibitor takes it back, also later; it leaves the catalogue, is told, and may be named anew."""
    co_exhibitor, _diff = _become(co_exhibitor_id, _S.WITHDRAWN, now=now, tell=tell)
    _record(co_exhibitor, _named(co_exhibitor.shown_name, None), by=by, now=now, as_staff=as_staff)
    return co_exhibitor


def require_possible(co_exhibitor: CoExhibitor, application: Application, target: CoExhibitorStatus) -> None:
    """Raise NotEditable, CoExhibitorStepNotAllowed when it cannot become ``target`` now."""
    if target != _S.REFUSED:
        require_live(application)
    status = CoExhibitorStatus(co_exhibitor.status)
    if status not in _FROM[target]:
        text = _("This step is not possible while the co-exhibitor is “%(status)s”; it is while it is: %(possible)s.")
        possible = [CoExhibitorStatus(one) for one in _FROM[target]]
        raise CoExhibitorStepNotAllowed(
            text % {"status": status.label, "possible": quoted(one.label for one in possible)},
            status=status.value,
            possible_from=[one.value for one in possible],
        )


def _become(co_exhibitor_id: int, target: CoExhibitorStatus, *, now: datetime, tell: bool, reason: str = "") -> tuple[CoExhibitor, Diff]:
    """The co-exhibitor with its new status, and what that changes."""
    application = steps.locked(CoExhibitor.objects.values_list("application", flat=True).get(pk=co_exhibitor_id))
    co_exhibitor = CoExhibitor.objects.select_for_update(of=("self",)).select_related("company").get(pk=co_exhibitor_id)
    require_possible(co_exhibitor, application, target)
    status = CoExhibitorStatus(co_exhibitor.status)
    co_exhibitor.application = application
    co_exhibitor.status = target
    co_exhibitor.reason = reason
    setattr(co_exhibitor, "confirmed_at" if target == _S.CONFIRMED else "decided_at", now)
    co_exhibitor.save(update_fields=["status", "reason", "confirmed_at", "decided_at"])
    catalogue.refresh(fair_id=application.fair_id, company_ids=[co_exhibitor.company_id])
    if tell:
        co_exhibitor_letters.write_about(co_exhibitor, was=status)
    diff = Diff()
    diff.note("co_exhibitors.status", status, target, of=co_exhibitor.shown_name)
    return co_exhibitor, diff
