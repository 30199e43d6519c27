"""What the import commands of conferences share: the fair and conference they mean, progress, and how a refusal is written."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from conferences.domain.conferences import conference_of
from conferences.models import Conference
from fairs.models import Fair

BAR = 30  # characters


class ImportCommand(BaseCommand):
    """A file in, for one fair."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--fair", required=True, metavar="SLUG")
        parser.add_argument("--dry-run", action="store_true", help="check everything, change nothing")

    def fair(self, options: dict[str, Any]) -> Fair:
        if not options["file"].is_file():
            raise CommandError(_("There is no file %(path)s.") % {"path": options["file"]})
        fair = Fair.objects.filter(slug=options["fair"]).first()
        if fair is None:
            raise CommandError(_("There is no fair “%(slug)s”.") % {"slug": options["fair"]})
        return fair

    def conference(self, options: dict[str, Any]) -> Conference:
        try:
            return conference_of(self.fair(options), options["conference"])
        except ValidationError as error:
            raise CommandError(error.messages[0]) from error

    def progress(self, done: int, total: int) -> None:
        """A bar on the error stream, where a person watches."""
        if self.stderr.isatty() and (done == total or done % max(1, total // 100) == 0):
            filled = BAR * done // total
            self.stderr.write(f"\r[{'#' * filled}{'.' * (BAR - filled)}] {done}/{total}", ending="\n" if done == total else "")

    def refuse(self, errors: list[Any]) -> None:
        for error in errors:
            self.stderr.write(str(error))
        raise CommandError(_("Nothing was imported: %(count)s errors.") % {"count": len(errors)})

    def conclude(self, options: dict[str, Any]) -> None:
        if options["dry_run"]:
            self.stdout.write(_("Only a check: nothing was changed."))


def add_conference(parser: CommandParser) -> None:
    parser.add_argument("--conference", default="", metavar="SLUG", help="needed only when the fair has several")
