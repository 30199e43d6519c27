"""What every offer of a stand asks for and writes, for one application or for many of a fair: the queries do not grow with their number.

The steps themselves are in placements.py. Who asks here has locked the applications; each is named once.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from api.problems import Conflict, Invalid, field_error
from exhibitors.domain import letters, plans, stand_use, steps
from exhibitors.domain.stand_use import StandTaken
from exhibitors.domain.steps import Hold, Taken
from exhibitors.enums import ApplicationStatus, PlacementStatus, Step
from exhibitors.models import Application, Placement, PlacementDay, SiteWish
from fairs.models import Stand
from fairs.units import day_text

OFFER_IS_OPEN_FOR = timedelta(days=14)  # DOMAIN part 2, "offer stand"
Days = tuple[date, date]


class TooManyOffers(Conflict):
    """So many offers at this site were declined or lapsed that the fair makes no other one."""

    code = "too-many-offers"


class AlreadyPlaced(Conflict):
    """The application has a stand or an open offer at this site."""

    code = "already-placed"


class Wanted(NamedTuple):
    """A stand for an application, on the days asked for at its site unless other days are given."""

    application: Application
    stand_id: int
    first_day: date | None = None
    last_day: date | None = None


class Asked(NamedTuple):
    """The same, found: a stand of the fair that may be used, and days that were asked for."""

    application: Application
    stand: Stand
    days: Days


def asked_for(wanted: Sequence[Wanted]) -> list[Asked]:
    """Raise Invalid for a stand of another fair, a site that was not asked for and days outside the wish; StandBlocked."""
    found = stand_use.stands_of(wanted[0].application.fair_id, {one.stand_id for one in wanted})
    wishes = wishes_of([one.application for one in wanted])
    asked = []
    for application, stand_id, first_day, last_day in wanted:
        stand = found[stand_id]
        wish = wishes.get((application.pk, stand.hall.site_id))
        asked.append(Asked(application, stand, days_within(wish, first_day=first_day, last_day=last_day)))
    return asked


def lock_stands(asked: Sequence[Asked]) -> list[Asked]:
    """Whoever else offers, holds or blocks one of the stands comes before or after. Raises StandBlocked, StandNotForRent."""
    found = stand_use.locked_stands({one.stand.pk for one in asked}, fair_id=asked[0].application.fair_id)
    locked = [Asked(one.application, found[one.stand.pk], one.days) for one in asked]
    for one in locked:
        stand_use.require_days(one.stand, first_day=one.days[0], last_day=one.days[1])
    return locked


def wishes_of(applications: Sequence[Application]) -> dict[tuple[int, int], SiteWish]:
    """What is asked for, by application and site id."""
    rows = SiteWish.objects.filter(application__in=[application.pk for application in applications]).order_by()
    return {(wish.application_id, wish.site_id): wish for wish in rows}


def days_within(wish: SiteWish | None, *, first_day: date | None, last_day: date | None) -> Days:
    """The days given, else those of the wish for the stand's site. Raises Invalid for others, and where there is no wish."""
    if wish is None:
        raise Invalid([field_error("/stand", "site_not_wished", _("The application does not ask for the site of this stand."))])
    first_day, last_day = first_day or wish.first_day, last_day or wish.last_day
    if last_day < first_day or not wish.holds(first_day=first_day, last_day=last_day):
        days = {"first": day_text(wish.first_day), "last": day_text(wish.last_day)}
        raise Invalid([field_error("/first_day", "outside_wish", _("The application asks for %(first)s to %(last)s.") % days)])
    return first_day, last_day


def require_free(asked: Sequence[Asked]) -> None:
    """Raise StandTaken where it is plain already: of many who want one stand, most are sent away without waiting for it."""
    within = (min(one.days[0] for one in asked), max(one.days[1] for one in asked))
    there: defaultdict[int, list[tuple[date, int]]] = defaultdict(list)
    rows = PlacementDay.objects.filter(stand__in=[one.stand.pk for one in asked], day__range=within).order_by()
    for stand_id, day, application_id in rows.values_list("stand", "day", "placement__application"):
        there[stand_id].append((day, application_id))
    for one in asked:
        first_day, last_day = one.days
        if any(first_day <= day <= last_day and by != one.application.pk for day, by in there[one.stand.pk]):
            raise _taken([one])


def require_unplaced(asked: Sequence[Asked], *, by: User | None, now: datetime) -> None:
    """Raise AlreadyPlaced when an application has something at its stand's site; what was only planned there makes room."""
    there: defaultdict[tuple[int, int], list[tuple[str, bool]]] = defaultdict(list)
    rows = Placement.objects.live().filter(application__in=[one.application.pk for one in asked]).order_by()
    for application_id, site_id, status, is_plan in rows.values_list("application", "site", "status", "is_plan"):
        there[application_id, site_id].append((status, is_plan))
    for one in asked:
        found = there[one.application.pk, one.stand.hall.site_id]
        if known := {status for status, is_plan in found if not is_plan}:
            raise already_placed(known)
        if found:
            plans.give_way(one.application, site_id=one.stand.hall.site_id, by=by, now=now)


