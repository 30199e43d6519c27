from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

import clock
from exhibitors.importing.companies import import_companies
from fairs.management.lookup import find_fair
from fairs.progress import ProgressBar
from fairs.tables import sheets_text


class Command(BaseCommand):
    help = "Load companies and their applications to a fair from a CSV or XLSX file: all rows, or none when one is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--fair", required=True, help="the fair's slug")
        parser.add_argument("--dry-run", action="store_true", help="check the file and change nothing")
        parser.add_argument("--notify", action="store_true", help="write to the exhibitors what goes with each step")

    def handle(self, *args: Any, file: Path, fair: str, dry_run: bool, notify: bool, **options: Any) -> None:
        bar = ProgressBar(self.stdout, file.name)
        try:
            report = import_companies(
                fair=find_fair(fair), source=file, by=None, now=clock.now(), dry_run=dry_run, tell=notify, progress=bar
            )
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        finally:
            bar.clear()
        if report.assumed_encoding:
            self.stdout.write(f"{file.name} is not UTF-8: it was read as {report.assumed_encoding}.")
        if sheets := sheets_text(report.reading.sheets):
            self.stdout.write(f"{file.name}: {sheets}")
        if report.errors:
            raise CommandError(f"{file}: nothing was imported.\n" + "\n".join(map(str, report.errors)))
        for cell in report.kept:
            self.stdout.write(str(cell))
        done = "checked only" if dry_run else "imported"
        counts = f"{report.created} new, {report.updated} changed, {report.unchanged} unchanged"
        self.stdout.write(self.style.SUCCESS(f"companies ({done}): {counts}"))
