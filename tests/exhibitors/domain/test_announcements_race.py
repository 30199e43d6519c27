"""An announcement is cancelled while a decision joins it: the decision stays held without a moment, and is not lost with it."""

import threading
from typing import Any

import pytest
from django.db import connection

from exhibitors.domain import announcements, applications, holding
from exhibitors.enums import ApplicationStatus
from exhibitors.models import ApplicationStep
from tests.exhibitors.domain.test_race import at_once
from tests.exhibitors.world import NOW, application_in

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer and nothing to race for"),
]


def joined_while_cancelled(monkeypatch: pytest.MonkeyPatch) -> ApplicationStep:
    """What is held afterwards. The step has read that the announcement is open, and waits for the cancellation as long as it can."""
    application = application_in(ApplicationStatus.IN_REVIEW)
    applications.admit(application_id=application.pk, by=None, now=NOW, hold=True)
    announcement = announcements.create(fair=application.fair, by=None, now=NOW, application_ids=[application.pk])
    has_read, is_cancelled, void = threading.Event(), threading.Event(), holding._void

    def read_then_void(*asked: Any, **moment: Any) -> bool:
        has_read.set()
        is_cancelled.wait(timeout=1)
        return void(*asked, **moment)

    monkeypatch.setattr(holding, "_void", read_then_void)

    def cancel() -> None:
        assert has_read.wait(timeout=60)
        announcements.cancel(announcement_id=announcement.pk, now=NOW)
        is_cancelled.set()

    at_once(lambda: applications.waitlist(application_id=application.pk, by=None, now=NOW, hold=True), cancel)
    announcement.refresh_from_db()
    assert announcement.cancelled_at == NOW
    return ApplicationStep.objects.pending().get()


def test_a_decision_that_joins_stays_held_without_a_moment(monkeypatch):
    assert joined_while_cancelled(monkeypatch).announcement is None


def test_without_the_lock_it_waits_for_an_announcement_that_never_comes(monkeypatch):
    """The control."""
    monkeypatch.setattr(announcements, "_lock_applications", lambda _announcement: None)
    assert joined_while_cancelled(monkeypatch).announcement is not None
