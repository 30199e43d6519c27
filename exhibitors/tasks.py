"""What the scheduler asks of exhibitors. Every task may run twice, late, or not at all."""

from typing import Any

from celery import shared_task

import clock
from exhibitors.domain import reminders


@shared_task
def remind_of_deadlines(**_future: Any) -> None:
    """Every minute: write the reminders that are due and were not written yet."""
    reminders.remind(now=clock.now())
