"""An announcement is cancelled while a decision joins it, or another one is made while it tells: nothing is lost, nothing told twice."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from exhibitors.domain import announcements, applications, holding
from exhibitors.enums import ApplicationStatus
from exhibitors.models import ApplicationStep
from tests.exhibitors.world import NOW, application_in
from tests.racing import at_once

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
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
    monkeypatch.setattr(announcements, "_lock_applications_of", lambda _held: None)
    assert joined_while_cancelled(monkeypatch).announcement is not None


def moved_while_told(monkeypatch: pytest.MonkeyPatch) -> tuple[Any, ApplicationStep]:
    """What the second announcement came to, and the step. The first has read what it tells, and waits for the second as long as it can."""
    application = application_in(ApplicationStatus.IN_REVIEW)
    applications.admit(application_id=application.pk, by=None, now=NOW, hold=True)
    announcements.create(fair=application.fair, by=None, now=NOW, application_ids=[application.pk])
    has_read, is_moved, settle = threading.Event(), threading.Event(), announcements._settle

    def read_then_settle(step: ApplicationStep, **moment: Any) -> None:
        has_read.set()
        is_moved.wait(timeout=1)
        settle(step, **moment)

    monkeypatch.setattr(announcements, "_settle", read_then_settle)

    def move() -> Any:
        assert has_read.wait(timeout=60)
        later = {"at": NOW + timedelta(days=1), "application_ids": [application.pk]}
        try:
            return announcements.create(fair=application.fair, by=None, now=NOW, **later)
        finally:
            is_moved.set()

    told, made = at_once(lambda: announcements.announce_due(now=NOW), move)
    assert told == 1
    return made, ApplicationStep.objects.get(announced_at=NOW)


def test_what_is_being_told_moves_to_no_other_announcement(monkeypatch):
    made, step = moved_while_told(monkeypatch)
    assert (made, step.announcement.at) == (holding.NothingHeld, NOW)


def test_without_the_lock_it_is_told_and_still_to_be_told(monkeypatch):
    """The control."""
    monkeypatch.setattr(announcements, "_lock_applications_of", lambda _held: None)
    made, step = moved_while_told(monkeypatch)
    assert (made.at, step.announcement) == (NOW + timedelta(days=1), made)
