from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

import clock
from conferences.domain.programme_import import ProgrammeError, import_programme
from conferences.domain.releases import release_imported
from conferences.management.importing import ConferenceImportCommand
from fairs.progress import ProgressBar


class Command(ConferenceImportCommand):
    help = "Load a conference's programme from an XLSX workbook with the sheets Rooms, Tracks, Speakers and Sessions."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--draft", action="store_true", help="keep it in the draft: everybody sees it when it is released")

    @transaction.atomic
    def bring_in(self, options: dict[str, Any], bar: ProgressBar) -> list[str]:
        conference = self.conference(options)
        try:
            report = import_programme(
                conference=conference, source=options["file"], now=clock.now(), dry_run=options["dry_run"], progress=bar
            )
        except ProgrammeError as refusal:
            self.refuse(options, refusal)
        if not (options["draft"] or options["dry_run"]):
            release_imported(conference_id=conference.pk, now=clock.now())
        self.warn(bar, report.warnings)
        return [
            f"{sheet.lower()}: {counts['new']} new, {counts['changed']} changed, {counts['same']} unchanged"
            for sheet, counts in report.counts.items()
        ]
