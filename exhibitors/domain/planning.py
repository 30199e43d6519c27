"""Stands are planned for applications, moved and taken off the plan: no letter, no step, no change of status.

One function does it for one and for thousands: whatever is asked for at one go is checked against what is there and against the rest
of the go, written together, and undone together. Applications are locked before stands, both in the order of their ids.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from api.problems import Conflict, Invalid, Refused, field_error
from exhibitors.domain import plan_checks, plans, steps
from exhibitors.domain.plan_checks import Asked, NewPlan
from exhibitors.domain.plans import Act
from exhibitors.enums import PlacementStatus, PlanChangeKind
from exhibitors.models import Application, Placement, PlanChange
from fairs.models import Fair

_AT_ONCE = 1000


class NothingToUndo(Conflict):
    """Nobody has changed the plan of the fair, or others have changed the same since."""

    code = "nothing-to-undo"


@dataclass(frozen=True)
class Undone:
    """What was undone, and why some of it was not: a stand that somebody else has by now."""

    changes: list[PlanChange]
    refused: list[Refused]


@transaction.atomic
def plan_stand(
    *, application_id: int, stand_id: int, by: User | None, now: datetime, first_day: date | None = None, last_day: date | None = None
) -> Placement:
    """Plan a stand for an application: it keeps its days from now on, and nobody is told.

    Raises StandTaken, StandBlocked, StandHeld (for somebody else), AlreadyPlaced, StepNotAllowed for one that has not applied yet or
    is over; Invalid for a stand of another fair, of a site that was not asked for, or for days outside the wish.
    """
    new = NewPlan(application_id=application_id, stand_id=stand_id, first_day=first_day, last_day=last_day)
    return _one(_put([new], act=plans.an_act(by=by, now=now)))


@transaction.atomic
def move(*, placement_id: int, stand_id: int, by: User | None, now: datetime) -> Placement:
    """Plan another stand of the same site instead, on the same days. The plan gets a new id. Raises PlanGone, and as :func:`plan_stand`."""
    was = _plan(placement_id)
    new = NewPlan(application_id=was.application_id, stand_id=stand_id, first_day=was.first_day, last_day=was.last_day)
    return _one(_put([new], act=plans.an_act(by=by, now=now), replace=True, at_site=was.site_id))


@transaction.atomic
def unplan(*, placement_id: int, by: User | None, now: datetime) -> None:
    """Take a plan off: its stand is free again. Raises PlanGone."""
    plans.take_off([_plan(placement_id)], PlanChangeKind.REMOVED, plans.an_act(by=by, now=now))


@transaction.atomic
def unplan_all(*, placement_ids: Collection[int], by: User | None, now: datetime) -> int:
    """Take off what is left of these plans, at one go. Returns how many."""
    applications = Placement.objects.plans().filter(pk__in=placement_ids).values_list("application", flat=True)
    _locked(set(applications))
    return len(plans.take_off(Placement.objects.plans().filter(pk__in=placement_ids), PlanChangeKind.REMOVED, plans.an_act(by=by, now=now)))


@transaction.atomic
def plan_stands(
    *, new: Sequence[NewPlan], by: User | None, now: datetime, replace: bool = True, note: str = ""
) -> list[Placement | Refused]:
    """Plan many at one go, in a fixed number of queries. In place of a placement: why it was refused; the others are planned all the same.

    ``replace``: what was planned for one of these applications at the same site makes room, and two may exchange their stands.
    ``note`` says in the history where the plan comes from. A caller that wants all or nothing rolls back.
    """
    return _put(new, act=plans.an_act(by=by, now=now, note=note), replace=replace)


@transaction.atomic
def undo(*, fair: Fair, by: User, now: datetime) -> Undone:
    """Undo what this person did last on the fair's plan, at one go, unless somebody has changed the same since. Raises NothingToUndo.

    Called again it undoes what was done before that. What was offered is not undone: an offer is withdrawn.
    """
    changes = latest_of(fair, by)
    if not changes:
        raise NothingToUndo(_("There is nothing of yours to undo on this plan."))
    _locked({change.application_id for change in changes})
    if [change.pk for change in latest_of(fair, by)] != [change.pk for change in changes]:
        raise NothingToUndo(_("The plan has changed at this moment: look again."))
    act = plans.an_act(by=by, now=now, is_undo=True)
    there = plan_checks.plans_of({(change.application_id, change.site_id) for change in changes})
    back = [change for change in changes if change.from_stand_id is not None]
    gone = [there[key] for change in changes if change.from_stand_id is None and (key := (change.application_id, change.site_id)) in there]
    plans.take_off(gone, PlanChangeKind.REMOVED, act)
    results = _put([_before(change) for change in back], act=act, replace=True)
    refused = {change.pk: result for change, result in zip(back, results, strict=True) if isinstance(result, Refused)}
    done = [change for change in changes if change.pk not in refused]
    PlanChange.objects.filter(pk__in=[change.pk for change in changes]).update(undone_at=now)
    return Undone(changes=done, refused=list(refused.values()))


def latest_of(fair: Fair, by: User) -> list[PlanChange]:
    """What :func:`undo` would undo: the rows of this person's last go that nobody has changed since."""
    standing = PlanChange.objects.standing().filter(application__fair=fair)
    own = standing.filter(by=by, kind__in=(PlanChangeKind.PLANNED, PlanChangeKind.MOVED, PlanChangeKind.REMOVED))
    seen = set()
    for batch in own.order_by("-pk").values_list("batch", flat=True)[: 2 * _AT_ONCE]:
        if batch in seen:
            continue
        seen.add(batch)
        rows = list(own.filter(batch=batch).select_related("application__company", "from_stand", "to_stand").order_by("pk"))
        latest: dict[tuple[int, int], int] = {}
        others = standing.filter(application__in={row.application_id for row in rows}).order_by("pk")
        for pk, application_id, site_id in others.values_list("pk", "application", "site"):
            latest[application_id, site_id] = pk
        mine = [row for row in rows if latest[row.application_id, row.site_id] == row.pk]
        if mine:
            return mine
    return []


