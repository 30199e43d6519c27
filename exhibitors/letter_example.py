"""An exhibitor made up to preview letters with, where a fair has none yet. Nothing is written, and no other fair is looked at."""

from decimal import Decimal

from api.models import StoredFile
from exhibitors.enums import ApplicationStatus, PlacementStatus
from exhibitors.models import Application, Company, Document, DocumentRequirement, Placement, Region, SiteWish
from fairs.models import Fair, Stand

NOBODY = 0  # no row has this id: what is asked about such an application finds nothing
SHOWN_NUMBER = 1


def example_application(fair: Fair) -> Application:
    company = Company(
        pk=NOBODY,
        legal_name="Example",
        name_ru="Компания-пример",
        name_zh_hans="示例公司",
        name_en="Example Company",
        country="RU",
        region=Region.objects.order_by("pk").first(),
    )
    status = ApplicationStatus.ACCEPTED
    return Application(pk=NOBODY, fair=fair, company=company, status=status, told_status=status, created_at=fair.applications_open_at)


def example_placement(application: Application) -> Placement | None:
    """On the first stand of the fair; None where it has no stands."""
    fair = application.fair
    stand = Stand.objects.filter(hall__site__fair=fair).select_related("hall__site").order_by("pk").first()
    if stand is None:
        return None
    return Placement(
        application=application,
        site=stand.hall.site,
        stand=stand,
        first_day=stand.hall.site.starts_on,
        last_day=stand.hall.site.ends_on,
        status=PlacementStatus.OFFERED,
    )


def example_document(application: Application) -> Document:
    requirement = DocumentRequirement.objects.filter(fair=application.fair).order_by("pk").first()
    return Document(application=application, requirement=requirement, file=StoredFile(original_name="certificate.pdf"))


def example_wishes(application: Application) -> list[SiteWish]:
    """One for each site, of the smallest usual stand."""
    return [
        SiteWish(application=application, site=site, area_wished_m2=Decimal(9), first_day=site.starts_on, last_day=site.ends_on)
        for site in application.fair.sites.order_by("starts_on", "pk")
    ]
