"""Plans become offers: each application in a transaction of its own, by the rules and with the letters of an offer made by hand."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from api.problems import Refused
from exhibitors.domain import placements
from exhibitors.models import Placement
from notifications.models import Letter


@dataclass(frozen=True)
class Preview:
    """What sending would do: the result for each plan, the letters as they would be written, and who reads them by application."""

    results: dict[int, Placement | Refused]
    letters: list[Letter]
    readers: dict[int, list[str]]


def preview(*, placement_ids: Collection[int], by: User | None, now: datetime) -> Preview:
    """Make the offers and write the letters in a transaction that is undone: what is shown is what sending would do at this moment."""
    with transaction.atomic():
        latest = Letter.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        results = send_offers(placement_ids=placement_ids, by=by, now=now)
        offers = [offer for offer in results.values() if isinstance(offer, Placement)]
        applications = {offer.application_id: f"application:{offer.application_id}" for offer in offers}
        letters = list(Letter.objects.filter(pk__gt=latest, about__in=applications.values()).order_by("pk"))
        transaction.set_rollback(True)
    readers: dict[int, list[str]] = {pk: [] for pk in applications}
    for letter in letters:
        readers[int(letter.about.partition(":")[2])].append(f"{letter.recipient_name} <{letter.recipient_email}>")
    return Preview(results=results, letters=letters, readers=readers)


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
