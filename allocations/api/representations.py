"""Runs and lines as the API shows them: no text in it depends on the reader's language, so that an ETag holds for all."""

from datetime import datetime
from typing import Any

from allocations.domain.lines import Change, sharing
from allocations.enums import RunState
from allocations.models import Proposal, ProposalLine
from allocations.models.settings import WEIGHTS
from fairs.models import Fair


def run_row(run: Any, fair: Fair) -> dict[str, Any]:
    """``run`` comes with its halls, who began it, its proposal and the counts of domain/run_queries.py."""
    return {
        "id": run.pk,
        "status": run.state,
        "phase": run.phase,
        "progress_percent": run.progress_percent,
        "halls": sorted(hall.slug for hall in run.halls.all()),
        "statuses": run.statuses,
        "weights": {name: run.weights.get(name, 0) for name in WEIGHTS},
        "seed": run.seed,
        "time_limit_seconds": run.time_limit_seconds,
        "keeps_plan": run.keeps_plan,
        "input_hash": run.input_hash,
        "created_by": run.created_by.email if run.created_by else None,
        **{name: _local(getattr(run, name), fair) for name in ("created_at", "started_at", "ended_at")},
        "problems": [
            {"code": one["code"], **{name: one.get(name, []) for name in ("rules", "applications", "stands")}} for one in run.problems
        ],
        "proposal": _proposal(run.proposal, run, fair) if run.state == RunState.DONE else None,
    }


def _proposal(proposal: Proposal, run: Any, fair: Fair) -> dict[str, Any]:
    moments = ("edited_at", "taken_over_at", "publish_at", "published_at")
    return {
        "method": proposal.method,
        "score": round(proposal.score, 2),
        "greedy_score": round(proposal.greedy_score, 2),
        "bound": None if proposal.bound is None else round(proposal.bound, 2),
        "is_optimal": proposal.is_optimal,
        "placed": run.placed_count,
        "unplaced": run.unplaced_count,
        "gone": run.gone_count,
        **{name: _local(getattr(proposal, name), fair) for name in moments},
    }


def line_row(line: ProposalLine, change: Change) -> dict[str, Any]:
    stand = line.stand
    return {
        "id": line.pk,
        "application": line.application_id,
        "company_name": line.application.company.legal_name,
        "co_exhibitors": [company.legal_name for company in sharing(line)],
        "site": line.site.slug,
        "hall": stand.hall.slug if stand else None,
        "stand": line.stand_id,
        "number": stand.number if stand else None,
        "first_day": line.first_day.isoformat(),
        "last_day": line.last_day.isoformat(),
        "difference": change.difference.value,
        "score": line.score,
        "terms": [{"name": term["name"], "points": term["points"], "application": term.get("other")} for term in line.terms],
        "reasons": [{"rule": one["rule"], "stands": one.get("count"), "of": one.get("of")} for one in line.reasons],
        "alternatives": [{"move": 0.0, "taken_by": [], "broken": [], **one} for one in line.alternatives],
        "locked": line.locked,
        "by_hand": line.by_hand,
        "status": line.state,
        "refusal": line.refusal,
        "placement": line.placement_id,
    }


def _local(moment: datetime | None, fair: Fair) -> str | None:
    return moment.astimezone(fair.zone).isoformat() if moment else None
