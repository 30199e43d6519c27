"""The result of a run, as lines that people read, compare and change by hand. A proposal occupies nothing."""

from datetime import datetime

from allocations.domain.explaining import Explainer
from allocations.domain.inputs import Input
from allocations.domain.solving import Solution
from allocations.engine.reasons import Unplaced
from allocations.models import AllocationRun, Proposal, ProposalLine


def write(*, run: AllocationRun, given: Input, solution: Solution, now: datetime) -> Proposal:
    """Write the proposal of a run with a line for each application and site. The caller holds the run's lock and the transaction."""
    proposal = Proposal.objects.create(
        run=run,
        method=solution.method,
        score=solution.score.comfort,
        greedy_score=solution.greedy_score,
        bound=solution.bound,
        is_optimal=solution.is_optimal,
        created_at=now,
    )
    explainer = Explainer(given, solution.assignment)
    unplaced = explainer.unplaced()
    lines = [_line(proposal, wish_id, given, solution, explainer, unplaced.get(wish_id)) for wish_id in given.wishes]
    ProposalLine.objects.bulk_create(lines, batch_size=500)
    return proposal


def _line(proposal: Proposal, wish_id: int, given: Input, solution: Solution, explainer: Explainer, why: Unplaced | None) -> ProposalLine:
    wish, placed = given.wishes[wish_id], solution.score.placements.get(wish_id)
    line = ProposalLine(
        proposal=proposal,
        application_id=wish.application_id,
        site_id=wish.site_id,
        first_day=wish.first_day,
        last_day=wish.last_day,
        locked=placed is not None and wish_id in given.instance.locks,
    )
    if placed is None:
        if why is not None:
            line.reasons, line.alternatives = explainer.reason_rows(why), explainer.nearest(why)
    else:
        line.stand_id, line.score, line.terms = placed.stand, round(placed.points, 2), explainer.terms(placed)
        line.alternatives = explainer.alternatives(wish_id)
    return line
