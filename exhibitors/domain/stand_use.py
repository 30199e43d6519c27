"""Which stands somebody has: those are neither blocked (exhibitors/rules.py holds it) nor held for others."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db.models import Exists, Max, Min, OuterRef, QuerySet
from django.utils.translation import gettext as _

from api.problems import Conflict, Invalid, field_error
from api.statements import ASKER, MARKER, RowStatement
from exhibitors.enums import PlacementStatus
from exhibitors.models import Application, Placement, StandHold
from fairs.enums import StandUse
from fairs.models import Stand
from fairs.units import day_text


class StandTaken(Conflict):
    """Somebody else has the stand on one of these days."""

    code = "stand-taken"


class StandBlocked(Conflict):
    """Nobody is placed on a blocked stand."""

    code = "stand-blocked"


class StandNotForRent(Conflict):
    """The stand is rented on some days only, and these are not all among them."""

    code = "stand-not-for-rent"


def require_days(stand: Stand, *, first_day: date, last_day: date) -> None:
    """Raise StandNotForRent where the stand, locked by the caller, is not for rent on all of these days."""
    if not stand.is_for_rent(first_day=first_day, last_day=last_day):
        days = {"number": stand.number, "first": day_text(stand.first_day), "last": day_text(stand.last_day)}  # type: ignore[arg-type]
        text = _("Stand %(number)s is for rent from %(first)s to %(last)s only: choose days among these, or another stand.")
        raise StandNotForRent(text % days, stand=stand.number, first_day=days["first"], last_day=days["last"])


def given_days(stand_ids: Collection[int]) -> dict[int, tuple[date, date]]:
    """The first and the last day on which somebody has each of the stands; those that nobody has are not there."""
    live = Placement.objects.live().filter(stand__in=stand_ids).order_by()
    return {pk: (first, last) for pk, first, last in live.values_list("stand").annotate(first=Min("first_day"), last=Max("last_day"))}


def taken_by(stand: Stand, application: Application | None, *, planner: str = "") -> StandTaken:
    """The refusal that says who has the stand, and who planned it; only staff give stands away, and they see who has which."""
    if application is None:
        return StandTaken(_("Stand %(number)s is taken on these days.") % {"number": stand.number}, stand=stand.number)
    facts = {"number": stand.number, "company": application.company.legal_name, "id": application.pk, "who": planner}
    if planner:
        text = _("%(who)s was quicker: stand %(number)s is planned for %(company)s, application %(id)d. Choose another stand.")
    else:
        text = _("Stand %(number)s is taken on these days by %(company)s, application %(id)d: choose another stand.")
    return StandTaken(text % facts, stand=stand.number, application=application.pk, company=facts["company"])


def uses_of(stand_ids: Collection[int], now: datetime) -> dict[int, list[dict[str, Any]]]:
    """For staff who place exhibitors: the live placements and holds of each stand, in two queries. ``until`` is in the fair's zone."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for placement in Placement.objects.live().filter(stand__in=stand_ids).order_by("first_day", "pk"):
        is_held_offer = placement.status == PlacementStatus.PLANNED and not placement.is_plan
        found[placement.stand_id].append(
            {
                "state": StandUse.OFFER_HELD if is_held_offer else StandUse(placement.status),
                "application": placement.application_id,
                "first_day": placement.first_day,
                "last_day": placement.last_day,
                "until": None,
            }
        )
    for hold in StandHold.objects.live(now=now).filter(stand__in=stand_ids).select_related("stand__hall__fair"):
        until = hold.until.astimezone(hold.stand.hall.fair.zone)
        use = {"state": StandUse.HELD, "application": hold.application_id, "first_day": None, "last_day": None, "until": until.isoformat()}
        found[hold.stand_id].append(use)
    return found


def used_as(use: StandUse, now: datetime) -> Exists:
    """True of a stand, the outer query's row, that :func:`uses_of` says this of."""
    stand = OuterRef("pk")
    if use == StandUse.HELD:
        return Exists(StandHold.objects.live(now=now).filter(stand=stand))
    live = Placement.objects.live().filter(stand=stand)
    if use == StandUse.OFFER_HELD:
        return Exists(live.filter(status=PlacementStatus.PLANNED, is_plan=False))
    if use == StandUse.PLANNED:
        return Exists(live.filter(is_plan=True))
    return Exists(live.filter(status=use.value))


def given_away(stand_ids: Collection[int]) -> set[int]:
    """Those of the stands that are planned for, offered to or accepted by an application, on whatever days."""
    return set(Placement.objects.live().filter(stand__in=stand_ids).values_list("stand", flat=True))


def stand_of(fair_id: int, stand_id: int) -> Stand:
    """The stand as it is now; who then takes it asks :func:`locked_stand`. Raises the same."""
    return usable(_one(lock=False).first({MARKER: stand_id, ASKER: fair_id}))


def locked_stand(stand_id: int, *, fair_id: int) -> Stand:
    """The stand, locked until the transaction ends: whoever else offers, holds or blocks it comes before or after.

    Raises Invalid for a stand of another fair, StandBlocked.
    """
    return usable(_one(lock=True).first({MARKER: stand_id, ASKER: fair_id}))


def stands_of(fair_id: int, stand_ids: Collection[int]) -> dict[int, Stand]:
    """The same of many, by id."""
    if len(stand_ids) == 1:
        return {stand_id: stand_of(fair_id, stand_id) for stand_id in stand_ids}
    return _usable_ones(fair_id, stand_ids, lock=False)


def locked_stands(stand_ids: Collection[int], *, fair_id: int) -> dict[int, Stand]:
    """The same of many, by id: locked in one order, so that two who want some of the same stands wait and do not cross."""
    if len(stand_ids) == 1:
        return {stand_id: locked_stand(stand_id, fair_id=fair_id) for stand_id in stand_ids}
    return _usable_ones(fair_id, stand_ids, lock=True)


def _usable_ones(fair_id: int, stand_ids: Collection[int], *, lock: bool) -> dict[int, Stand]:
    found = {stand.pk: stand for stand in _stands(lock=lock).filter(pk__in=stand_ids, hall__fair_id=fair_id).order_by("pk")}
    return {stand_id: usable(found.get(stand_id)) for stand_id in stand_ids}


@cache
def _one(*, lock: bool) -> RowStatement[Stand]:
    return RowStatement(_stands(lock=lock).filter(pk=MARKER, hall__fair_id=ASKER).order_by(), markers=(MARKER, ASKER))


def _stands(*, lock: bool) -> QuerySet[Stand]:
    stands = Stand.objects.select_for_update(of=("self",), no_key=True) if lock else Stand.objects.all()
    return stands.select_related("hall__site")


def usable(stand: Stand | None) -> Stand:
    """The stand itself, when there is one and it is not blocked. Raises Invalid, StandBlocked."""
    if stand is None:
        text = _("This fair has no such stand; its stands are listed at the fair's address, under stands/.")
        raise Invalid([field_error("/stand", "unknown_stand", text)])
    if stand.blocked:
        raise StandBlocked(_("Stand %(number)s is blocked: choose another.") % {"number": stand.number}, stand=stand.number)
    return stand
