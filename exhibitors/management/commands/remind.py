"""Write the reminders of deadlines that are due, or list who would get which and why."""

from argparse import ArgumentParser
from datetime import datetime, tzinfo
from itertools import groupby
from typing import Any

from django.core.management.base import BaseCommand, CommandError

import clock
from exhibitors.domain import reminders
from exhibitors.domain.reminder_plan import Digest, Notice, plans
from exhibitors.models import DeadlineReminder
from fairs.enums import RungAct, RungReader, RungUnit
from fairs.models import Rung
from notifications.moments import moment_in_zones


class Command(BaseCommand):
    help = "Remind exhibitors and the staff responsible for them of the deadlines ahead; nobody is told twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--at", metavar="ISO", help="As if it were this moment, such as 2023-12-12T09:00+08:00 (default: now).")
        parser.add_argument(
            "--dry-run", action="store_true", help="Write nothing: list who would get what, why, and who was told that day."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = _moment(options["at"]) if options["at"] else clock.now()
        if not options["dry_run"]:
            self.stdout.write(f"{reminders.remind(now=now)} letters written.")
            return
        found = plans(now=now)
        letters = [digest for plan in found for digest in plan.digests if digest.written]
        for digest in letters:
            self._list(digest, now=now)
        self._list_told(now=now)
        expired = sum(len(plan.expired) for plan in found)
        self.stdout.write(
            f"{len(letters)} letters would be written at {now.isoformat(timespec='minutes')}; {expired} reminders have expired."
        )

    def _list_told(self, *, now: datetime) -> None:
        """What was written that day: nobody gets it again, so a list of what would be written leaves it out."""
        rows = list(reminders.told_on_the_day_of(now))
        for (email, at), told in groupby(rows, key=lambda row: (row.email, row.reminded_at)):
            each = list(told)
            zone = each[0].deadline.fair.zone
            self.stdout.write(f"{email} (told already, {at.astimezone(zone).isoformat(timespec='minutes')})")
            for row in each:
                who = f"{row.application.company} (application {row.application_id})"
                self.stdout.write(f"  {row.deadline.code}: {_step(row)}; for {who}")
        people = len({(row.email, row.reminded_at) for row in rows})
        self.stdout.write(f"{people} readers were told already that day.")

    def _list(self, digest: Digest, *, now: datetime) -> None:
        reader = digest.reader
        kind = "staff" if digest.for_staff else "exhibitor"
        self.stdout.write(f"{reader.address} ({kind}, {reader.language}, {reader.time_zone})")
        for notice in digest.written:
            due = moment_in_zones(notice.due_at, fair_zone=digest.fair.time_zone, reader_zone=reader.time_zone, language="en")
            who = f"{notice.application.company} (application {notice.application.pk})"
            self.stdout.write(
                f"  {notice.deadline.code}, due {due}: {_reason(notice, digest.fair.zone, now)}; for {who}: {notice.open.why()}"
            )


def _reason(notice: Notice, zone: tzinfo, now: datetime) -> str:
    """Which step of the ladder it is, and whether it comes late: of several that were missed the latest tells it all."""
    rung = notice.rung
    days_left = (notice.due_at.astimezone(zone).date() - now.astimezone(zone).date()).days
    is_late = rung.offset < 0 and rung.unit == RungUnit.DAYS and days_left < -rung.offset
    late = f" (late: {days_left} {'day is' if days_left == 1 else 'days are'} left)" if is_late else ""
    return f"{_step(rung)}{late}, to the {RungReader(rung.reader).name.lower()}"


def _step(step: Rung | DeadlineReminder) -> str:
    """What a step of a ladder does, and when."""
    unit = ("working day" if step.unit == RungUnit.WORKING_DAYS else "day") + ("s" if abs(step.offset) != 1 else "")
    when = "on the due day" if step.offset == 0 else f"{abs(step.offset)} {unit} {'before' if step.offset < 0 else 'after'}"
    what = {RungAct.REMIND: "reminder", RungAct.TASK: "task", RungAct.CONSEQUENCE: "consequence"}[RungAct(step.act)]
    return f"the {what} {when}"


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"--at: “{text}” is no moment; write it as 2023-12-12T09:00+08:00.") from error
    if moment.tzinfo is None:
        raise CommandError(f"--at: “{text}” has no offset; write it as 2023-12-12T09:00+08:00.")
    return moment
