"""Stands that organisers fix before a run, and what cannot be at the same time."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from allocations.models import StandLock
from api.problems import Conflict, Invalid, field_error
from api.text import sentences
from exhibitors.enums import PlacementStatus
from exhibitors.models import Application, Placement
from fairs.domain import stands
from fairs.models import Fair, Hall, Stand


class LocksContradict(Conflict):
    """Two things that organisers have fixed cannot both be; ``contradictions`` names both of each."""

    code = "locks-contradict"

    def __init__(self, found: list[str]) -> None:
        super().__init__(sentences(*found), contradictions=found)


@transaction.atomic
def fix(*, stand: Stand, application: Application | None, by: User | None, now: datetime, reason: str = "", anew: bool = True) -> StandLock:
    """Fix a stand for an application, or for nobody (None). ``anew``: one that is fixed already is fixed for this one instead.

    Raises Invalid for a stand of another fair or a site that was not asked for, LocksContradict with both that exclude each other.
    """
    fair_id = stand.hall.fair_id
    if application is not None and application.fair_id != fair_id:
        raise Invalid([field_error("/application", "unknown_application", _("This fair has no such application."))])
    if application is not None and not application.site_wishes.filter(site=stand.hall.site_id).exists():
        raise Invalid([field_error("/stand", "site_not_wished", _("The application does not ask for the site of this stand."))])
    stands.lock([stand.pk])
    lock = StandLock.objects.filter(stand=stand).select_related("application__company").first() or StandLock(stand=stand)
    if lock.pk and not anew:
        raise LocksContradict([_fixed_already(lock)])
    lock.application, lock.by, lock.at, lock.reason = application, by, now, reason
    if wrong := [text for one in [lock] for text in _contradictions([one], besides=_others(one))]:
        raise LocksContradict(wrong)
    try:
        with transaction.atomic():
            lock.save()
    except IntegrityError as error:  # a colleague has fixed something at this moment
        raise LocksContradict([_("A colleague has fixed this stand or this application at this moment: look again.")]) from error
    return lock


def _fixed_already(lock: StandLock) -> str:
    if lock.application is None:
        return _("Stand %(stand)s is kept out already: change or delete that line of the list.") % {"stand": lock.stand.number}
    facts = {"stand": lock.stand.number, "company": lock.application.company}
    return _("Stand %(stand)s is fixed for %(company)s already: change or delete that line of the list.") % facts


def _others(lock: StandLock) -> list[StandLock]:
    if lock.application_id is None:
        return []
    rows = StandLock.objects.filter(application=lock.application_id, site=lock.stand.hall.site_id).exclude(stand=lock.stand_id)
    return list(rows.select_related("stand__hall", "application__company"))


def require_possible(*, fair: Fair, halls: Collection[Hall]) -> None:
    """Raise LocksContradict where what is fixed in these halls cannot be."""
    rows = StandLock.objects.filter(stand__hall__in=halls).select_related("stand__hall", "application__company").order_by("pk")
    if wrong := list(_contradictions(list(rows))):
        raise LocksContradict(wrong)


def _contradictions(locks: list[StandLock], *, besides: Iterable[StandLock] = ()) -> Iterable[str]:
    """A sentence for each pair that cannot be, and both are named in it."""
    own = {lock.application_id for lock in locks if lock.application_id is not None}
    accepted = Placement.objects.filter(status=PlacementStatus.ACCEPTED).select_related("stand", "application__company")
    there: dict[int, list[Placement]] = {}
    for placement in accepted.filter(stand__in=[lock.stand_id for lock in locks]).order_by("pk"):
        there.setdefault(placement.stand_id, []).append(placement)
    has = {(row.application_id, row.site_id): row for row in accepted.filter(application__in=own)}
    for lock in locks:
        names: dict[str, Any] = {"stand": lock.stand.number}
        if lock.application is not None:
            names["company"] = str(lock.application.company)
        for placement in there.get(lock.stand_id, []):
            if placement.application_id != lock.application_id:
                names["other"] = str(placement.application.company)
                if lock.application is None:
                    yield _("Stand %(stand)s is kept out, and %(other)s has accepted it.") % names
                else:
                    yield _("Stand %(stand)s is fixed for %(company)s, and %(other)s has accepted it.") % names
        if lock.application is None:
            continue
        if lock.stand.blocked:
            yield _("Stand %(stand)s is fixed for %(company)s, and it is blocked.") % names
        placed = has.get((lock.application_id or 0, lock.stand.hall.site_id))
        if placed is not None and placed.stand_id != lock.stand_id:
            names["other"] = placed.stand.number
            yield _("Stand %(stand)s is fixed for %(company)s, and %(company)s has accepted stand %(other)s at this site.") % names
        for other in besides:
            names["other"] = other.stand.number
            yield _("Stand %(stand)s is fixed for %(company)s, and stand %(other)s of the same site is fixed for it as well.") % names
