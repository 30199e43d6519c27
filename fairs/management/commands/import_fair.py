import tomllib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

import clock
from fairs import at_once
from fairs.domain.fair_plan import ensure_fair
from fairs.models import Fair
from fairs.tables import TableError


class Command(BaseCommand):
    help = "Make or change a fair with its sites, halls, opening hours, deadlines and trade figures from a TOML file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check the file and change nothing")
        parser.add_argument(
            "--remind", action="store_true", help="let the reminders go that are due at once by the file; else they are left out"
        )

    def handle(self, *args: Any, file: Path, dry_run: bool, remind: bool, **options: Any) -> None:
        try:
            plan = tomllib.loads(file.read_text(encoding="utf-8-sig"))
            with transaction.atomic():
                watch = at_once.watch(fair_id=_known(plan), now=clock.now())
                fair, tally = ensure_fair(plan=plan)
                letters = len(watch.new_letters()) if remind else watch.leave_out()
                transaction.set_rollback(dry_run)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except ValueError as error:  # not UTF-8, or no TOML: both name the place
            raise CommandError(f"{file}: {error}") from error
        except TableError as error:
            raise CommandError(f"{file}: nothing was loaded.\n{error}") from error
        self.stdout.write(self.style.SUCCESS(f"fair {fair.slug}{' (checked only)' if dry_run else ''}: {tally}"))
        if letters:
            fate = "go at the next tick" if remind else "are left out (--remind lets them go)"
            self.stdout.write(f"reminders due at once by this file: {letters} letters {fate}")


def _known(plan: dict[str, Any]) -> int | None:
    """The fair of the file, where there is one already."""
    fair = plan.get("fair")
    slug = fair.get("slug") if isinstance(fair, dict) else None
    return Fair.objects.filter(slug=slug).values_list("pk", flat=True).first() if isinstance(slug, str) else None
