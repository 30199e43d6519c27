"""What the import commands of conferences share: the fair and conference they mean, and how a refusal is written."""

from pathlib import Path
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from conferences.domain.conferences import conference_of
from conferences.models import Conference
from fairs.management.lookup import find_fair
from fairs.progress import ProgressBar


class ImportCommand(BaseCommand):
    """A file in, for one fair: all of it, or nothing."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--fair", required=True, help="the fair's slug")
        parser.add_argument("--dry-run", action="store_true", help="check the file and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        bar = ProgressBar(self.stdout, options["file"].name)
        try:
            done = self.bring_in(options, bar)
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
        finally:
            bar.clear()
        for line in done:
            self.stdout.write(self.style.SUCCESS(f"{line}{' (checked only)' if options['dry_run'] else ''}"))

    def bring_in(self, options: dict[str, Any], bar: ProgressBar) -> list[str]:
        """Do the work and return what to say about it, a line each."""
        raise NotImplementedError

    def refuse(self, options: dict[str, Any], errors: object) -> NoReturn:
        raise CommandError(f"{options['file']}: nothing was loaded.\n{errors}")

    def warn(self, bar: ProgressBar, warnings: list[str]) -> None:
        bar.clear()
        for warning in warnings:
            self.stderr.write(self.style.WARNING(warning))


class ConferenceImportCommand(ImportCommand):
    """A file in, for the fair's only conference or the one that is named."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--conference", default="", help="the conference's slug, needed only when the fair has several")

    def conference(self, options: dict[str, Any]) -> Conference:
        try:
            return conference_of(find_fair(options["fair"]), options["conference"])
        except ValidationError as error:
            raise CommandError(f"{error.messages[0]} (--conference SLUG)") from error
