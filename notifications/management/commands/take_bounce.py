"""``manage.py take_bounce < message``: what a mail server pipes a delivery report into."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from notifications import bounces
from notifications.bounces import Outcome
from notifications.delivery_reports import MOST_BYTES, NotAReport


class Command(BaseCommand):
    help = (
        "Read a delivery report (RFC 3464) on standard input and write down what became of the letter. "
        "Ends with 0, 65 (no report, or none about a letter of ours: do not try again) or 75 (try again later)."
    )
    requires_system_checks: list[str] = []  # a mail server may start many of it

    def handle(self, *_given: Any, **_named: Any) -> None:
        try:
            outcome = bounces.take(sys.stdin.buffer.read(MOST_BYTES + 1), now=timezone.now())
        except NotAReport as error:
            self._end(os.EX_DATAERR, str(error))
        except (DatabaseError, InterfaceError):
            self._end(os.EX_TEMPFAIL, "The database cannot be reached: hand the report in again later.")
        else:
            if outcome is Outcome.UNKNOWN:
                self._end(os.EX_DATAERR, "The report is about no letter of ours, or about another address than the letter went to.")
            if outcome is Outcome.NOT_YET:
                self._end(os.EX_TEMPFAIL, "The letter is not marked as sent yet: hand the report in again later.")

    def _end(self, code: int, text: str) -> None:
        self.stderr.write(text)
        sys.exit(code)
