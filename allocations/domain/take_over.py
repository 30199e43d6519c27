"""The lines of a proposal become planned placements, through the same functions as a plan made by hand.

Everything of one go is locked before anything is changed: the proposal, then the applications, then the stands, each in the order of
their ids. So of two people who take over the same proposal the second finds it done, and nobody waits for each other.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from allocations.domain import swaps
from allocations.domain.lines import Change, changes_of
from allocations.enums import Difference, LineState
from allocations.models import Proposal, ProposalLine
from api.problems import Conflict, Invalid, Refused, field_error
from api.text import sentences
from exhibitors.domain import placements, planning
from exhibitors.domain.planning import NewPlan
from exhibitors.domain.stand_use import StandTaken
from exhibitors.enums import PlacementStatus
from exhibitors.models import Application, Placement
from fairs.domain import stands


class AlreadyPublished(Conflict):
    """The offers of this proposal have gone."""

    code = "proposal-published"
    message = gettext_lazy("The offers of this proposal have gone already.")


@dataclass
class TakenOver:
    """What became of the lines: planned anew, moved, as they were, taken off the plan, those that are impossible by now, and those
    whose stand somebody has who is to be told of another one first."""

    new: list[ProposalLine] = field(default_factory=list)
    moved: list[ProposalLine] = field(default_factory=list)
    same: list[ProposalLine] = field(default_factory=list)
    dropped: list[ProposalLine] = field(default_factory=list)
    refused: list[ProposalLine] = field(default_factory=list)
    waiting: list[ProposalLine] = field(default_factory=list)


@transaction.atomic
def take_over(*, proposal_id: int, by: User | None, now: datetime, line_ids: Collection[int] | None = None) -> TakenOver:
    """Plan what the proposal says: all of it, or the lines that are named. Run again it plans what is missing.

    A line that has become impossible stays as it was and says why (``refusal``); the others are planned. Who is offered another stand
    than it would get is given a held offer of the new one, and whoever is to have the old one waits until the offers go
    (publishing.py). Raises Invalid for lines of another proposal, AlreadyPublished.
    """
    proposal = locked(proposal_id)
    if proposal.published_at is not None:
        raise AlreadyPublished
    lines = _chosen(proposal, line_ids)
    applications = Application.objects.filter(pk__in={line.application_id for line in lines}).order_by("pk")
    list(applications.select_for_update(no_key=True).values_list("pk"))
    changes = changes_of(lines)
    stands.lock(_stands(lines, changes.values()))
    done = _plan(proposal, lines, changes, by=by, now=now)
    ProposalLine.objects.bulk_update(lines, ["state", "refusal", "placement"], batch_size=500)
    if proposal.taken_over_at is None:
        proposal.taken_over_at, proposal.taken_over_by = now, by
        proposal.save(update_fields=["taken_over_at", "taken_over_by"])
    return done


def locked(proposal_id: int) -> Proposal:
    """The proposal with its run and fair, locked to the end of the caller's transaction."""
    return Proposal.objects.select_for_update(of=("self",), no_key=True).select_related("run__fair").get(pk=proposal_id)


def _chosen(proposal: Proposal, line_ids: Collection[int] | None) -> list[ProposalLine]:
    rows = proposal.lines.select_related("stand", "application__company").order_by("pk")
    if line_ids is None:
        return list(rows)
    lines = list(rows.filter(pk__in=line_ids))
    known = {line.pk for line in lines}
    text = _("This proposal has no such line.")
    unknown = [field_error(f"/lines/{place}", "unknown_line", text) for place, pk in enumerate(line_ids) if pk not in known]
    if unknown:
        raise Invalid(unknown)
    return lines


def _stands(lines: Iterable[ProposalLine], changes: Iterable[Change]) -> set[int]:
    wanted = {line.stand_id for line in lines if line.stand_id is not None}
    return wanted | {change.there.stand_id for change in changes if change.there is not None}


