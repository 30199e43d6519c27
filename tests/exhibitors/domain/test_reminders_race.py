"""Several schedulers look at the same moment: on PostgreSQL, which has something to race for."""

from collections import Counter

import pytest

from exhibitors.domain import reminders
from exhibitors.models import DeadlineReminder, StaffTask
from notifications.models import Letter
from tests.exhibitors.domain.test_reminders import DAY, DUE, NINE, WEEK_BEFORE, an_exhibitor, staff
from tests.factories.fairs import DeadlineFactory, FairFactory
from tests.racing import at_once

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
]
EXHIBITORS, SCHEDULERS = 30, 4


@pytest.fixture
def fair():
    fair = FairFactory()
    desk = staff("desk@example.com", fair)
    DeadlineFactory(fair=fair, code="contract", due_at=DUE)
    for number in range(EXHIBITORS):
        an_exhibitor(fair, f"owner-{number}@example.com", responsible=desk)
    return fair


def letters_each() -> Counter[int]:
    """How many letters how many addresses got."""
    return Counter(Counter(Letter.objects.values_list("recipient_email", flat=True)).values())


def test_many_schedulers_at_once_tell_each_exhibitor_once(fair, monkeypatch):
    monkeypatch.setattr(reminders, "DIGESTS_A_TRANSACTION", 7)  # more transactions to meet in
    at_once(*[lambda: reminders.remind(now=WEEK_BEFORE)] * SCHEDULERS)
    reminders.remind(now=WEEK_BEFORE)  # whoever lost a batch to another leaves it to the next tick
    assert letters_each() == {1: EXHIBITORS}
    assert DeadlineReminder.objects.count() == EXHIBITORS


def test_many_schedulers_at_once_give_each_task_once(fair):
    at_once(*[lambda: reminders.remind(now=NINE + 2 * DAY)] * SCHEDULERS)
    assert letters_each() == {1: 1}
    assert StaffTask.objects.count() == EXHIBITORS


def test_without_the_rows_that_say_who_was_told_they_are_told_several_times(fair, monkeypatch):
    """The control: what the database refuses is what keeps the schedulers apart."""
    monkeypatch.setattr(DeadlineReminder.objects, "bulk_create", lambda _rows, **_options: [])
    monkeypatch.setattr("exhibitors.domain.reminder_letters._fingerprint", lambda _digest: str(id(_digest)))
    at_once(*[lambda: reminders.remind(now=WEEK_BEFORE)] * SCHEDULERS)
    assert max(letters_each()) > 1
