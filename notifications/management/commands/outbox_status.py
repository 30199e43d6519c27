"""``manage.py outbox_status``: the outbox in figures, one ``name value`` line each, for people and for programs that watch."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from notifications import status


class Command(BaseCommand):
    help = "Print how many letters wait, how old the oldest is that is due, and how many left in the last minute and hour."

    def handle(self, *_given: Any, **_named: Any) -> None:
        for name, value in status.figures(now=timezone.now()).items():
            self.stdout.write(f"{name} {value}")
