"""Offers that nobody answered in time: they lapse, or count as accepted where the fair says that silence accepts."""

from datetime import datetime

from django.db import transaction

from exhibitors.domain import catalogue, letters, placements, steps
from exhibitors.domain.permitted import has_lapsed
from exhibitors.enums import PlacementStatus, Step
from exhibitors.models import Placement
from fairs.one_by_one import one_by_one


def lapse_due(*, now: datetime) -> int:
    """Settle every offer whose time to answer is over. Returns how many. May run any number of times, and twice at once."""
    over = Placement.objects.filter(status=PlacementStatus.OFFERED, answer_by__lt=now)
    ids = over.order_by("answer_by", "pk").values_list("pk", flat=True)
    return one_by_one(lambda pk: lapse(placement_id=pk, now=now), ids, what="Offer")


@transaction.atomic
def lapse(*, placement_id: int, now: datetime) -> bool:
    """Settle one offer. False when it is answered, taken back or still open: whoever had the application's lock first has won."""
    application = steps.locked(Placement.objects.only("application_id").get(pk=placement_id).application_id)
    placement = Placement.objects.select_related("stand__hall", "site").get(pk=placement_id)
    if placement.status != PlacementStatus.OFFERED or not has_lapsed(placement.answer_by, now):
        return False
    if application.fair.silence_accepts:
        placements.take(application, placement, now=now)
    else:
        placements.answer(placement, PlacementStatus.LAPSED, now=now)
    step = steps.record(application, Step.LAPSE, steps.settled_status(application), by=None, now=now, placement=placement)
    if application.fair.silence_accepts:
        catalogue.refresh_application(application)
    letters.offer_lapsed(application, step, placement)
    return True