def already_placed(there: Collection[str]) -> AlreadyPlaced:
    """The refusal that says what an application has at a site, with the step that is possible instead."""
    if PlacementStatus.ACCEPTED in there:
        return AlreadyPlaced(_("This application has a stand at this site already: relocate it instead."))
    if PlacementStatus.OFFERED in there:
        return AlreadyPlaced(_("This application has an open offer at this site already: withdraw that offer first."))
    return AlreadyPlaced(_("An offer at this site is held for this application already: take it back first."))


def full_sites_of(applications: Sequence[Application]) -> dict[int, set[int]]:
    """By application id the sites at which the exhibitor has let so many offers go that the fair makes no other one."""
    most = {application.pk: application.fair.most_offers for application in applications}
    full: dict[int, set[int]] = {pk: set() for pk in most}
    gone = Placement.objects.let_go().filter(application__in=most).order_by().values("application", "site").annotate(count=Count("pk"))
    for application_id, site_id, count in gone.values_list("application", "site", "count"):
        if count >= most[application_id]:
            full[application_id].add(site_id)
    return full


def require_offers_left(asked: Sequence[Asked]) -> None:
    """Raise TooManyOffers when an exhibitor has let so many offers at its stand's site go that the fair makes no other one."""
    full = full_sites_of([one.application for one in asked])
    for one in asked:
        if one.stand.hall.site_id in full[one.application.pk]:
            most = one.application.fair.most_offers
            text = ngettext(
                "This fair makes %(most)d offer a site; it was declined or has lapsed.",
                "This fair makes at most %(most)d offers a site; so many were declined or have lapsed.",
                most,
            )
            raise TooManyOffers(text % {"most": most}, most_offers=most)


def columns_of(held: Hold, *, now: datetime) -> dict[str, Any]:
    """The columns of an offer that is open, or held: then its time begins when it is announced."""
    if held.is_held:
        return {"status": PlacementStatus.PLANNED, "offered_at": None, "answer_by": None}
    return {"status": PlacementStatus.OFFERED, "offered_at": now, "answer_by": now + OFFER_IS_OPEN_FOR}


def reserve(asked: Sequence[Asked], *, held: Mapping[int, Hold], now: datetime, is_relocation: bool = False) -> list[Placement]:
    """The stands are theirs from here on. Raises StandTaken."""
    rows = [
        Placement(
            application=application,
            site=stand.hall.site,
            stand=stand,
            first_day=first_day,
            last_day=last_day,
            is_relocation=is_relocation,
            **columns_of(held[application.pk], now=now),
        )
        for application, stand, (first_day, last_day) in asked
    ]
    try:
        with transaction.atomic():  # a savepoint: the outer work survives the refusal
            # The database writes the occupied days, and refuses a day that somebody has.
            return Placement.objects.bulk_create(rows)
    except IntegrityError as error:
        raise _taken(asked) from error


def _taken(asked: Sequence[Asked]) -> StandTaken:
    """Who has one of the stands. Only staff offer stands, and they see who has which."""
    there: defaultdict[int, list[Placement]] = defaultdict(list)
    rows = Placement.objects.live().filter(stand__in=[one.stand.pk for one in asked]).select_related("application__company")
    for placement in rows:
        there[placement.stand_id].append(placement)
    for one in asked:
        first_day, last_day = one.days
        for placement in there[one.stand.pk]:
            if placement.first_day <= last_day and first_day <= placement.last_day:
                return stand_use.taken_by(one.stand, placement.application)
    return stand_use.taken_by(asked[0].stand, None)


def record(
    offered: Sequence[Placement], step: Step, *, held: Mapping[int, Hold], by: User | None, now: datetime, tell: bool, reason: str = ""
) -> None:
    """The step of each of these placements, and the letter where the offer is not held."""
    settled = steps.settled_statuses([one.application for one in offered if not held[one.application_id].is_held])
    taken = [
        Taken(one.application, settled.get(one.application_id, ApplicationStatus(one.application.status)), one, held[one.application_id])
        for one in offered
    ]
    rows = steps.record_many(taken, step, by=by, now=now, reason=reason)
    told = [(placement, row) for placement, row in zip(offered, rows, strict=True) if not row.held]
    if tell:
        letters.all_offered([(placement.application, row) for placement, row in told], [placement for placement, _row in told])
