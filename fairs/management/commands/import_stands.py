from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

import clock
from fairs.domain import stand_files, stand_import
from fairs.management.lookup import find_fair
from fairs.models import Fair, Hall
from fairs.progress import ProgressBar
from fairs.tables import TableError

_NOTICES_SHOWN = 50


class Command(BaseCommand):
    help = "Load a fair's stands from a CSV, XLSX or GeoJSON file: all of them, or none when one is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--fair", required=True, help="the fair's slug")
        parser.add_argument("--hall", help="the hall of stands for which the file names none")
        parser.add_argument("--dry-run", action="store_true", help="check the file and change nothing")

    def handle(self, *args: Any, file: Path, fair: str, dry_run: bool, hall: str | None = None, **options: Any) -> None:
        bar = ProgressBar(self.stdout, file.name)
        target = find_fair(fair)
        default = self._hall(target, hall) if hall else None
        try:
            with transaction.atomic():
                read = stand_files.read_stands(file)
                done = stand_import.import_stands(fair=target, table=read.table, hall=default, now=clock.now(), progress=bar)
                transaction.set_rollback(dry_run)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except TableError as error:
            bar.clear()
            raise CommandError(f"{file}: nothing was loaded.\n{error}") from error
        bar.clear()
        if read.unread:
            self.stdout.write(f"not read: {', '.join(read.unread)}")
        for notice in done.notices[:_NOTICES_SHOWN]:
            self.stdout.write(notice)
        if len(done.notices) > _NOTICES_SHOWN:
            self.stdout.write(f"… {len(done.notices) - _NOTICES_SHOWN} more like these")
        self.stdout.write(self.style.SUCCESS(f"stands{' (checked only)' if dry_run else ''}: {done.tally}"))

    def _hall(self, fair: Fair, slug: str) -> Hall:
        found = Hall.objects.filter(fair=fair, slug=slug).first()
        if found is None:
            known = ", ".join(Hall.objects.filter(fair=fair).values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"This fair has no hall “{slug}”. It has: {known}.")
        return found
