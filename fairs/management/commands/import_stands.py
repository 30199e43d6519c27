from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

import clock
from fairs.domain import stand_import
from fairs.management.lookup import find_fair
from fairs.progress import ProgressBar
from fairs.tables import TableError, read_table


class Command(BaseCommand):
    help = "Load a fair's stands from a CSV or XLSX file: all rows, or none when one is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--fair", required=True, help="the fair's slug")
        parser.add_argument("--dry-run", action="store_true", help="check the file and change nothing")

    def handle(self, *args: Any, file: Path, fair: str, dry_run: bool, **options: Any) -> None:
        bar = ProgressBar(self.stdout, file.name)
        try:
            with transaction.atomic():
                table = read_table(file, columns=stand_import.COLUMNS, required=stand_import.REQUIRED)
                tally = stand_import.import_stands(fair=find_fair(fair), table=table, now=clock.now(), progress=bar)
                transaction.set_rollback(dry_run)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except TableError as error:
            bar.clear()
            raise CommandError(f"{file}: nothing was loaded.\n{error}") from error
        bar.clear()
        self.stdout.write(self.style.SUCCESS(f"stands{' (checked only)' if dry_run else ''}: {tally}"))
