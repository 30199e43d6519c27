"""Plans become offers: each application in a transaction of its own, by the rules and with the letters of an offer made by hand."""

from collections.abc import Collection
from datetime import datetime

from accounts.models import User
from api.problems import Refused
from exhibitors.domain import placements
from exhibitors.models import Placement


def send_offers(
    *,
    placement_ids: Collection[int],
    by: User | None,
    now: datetime,
    hold: bool = False,
    tell: bool = True,
) -> dict[int, Placement | Refused]:
    """Offer what is planned, in the order of the applications. For each plan its offer, or why it was not made; the others are made.

    ``hold``: the exhibitors are told later, by an announcement. A plan that was moved has another id, so that nobody offers a stand
    that he has not seen. May run twice: what is offered already is refused.
    """
    order = dict(Placement.objects.filter(pk__in=placement_ids).values_list("pk", "application"))
    results: dict[int, Placement | Refused] = {}
    for placement_id in sorted(placement_ids, key=lambda pk: (order.get(pk, 0), pk)):
        try:
            results[placement_id] = placements.offer_plan(placement_id=placement_id, by=by, now=now, hold=hold, tell=tell)
        except Refused as refusal:
            results[placement_id] = refusal
    return results
