"""An allocation run whose worker is killed, and one whose worker falls silent and wakes when another has done the run."""

import random
from pathlib import Path

from django.db import connection
from django.utils import timezone

from allocations.domain import runs
from allocations.enums import RunPhase, RunState
from allocations.models import AllocationRun, Proposal
from benchmarks.workers import Group, running_beats, running_worker, start_worker
from chaos import post
from chaos.figures import Figures
from chaos.world import World
from exhibitors.enums import ApplicationStatus, NeighbourKind
from exhibitors.models import Application, NeighbourWish

EXHIBITORS, STANDS, RUN_SECONDS = 400, 450, 30
ENVIRONMENT = {"CHAOS_SECONDS_A_MINUTE": "5"}
LONGEST_SECONDS = 180  # a lease, a tick of the sweep, the run itself


def measure(world: World, redis, figures: Figures, folder: Path) -> None:
    _wish_for_more_than_there_is(world.applications(EXHIBITORS, ApplicationStatus.ADMITTED))
    for _number in range(STANDS):
        world.stand()
    with running_beats(ENVIRONMENT, folder):
        _killed(world, redis, figures)
        _silent(world, redis, figures)


def _wish_for_more_than_there_is(applications: list[Application]) -> None:
    """Each wants to stand near three others, drawn by lot: no answer can be proved to be the best, so that a run takes its time."""
    lot = random.Random(1)
    others = {it: lot.sample([other for other in applications if other is not it], 3) for it in applications}
    NeighbourWish.objects.bulk_create(
        NeighbourWish(application=it, kind=NeighbourKind.NEAR, name=other.company.legal_name, company=other.company)
        for it, chosen in others.items()
        for other in chosen
    )


def _killed(world: World, redis, figures: Figures) -> None:
    """SIGKILL in the middle of the search: another worker does the run anew when the lease has run out."""
    run = _asked(world, redis)
    worker = start_worker(ENVIRONMENT)
    try:
        post.wait(lambda: _is_searching(run), seconds=60, what="A worker searches")
    finally:
        worker.kill()
    with running_worker(ENVIRONMENT):
        figures.add("run_killed_seconds", post.wait(lambda: _is_over(run), seconds=LONGEST_SECONDS, what="The run is over"))
    run.refresh_from_db()
    figures.add("run_killed_attempts", run.attempts)
    figures.add("run_killed_proposals", _proposals(run))


def _silent(world: World, redis, figures: Figures) -> None:
    """Stopped for longer than its lease: it wakes, finds that another has the run, and keeps nothing."""
    run = _asked(world, redis)
    first = start_worker(ENVIRONMENT)
    try:
        post.wait(lambda: _is_searching(run), seconds=60, what="A worker searches")
        first.pause()
        with running_worker(ENVIRONMENT):
            post.wait(lambda: _is_searching(run) and _attempts(run) == 2, seconds=LONGEST_SECONDS, what="Another worker searches")
            first.resume()
            post.wait(lambda: _is_over(run), seconds=LONGEST_SECONDS, what="The run is over")
            _wait_until_idle(first, world, redis)
    finally:
        first.kill()
    figures.add("run_woken_proposals", _proposals(run))


def _wait_until_idle(worker: Group, world: World, redis) -> None:
    """The woken worker has given up what it had when a further run, which only one at a time can have, is done as well."""
    following = _asked(world, redis, seconds=1)
    post.wait(lambda: _is_over(following), seconds=LONGEST_SECONDS, what="The next run is over")
    assert worker.is_running(), "the worker that woke has died of it"


def _asked(world: World, redis, *, seconds: int = RUN_SECONDS) -> AllocationRun:
    redis.flush()
    run = runs.create(fair=world.fair, by=None, now=timezone.now(), halls=[world.hall], time_limit_seconds=seconds)
    connection.close()
    return run


def _is_searching(run: AllocationRun) -> bool:
    return AllocationRun.objects.filter(pk=run.pk, state=RunState.RUNNING, phase=RunPhase.SOLVING).exists()


def _attempts(run: AllocationRun) -> int:
    return AllocationRun.objects.values_list("attempts", flat=True).get(pk=run.pk)


def _is_over(run: AllocationRun) -> bool:
    return AllocationRun.objects.filter(pk=run.pk, state=RunState.DONE).exists()


def _proposals(run: AllocationRun) -> int:
    return Proposal.objects.filter(run=run).count()
