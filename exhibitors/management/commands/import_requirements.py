import tomllib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from exhibitors.domain.requirements_plan import ensure_requirements
from fairs.management.lookup import find_fair


class Command(BaseCommand):
    help = "Make or change the documents that a fair asks for from the [[documents]] of its TOML file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--fair", required=True, help="the fair's slug")
        parser.add_argument("--dry-run", action="store_true", help="check the file and change nothing")

    def handle(self, *args: Any, file: Path, fair: str, dry_run: bool, **options: Any) -> None:
        try:
            rows = tomllib.loads(file.read_text(encoding="utf-8-sig")).get("documents", [])
            with transaction.atomic():
                counts = ensure_requirements(fair=find_fair(fair), rows=rows)
                transaction.set_rollback(dry_run)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except ValidationError as error:
            raise CommandError(f"{file}: nothing was loaded.\n" + "\n".join(error.messages)) from error
        except ValueError as error:  # not UTF-8, or no TOML: both name the place
            raise CommandError(f"{file}: {error}") from error
        told = ", ".join(f"{count} {name}" for name, count in counts.items())
        self.stdout.write(self.style.SUCCESS(f"required documents{' (checked only)' if dry_run else ''}: {told}"))
