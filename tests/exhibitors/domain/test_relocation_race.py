"""Two exhibitors are to exchange the stands that they are offered, at the same moment: neither waits for the other for ever."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import OperationalError

from exhibitors.domain import placements
from exhibitors.domain.stand_use import StandTaken
from exhibitors.enums import ApplicationStatus
from exhibitors.models import Application
from fairs.models import Stand
from tests.exhibitors.domain.test_race import QUIET
from tests.exhibitors.world import application_in, site_of, stand_at
from tests.factories.fairs import FairFactory
from tests.racing import at_once

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
]


def relocating(application: Application, stand: Stand) -> Callable[[], Any]:
    return lambda: placements.relocate(application_id=application.pk, stand_id=stand.pk, reason="Nearer to the door", **QUIET)


def exchange(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Each is offered the stand that the other is offered already; both have let their own go before they reach for the other's."""
    fair = FairFactory()
    site = site_of(fair)
    one, other = (application_in(ApplicationStatus.ACCEPTED, fair=fair) for _ in range(2))
    ones, others = stand_at(site), stand_at(site)
    relocating(one, ones)()
    relocating(other, others)()
    together, days_of = threading.Barrier(2), placements._days_of

    def wait_for_the_other(*asked: Any, **days: Any) -> Any:
        with suppress(threading.BrokenBarrierError):
            together.wait(timeout=1)
        return days_of(*asked, **days)

    monkeypatch.setattr(placements, "_days_of", wait_for_the_other)
    return at_once(relocating(one, others), relocating(other, ones))


def test_who_comes_second_is_told_that_the_stand_is_taken(monkeypatch):
    assert exchange(monkeypatch).count(StandTaken) >= 1


def test_without_the_order_of_locks_each_waits_for_the_other(monkeypatch):
    """The control: the database ends one of the two."""
    monkeypatch.setattr(placements, "_lock_all", lambda *_asked: None)
    with pytest.raises(OperationalError, match="deadlock"):
        exchange(monkeypatch)
