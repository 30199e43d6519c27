"""Which reminders come in the next days, if nobody does anything until then: what the desk shows."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from exhibitors.domain.open_deadlines import read_open
from exhibitors.enums import ApplicationStatus
from exhibitors.models import Application
from fairs.domain.ladders import moment_of, quiet_days_of
from fairs.enums import FairStatus
from fairs.models import Deadline, Fair
from fairs.models.ladder import EARLIEST, LATEST
from fairs.quiet_time import QuietTime

_WEEKENDS = 2  # working days last longer than days


class Ahead(NamedTuple):
    """A step of a deadline's ladder, for a reader where the fair is, and how many applications it is about today."""

    at: datetime
    deadline: Deadline
    applications: int


def reminders_ahead(fair: Fair, *, now: datetime, until: datetime) -> list[Ahead]:
    """From ``now`` to ``until``, the earliest first. The number of queries does not grow with deadlines or applications."""
    if fair.status != FairStatus.PUBLISHED:
        return []
    span = {"due_at__gt": now - timedelta(days=LATEST * _WEEKENDS), "due_at__lt": until - timedelta(days=EARLIEST * _WEEKENDS)}
    deadlines = list(Deadline.objects.filter(fair=fair, **span).prefetch_related("ladder").order_by("due_at", "pk"))
    quiet = QuietTime.of(fair.time_zone, quiet_days_of(fair))
    applications = Application.objects.filter(fair=fair).exclude(told_status__in=ApplicationStatus.ended).select_related("company")
    found = read_open(list(applications), fair=fair, now=now) if deadlines else {}
    counts = Counter((each.deadline.pk, each.due_at) for each in found.values())
    by_id = {deadline.pk: deadline for deadline in deadlines}
    rows = [
        Ahead(at, by_id[pk], count)
        for (pk, due_at), count in counts.items()
        if pk in by_id
        for at in sorted(set(_moments(by_id[pk], due_at, fair, quiet)))
        if now < at <= until
    ]
    return sorted(rows, key=lambda row: (row.at, row.deadline.due_at, row.deadline.pk))


def _moments(deadline: Deadline, due_at: datetime, fair: Fair, quiet: QuietTime) -> Iterator[datetime]:
    for rung in deadline.ladder.all():
        if rung.act != "consequence" or deadline.consequence:
            yield moment_of(rung, due_at=due_at, fair_zone=fair.zone, quiet=quiet)
