"""Stands are offered, accepted, declined and exchanged: one placement an application and site."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from api.problems import Conflict, Invalid, field_error
from exhibitors.domain import catalogue, holding, letters, offers, plans, stand_holds, stand_use, steps
from exhibitors.domain.offers import Asked, Wanted
from exhibitors.domain.permitted import has_lapsed
from exhibitors.domain.reasons import require_reason
from exhibitors.domain.steps import Hold, Taken
from exhibitors.enums import PlacementStatus, Step
from exhibitors.models import Application, Placement
from fairs.domain import stands
from fairs.models import Stand


class NoOpenOffer(Conflict):
    """There is no offer to answer or to take back."""

    code = "no-open-offer"


class OfferLapsed(Conflict):
    """The time to answer is over."""

    code = "offer-lapsed"


@transaction.atomic
def offer_stand(
    *,
    application_id: int,
    stand_id: int,
    by: User | None,
    now: datetime,
    first_day: date | None = None,
    last_day: date | None = None,
    hold: bool = False,
    tell: bool = True,
) -> Placement:
    """Offer a stand for the days asked for at its site (or the days given); it is kept for 14 days.

    A held offer keeps the stand as well, without anybody's knowing; its 14 days begin when it is announced.
    Raises StandTaken, StandBlocked, StandNotForRent, StandHeld, AlreadyPlaced, TooManyOffers, StepNotAllowed; Invalid for a
    stand of another fair, of a site that was not asked for, or for days outside the wish.
    """
    application = steps.locked(application_id)
    return _offer([Wanted(application, stand_id, first_day, last_day)], by=by, now=now, hold=hold, tell=tell)[0]


@transaction.atomic
def offer_many(*, stands_of: Mapping[int, int], by: User | None, now: datetime, tell: bool) -> list[Placement]:
    """:func:`offer_stand` for many applications of a fair, by their ids the ids of the stands: all of them or none.

    Raises the first refusal there is, as that one.
    """
    applications = steps.locked_many(stands_of)
    wanted = [Wanted(application, stands_of[application.pk]) for application in applications]
    return _offer(wanted, by=by, now=now, hold=False, tell=tell)


def _offer(wanted: Sequence[Wanted], *, by: User | None, now: datetime, hold: bool, tell: bool) -> list[Placement]:
    for one in wanted:
        steps.require(one.application, Step.OFFER_STAND)
    asked = offers.asked_for(wanted)
    offers.require_free(asked)
    asked = offers.lock_stands(asked)
    offers.require_unplaced(asked, by=by, now=now)
    offers.require_offers_left(asked)
    stand_holds.take_up_all([(one.application, one.stand) for one in asked], now=now)
    held = holding.holds_of([one.application for one in asked], hold=hold)
    placements = offers.reserve(asked, held=held, now=now)
    offers.record(placements, Step.OFFER_STAND, held=held, by=by, now=now, tell=tell)
    return placements


@transaction.atomic
def offer_plan(*, placement_id: int, by: User | None, now: datetime, hold: bool = False, tell: bool = True) -> Placement:
    """Offer the stand that is planned, by the same rules and with the same letters as :func:`offer_stand`.

    Raises PlanGone, and as that one: a plan may be older than what its application asks for.
    """
    plan = Placement.objects.plans().filter(pk=placement_id).only("application_id").first()
    if plan is None:
        raise plans.gone(placement_id)
    application = steps.locked(plan.application_id)
    placement = Placement.objects.plans().filter(pk=placement_id).select_related("stand__hall", "site").first()
    if placement is None:
        raise plans.gone(placement_id)
    steps.require(application, Step.OFFER_STAND)
    stand = stand_use.locked_stand(placement.stand_id, fair_id=application.fair_id)
    days = _days_of(application, stand, first_day=placement.first_day, last_day=placement.last_day)
    stand_use.require_days(stand, first_day=days[0], last_day=days[1])
    offers.require_offers_left([Asked(application, stand, days)])
    stand_holds.take_up(application, stand, now=now)
    held = holding.hold_of(application, hold=hold)
    placement.application, placement.is_plan = application, False
    columns = offers.columns_of(held, now=now)
    for name, value in columns.items():
        setattr(placement, name, value)
    placement.save(update_fields=["is_plan", *columns])
    plans.sent(placement, by=by, now=now)
    offers.record([placement], Step.OFFER_STAND, held={application.pk: held}, by=by, now=now, tell=tell)
    return placement


@transaction.atomic
def relocate(
    *,
    application_id: int,
    stand_id: int,
    by: User | None,
    now: datetime,
    reason: str,
    first_day: date | None = None,
    last_day: date | None = None,
    hold: bool = False,
    tell: bool = True,
) -> Placement:
    """Offer another stand at the same site beside the accepted one, which stays until the new one is accepted.

    An offer that is still open at the site is replaced: at once, or when a held relocation is announced.
    Raises as :func:`offer_stand`, and ReasonMissing.
    """
    application = steps.locked(application_id)
    steps.require(application, Step.RELOCATE)
    require_reason(reason, pointer="/reason", detail=_("Write why another stand is offered; the exhibitor reads it."))
    _lock_all(application, stand_id)
    stand = stand_use.locked_stand(stand_id, fair_id=application.fair_id)
    there = application.placements.live().filter(site=stand.hall.site_id)
    if not there.exclude(status=PlacementStatus.PLANNED).exists():
        raise NoOpenOffer(_("This application has no stand at this site yet: offer one."))
    held = holding.hold_of(application, hold=hold)
    if not held.is_held:
        there.exclude(status=PlacementStatus.ACCEPTED).update(status=PlacementStatus.ENDED, answered_at=now)
    days = _days_of(application, stand, first_day=first_day, last_day=last_day)
    return offer_instead(application, stand, days=days, held=held, by=by, now=now, reason=reason, tell=tell)


def offer_instead(
    application: Application, stand: Stand, *, days: tuple[date, date], held: Hold, by: User | None, now: datetime, reason: str, tell: bool
) -> Placement:
    """The second half of a relocation, on a stand that the caller has locked: it takes the place of what was planned at the site."""
    stand_holds.take_up(application, stand, now=now)
    planned = application.placements.live().filter(site=stand.hall.site_id, status=PlacementStatus.PLANNED)
    holding.void_offer(application, placement_ids=list(planned.values_list("pk", flat=True)), now=now)
    stand_use.require_days(stand, first_day=days[0], last_day=days[1])
    of_it = {application.pk: held}
    (placement,) = offers.reserve([Asked(application, stand, days)], held=of_it, now=now, is_relocation=True)
    offers.record([placement], Step.RELOCATE, held=of_it, by=by, now=now, tell=tell, reason=reason)
    return placement


def _lock_all(application: Application, stand_id: int) -> None:
    """The new stand and those that are let go for it, in one order: two who want each other's would wait for each other."""
    open_ones = application.placements.live().exclude(status=PlacementStatus.ACCEPTED)
    stands.lock([stand_id, *open_ones.values_list("stand", flat=True)])


