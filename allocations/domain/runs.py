"""Allocation runs are asked for and cancelled; what a worker then does is in run_work.py."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from allocations.domain import locks
from allocations.domain.inputs import POSSIBLE_STATUSES, USUAL_STATUSES
from allocations.domain.settings import settings_of, weights_of
from allocations.enums import RunPhase, RunState
from allocations.models import AllocationRun, Proposal
from allocations.models.run import LARGEST_SEED, LONGEST_RUN_SECONDS, USUAL_RUN_SECONDS
from allocations.models.settings import MOST_WEIGHT, WEIGHTS
from api.problems import Conflict, Findings, Invalid, field_error
from fairs.models import Fair, Hall, Stand

MOST_OPEN = 3  # of one fair at once: more only wait for each other


class RunOver(Conflict):
    """The run is done, cancelled or failed."""

    code = "run-over"
    message = gettext_lazy("This run is over.")


class TooManyRuns(Conflict):
    """So many runs of the fair wait or work that no other one is begun."""

    code = "too-many-runs"


@transaction.atomic
def create(
    *,
    fair: Fair,
    by: User | None,
    now: datetime,
    halls: Collection[Hall] | None = None,
    statuses: Collection[str] = USUAL_STATUSES,
    weights: Mapping[str, int] | None = None,
    seed: int = 1,
    time_limit_seconds: int = USUAL_RUN_SECONDS,
    keeps_plan: bool = False,
    base: Proposal | None = None,
) -> AllocationRun:
    """Ask for a run of these halls (None: all of the fair), with the fair's weights or with ``weights`` in place of some of them.

    ``keeps_plan``: whoever is planned or offered stays as long as it costs nobody the place; with ``base`` also who is placed there.
    Raises Invalid with pointers, LocksContradict, TooManyRuns.
    """
    found = Findings()
    with found.more():
        chosen = _halls(fair, halls)
    found.errors += _wrong_numbers(weights or {}, seed=seed, time_limit_seconds=time_limit_seconds)
    if wrong := sorted(set(statuses) - set(POSSIBLE_STATUSES)):
        text = _("An application that is “%(status)s” takes no part.") % {"status": wrong[0]}
        found.errors.append(field_error("/statuses", "invalid_choice", text))
    found.refuse()
    Fair.objects.select_for_update(no_key=True).get(pk=fair.pk)
    if AllocationRun.objects.open().filter(fair=fair).count() >= MOST_OPEN:
        text = _("%(most)d runs of this fair wait or work already: let one end, or cancel it.") % {"most": MOST_OPEN}
        raise TooManyRuns(text, most=MOST_OPEN)
    locks.require_possible(fair=fair, halls=chosen)
    run = AllocationRun.objects.create(
        fair=fair,
        weights={**weights_of(settings_of(fair)), **(weights or {})},
        statuses=sorted(set(statuses), key=list(POSSIBLE_STATUSES).index),
        seed=seed,
        time_limit_seconds=time_limit_seconds,
        keeps_plan=keeps_plan,
        base=base,
        created_by=by,
        created_at=now,
    )
    run.halls.set(chosen)
    return run


def _halls(fair: Fair, halls: Collection[Hall] | None) -> list[Hall]:
    chosen = list(Hall.objects.filter(fair=fair).order_by("pk")) if halls is None else list(halls)
    if any(hall.fair_id != fair.pk for hall in chosen):
        raise Invalid([field_error("/halls", "unknown_hall", _("This fair has no such hall."))])
    if not chosen:
        raise Invalid([field_error("/halls", "required", _("This fair has no halls yet: draw them, or import its stands."))])
    if not Stand.objects.filter(hall__in=chosen, blocked=False).exists():
        raise Invalid([field_error("/halls", "no_stands", _("These halls have no stands that somebody could be placed on."))])
    return chosen


def _wrong_numbers(weights: Mapping[str, Any], *, seed: int, time_limit_seconds: int) -> list[dict[str, Any]]:
    errors = []
    for name, value in weights.items():
        if name not in WEIGHTS:
            errors.append(field_error(f"/weights/{name}", "unknown_weight", _("There is no such weight.")))
        elif not 0 <= value <= MOST_WEIGHT:
            text = _("A weight is a number from 0 to %(most)d.") % {"most": MOST_WEIGHT}
            errors.append(field_error(f"/weights/{name}", "out_of_range", text))
    if not 0 <= seed <= LARGEST_SEED:
        text = _("A seed is a whole number from 0 to %(most)d.") % {"most": LARGEST_SEED}
        errors.append(field_error("/seed", "out_of_range", text))
    if not 1 <= time_limit_seconds <= LONGEST_RUN_SECONDS:
        text = _("A run lasts from 1 to %(most)d seconds.") % {"most": LONGEST_RUN_SECONDS}
        errors.append(field_error("/time_limit_seconds", "out_of_range", text))
    return errors


@transaction.atomic
def cancel(*, run_id: int, now: datetime) -> AllocationRun:
    """Stop a run: at once while it waits, within seconds while a worker has it, which then keeps nothing. Raises RunOver."""
    run = AllocationRun.objects.select_for_update(of=("self",), no_key=True).get(pk=run_id)
    if not run.is_open:
        raise RunOver
    run.cancel_asked_at = run.cancel_asked_at or now
    fields = ["cancel_asked_at"]
    if run.state == RunState.QUEUED:
        run.state, run.phase, run.ended_at = RunState.CANCELLED, RunPhase.OVER, now
        fields += ["state", "phase", "ended_at"]
    run.save(update_fields=fields)
    return run
