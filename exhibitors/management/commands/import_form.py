import tomllib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from exhibitors.domain.form_plan import ensure_form
from fairs.management.lookup import find_fair
from fairs.tables import TableError


class Command(BaseCommand):
    help = "Make or change a fair's pavilions, its questions of the application form and its review criteria from a TOML file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--fair", required=True, help="the fair's slug")
        parser.add_argument("--dry-run", action="store_true", help="check the file and change nothing")

    def handle(self, *args: Any, file: Path, fair: str, dry_run: bool, **options: Any) -> None:
        try:
            plan = tomllib.loads(file.read_text(encoding="utf-8-sig"))
            with transaction.atomic():
                tally = ensure_form(fair=find_fair(fair), plan=plan)
                transaction.set_rollback(dry_run)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except ValueError as error:  # not UTF-8, or no TOML: both name the place
            raise CommandError(f"{file}: {error}") from error
        except TableError as error:
            raise CommandError(f"{file}: nothing was loaded.\n{error}") from error
        self.stdout.write(self.style.SUCCESS(f"application form{' (checked only)' if dry_run else ''}: {tally}"))
