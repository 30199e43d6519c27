"""What the scheduler and the desk ask of allocation. Every task may run twice, late, or not at all."""

import logging
from typing import Any

from celery import shared_task
from celery.exceptions import OperationalError as BrokerError
from django.db import transaction

import clock
from allocations.domain import freed_stands, publishing, run_work

log = logging.getLogger(__name__)


@shared_task
def run_allocation(*, run_id: int, **_future: Any) -> None:
    """Do one run, then let the next begin. Of two workers one has it; when that one dies, the sweep gives it to another."""
    if run_work.work(run_id, now=clock.now):
        for waiting in run_work.sweep()[:1]:
            _hint(run_allocation, run_id=waiting)


@shared_task
def sweep_runs(**_future: Any) -> None:
    """Every minute: runs whose hint the broker lost, or whose worker died."""
    for run_id in run_work.sweep():
        run_allocation.delay(run_id=run_id)


@shared_task
def publish_proposals(**_future: Any) -> None:
    """Every minute: take over and offer the proposals whose moment has come."""
    publishing.publish_due(now=clock.now())


@shared_task
def give_freed_stands(**_future: Any) -> None:
    """Every minute: stands that fell free go to who comes first, as the fair's rule says."""
    freed_stands.give_away(now=clock.now())


def run_soon(run_id: int) -> None:
    """Tell a worker on commit that there is a run; without it the sweep finds it within a minute."""
    transaction.on_commit(lambda: _hint(run_allocation, run_id=run_id), robust=True)


def publish_soon() -> None:
    """Tell a worker on commit that a proposal is to be published; without it the next tick finds it within a minute."""
    transaction.on_commit(lambda: _hint(publish_proposals), robust=True)


def _hint(task: Any, **arguments: Any) -> None:
    try:
        task.delay(**arguments)
    except (BrokerError, OSError) as error:
        log.warning("The broker cannot be reached (%s); %s waits for the next tick.", type(error).__name__, task.name)
