"""Companies on a main exhibitor's stand with own staff and own products (DOMAIN, "Co-exhibitor")."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from api.problems import Conflict, Invalid, field_error
from exhibitors.domain import catalogue
from exhibitors.enums import ApplicationStatus, CoExhibitorStatus
from exhibitors.models import Application, CoExhibitor, Company


class CoExhibitorStepNotAllowed(Conflict):
    """The state of the co-exhibitor does not allow the step."""

    code = "step-not-allowed"


_FROM = {
    CoExhibitorStatus.CONFIRMED: (CoExhibitorStatus.DECLARED,),
    CoExhibitorStatus.ADMITTED: (CoExhibitorStatus.CONFIRMED,),
    CoExhibitorStatus.REFUSED: (CoExhibitorStatus.DECLARED, CoExhibitorStatus.CONFIRMED, CoExhibitorStatus.ADMITTED),
}


@transaction.atomic
def declare(*, application_id: int, company: Company, by: User | None, now: datetime) -> CoExhibitor:
    """The main exhibitor names a company that shares its stand. Raises Invalid when it is there already, or is itself."""
    application = Application.objects.select_for_update(of=("self",)).get(pk=application_id)
    if application.told_status in ApplicationStatus.ended:
        raise CoExhibitorStepNotAllowed(_("This application has ended."))
    if company.pk == application.company_id:
        raise Invalid([field_error("/company", "same_company", _("A company cannot be its own co-exhibitor."))])
    try:
        with transaction.atomic():
            return CoExhibitor.objects.create(application=application, company=company, declared_at=now)
    except IntegrityError as error:
        raise Invalid([field_error("/company", "unique", _("This company is a co-exhibitor here already."))]) from error


def confirm(*, co_exhibitor_id: int, by: User | None, now: datetime) -> CoExhibitor:
    """The company itself says that it takes part."""
    return _become(co_exhibitor_id, CoExhibitorStatus.CONFIRMED, now=now)


def admit(*, co_exhibitor_id: int, by: User | None, now: datetime) -> CoExhibitor:
    """The organiser's yes; it stands in the catalogue as soon as the main exhibitor does."""
    return _become(co_exhibitor_id, CoExhibitorStatus.ADMITTED, now=now)


def refuse(*, co_exhibitor_id: int, by: User | None, now: datetime) -> CoExhibitor:
    """The organiser's no, also later; it leaves the catalogue."""
    return _become(co_exhibitor_id, CoExhibitorStatus.REFUSED, now=now)


@transaction.atomic
def _become(co_exhibitor_id: int, target: CoExhibitorStatus, *, now: datetime) -> CoExhibitor:
    co_exhibitor = CoExhibitor.objects.select_for_update(of=("self",)).select_related("application").get(pk=co_exhibitor_id)
    status = CoExhibitorStatus(co_exhibitor.status)
    if status not in _FROM[target]:
        raise CoExhibitorStepNotAllowed(
            _("This step is not possible while the co-exhibitor is “%(status)s”.") % {"status": status.label}, status=status.value
        )
    co_exhibitor.status = target
    co_exhibitor.decided_at = now
    co_exhibitor.save(update_fields=["status", "decided_at"])
    catalogue.refresh(fair_id=co_exhibitor.application.fair_id, company_ids=[co_exhibitor.company_id])
    return co_exhibitor
