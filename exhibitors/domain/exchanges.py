"""Exhibitors who get each other's stands are offered them at one go: none of them can wait for the stand of the next.

What each has until then is an open offer or a plan; an accepted stand is relocated by hand, and its exhibitor asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from api.problems import Conflict
from exhibitors.domain import holding, offers, placements, plans, stand_use, steps
from exhibitors.domain.steps import AT_ONCE
from exhibitors.enums import PlacementStatus, Step
from exhibitors.models import Application, Placement, SiteWish
from fairs.domain import stands
from fairs.models import Stand


class CannotExchange(Conflict):
    """One of those who were to exchange their stands has another decision that waits, or a stand that it keeps."""

    code = "cannot-exchange"


@dataclass(frozen=True)
class NewStand:
    """Which stand an application is offered on which days, and the reason that its exhibitor reads."""

    application_id: int
    stand_id: int
    first_day: date
    last_day: date
    reason: str


@transaction.atomic
def exchange(*, wanted: Sequence[NewStand], by: User | None, now: datetime) -> list[Placement]:
    """Offer each its new stand in place of what it has at the site; the letters go. All of them or none.

    Raises CannotExchange, and what :func:`placements.offer_stand` and :func:`placements.relocate` raise.
    """
    applications = {pk: steps.locked(pk) for pk in sorted(one.application_id for one in wanted)}
    site_of = dict(Stand.objects.filter(pk__in=[one.stand_id for one in wanted]).values_list("pk", "hall__site"))
    there = {pk: list(one.placements.live().select_related("site")) for pk, one in applications.items()}
    stands.lock({one.stand_id for one in wanted} | {row.stand_id for rows in there.values() for row in rows})
    had_offer = {}
    for one in wanted:
        application, site_id = applications[one.application_id], site_of[one.stand_id]
        had_offer[application.pk] = _leave(application, site_id, by=by, now=now)
    return [_offer(applications[one.application_id], one, is_other=had_offer[one.application_id], by=by, now=now) for one in wanted]


def _leave(application: Application, site_id: int, *, by: User | None, now: datetime) -> bool:
    """What it has at the site falls free. True when that was an open offer."""
    there = application.placements.live().filter(site=site_id)
    if holding.pending(application).exists() or there.filter(status=PlacementStatus.ACCEPTED).exists():
        text = _("%(company)s has a decision that it has not been told, or has accepted its stand: it cannot exchange its stand.")
        raise CannotExchange(text % {"company": application.company}, application=application.pk)
    plans.give_way(application, site_id=site_id, by=by, now=now)
    return bool(there.filter(status=PlacementStatus.OFFERED).update(status=PlacementStatus.ENDED, answered_at=now))


def _offer(application: Application, one: NewStand, *, is_other: bool, by: User | None, now: datetime) -> Placement:
    if not is_other:
        return placements.offer_stand(
            application_id=application.pk, stand_id=one.stand_id, by=by, now=now, first_day=one.first_day, last_day=one.last_day
        )
    steps.require(application, Step.RELOCATE)
    stand = stand_use.locked_stand(one.stand_id, fair_id=application.fair_id)
    wish = SiteWish.objects.filter(application=application, site=stand.hall.site_id).first()
    first_day, last_day = offers.days_within(wish, first_day=one.first_day, last_day=one.last_day)
    return placements.offer_instead(
        application, stand, days=(first_day, last_day), held=AT_ONCE, by=by, now=now, reason=one.reason, tell=True
    )
