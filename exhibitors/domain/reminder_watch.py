"""Which letters a change of a deadline, its ladder or its fair makes due at once: asked before the change and after it."""

from datetime import datetime
from typing import TypeAlias

from django.utils.translation import gettext as _

from exhibitors.domain.readers import Reader
from exhibitors.domain.reminder_plan import Notice, plans
from exhibitors.enums import ReminderOutcome
from exhibitors.models import DeadlineReminder
from fairs.at_once import Line

_Key: TypeAlias = tuple[int, datetime, int, str, str, int, str]


class ReminderWatch:
    """See ``fairs.at_once.Watch``; what was due before the change is none of its doing.

    At night nothing goes at once, and whoever has had today's digest gets the rest tomorrow: those are asked about as well.
    """

    def __init__(self, fair_id: int | None, deadline_id: int | None, now: datetime) -> None:
        self.fair_id, self.deadline_id, self.now = fair_id, deadline_id, now
        self.before = set(self._due())

    def new_letters(self) -> list[Line]:
        letters: dict[str, tuple[Reader, list[str]]] = {}
        for reader, notice in self._new():
            text = _("%(deadline)s: %(company)s") % {"deadline": notice.deadline, "company": notice.application.company}
            letters.setdefault(reader.address, (reader, []))[1].append(text)
        return [Line(reader, what) for reader, what in letters.values()]

    def leave_out(self) -> int:
        new = self._new()
        rows = [notice.row(reader, now=self.now, outcome=ReminderOutcome.SKIPPED) for reader, notice in new]
        DeadlineReminder.objects.bulk_create(rows, ignore_conflicts=True)
        return len({reader.address for reader, _notice in new})

    def _new(self) -> list[tuple[Reader, Notice]]:
        return [pair for key, pair in self._due().items() if key not in self.before]

    def _due(self) -> dict[_Key, tuple[Reader, Notice]]:
        if self.fair_id is None:
            return {}
        found = {}
        for plan in plans(now=self.now, fair_id=self.fair_id, deadline_id=self.deadline_id, held_back=True):
            for digest in plan.digests:
                for notice in digest.written:
                    row = notice.row(digest.reader, now=self.now)
                    key = (row.deadline_id, row.due_at, row.offset, row.unit, row.act, row.application_id, row.email)
                    found[key] = (digest.reader, notice)
        return found
