from typing import Any

from conferences.domain.programme_import import ProgrammeError, import_programme
from conferences.management.importing import ConferenceImportCommand
from fairs.progress import ProgressBar


class Command(ConferenceImportCommand):
    help = "Load a conference's programme from an XLSX workbook with the sheets Rooms, Tracks, Speakers and Sessions."

    def bring_in(self, options: dict[str, Any], bar: ProgressBar) -> list[str]:
        conference = self.conference(options)
        try:
            report = import_programme(conference=conference, path=options["file"], dry_run=options["dry_run"], progress=bar)
        except ProgrammeError as refusal:
            self.refuse(options, refusal)
        self.warn(bar, report.warnings)
        return [
            f"{sheet.lower()}: {counts['new']} new, {counts['changed']} changed, {counts['same']} same"
            for sheet, counts in report.counts.items()
        ]
