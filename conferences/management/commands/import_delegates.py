from typing import Any

from django.core.management.base import CommandParser

import clock
from conferences.domain.delegates_import import import_delegates
from conferences.management.importing import ImportCommand, add_conference
from fairs.tables import TableError


class Command(ImportCommand):
    help = "Import a conference's delegates from a .csv or .xlsx table. No letters leave unless --notify."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        add_conference(parser)
        parser.add_argument("--notify", action="store_true", help="write to every new delegate")

    def handle(self, *args: Any, **options: Any) -> None:
        conference = self.conference(options)
        try:
            report = import_delegates(
                conference=conference,
                path=options["file"],
                now=clock.now(),
                dry_run=options["dry_run"],
                notify=options["notify"],
                progress=self.progress,
            )
        except TableError as refusal:
            self.refuse(refusal.errors)
        for warning in report.warnings:
            self.stderr.write(self.style.WARNING(warning))
        counts = report.counts
        self.stdout.write(f"Delegates: {counts['new']} new, {counts['changed']} changed, {counts['same']} same")
        self.conclude(options)