def full_sites(application: Application) -> set[int]:
    """The sites at which the exhibitor has let so many offers go that the fair makes no other one."""
    return offers.full_sites_of([application])[application.pk]


def _days_of(application: Application, stand: Stand, *, first_day: date | None, last_day: date | None) -> tuple[date, date]:
    """The days given, else those asked for at the stand's site. Raises Invalid for others than were asked for."""
    wish = offers.wishes_of([application]).get((application.pk, stand.hall.site_id))
    return offers.days_within(wish, first_day=first_day, last_day=last_day)


@transaction.atomic
def accept_offer(
    *, application_id: int, by: User | None, now: datetime, placement_id: int | None = None, on_behalf: bool = False, tell: bool = True
) -> Placement:
    """Take the offered stand. In a relocation the old stand falls free in the same transaction. Raises OfferLapsed, NoOpenOffer."""
    application = steps.locked(application_id)
    steps.require(application, Step.ACCEPT_OFFER)
    placement = _open_offer(application, placement_id)
    return _accept([(application, placement)], by=by, now=now, on_behalf=on_behalf, tell=tell)[0]


@transaction.atomic
def accept_many(*, offers_of: Mapping[int, int], by: User | None, now: datetime, on_behalf: bool, tell: bool) -> list[Placement]:
    """:func:`accept_offer` for many applications, by their ids the ids of the offers: all of them or none. Raises as that one."""
    applications = steps.locked_many(offers_of)
    for application in applications:
        steps.require(application, Step.ACCEPT_OFFER)
    there = _open_offers(applications, (PlacementStatus.OFFERED,))
    answered = [(application, _the_one(there[application.pk], offers_of[application.pk])) for application in applications]
    return _accept(answered, by=by, now=now, on_behalf=on_behalf, tell=tell)


def _accept(
    answered: Sequence[tuple[Application, Placement]], *, by: User | None, now: datetime, on_behalf: bool, tell: bool
) -> list[Placement]:
    if not on_behalf and any(has_lapsed(placement.answer_by, now) for _application, placement in answered):
        raise OfferLapsed(_("The time to answer this offer is over; ask the organiser."))
    take_all(answered, now=now)
    applications = [application for application, _placement in answered]
    settled = steps.settled_statuses(applications)
    taken = [Taken(application, settled[application.pk], placement) for application, placement in answered]
    rows = steps.record_many(taken, Step.ACCEPT_OFFER, by=by, now=now, on_behalf=on_behalf)
    catalogue.refresh_applications(applications)
    accepted = [placement for _application, placement in answered]
    if tell:
        letters.all_answered(list(zip(applications, rows, strict=True)), accepted)
    return accepted


