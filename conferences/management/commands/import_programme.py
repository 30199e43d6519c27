from typing import Any

from django.core.management.base import CommandParser

from conferences.domain.programme_import import ProgrammeError, import_programme
from conferences.management.importing import ImportCommand, add_conference


class Command(ImportCommand):
    help = "Import a conference's programme from an .xlsx workbook with the sheets Rooms, Tracks, Speakers and Sessions."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        add_conference(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        conference = self.conference(options)
        try:
            report = import_programme(conference=conference, path=options["file"], dry_run=options["dry_run"], progress=self.progress)
        except ProgrammeError as refusal:
            self.refuse(refusal.errors)
        for warning in report.warnings:
            self.stderr.write(self.style.WARNING(warning))
        for sheet, counts in report.counts.items():
            self.stdout.write(f"{sheet}: {counts['new']} new, {counts['changed']} changed, {counts['same']} same")
        self.conclude(options)
