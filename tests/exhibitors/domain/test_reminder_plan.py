"""When a step that is late goes, and when it goes no more: the edges of the plan."""

from datetime import timedelta

import pytest

from exhibitors.domain.reminder_plan import LATE
from exhibitors.enums import ReminderOutcome
from exhibitors.models import DeadlineReminder
from tests.exhibitors.domain.test_reminders import DAY_BEFORE, DUE, HOUR, NINE, an_exhibitor, staff, told
from tests.factories.fairs import DeadlineFactory, FairFactory

pytestmark = pytest.mark.django_db
TASK = NINE + timedelta(days=2)  # when the responsible person is given one: two working days after a Wednesday


@pytest.fixture
def fair():
    return FairFactory()


def test_what_is_late_in_the_daytime_waits_for_a_step_of_the_same_day(fair):
    """Due before eight in the morning, the last reminder goes at five the day before: it tells what was missed at nine."""
    DeadlineFactory(fair=fair, code="dawn", due_at=NINE - 2 * HOUR)
    an_exhibitor(fair)
    five = DAY_BEFORE.replace(hour=17)
    assert told(now=DAY_BEFORE + 3 * HOUR) == []
    assert told(now=five - HOUR) == []
    assert told(now=five) == ["owner@example.com"]


def test_a_task_that_is_late_waits_for_the_end_of_quiet_time(fair):
    DeadlineFactory(fair=fair, code="contract", due_at=DUE)
    an_exhibitor(fair, responsible=staff("desk@example.com", fair))
    assert told(now=TASK.replace(hour=21)) == []
    assert told(now=TASK.replace(hour=21) + 11 * HOUR) == []
    assert told(now=TASK + timedelta(days=1)) == ["desk@example.com"]


@pytest.mark.parametrize(("late", "noted"), [(2 * LATE - HOUR, [ReminderOutcome.EXPIRED]), (2 * LATE, [])])
def test_that_a_task_came_too_late_is_noted_for_two_days(fair, late, noted):
    DeadlineFactory(fair=fair, code="contract", due_at=DUE)
    an_exhibitor(fair, responsible=staff("desk@example.com", fair))
    assert told(now=TASK + late) == []
    assert list(DeadlineReminder.objects.filter(act="task").values_list("outcome", flat=True)) == noted
