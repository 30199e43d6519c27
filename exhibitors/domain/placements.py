"""Stands are offered, accepted, declined and exchanged: one placement an application and site."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from api.problems import Conflict, Invalid, field_error
from exhibitors.domain import catalogue, holding, letters, plans, stand_holds, stand_use, steps
from exhibitors.domain.permitted import has_lapsed
from exhibitors.domain.reasons import require_reason
from exhibitors.domain.stand_use import StandTaken
from exhibitors.domain.steps import Hold
from exhibitors.enums import ApplicationStatus, PlacementStatus, Step
from exhibitors.models import Application, Placement, PlacementDay, SiteWish
from fairs.domain import stands
from fairs.models import Stand
from fairs.units import day_text

OFFER_IS_OPEN_FOR = timedelta(days=14)  # DOMAIN part 2, "offer stand"


class NoOpenOffer(Conflict):
    """There is no offer to answer or to take back."""

    code = "no-open-offer"


class OfferLapsed(Conflict):
    """The time to answer is over."""

    code = "offer-lapsed"


class TooManyOffers(Conflict):
    """So many offers at this site were declined or lapsed that the fair makes no other one."""

    code = "too-many-offers"


class AlreadyPlaced(Conflict):
    """The application has a stand or an open offer at this site."""

    code = "already-placed"


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
    steps.require(application, Step.OFFER_STAND)
    stand = stand_use.stand_of(application.fair_id, stand_id)
    days = _days_of(application, stand, first_day=first_day, last_day=last_day)
    _require_free(stand, days, besides=application)
    stand = stand_use.locked_stand(stand_id, fair_id=application.fair_id)
    stand_use.require_days(stand, first_day=days[0], last_day=days[1])
    _require_unplaced(application, stand, by=by, now=now)
    _require_offers_left(application, stand)
    stand_holds.take_up(application, stand, now=now)
    held = holding.hold_of(application, hold=hold)
    placement = _reserve(application, stand, days, held=held, now=now)
    _record_offer(application, placement, held=held, by=by, now=now, tell=tell)
    return placement


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
    _require_offers_left(application, stand)
    stand_holds.take_up(application, stand, now=now)
    held = holding.hold_of(application, hold=hold)
    placement.is_plan = False
    for name, value in _offered(held, now=now).items():
        setattr(placement, name, value)
    placement.save(update_fields=["is_plan", *_offered(held, now=now)])
    plans.sent(placement, by=by, now=now)
    _record_offer(application, placement, held=held, by=by, now=now, tell=tell)
    return placement


def _record_offer(application: Application, placement: Placement, *, held: Hold, by: User | None, now: datetime, tell: bool) -> None:
    status = ApplicationStatus(application.status) if held.is_held else steps.settled_status(application)
    step = steps.record(application, Step.OFFER_STAND, status, by=by, now=now, placement=placement, hold=held)
    if tell and not held.is_held:
        letters.stand_offered(application, step, placement)


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
    placement = _reserve(application, stand, days, held=held, now=now, is_relocation=True)
    status = ApplicationStatus(application.status) if held.is_held else steps.settled_status(application)
    step = steps.record(application, Step.RELOCATE, status, by=by, now=now, reason=reason, placement=placement, hold=held)
    if tell and not held.is_held:
        letters.stand_offered(application, step, placement)
    return placement


def _require_unplaced(application: Application, stand: Stand, *, by: User | None, now: datetime) -> None:
    """Raise AlreadyPlaced when the application has something at the stand's site; what was only planned there makes room."""
    there = list(application.placements.live().filter(site=stand.hall.site_id).values_list("status", "is_plan"))
    known = {status for status, is_plan in there if not is_plan}
    if known:
        raise already_placed(known)
    if there:
        plans.give_way(application, site_id=stand.hall.site_id, by=by, now=now)


def already_placed(there: Collection[str]) -> AlreadyPlaced:
    """The refusal that says what an application has at a site, with the step that is possible instead."""
    if PlacementStatus.ACCEPTED in there:
        return AlreadyPlaced(_("This application has a stand at this site already: relocate it instead."))
    if PlacementStatus.OFFERED in there:
        return AlreadyPlaced(_("This application has an open offer at this site already: withdraw that offer first."))
    return AlreadyPlaced(_("An offer at this site is held for this application already: take it back first."))


def _lock_all(application: Application, stand_id: int) -> None:
    """The new stand and those that are let go for it, in one order: two who want each other's would wait for each other."""
    open_ones = application.placements.live().exclude(status=PlacementStatus.ACCEPTED)
    stands.lock([stand_id, *open_ones.values_list("stand", flat=True)])


def full_sites(application: Application) -> set[int]:
    """The sites at which the exhibitor has let so many offers go that the fair makes no other one."""
    gone = application.placements.let_go().values("site").annotate(count=Count("pk")).order_by()
    return set(gone.filter(count__gte=application.fair.most_offers).values_list("site", flat=True))


def _require_offers_left(application: Application, stand: Stand) -> None:
    """Raise TooManyOffers when the exhibitor has let so many offers at the stand's site go that the fair makes no other one."""
    most = application.fair.most_offers
    if stand.hall.site_id in full_sites(application):
        text = ngettext(
            "This fair makes %(most)d offer a site; it was declined or has lapsed.",
            "This fair makes at most %(most)d offers a site; so many were declined or have lapsed.",
            most,
        )
        raise TooManyOffers(text % {"most": most}, most_offers=most)


