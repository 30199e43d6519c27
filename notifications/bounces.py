"""What a delivery report may change: of one letter of ours that has left, and of the address that it went to.

A report is believed when it names the Message-ID, which nobody can guess, and the address of that very letter. Each is heard once, so
that one which is handed in again changes nothing, also after somebody has lifted what it led to.
"""

import logging
from datetime import datetime
from enum import Enum

from django.db import transaction

from notifications import delivery_reports, suppressions
from notifications.delivery_reports import Fate, Report
from notifications.enums import LetterStatus, SuppressionReason
from notifications.models import Letter

logger = logging.getLogger(__name__)


class Outcome(Enum):
    """What a report led to."""

    RECORDED = "recorded"
    KNOWN = "known"  # it was heard before, or tells nothing new
    UNKNOWN = "unknown"  # no letter of ours, or not to this address
    NOT_YET = "not_yet"  # the letter is not marked as sent: hand it in again later


def take(raw: bytes, *, now: datetime) -> Outcome:
    """Write down what the report says; ``now`` in real time. Raises NotAReport: then, as for what is unknown, nothing changes."""
    report = delivery_reports.read(raw)
    outcome = _take(report, now=now)
    logger.info("A delivery report: %s.", outcome.value)
    return outcome


@transaction.atomic
def _take(report: Report, *, now: datetime) -> Outcome:
    letters = list(Letter.objects.filter(message_id__in=report.message_ids).select_for_update().order_by("pk"))
    fates = [fate for fate in report.fates for letter in letters if letter.address in fate.addresses]
    if len(letters) != 1 or len(fates) != 1:
        return Outcome.UNKNOWN
    letter, fate = letters[0], fates[0]
    if letter.status in LetterStatus.unsent:
        return Outcome.NOT_YET
    if letter.status != LetterStatus.SENT:
        return Outcome.UNKNOWN
    changes = _changes(letter, fate, now=now)
    if not changes:
        return Outcome.KNOWN
    Letter.objects.filter(pk=letter.pk).update(**{**changes, "report": str(fate)})
    if fate.is_unknown_mailbox:
        suppressions.suppress(letter=letter, reason=SuppressionReason.REPORTED, answer=str(fate), now=now)
    return Outcome.RECORDED


def _changes(letter: Letter, fate: Fate, *, now: datetime) -> dict[str, datetime | str]:
    if fate.action == "failed":
        return {} if letter.bounced_at else {"bounced_at": now}
    if letter.bounced_at or letter.delivered_at or letter.report == str(fate):
        return {}
    return {"delivered_at": now} if fate.action == "delivered" else {"report": ""}