@transaction.atomic
def decline_offer(
    *,
    application_id: int,
    by: User | None,
    now: datetime,
    placement_id: int | None = None,
    reason: str = "",
    on_behalf: bool = False,
    tell: bool = True,
) -> Placement:
    """Refuse the offered stand, which falls free at once; an accepted one stays. Raises NoOpenOffer."""
    application = steps.locked(application_id)
    steps.require(application, Step.DECLINE_OFFER)
    placement = _open_offer(application, placement_id)
    answer(placement, PlacementStatus.DECLINED, now=now)
    step = steps.record(
        application,
        Step.DECLINE_OFFER,
        steps.settled_status(application),
        by=by,
        now=now,
        reason=reason,
        on_behalf=on_behalf,
        placement=placement,
    )
    if tell:
        letters.offer_answered(application, step, placement)
    return placement


@transaction.atomic
def withdraw_offer(
    *, application_id: int, by: User | None, now: datetime, placement_id: int | None = None, reason: str = "", tell: bool = True
) -> Placement:
    """The organiser takes an open offer back; the stand falls free at once. Of a held one nobody hears. Raises NoOpenOffer."""
    application = steps.locked(application_id)
    steps.require(application, Step.WITHDRAW_OFFER)
    placement = _open_offer(application, placement_id, statuses=(PlacementStatus.OFFERED, PlacementStatus.PLANNED))
    if placement.status == PlacementStatus.PLANNED:
        holding.take_back_offer(application, placement_id=placement.pk, by=by, now=now, reason=reason)
        placement.refresh_from_db()
        return placement
    answer(placement, PlacementStatus.WITHDRAWN, now=now)
    step = steps.record(
        application, Step.WITHDRAW_OFFER, steps.settled_status(application), by=by, now=now, reason=reason, placement=placement
    )
    if tell:
        letters.offer_withdrawn(application, step, placement)
    return placement


def take(application: Application, placement: Placement, *, now: datetime) -> None:
    """The placement is accepted; the stand it replaces falls free, and with it the wish to move away from it."""
    take_all([(application, placement)], now=now)


def take_all(taken: Sequence[tuple[Application, Placement]], *, now: datetime) -> None:
    """The same for many, of each application one placement."""
    rows = Placement.objects.filter(application__in=[application.pk for application, _placement in taken], status=PlacementStatus.ACCEPTED)
    accepted = {(application_id, site_id): pk for pk, application_id, site_id in rows.order_by().values_list("pk", "application", "site")}
    old = {application.pk: accepted.get((application.pk, placement.site_id)) for application, placement in taken}
    if gone := [pk for pk in old.values() if pk is not None]:
        Placement.objects.filter(pk__in=gone).update(status=PlacementStatus.ENDED)
    for application, placement in taken:
        wishes_away = application.move_placement is None or application.move_placement.site_id == placement.site_id
        if old[application.pk] is not None and application.move_requested_at and wishes_away:
            application.save(update_fields=steps.forget_move(application))
    _answer_all([placement for _application, placement in taken], PlacementStatus.ACCEPTED, now=now)


def _open_offer(
    application: Application, placement_id: int | None, *, statuses: Collection[PlacementStatus] = (PlacementStatus.OFFERED,)
) -> Placement:
    """The offer meant; it may be left unnamed when there is one. Raises NoOpenOffer, Invalid when it must be named."""
    return _the_one(_open_offers([application], statuses)[application.pk], placement_id)


def _open_offers(applications: Sequence[Application], statuses: Collection[PlacementStatus]) -> dict[int, list[Placement]]:
    """Of each application its offers in these states, by its id."""
    found: dict[int, list[Placement]] = {application.pk: [] for application in applications}
    rows = Placement.objects.known_or_held().filter(application__in=found, status__in=statuses)
    for placement in rows.select_related("stand__hall", "site"):
        found[placement.application_id].append(placement)
    return found


def _the_one(open_ones: Sequence[Placement], placement_id: int | None) -> Placement:
    if placement_id is not None:
        open_ones = [offer for offer in open_ones if offer.pk == placement_id]
    if not open_ones:
        text = _(
            "No such offer is open: it was answered, taken back or has lapsed. Read the application's placements for what is open now."
        )
        raise NoOpenOffer(text)
    if len(open_ones) > 1:
        named = ", ".join(f"{offer.pk} ({offer.stand.number})" for offer in open_ones)
        text = _("More than one offer is open, name one of them in placement: %(offers)s.")
        raise Invalid([field_error("/placement", "required", text % {"offers": named})])
    return open_ones[0]


def answer(placement: Placement, status: PlacementStatus, *, now: datetime) -> None:
    """The offer is over, one way or the other."""
    _answer_all([placement], status, now=now)


def _answer_all(placements: Sequence[Placement], status: PlacementStatus, *, now: datetime) -> None:
    for placement in placements:
        placement.status, placement.answered_at = status, now
    Placement.objects.filter(pk__in=[placement.pk for placement in placements]).update(status=status, answered_at=now)
