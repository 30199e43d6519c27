"""What a worker does with an allocation run: claim it, read, solve, write the proposal.

A claim is a lease that a living worker renews every second, as it writes how far it is. A worker that dies leaves a lease that runs out;
the sweep then gives the run to another. Whoever finds its lease lost keeps nothing, so a run has one proposal whatever happens.
"""

import logging
import secrets
import threading
import time
from collections.abc import Callable
from datetime import datetime

from django.db import DatabaseError, connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from allocations.domain import explaining, inputs, proposals, solving
from allocations.domain.inputs import Input
from allocations.domain.settings import preset_weights
from allocations.domain.solving import Solution
from allocations.engine.weights import Weights
from allocations.enums import RunPhase, RunState, WeightPreset
from allocations.models import AllocationRun
from allocations.models.run import LEASE, MOST_ATTEMPTS

log = logging.getLogger(__name__)

BEAT_SECONDS = 1.0
SOLVING_FROM, SOLVING_TO = 10, 95  # % of the bar
# What a run with the fewest changes takes off for each that is planned and moved: more than any wish can bring.
STAY = 500

Now = Callable[[], datetime]


class Lost(Exception):
    """Another worker has the run, because this one was silent for too long."""


class Stopped(Exception):
    """Somebody has cancelled the run."""


def weights_for(run: AllocationRun) -> Weights:
    """The engine's weights of a run; with the fewest changes nobody who is planned or offered moves without need."""
    values: dict[str, float] = {**preset_weights(WeightPreset.BALANCED), **run.weights}
    if run.keeps_plan:
        values = {**values, "moved_offered": STAY, "moved_planned": STAY}
    return Weights(**values)


def work(run_id: int, *, now: Now, watched: bool = True) -> bool:
    """Do the run, unless somebody else has it. False when there was nothing to do. ``watched`` is off where one thread has the database."""
    claim = _claim(run_id, now=now)
    if claim is None:
        return False
    run = AllocationRun.objects.select_related("fair", "base").get(pk=run_id)
    watch = Watch(run, claim)
    try:
        if watched:
            watch.start()
        _solve(run, watch, now=now)
    except Stopped:
        _end(run_id, claim, RunState.CANCELLED, now=now)
    except Lost:
        log.warning("Allocation run %s was taken by another worker.", run_id)
    except DatabaseError:
        raise  # the database is away: the lease runs out, and the run is done anew
    except Exception as error:
        log.exception("Allocation run %s failed.", run_id)
        _end(run_id, claim, RunState.FAILED, now=now, problems=[{"code": "error", "text": f"{type(error).__name__}: {error}"[:500]}])
    finally:
        watch.stop()
    return True


def _claim(run_id: int, *, now: Now) -> str | None:
    """The run is ours for a while; None where another one works, somebody has it, or it is over. A run that kills its workers fails."""
    at, mine = timezone.now(), secrets.token_hex(16)
    if AllocationRun.objects.filter(state=RunState.RUNNING, claimed_until__gte=at).exclude(pk=run_id).exists():
        return None  # one at a time: the other worker processes have letters to deliver
    free = AllocationRun.objects.abandoned(at=at).filter(pk=run_id)
    if free.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=RunState.FAILED, phase=RunPhase.OVER, ended_at=now(), problems=[{"code": "worker_died"}], claim=""
    ):
        return None
    taken = free.filter(attempts__lt=MOST_ATTEMPTS).update(
        state=RunState.RUNNING,
        claim=mine,
        claimed_until=at + LEASE,
        attempts=F("attempts") + 1,
        started_at=Coalesce("started_at", Value(now())),
        phase=RunPhase.READING,
        progress_percent=0,
    )
    return mine if taken else None


def _solve(run: AllocationRun, watch: "Watch", *, now: Now) -> None:
    halls = list(run.halls.select_related("site"))
    given = inputs.read(fair=run.fair, halls=halls, statuses=run.statuses, weights=weights_for(run), now=now(), base=run.base)
    watch.phase(RunPhase.GREEDY, 5)
    found = solving.contradictions_of(given.instance)
    if found:
        problems = explaining.contradiction_rows(found, given)
        _end(run.pk, watch.claim, RunState.FAILED, now=now, problems=problems, input_hash=given.hash())
        return
    watch.check()
    solution = solving.solve(
        given.instance,
        seed=run.seed,
        time_limit_seconds=run.time_limit_seconds,
        progress=watch.solving,
        stop=watch.should_stop,
    )
    watch.check()
    watch.phase(RunPhase.WRITING, SOLVING_TO)
    notes = [one for one in solving.tensions_of(given.instance) if one not in found]
    _finish(run, watch.claim, given, solution, explaining.contradiction_rows(notes, given), now=now)


