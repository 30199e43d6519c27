import tomllib
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

import clock
from conferences.domain.conferences import ensure_conference
from conferences.management.importing import ImportCommand
from fairs.management.lookup import find_fair
from fairs.progress import ProgressBar


class Command(ImportCommand):
    help = "Make or change a fair's conference from the [conference] table of its TOML file."

    def bring_in(self, options: dict[str, Any], bar: ProgressBar) -> list[str]:
        fair = find_fair(options["fair"])
        try:
            values = tomllib.loads(options["file"].read_text(encoding="utf-8-sig")).get("conference")
        except ValueError as error:  # not UTF-8, or no TOML: both name the place
            self.refuse(options, error)
        if not isinstance(values, dict):
            self.refuse(options, "There is no table [conference].")
        try:
            with transaction.atomic():
                ensured = ensure_conference(fair=fair, values=values, now=clock.now())
                transaction.set_rollback(options["dry_run"])
        except ValidationError as error:
            lines = [f"[conference] {name}: {message}" for name, messages in error.message_dict.items() for message in messages]
            self.refuse(options, "\n".join(lines))
        return [f"conference {values['slug']}: {ensured.outcome}"]
