"""Applications of every state with all that belongs to the state: wishes, placements, a company that is complete."""

from datetime import UTC, datetime, timedelta
from typing import Any

from exhibitors.domain import catalogue
from exhibitors.enums import STEPS, ApplicationStatus, PlacementStatus, Step
from exhibitors.models import Application, ApplicationStep, Company, Exhibitor, Placement
from fairs.models import Fair, Site, Stand
from tests.factories.exhibitors import (
    DECIDED_AT,
    SUBMITTED_AT,
    ApplicationFactory,
    CompanyMemberFactory,
    ExhibitorFactory,
    PlacementFactory,
    ProductCategoryFactory,
    SiteWishFactory,
)
from tests.factories.fairs import DeadlineFactory, HallFactory, SiteFactory, StandFactory

NOW = datetime(2030, 1, 15, 9, tzinfo=UTC)
BEFORE_SUBMISSION = (ApplicationStatus.DRAFT,)


def site_of(fair: Fair) -> Site:
    """The fair's first site, made when it has none."""
    return fair.sites.order_by("pk").first() or SiteFactory(fair=fair)


def stand_at(site: Site, **fields: Any) -> Stand:
    """A new stand in the site's first hall."""
    hall = site.halls.order_by("pk").first() or HallFactory(site=site)
    return StandFactory(hall=hall, **fields)


def application_in(status: str, *, fair: Fair | None = None, company: Company | None = None) -> Application:
    """A complete application in ``status``: one wished site, one category, and the stand that the state implies.

    Nothing is looked for at a fair or of a company that is made here.
    """
    given = {name: value for name, value in {"fair": fair, "company": company}.items() if value is not None}
    is_sent = status not in BEFORE_SUBMISSION
    application = ApplicationFactory(
        status=status,
        submitted_at=SUBMITTED_AT if is_sent else None,
        decided_at=DECIDED_AT if is_sent else None,
        **given,
    )
    application.categories.add(ProductCategoryFactory())
    site = site_of(fair) if fair else SiteFactory(fair=application.fair)
    SiteWishFactory(application=application, site=site)
    if status in (ApplicationStatus.STAND_OFFERED, ApplicationStatus.ACCEPTED):
        kind = PlacementStatus.OFFERED if status == ApplicationStatus.STAND_OFFERED else PlacementStatus.ACCEPTED
        stand = stand_at(site) if fair else StandFactory(hall=HallFactory(site=site))
        PlacementFactory(application=application, stand=stand, status=kind, offered_at=DECIDED_AT)
    if status == ApplicationStatus.ACCEPTED and company:
        catalogue.refresh_application(application)
    elif status == ApplicationStatus.ACCEPTED:
        ExhibitorFactory(fair=application.fair, company=application.company, application=application)
    return application


def applied(fair: Fair, count: int = 4) -> list[Application]:
    """Complete applications that wait to be looked at, each of a company with an owner who gets its letters."""
    made = [application_in(ApplicationStatus.SUBMITTED, fair=fair) for _number in range(count)]
    for application in made:
        CompanyMemberFactory(company=application.company)
    return made


def with_open_offer(application: Application) -> Placement:
    """Put an open offer of another stand beside what the application has: a relocation."""
    stand = stand_at(site_of(application.fair))
    return PlacementFactory(application=application, stand=stand, status=PlacementStatus.OFFERED, offered_at=DECIDED_AT)


def arguments(step: Step, application: Application) -> dict[str, Any]:
    """What the step's domain function needs beside application, person and moment."""
    if step in (Step.OFFER_STAND, Step.RELOCATE):
        site = _site_without_stand(application) if step == Step.OFFER_STAND else site_of(application.fair)
        values: dict[str, Any] = {"stand_id": stand_at(site).pk}
        return {**values, "reason": "The hall was laid out anew."} if step == Step.RELOCATE else values
    if step == Step.REQUEST_CHANGES:
        return {"message": "Name the brands."}
    if step == Step.EXTEND_DEADLINE:
        deadline = DeadlineFactory(fair=application.fair)
        return {"deadline": deadline.code, "due_at": deadline.due_at + timedelta(days=3)}
    return {"reason": "The goods do not fit."} if step in (Step.REJECT, Step.CANCEL, Step.REQUEST_MOVE) else {}


def _site_without_stand(application: Application) -> Site:
    placed = application.placements.live().values("site")
    wish = application.site_wishes.exclude(site__in=placed).first()
    return (wish or SiteWishFactory(application=application, site=SiteFactory(fair=application.fair))).site


def snapshot(application: Application) -> dict[str, Any]:
    """All rows that a step may touch, to show that a refused one touched none."""
    return {
        "application": Application.objects.filter(pk=application.pk).values().get(),
        "placements": list(Placement.objects.filter(application=application).order_by("pk").values()),
        "steps": list(ApplicationStep.objects.filter(application=application).order_by("pk").values()),
        "exhibitors": list(Exhibitor.objects.filter(fair=application.fair_id).order_by("pk").values()),
        "wishes": list(application.site_wishes.order_by("pk").values()),
        "categories": list(application.categories.order_by("pk").values_list("pk", flat=True)),
    }


ALL_STATES = list(ApplicationStatus)
ALL_PAIRS = [(step, status) for step in STEPS for status in ALL_STATES]