@transaction.atomic
def _finish(run: AllocationRun, claim: str, given: Input, solution: Solution, notes: list[dict[str, object]], *, now: Now) -> None:
    """The proposal and the end of the run, together or not at all. ``notes``: rules that leave somebody out whoever is placed."""
    rows = AllocationRun.objects.select_for_update(of=("self",), no_key=True)
    locked = rows.filter(pk=run.pk, claim=claim, state=RunState.RUNNING).first()
    if locked is None:
        raise Lost
    if locked.cancel_asked_at is not None:
        raise Stopped
    proposals.write(run=locked, given=given, solution=solution, now=now())
    locked.state, locked.phase, locked.progress_percent = RunState.DONE, RunPhase.OVER, 100
    locked.ended_at, locked.input_hash, locked.claim, locked.problems = now(), given.hash(), "", notes
    locked.save(update_fields=["state", "phase", "progress_percent", "ended_at", "input_hash", "claim", "problems"])


def _end(
    run_id: int, claim: str, state: RunState, *, now: Now, problems: list[dict[str, object]] | None = None, input_hash: str = ""
) -> None:
    """The run is over without a proposal, if it is still ours."""
    ours = AllocationRun.objects.filter(pk=run_id, claim=claim, state=RunState.RUNNING)
    ours.update(state=state, phase=RunPhase.OVER, ended_at=now(), problems=problems or [], input_hash=input_hash, claim="")


class Watch:
    """Beside the work, once a second: says that the worker lives and how far it is, and hears whether it should stop."""

    def __init__(self, run: AllocationRun, claim: str) -> None:
        self.claim = claim
        self._run_id = run.pk
        self._progress = (RunPhase.READING, 0)
        self._is_over = threading.Event()
        self._is_stopped = threading.Event()
        self._is_lost = threading.Event()
        self._thread = threading.Thread(target=self._go, name="lease of an allocation run", daemon=True)
        self._valid_until = time.monotonic() + LEASE.total_seconds()
        self._is_threaded = False

    def start(self) -> None:
        self._is_threaded = True
        self._thread.start()

    def stop(self) -> None:
        self._is_over.set()
        if self._is_threaded:
            self._thread.join()

    def phase(self, phase: RunPhase, percent: int) -> None:
        self._progress = (phase, percent)
        if not self._is_threaded:
            self.beat()

    def solving(self, share: float) -> None:
        """The solver is at work, and so far, from 0 to 1."""
        self._progress = (RunPhase.SOLVING, round(SOLVING_FROM + (SOLVING_TO - SOLVING_FROM) * share))

    def should_stop(self) -> bool:
        """What the solver asks now and then: nobody waits for the rest of it."""
        return self._is_stopped.is_set() or self._is_lost.is_set() or time.monotonic() > self._valid_until

    def check(self) -> None:
        """Raise Stopped or Lost."""
        if not self._is_threaded:
            self.beat()
        if self._is_lost.is_set() or time.monotonic() > self._valid_until:
            raise Lost
        if self._is_stopped.is_set():
            raise Stopped

    def beat(self) -> None:
        """Renew the lease, write how far it is, read whether to stop."""
        began, (phase, percent) = time.monotonic(), self._progress
        ours = AllocationRun.objects.filter(pk=self._run_id, claim=self.claim, state=RunState.RUNNING)
        if not ours.update(claimed_until=timezone.now() + LEASE, phase=phase, progress_percent=percent):
            self._is_lost.set()
            return
        self._valid_until = began + LEASE.total_seconds()
        if ours.filter(cancel_asked_at__isnull=False).exists():
            self._is_stopped.set()

    def _go(self) -> None:
        try:
            while not self._is_over.wait(BEAT_SECONDS):
                try:
                    self.beat()
                except DatabaseError:
                    connection.close()  # the database may be back at the next beat
        finally:
            connection.close()  # this thread's own


def sweep() -> list[int]:
    """The runs that no living worker has, the oldest first: queued ones that wait or whose hint was lost, and those whose worker died."""
    return list(AllocationRun.objects.abandoned(at=timezone.now()).order_by("pk").values_list("pk", flat=True))
