import tomllib
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from conferences.domain.conferences import ensure_conference
from conferences.management.importing import ImportCommand


class Command(ImportCommand):
    help = "Make a fair's conference from the [conference] table of its TOML file."

    def handle(self, *args: Any, **options: Any) -> None:
        fair = self.fair(options)
        try:
            values = tomllib.loads(options["file"].read_text("utf-8")).get("conference")
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise CommandError(_("%(path)s is no TOML file: %(reason)s") % {"path": options["file"], "reason": error}) from error
        if not isinstance(values, dict):
            raise CommandError(_("%(path)s has no table [conference].") % {"path": options["file"]})
        try:
            with transaction.atomic():
                ensured = ensure_conference(fair=fair, values=values)
                transaction.set_rollback(options["dry_run"])
        except ValidationError as error:
            self.refuse([f"[conference] {name}: {message}" for name, messages in error.message_dict.items() for message in messages])
        self.stdout.write(f"{values['slug']}: {ensured.outcome}")
        self.conclude(options)
