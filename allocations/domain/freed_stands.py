"""Stands that fell free go to those who asked to move, in order of their points, then to the waiting list, by rank (DOMAIN part 2).

The rows are written by the database, one for each placement that ended (allocations/rules.py). Each is looked at in a transaction of its
own that holds its row, so of two workers one gives it away, and once.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from allocations.domain import priority
from allocations.domain.settings import settings_of
from allocations.enums import FreedReason, FreedRule, FreedState, LineState
from allocations.models import FreedStand, ProposalLine
from api.problems import Conflict, Refused
from exhibitors.domain import applications, placements, readers
from exhibitors.enums import ApplicationStatus, PlacementStatus
from exhibitors.models import Application, Placement, PlacementDay, SiteWish, StandHold
from fairs.one_by_one import one_by_one

log = logging.getLogger(__name__)


class FreedStandOver(Conflict):
    """Nobody is proposed for this stand any more: it was offered, given away or left to the organisers."""

    code = "freed-stand-over"
    message = gettext_lazy("Nothing is to be confirmed here any more: look at what has become of this stand.")


class AnotherComesFirst(Conflict):
    """Since the page was shown somebody else has come first for the stand, or nobody may have it."""

    code = "another-comes-first"
    message = gettext_lazy("Somebody else comes first for this stand by now: look again.")


@dataclass(frozen=True)
class Candidate:
    """Who could have a freed stand, and why in this order. ``points`` are the priority points of one who asked to move."""

    application: Application
    why: FreedReason
    points: float | None = None


def give_away(*, now: datetime) -> int:
    """See to every stand that has fallen free. Returns how many were looked at. May run any number of times, and twice at once.

    One that nobody waited for is looked at again as long as it is free: somebody may ask to move, or come onto the waiting list.
    """
    ids = list(FreedStand.objects.to_be_seen_to().order_by("freed_at", "pk").values_list("pk", flat=True))
    return one_by_one(lambda pk: _see_to(pk, now=now), ids, what="Freed stand")


@transaction.atomic
def _see_to(pk: int, *, now: datetime) -> bool:
    rows = FreedStand.objects.to_be_seen_to().filter(pk=pk).select_for_update(of=("self",), no_key=True, skip_locked=True)
    freed = rows.select_related("fair", "stand__hall__site", "placement__application").first()
    if freed is None or _is_promised(freed):
        return False
    rule = FreedRule(settings_of(freed.fair).freed_rule)
    if over := _why_over(freed, rule, now=now):
        _settle(freed, over, now=now)
    elif rule == FreedRule.OFFER and freed.state in (FreedState.NEW, FreedState.NOBODY) and not _taken_back(freed.placement):
        _offer_to_first(freed, now=now)
    else:
        _propose(freed, now=now)
    return True


def _is_promised(freed: FreedStand) -> bool:
    """A proposal that is being published moves one exhibitor off it for another: that one comes first."""
    waiting = ProposalLine.objects.filter(state=LineState.WAITING, stand=freed.stand_id)
    return waiting.filter(proposal__publish_at__isnull=False, proposal__published_at__isnull=True).exists()


def _why_over(freed: FreedStand, rule: FreedRule, *, now: datetime) -> FreedState | None:
    if not _is_free(freed, now=now) or _has_fallen_free_again(freed):
        return FreedState.TAKEN
    today = freed.fair.day_of(now)
    if rule == FreedRule.NOTHING or freed.stand.blocked or freed.last_day < today:
        return FreedState.DISMISSED
    return None


def _is_free(freed: FreedStand, *, now: datetime) -> bool:
    days = PlacementDay.objects.filter(stand=freed.stand_id, day__range=(freed.first_day, freed.last_day))
    return not days.exists() and not StandHold.objects.live(now=now).filter(stand=freed.stand_id).exists()


def _has_fallen_free_again(freed: FreedStand) -> bool:
    """Somebody had it meanwhile: the later row is about it now."""
    later = FreedStand.objects.filter(stand=freed.stand_id, freed_at__gt=freed.freed_at)
    return freed.state == FreedState.NOBODY and later.filter(first_day__lte=freed.last_day, last_day__gte=freed.first_day).exists()


def _taken_back(placement: Placement) -> bool:
    """An organiser took the offer back, and may have something in mind with the stand: nothing is offered without being confirmed."""
    return placement.status == PlacementStatus.WITHDRAWN and placement.application.told_status not in ApplicationStatus.ended


def _propose(freed: FreedStand, *, now: datetime) -> None:
    first = next(candidates(freed, now=now), None)
    if first is None:
        _settle(freed, FreedState.NOBODY, now=now)
        return
    freed.decided_at = None
    is_known = (freed.state, freed.candidate_id) == (FreedState.PROPOSED, first.application.pk)
    if not is_known:
        _name(freed, first)
        freed.state = FreedState.PROPOSED
        freed.save(update_fields=["state", "candidate", "why", "points", "decided_at"])


def _name(freed: FreedStand, one: Candidate) -> None:
    freed.candidate, freed.why, freed.points = one.application, one.why, one.points


def _offer_to_first(freed: FreedStand, *, now: datetime) -> None:
    for one in candidates(freed, now=now):
        try:
            with transaction.atomic():
                offer = _offer(freed, one, by=None, now=now)
        except Refused as refusal:
            log.info("Freed stand %s is not offered to application %s: %s", freed.pk, one.application.pk, refusal)
            continue
        _name(freed, one)
        _settle(freed, FreedState.OFFERED, now=now, offer=offer)
        return
    _settle(freed, FreedState.NOBODY, now=now)


def _settle(freed: FreedStand, state: FreedState, *, now: datetime, by: User | None = None, offer: Placement | None = None) -> None:
    if freed.state == state:
        return  # still nobody
    freed.state, freed.decided_at, freed.decided_by, freed.offer = state, now, by, offer
    freed.save(update_fields=["state", "decided_at", "decided_by", "offer", "candidate", "why", "points"])


def candidates(freed: FreedStand, *, now: datetime) -> Iterator[Candidate]:
    """Whom the stand fits, the first comes first. Whoever has let this very stand go is not asked again."""
    let_go = Placement.objects.let_go().filter(stand=freed.stand_id).values("application")
    fitting = _fitting(freed)
    movers = fitting.filter(application__told_status=ApplicationStatus.ACCEPTED, application__move_requested_at__isnull=False)
    yield from _movers(freed, movers.exclude(application__in=let_go))
    waiting = fitting.filter(application__status=ApplicationStatus.WAITLISTED, application__told_status=ApplicationStatus.WAITLISTED)
    placed = Placement.objects.live().filter(site=freed.stand.hall.site_id).values("application")
    for wish in waiting.exclude(application__in=let_go).exclude(application__in=placed).order_by("application__told_waitlist_rank"):
        if wish.site_id not in placements.full_sites(wish.application):
            yield Candidate(wish.application, FreedReason.WAITING)


def _fitting(freed: FreedStand) -> QuerySet[SiteWish]:
    """The wishes that the stand fulfils: area, power, water, and days on which nobody else has it."""
    stand = freed.stand
    wishes = SiteWish.objects.filter(application__fair=freed.fair_id, site=stand.hall.site_id)
    wishes = wishes.filter(Q(area_min_m2=None) | Q(area_min_m2__lte=stand.area_m2))
    wishes = wishes.filter(Q(area_max_m2=None) | Q(area_max_m2__gte=stand.area_m2))
    wishes = wishes.filter(Q(power_kw=None) | Q(power_kw__lte=stand.power_kw))
    if not (stand.water and stand.drain):
        wishes = wishes.filter(water=False)
    taken = PlacementDay.objects.filter(stand=stand, day__gte=OuterRef("first_day"), day__lte=OuterRef("last_day"))
    return wishes.filter(~Exists(taken)).select_related("application__fair", "application__company")


def _movers(freed: FreedStand, wishes: QuerySet[SiteWish]) -> Iterator[Candidate]:
    """Those who have a stand at the site and want another one, by their points, then by the moment they asked."""
    site_id = freed.stand.hall.site_id
    open_offers = Placement.objects.live().exclude(status=PlacementStatus.ACCEPTED).filter(site=site_id)
    accepted = Placement.objects.public().filter(site=site_id)
    meant = Q(application__move_placement=None) | Q(application__move_placement__site=site_id)
    asked = wishes.filter(meant, application__in=accepted.values("application")).exclude(application__in=open_offers.values("application"))
    found = [wish.application for wish in asked.exclude(application__in=accepted.filter(stand=freed.stand_id).values("application"))]
    points = priority.points_of(freed.fair, found)
    for application in sorted(found, key=lambda one: (-points[one.pk].total, one.move_requested_at, one.pk)):
        yield Candidate(application, FreedReason.MOVE, points[application.pk].total)


def _offer(freed: FreedStand, one: Candidate, *, by: User | None, now: datetime) -> Placement:
    """Another stand beside the accepted one, or, off the waiting list, admission and a stand in one letter."""
    application = one.application
    if one.why == FreedReason.MOVE:
        return placements.relocate(application_id=application.pk, stand_id=freed.stand_id, by=by, now=now, reason=_reason(application))
    applications.admit(application_id=application.pk, by=by, now=now, tell=False)
    return placements.offer_stand(application_id=application.pk, stand_id=freed.stand_id, by=by, now=now)


def _reason(application: Application) -> str:
    """What the exhibitor reads: in the language of its first reader."""
    to = readers.exhibitor_readers(application)
    with translation.override(to[0].language if to else "en"):
        return _("You had asked for another stand, and this one has fallen free.")


@transaction.atomic
def confirm(*, freed_id: int, candidate_id: int, by: User, now: datetime) -> Placement:
    """Offer the stand to the candidate that was shown. Raises FreedStandOver, AnotherComesFirst, and what offers raise.

    Where somebody else comes first by now nothing is offered; the next tick names that one.
    """
    freed = _proposed(freed_id)
    first = next(candidates(freed, now=now), None) if _is_free(freed, now=now) else None
    if first is None or first.application.pk != candidate_id:
        raise AnotherComesFirst
    offer = _offer(freed, first, by=by, now=now)
    _name(freed, first)
    _settle(freed, FreedState.OFFERED, now=now, by=by, offer=offer)
    return offer


@transaction.atomic
def dismiss(*, freed_id: int, by: User, now: datetime) -> FreedStand:
    """Nobody is asked: the organisers place somebody by hand. Raises FreedStandOver."""
    freed = _proposed(freed_id)
    _settle(freed, FreedState.DISMISSED, now=now, by=by)
    return freed


def _proposed(freed_id: int) -> FreedStand:
    rows = FreedStand.objects.select_for_update(of=("self",), no_key=True).select_related("fair", "stand__hall__site")
    freed = rows.get(pk=freed_id)
    if freed.state != FreedState.PROPOSED:
        raise FreedStandOver
    return freed
