"""Write the reminders of deadlines that are due, or list who would get which and why."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

import clock
from exhibitors.domain import reminders
from exhibitors.domain.reminders import Digest
from notifications.moments import moment_in_zones


class Command(BaseCommand):
    help = "Remind exhibitors and the staff responsible for them of the deadlines ahead; nobody is told twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--at", metavar="ISO", help="As if it were this moment, such as 2023-12-12T09:00+08:00 (default: now).")
        parser.add_argument("--dry-run", action="store_true", help="Write nothing: list who would get what, and why.")

    def handle(self, *args: Any, **options: Any) -> None:
        now = _moment(options["at"]) if options["at"] else clock.now()
        if not options["dry_run"]:
            self.stdout.write(f"{reminders.remind(now=now)} letters written.")
            return
        digests = reminders.plan(now=now)
        for digest in digests:
            self._list(digest)
        self.stdout.write(f"{len(digests)} letters would be written at {now.isoformat(timespec='minutes')}.")

    def _list(self, digest: Digest) -> None:
        reader = digest.reader
        kind = "responsible staff" if digest.for_staff else "exhibitor"
        self.stdout.write(f"{reader.address} ({kind}, {reader.language}, {reader.time_zone})")
        for occasion, applications in digest.items.items():
            due = moment_in_zones(occasion.deadline.due_at, fair_zone=digest.fair.time_zone, reader_zone=reader.time_zone, language="en")
            named = "; ".join(f"{application.company} (application {application.pk})" for application in applications[:5])
            more = f"; and {len(applications) - 5} more" if len(applications) > 5 else ""
            self.stdout.write(f"  {occasion.deadline.code}, due {due}: the reminder {occasion.days_before} d before; for {named}{more}")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"--at: “{text}” is no moment; write it as 2023-12-12T09:00+08:00.") from error
    if moment.tzinfo is None:
        raise CommandError(f"--at: “{text}” has no offset; write it as 2023-12-12T09:00+08:00.")
    return moment
