"""A proposal is changed by hand: a line gets another stand, loses its stand, or is fixed for a re-run. The checker says what breaks.

Every change counts the whole proposal anew against what the database says at that moment.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from allocations.domain import inputs, run_work, take_over
from allocations.domain.explaining import Explainer
from allocations.domain.inputs import Input
from allocations.domain.take_over import AlreadyPublished
from allocations.engine.checker import violations
from allocations.engine.objective import score
from allocations.enums import LineState
from allocations.models import Proposal, ProposalLine
from api.problems import Conflict, Invalid, field_error
from fairs.models import Stand

UNCHANGED: Any = object()
COUNTED = ("score", "terms", "reasons", "alternatives")


class LineTaken(Conflict):
    """Another line of the proposal has the stand on these days."""

    code = "line-taken"


@transaction.atomic
def change_line(
    *, line_id: int, by: User | None, now: datetime, stand_id: int | None = UNCHANGED, locked: bool | None = None
) -> ProposalLine:
    """Give a line another stand, or none (``stand_id=None``), or fix it. Hard rules that it then breaks are kept in ``reasons``.

    Raises Invalid for a stand outside the run's halls or of another site, LineTaken with who is there, AlreadyPublished.
    """
    named = ProposalLine.objects.only("proposal_id").get(pk=line_id)
    proposal = take_over.locked(named.proposal_id)
    if proposal.published_at is not None:
        raise AlreadyPublished
    line = proposal.lines.select_related("application__company", "site").get(pk=line_id)
    if stand_id is not UNCHANGED and stand_id != line.stand_id:
        _move(proposal, line, stand_id)
    if locked is not None:
        line.locked = locked
    if line.stand_id is None and line.locked:
        raise Invalid([field_error("/locked", "no_stand", _("A line without a stand cannot be fixed: give it a stand first."))])
    line.save()
    proposal.edited_at, proposal.edited_by = now, by
    recount(proposal, changed=line, now=now)
    return proposal.lines.get(pk=line_id)


def _move(proposal: Proposal, line: ProposalLine, stand_id: int | None) -> None:
    if stand_id is not None:
        stand = Stand.objects.filter(pk=stand_id, hall__in=proposal.run.halls.all()).select_related("hall").first()
        if stand is None or stand.hall.site_id != line.site_id:
            text = _("Choose a stand of %(site)s in one of the halls of this run.") % {"site": line.site}
            raise Invalid([field_error("/stand", "unknown_stand", text)])
        there = proposal.lines.filter(stand=stand_id, first_day__lte=line.last_day, last_day__gte=line.first_day).exclude(pk=line.pk)
        other = there.select_related("application__company").first()
        if other is not None:
            facts = {"stand": stand.number, "company": str(other.application.company)}
            text = _("The proposal has %(company)s on stand %(stand)s: give that one another stand first.") % facts
            raise LineTaken(text, line=other.pk)
    line.stand_id, line.by_hand = stand_id, True
    line.locked = line.locked and stand_id is not None
    line.state, line.refusal, line.placement = LineState.OPEN, "", None


def recount(proposal: Proposal, *, now: datetime, changed: ProposalLine | None = None) -> None:
    """Count scores and broken rules anew; the caller holds the proposal's lock. Alternatives, and why there is no stand, are looked up for
    the changed line alone: for all of a large fair that takes a worker, not a request."""
    run = proposal.run
    halls = list(run.halls.select_related("site"))
    given = inputs.read(fair=run.fair, halls=halls, statuses=run.statuses, weights=run_work.weights_for(run), now=now, base=run.base)
    wish_of = {(wish.application_id, wish.site_id): wish.pk for wish in given.wishes.values()}
    lines = list(proposal.lines.order_by("pk"))
    before = {line.pk: _counted(line) for line in lines}
    assignment = {
        wish_of[line.application_id, line.site_id]: line.stand_id
        for line in lines
        if line.stand_id is not None and line.stand_id in given.stands and (line.application_id, line.site_id) in wish_of
    }
    result = score(given.instance, assignment)
    explainer = Explainer(given, assignment)
    broken = _broken(given, assignment)
    for line in lines:
        wish_id = wish_of.get((line.application_id, line.site_id))
        if wish_id is None:  # it has withdrawn, or asks for other sites by now
            line.score, line.terms, line.alternatives, line.reasons = 0, [], [], [{"rule": "gone"}]
            continue
        placed = result.placements.get(wish_id)
        line.score = round(placed.points, 2) if placed else 0
        line.terms = explainer.terms(placed) if placed else []
        is_changed = changed is not None and line.pk == changed.pk
        if placed:
            line.reasons = broken.get(wish_id, [])
            if is_changed:
                line.alternatives = explainer.alternatives(wish_id)
        elif is_changed:
            why = explainer.unplaced()[wish_id]
            line.reasons, line.alternatives = explainer.reason_rows(why), explainer.nearest(why)
    others = [line for line in lines if _counted(line) != before[line.pk]]  # most count as before, and writing them takes longest
    ProposalLine.objects.bulk_update(others, COUNTED, batch_size=500)
    proposal.score, proposal.is_optimal = result.comfort, False
    proposal.bound = None  # it was of the rules kept, and of what the database said then
    proposal.save(update_fields=["score", "is_optimal", "bound", "edited_at", "edited_by"])


def _counted(line: ProposalLine) -> list[Any]:
    return [getattr(line, name) for name in COUNTED]


def _broken(given: Input, assignment: dict[int, int]) -> dict[int, list[dict[str, Any]]]:
    """By id of a wish the hard rules that are broken there, as the separate checker finds them."""
    found: dict[int, list[dict[str, Any]]] = {}
    for one in violations(given.instance, assignment):
        for wish_id in one.applicants:
            found.setdefault(wish_id, []).append({"rule": one.rule, "broken": True})
    return found
