from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

import clock
from api.problems import Refused
from fairs.cloning import Wish
from fairs.domain import cloning
from fairs.domain.clone_preview import days_that_move, moments_that_move
from fairs.management.lookup import find_fair

_LANGUAGES = ("ru", "zh_hans", "en")


class Command(BaseCommand):
    help = "Make the next edition of a fair as a draft: all that lasts of it, moved by whole days. No letter goes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("fair", help="the slug of the fair to begin from")
        parser.add_argument("--slug", required=True, help="the new fair's slug")
        parser.add_argument("--starts-on", required=True, type=date.fromisoformat, metavar="YYYY-MM-DD", help="its first day")
        parser.add_argument("--edition", type=int, help="default: one more")
        for language in _LANGUAGES:
            parser.add_argument(f"--name-{language.replace('_', '-')}", help="default: the name that the fair has now")
        parser.add_argument("--with-staff", action="store_true", help="take the staff along, with their roles")
        parser.add_argument(
            "--with-conferences", action="store_true", help="take conferences along: days, rooms, tracks, terms for delegates"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would move to when and change nothing")

    def handle(self, *args: Any, fair: str, dry_run: bool, **options: Any) -> None:
        source, now = find_fair(fair), clock.now()
        names = {f"name_{each}": options[f"name_{each}"] or getattr(source, f"name_{each}") or "" for each in _LANGUAGES}
        new = cloning.NewFair(
            slug=options["slug"],
            names=names,
            edition=options["edition"] or source.edition + 1,
            starts_on=options["starts_on"],
            wishes=frozenset(wish for wish in Wish if options[f"with_{wish}"]),
        )
        try:
            with transaction.atomic():
                edition = cloning.edition_of(source, new, by=None, now=now)
                self._list(edition)
                made = cloning.clone(source=source, new=new, by=None, now=now)
                transaction.set_rollback(dry_run)
        except Refused as refusal:
            errors = [f"{error['pointer'].lstrip('/')}: {error['detail']}" for error in refusal.facts.get("errors", [])]
            raise CommandError("\n".join(errors) or str(refusal)) from refusal
        rows = sum(made.counts.values())
        self.stdout.write(self.style.SUCCESS(f"fair {made.fair.slug}{' (checked only)' if dry_run else ''}: a draft with {rows} rows"))

    def _list(self, edition: cloning.Edition) -> None:
        zone = edition.source.zone
        for move in days_that_move(edition):
            self.stdout.write(f"{move.what}: {' – '.join(str(day) for day in move.after)}")
        for move in moments_that_move(edition):
            text = f"{move.after[0].astimezone(zone):%a %Y-%m-%d %H:%M}"  # type: ignore[union-attr]
            self.stdout.write(f"{move.what}: {text}" + (f" ({'; '.join(move.remarks)})" if move.remarks else ""))
