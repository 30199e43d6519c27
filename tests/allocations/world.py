"""A hall with a row of stands, applicants who wish for one, and a run of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from allocations.domain import run_work, runs
from allocations.models import AllocationRun, Proposal
from exhibitors.domain import placements, planning
from exhibitors.models import Application, Placement
from fairs.models import Fair, Hall, Site, Stand
from tests.factories.exhibitors import SUBMITTED_AT, ApplicationFactory, CompanyMemberFactory, SiteWishFactory
from tests.factories.fairs import FairFactory, HallFactory, SiteFactory, StandFactory, square

NOW = datetime(2030, 2, 10, 8, tzinfo=UTC)


def hall_of(fair: Fair | None = None, *, site: Site | None = None, stands: int = 3) -> Hall:
    """A hall of the fair with so many stands of 9 m² in a row, A-1, A-2, …"""
    hall = HallFactory(site=site or SiteFactory(fair=fair or FairFactory()))
    for number in range(stands):
        StandFactory(hall=hall, number=f"A-{number + 1}", outline=square(3 * number, 0))
    return hall


def stand(hall: Hall, number: int) -> Stand:
    return hall.stands.get(number=f"A-{number}")


def applicant(hall: Hall, *, minutes: int = 0, **wish: Any) -> Application:
    """An admitted application that wishes for 9 m² at the hall's site; ``minutes`` later than the first."""
    fields = {name: wish.pop(name) for name in ("company", "pavilion", "status", "waitlist_rank", "move_requested_at") if name in wish}
    application = ApplicationFactory(fair=hall.fair, admitted=True, submitted_at=SUBMITTED_AT + timedelta(minutes=minutes), **fields)
    CompanyMemberFactory(company=application.company)
    SiteWishFactory(application=application, site=hall.site, **wish)
    return application


def run_of(hall: Hall, **options: Any) -> AllocationRun:
    """A run of the hall that has been done."""
    run = runs.create(fair=hall.fair, by=None, now=NOW, halls=[hall], **options)
    work(run)
    return AllocationRun.objects.get(pk=run.pk)


def work(run: AllocationRun) -> bool:
    """In the test's own thread, which has the database."""
    return run_work.work(run.pk, now=lambda: NOW, watched=False)


def proposal_of(hall: Hall, **options: Any) -> Proposal:
    return run_of(hall, **options).proposal


def propose(proposal: Proposal, stands: dict[Application, Stand]) -> None:
    """Other stands than were found. What these are worth is not counted: nobody asks for it."""
    for application, where in stands.items():
        proposal.lines.filter(application=application).update(stand=where, by_hand=True)


def placed(proposal: Proposal) -> dict[int, str | None]:
    """The number of the stand by application."""
    return dict(proposal.lines.values_list("application", "stand__number"))


def offer(application: Application, on: Stand) -> Placement:
    return placements.offer_stand(application_id=application.pk, stand_id=on.pk, by=None, now=NOW)


def plan(application: Application, on: Stand) -> Placement:
    return planning.plan_stand(application_id=application.pk, stand_id=on.pk, by=None, now=NOW)


def ring_of(*, offered: int, planned: int = 0, spare: int = 0) -> tuple[Hall, list[Application], Proposal]:
    """A proposal that gives each the stand that the next one has: first those who are offered theirs, then those who are planned there."""
    count = offered + planned
    hall = hall_of(stands=count + spare)
    several = [applicant(hall, minutes=minutes) for minutes in range(count)]
    proposal = proposal_of(hall)
    propose(proposal, {application: stand(hall, (place + 1) % count + 1) for place, application in enumerate(several)})
    for place, application in enumerate(several):
        put = offer if place < offered else plan
        put(application, stand(hall, place + 1))
    return hall, several, proposal


__all__ = ["NOW", "applicant", "hall_of", "offer", "placed", "plan", "proposal_of", "propose", "ring_of", "run_of", "stand", "work"]
