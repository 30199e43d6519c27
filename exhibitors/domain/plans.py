"""The rows of the plan: what stands on it, what was done with it, and how it gives way to decisions and offers.

A plan is a planned placement that no step of its application stands behind. It keeps its days for the application, and nobody but
those who place exhibitors ever hears of it: the verbs are in planning.py, the way to the exhibitor in plan_offers.py.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from api.problems import Conflict
from exhibitors.enums import PlanChangeKind
from exhibitors.models import Application, Placement, PlanChange


class PlanGone(Conflict):
    """The plan meant is not there any more: it was moved, taken off or offered meanwhile."""

    code = "plan-gone"


@dataclass(frozen=True)
class Act:
    """One go of somebody at the plan: what is done in it is undone together."""

    by: User | None
    now: datetime
    batch: uuid.UUID
    note: str = ""
    is_undo: bool = False


def an_act(*, by: User | None, now: datetime, note: str = "", is_undo: bool = False) -> Act:
    return Act(by=by, now=now, batch=uuid.uuid4(), note=note, is_undo=is_undo)


def change_of(act: Act, kind: PlanChangeKind, *, was: Placement | None = None, becomes: Placement | None = None) -> PlanChange:
    """The row of the history, not written yet; at least one of the two placements is given."""
    one = becomes or was
    assert one is not None  # noqa: S101 - of neither there is nothing to tell
    return PlanChange(
        application_id=one.application_id,
        site_id=one.site_id,
        kind=kind,
        from_placement=was.pk if was else None,
        from_stand_id=was.stand_id if was else None,
        from_first_day=was.first_day if was else None,
        from_last_day=was.last_day if was else None,
        to_stand_id=becomes.stand_id if becomes else None,
        first_day=becomes.first_day if becomes else None,
        last_day=becomes.last_day if becomes else None,
        by=act.by,
        at=act.now,
        batch=act.batch,
        note=act.note,
        is_undo=act.is_undo,
    )


def take_off(plans: Iterable[Placement], kind: PlanChangeKind, act: Act) -> list[PlanChange]:
    """These plans are over and their days free; what is left of them is the history, which is returned."""
    gone = list(plans)
    if not gone:
        return []
    Placement.objects.plans().filter(pk__in=[plan.pk for plan in gone]).delete()
    return PlanChange.objects.bulk_create([change_of(act, kind, was=plan) for plan in gone])


def end_plans(application: Application, *, by: User | None, now: datetime) -> None:
    """A decision on the locked application leaves no room for its plans: they are over, and nobody is told."""
    take_off(application.placements.plans(), PlanChangeKind.ENDED, an_act(by=by, now=now))


def give_way(application: Application, *, site_id: int, by: User | None, now: datetime) -> None:
    """Another stand is offered to the locked application at this site: what was planned for it there is over."""
    take_off(application.placements.plans().filter(site=site_id), PlanChangeKind.GIVEN_WAY, an_act(by=by, now=now))


def sent(placement: Placement, *, by: User | None, now: datetime) -> None:
    """The plan has become an offer."""
    change_of(an_act(by=by, now=now), PlanChangeKind.SENT, was=placement, becomes=placement).save()


def gone(placement_id: int) -> PlanGone:
    """What to tell somebody who means a plan that is not there any more: who was quicker, as far as the history says."""
    change = PlanChange.objects.filter(from_placement=placement_id).select_related("by").first()
    if change is None or change.by is None:
        return PlanGone(_("This plan is not there any more: it was moved, taken off or offered meanwhile."), placement=placement_id)
    text = _("This plan is not there any more: %(who)s has changed it meanwhile.") % {"who": change.by.get_full_name()}
    return PlanGone(text, placement=placement_id)