def fair_of(placement_id: int) -> int | None:
    """The fair whose plan this is."""
    return Placement.objects.plans().filter(pk=placement_id).values_list("application__fair", flat=True).first()


def _before(change: PlanChange) -> NewPlan:
    assert change.from_stand_id is not None  # noqa: S101 - asked by the caller
    return NewPlan(change.application_id, change.from_stand_id, change.from_first_day, change.from_last_day)


def _plan(placement_id: int) -> Placement:
    """The plan, with its application locked. Raises PlanGone."""
    named = Placement.objects.filter(pk=placement_id).values_list("application", flat=True).first()
    if named is None:
        raise plans.gone(placement_id)
    steps.locked(named)
    plan = Placement.objects.plans().filter(pk=placement_id).first()
    if plan is None:
        raise plans.gone(placement_id)
    return plan


def _one(results: list[Placement | Refused]) -> Placement:
    (result,) = results
    if isinstance(result, Refused):
        raise result
    return result


def _locked(application_ids: Collection[int]) -> dict[int, Application]:
    rows = Application.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=application_ids).order_by("pk")
    return {row.pk: row for row in rows.select_related("fair", "company")}


def _put(new: Sequence[NewPlan], *, act: Act, replace: bool = False, at_site: int | None = None) -> list[Placement | Refused]:
    """Check and write. ``at_site``: no other site than this one."""
    around = plan_checks.surroundings(new, applications=_locked({one.application_id for one in new}), now=act.now)
    results: list[Placement | Refused] = []
    asked: list[Asked] = []
    for place, one in enumerate(new):
        try:
            found = plan_checks.check(place, one, around, replace=replace)
            if at_site is not None and found.stand.hall.site_id != at_site:
                raise Invalid([field_error("/stand", "another_site", _("This stand is at another site: plan it there."))])
            if _is_there(found):
                results.append(found.replaces)  # type: ignore[arg-type]
                continue
            asked.append(found)
            results.append(_placement(found))
        except Refused as refusal:
            results.append(refusal)
    for place, refusal in plan_checks.clashes(asked, around).items():
        results[place] = refusal
    kept = [one for one in asked if isinstance(results[one.place], Placement)]
    _write(kept, [results[one.place] for one in kept], act)  # type: ignore[misc]
    return results


def _is_there(asked: Asked) -> bool:
    """Whether exactly this is on the plan already."""
    was = asked.replaces
    return was is not None and was.stand_id == asked.stand.pk and (was.first_day, was.last_day) == asked.days


def _placement(asked: Asked) -> Placement:
    return Placement(
        application=asked.application,
        site=asked.stand.hall.site,
        stand=asked.stand,
        first_day=asked.days[0],
        last_day=asked.days[1],
        status=PlacementStatus.PLANNED,
        is_plan=True,
    )


def _write(asked: Sequence[Asked], rows: Sequence[Placement], act: Act) -> None:
    """Take what makes room off, put the rows down, and write the history."""
    old: Mapping[int, Placement] = {one.place: one.replaces for one in asked if one.replaces is not None}
    Placement.objects.plans().filter(pk__in=[plan.pk for plan in old.values()]).delete()
    try:
        with transaction.atomic():  # a savepoint: the outer work survives the refusal
            Placement.objects.bulk_create(rows, batch_size=_AT_ONCE)
    except IntegrityError as error:  # somebody wrote past the locks, and the database has the last word
        raise plan_checks.taken([row.stand for row in rows]) from error
    PlanChange.objects.bulk_create(_history(asked, rows, old, act), batch_size=_AT_ONCE)


def _history(asked: Sequence[Asked], rows: Sequence[Placement], old: Mapping[int, Placement], act: Act) -> Iterable[PlanChange]:
    for one, row in zip(asked, rows, strict=True):
        was = old.get(one.place)
        yield plans.change_of(act, PlanChangeKind.MOVED if was else PlanChangeKind.PLANNED, was=was, becomes=row)