def _days_of(application: Application, stand: Stand, *, first_day: date | None, last_day: date | None) -> tuple[date, date]:
    """The days given, else those asked for at the stand's site. Raises Invalid for others than were asked for."""
    wish = application.site_wishes.filter(site=stand.hall.site).order_by().first()
    return days_within(wish, first_day=first_day, last_day=last_day)


def days_within(wish: SiteWish | None, *, first_day: date | None, last_day: date | None) -> tuple[date, date]:
    """The days given, else those of the wish for the stand's site. Raises Invalid for others, and where there is no wish."""
    if wish is None:
        raise Invalid([field_error("/stand", "site_not_wished", _("The application does not ask for the site of this stand."))])
    first_day, last_day = first_day or wish.first_day, last_day or wish.last_day
    if last_day < first_day or not wish.holds(first_day=first_day, last_day=last_day):
        days = {"first": day_text(wish.first_day), "last": day_text(wish.last_day)}
        raise Invalid([field_error("/first_day", "outside_wish", _("The application asks for %(first)s to %(last)s.") % days)])
    return first_day, last_day


def _require_free(stand: Stand, days: tuple[date, date], *, besides: Application) -> None:
    """Raise StandTaken where it is plain already: of many who want one stand, most are sent away without waiting for it."""
    if PlacementDay.objects.filter(stand=stand, day__range=days).exclude(placement__application=besides).exists():
        raise _taken(stand, days)


def _offered(held: Hold, *, now: datetime) -> dict[str, Any]:
    """The columns of an offer that is open, or held: then its time begins when it is announced."""
    if held.is_held:
        return {"status": PlacementStatus.PLANNED, "offered_at": None, "answer_by": None}
    return {"status": PlacementStatus.OFFERED, "offered_at": now, "answer_by": now + OFFER_IS_OPEN_FOR}


def _taken(stand: Stand, days: tuple[date, date]) -> StandTaken:
    """Only staff offer stands, and they see who has which."""
    there = Placement.objects.filter(days__stand=stand, days__day__range=days).select_related("application__company").first()
    return stand_use.taken_by(stand, there.application if there else None)


def _reserve(
    application: Application, stand: Stand, days: tuple[date, date], *, held: Hold, now: datetime, is_relocation: bool = False
) -> Placement:
    first_day, last_day = days
    try:
        with transaction.atomic():  # a savepoint: the outer work survives the refusal
            # The database writes the occupied days, and refuses a day that somebody has.
            return Placement.objects.create(
                application=application,
                site=stand.hall.site,
                stand=stand,
                first_day=first_day,
                last_day=last_day,
                is_relocation=is_relocation,
                **_offered(held, now=now),
            )
    except IntegrityError as error:
        raise _taken(stand, days) from error


@transaction.atomic
def accept_offer(
    *, application_id: int, by: User | None, now: datetime, placement_id: int | None = None, on_behalf: bool = False, tell: bool = True
) -> Placement:
    """Take the offered stand. In a relocation the old stand falls free in the same transaction. Raises OfferLapsed, NoOpenOffer."""
    application = steps.locked(application_id)
    steps.require(application, Step.ACCEPT_OFFER)
    placement = _open_offer(application, placement_id)
    if has_lapsed(placement.answer_by, now) and not on_behalf:
        raise OfferLapsed(_("The time to answer this offer is over; ask the organiser."))
    take(application, placement, now=now)
    step = steps.record(
        application,
        Step.ACCEPT_OFFER,
        steps.settled_status(application),
        by=by,
        now=now,
        on_behalf=on_behalf,
        placement=placement,
    )
    catalogue.refresh_application(application)
    if tell:
        letters.offer_answered(application, step, placement)
    return placement


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
    old = application.placements.filter(site=placement.site_id, status=PlacementStatus.ACCEPTED)
    wishes_away = application.move_placement is None or application.move_placement.site_id == placement.site_id
    if old.update(status=PlacementStatus.ENDED) and application.move_requested_at and wishes_away:
        application.save(update_fields=steps.forget_move(application))
    answer(placement, PlacementStatus.ACCEPTED, now=now)


def _open_offer(
    application: Application, placement_id: int | None, *, statuses: Collection[PlacementStatus] = (PlacementStatus.OFFERED,)
) -> Placement:
    """The offer meant; it may be left unnamed when there is one. Raises NoOpenOffer, Invalid when it must be named."""
    offers = list(application.placements.known_or_held().filter(status__in=statuses).select_related("stand__hall", "site"))
    if placement_id is not None:
        offers = [offer for offer in offers if offer.pk == placement_id]
    if not offers:
        text = _(
            "No such offer is open: it was answered, taken back or has lapsed. Read the application's placements for what is open now."
        )
        raise NoOpenOffer(text)
    if len(offers) > 1:
        named = ", ".join(f"{offer.pk} ({offer.stand.number})" for offer in offers)
        text = _("More than one offer is open, name one of them in placement: %(offers)s.")
        raise Invalid([field_error("/placement", "required", text % {"offers": named})])
    return offers[0]


def answer(placement: Placement, status: PlacementStatus, *, now: datetime) -> None:
    """The offer is over, one way or the other."""
    placement.status = status
    placement.answered_at = now
    placement.save(update_fields=["status", "answered_at"])
