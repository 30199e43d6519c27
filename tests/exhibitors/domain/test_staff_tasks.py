"""Tasks that the program gives to staff."""

from datetime import UTC, datetime

import pytest

from exhibitors.domain import staff_tasks
from exhibitors.models import StaffTask
from tests.factories.exhibitors import ApplicationFactory
from tests.factories.fairs import DeadlineFactory

pytestmark = pytest.mark.django_db

NIGHT_AT_THE_FAIR = datetime(2030, 1, 14, 23, tzinfo=UTC)  # 07:00 on the 15th in Shanghai


def test_a_task_is_due_on_the_day_at_the_fair() -> None:
    application = ApplicationFactory(fair__time_zone="Asia/Shanghai")
    deadline = DeadlineFactory(fair=application.fair)
    staff_tasks.write(application=application, title="Look", note="", assignee=None, now=NIGHT_AT_THE_FAIR)
    staff_tasks.give([staff_tasks.Given(application, deadline, deadline.due_at, None)], now=NIGHT_AT_THE_FAIR)
    assert [task.due_on.day for task in StaffTask.objects.all() if task.due_on] == [15, 15]
