"""A scan for reminders of 5,000 exhibitors × 15 deadlines that finds a digest due for each of them, and writes it."""

import time
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from django.db import connection

from benchmarks.figures import Figures
from benchmarks.generate import SLUG
from exhibitors.domain import reminders
from fairs.domain.ladders import give_usual
from fairs.models import Deadline, Fair
from notifications.models import Letter

DEADLINES = 15
FIRST = datetime(2029, 9, 3, 9, tzinfo=UTC)  # noon in Moscow, where the contacts of the companies are
STEP = timedelta(days=2)
ROUNDS = 3


def measure(figures: Figures) -> None:
    """The first scan tells all that is late; those of the following days, each with a digest for everybody, are measured."""
    fair = Fair.objects.get(slug=SLUG)
    for number in range(DEADLINES):
        due_at = FIRST.replace(hour=15, minute=59, second=59) + number * STEP
        give_usual(
            Deadline.objects.create(fair=fair, code=f"bench-{number}", title_ru="Срок", title_zh_hans="截止", title_en="Due", due_at=due_at)
        )
    reminders.remind(now=FIRST)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    rounds = [_scan(FIRST + number * STEP) for number in range(1, ROUNDS + 1)]
    idle = _scan(FIRST + ROUNDS * STEP + timedelta(minutes=1))
    for name in ("letters", "seconds", "cpu_seconds", "queries"):
        figures.add(f"reminder_scan_{name}", median(scan[name] for scan in rounds))
    figures.add("reminder_scan_idle_seconds", idle["seconds"])


def _scan(now: datetime) -> dict[str, float]:
    """Letters to exhibitors, seconds on the clock and of this process's CPU, queries made; staff's are written and not counted."""
    seen: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append(sql)
        return execute(sql, params, many, context)

    exhibitors = Letter.objects.filter(occasion="exhibitors.deadline_reminder")
    before, before_all, began, used = exhibitors.count(), Letter.objects.count(), time.monotonic(), time.process_time()
    with connection.execute_wrapper(note):
        written = reminders.remind(now=now)
    seconds, cpu_seconds = time.monotonic() - began, time.process_time() - used
    assert Letter.objects.count() - before_all == written
    return {"letters": exhibitors.count() - before, "seconds": seconds, "cpu_seconds": cpu_seconds, "queries": len(seen)}
