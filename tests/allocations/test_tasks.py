"""Runs that nobody has are handed out, one after the other; a broker that is away stops nothing."""

import pytest
from celery.exceptions import OperationalError as BrokerError

from allocations import tasks
from allocations.domain import run_work, runs
from allocations.models import AllocationRun
from tests.allocations.world import NOW, hall_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def handed_out(monkeypatch):
    found = []
    monkeypatch.setattr(tasks.run_allocation, "delay", lambda *, run_id: found.append(run_id))
    return found


def asked(hall):
    return runs.create(fair=hall.fair, by=None, now=NOW, halls=[hall])


def test_runs_that_nobody_has_are_handed_out(handed_out):
    several = [asked(hall_of()) for _number in range(2)]
    tasks.sweep_runs()
    assert handed_out == [run.pk for run in several]


def test_when_one_has_ended_the_next_begins(handed_out, monkeypatch):
    first, second = asked(hall_of()), asked(hall_of())

    def work(run_id, now):
        AllocationRun.objects.filter(pk=run_id).update(state="done", ended_at=NOW)
        return True

    monkeypatch.setattr(run_work, "work", work)
    tasks.run_allocation(run_id=first.pk)
    assert handed_out == [second.pk]


def test_a_broker_that_is_away_stops_nothing(monkeypatch, django_capture_on_commit_callbacks):
    def away(**arguments):
        raise BrokerError

    monkeypatch.setattr(tasks.run_allocation, "delay", away)
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        tasks.run_soon(asked(hall_of()).pk)
    assert len(callbacks) == 1
    assert AllocationRun.objects.open().count() == 1