def _plan(proposal: Proposal, lines: list[ProposalLine], changes: dict[int, Change], *, by: User | None, now: datetime) -> TakenOver:
    done, held_up = TakenOver(), list[ProposalLine]()
    to_plan, to_offer = list[ProposalLine](), list[ProposalLine]()
    for line in lines:
        change = changes[line.pk]
        there = change.there
        line.state, line.refusal = LineState.TAKEN, ""
        match change.difference:
            case Difference.UNPLACED | Difference.GONE if line.stand_id is None:
                line.placement = None
            case Difference.SAME:
                line.placement = there
                done.same.append(line)
            case Difference.DROPPED if there is not None and there.is_plan:
                line.placement = None
                done.dropped.append(line)
            case Difference.DROPPED if there is not None:
                text = _("Stand %(stand)s is offered to it or accepted by it: withdraw the offer first.") % {"stand": there.stand.number}
                _refuse(line, text, done)
            case Difference.MOVED if there is not None and there.status == PlacementStatus.ACCEPTED:
                text = _("It has accepted stand %(stand)s: relocate it, if it has asked for that.") % {"stand": there.stand.number}
                _refuse(line, text, done)
            case Difference.MOVED if there is not None and there.status == PlacementStatus.OFFERED:
                to_offer.append(line)
            case _:
                to_plan.append(line)
    off = [changes[line.pk].there.pk for line in done.dropped]  # type: ignore[union-attr]
    if off:
        planning.unplan_all(placement_ids=off, by=by, now=now)
    held_up += _plan_all(proposal, to_plan, changes, done, by=by, now=now)
    held_up += [line for line in to_offer if _is_held_up(_offer_another(line, done, by=by, now=now))]
    if held_up:
        _let_wait(held_up, done, changes, _leaving(proposal, done, changes))
    return done


def _is_held_up(result: Placement | Refused) -> bool:
    return isinstance(result, StandTaken)


def _leaving(proposal: Proposal, done: TakenOver, changes: dict[int, Change]) -> dict[int, ProposalLine]:
    """By stand who has it by an offer and is to be told of another one, from this go or an earlier one."""
    before = proposal.lines.filter(state=LineState.TAKEN, placement__status=PlacementStatus.PLANNED, placement__is_plan=False)
    earlier = list(before.exclude(pk__in=changes).select_related("application__company", "stand"))
    movers = [*earlier, *(line for line in done.moved if line.placement is not None and not line.placement.is_plan)]
    there = {**changes_of(earlier), **changes}
    return {old.stand_id: line for line in movers if (old := there[line.pk].there) is not None and old.stand_id != line.stand_id}


def _let_wait(held_up: list[ProposalLine], done: TakenOver, changes: dict[int, Change], leaving: dict[int, ProposalLine]) -> None:
    """Who waits keeps others waiting for its own stand in turn; those who have each other's stands wait for the moment of the offers."""
    for ring in swaps.rings(held_up, changes):
        for line in ring:
            _wait(line, swaps.text_of_ring(ring, line), done)
    while found := [line for line in held_up if line.stand_id in leaving and line not in done.waiting]:
        for line in found:
            facts = {"company": leaving[line.stand_id].application.company, "stand": line.stand}  # type: ignore[index]
            text = _("%(company)s has stand %(stand)s until it is told of another one; then this stand is offered too.") % facts
            _wait(line, text, done)
            old = changes[line.pk].there
            if old is not None:
                leaving.setdefault(old.stand_id, line)


def _wait(line: ProposalLine, text: str, done: TakenOver) -> None:
    line.state, line.refusal = LineState.WAITING, text
    done.refused.remove(line)
    done.waiting.append(line)


def _plan_all(
    proposal: Proposal, lines: list[ProposalLine], changes: dict[int, Change], done: TakenOver, *, by: User | None, now: datetime
) -> list[ProposalLine]:
    """Returns those whose stand somebody has."""
    if not lines:
        return []
    new = [NewPlan(line.application_id, line.stand_id, line.first_day, line.last_day) for line in lines]  # type: ignore[arg-type]
    results = planning.plan_stands(new=new, by=by, now=now, replace=True, note=_("Proposal %(id)d") % {"id": proposal.pk})
    for line, result in zip(lines, results, strict=True):
        if isinstance(result, Placement):
            line.placement = result
            (done.moved if changes[line.pk].difference == Difference.MOVED else done.new).append(line)
        else:
            _refuse(line, text_of(result), done)
    return [line for line, result in zip(lines, results, strict=True) if _is_held_up(result)]


def _offer_another(line: ProposalLine, done: TakenOver, *, by: User | None, now: datetime) -> Placement | Refused:
    """Another stand than was offered: a held offer beside the open one, which it replaces when the proposal is published."""
    assert line.stand_id is not None  # noqa: S101 - a line that moves has a stand
    try:
        with transaction.atomic():
            line.placement = placements.relocate(
                application_id=line.application_id,
                stand_id=line.stand_id,
                by=by,
                now=now,
                reason=swaps.reason_of(line),
                first_day=line.first_day,
                last_day=line.last_day,
                hold=True,
            )
    except Refused as refusal:
        _refuse(line, text_of(refusal), done)
        return refusal
    done.moved.append(line)
    return line.placement


def _refuse(line: ProposalLine, text: str, done: TakenOver) -> None:
    line.state, line.refusal, line.placement = LineState.REFUSED, text, None
    done.refused.append(line)


def text_of(refusal: Refused) -> str:
    """What a refusal says, with what its field errors say."""
    errors = refusal.facts.get("errors")
    return sentences(*(error["detail"] for error in errors)) if errors else str(refusal)
