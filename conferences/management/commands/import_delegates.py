from typing import Any

from django.core.management.base import CommandParser

import clock
from conferences.domain.delegates_import import import_delegates, read_delegates
from conferences.management.importing import ConferenceImportCommand
from fairs.progress import ProgressBar
from fairs.tables import TableError


class Command(ConferenceImportCommand):
    help = "Load a conference's delegates from a CSV or XLSX file. No letters leave unless --notify is given."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--notify", action="store_true", help="write to every new delegate")

    def bring_in(self, options: dict[str, Any], bar: ProgressBar) -> list[str]:
        conference = self.conference(options)
        try:
            report = import_delegates(
                conference=conference,
                table=read_delegates(options["file"]),
                now=clock.now(),
                dry_run=options["dry_run"],
                notify=options["notify"],
                progress=bar,
            )
        except TableError as refusal:
            self.refuse(options, refusal)
        self.warn(bar, report.warnings)
        counts = report.counts
        return [f"delegates: {counts['new']} new, {counts['changed']} changed, {counts['same']} unchanged"]
