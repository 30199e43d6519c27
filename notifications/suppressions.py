"""Which addresses get no more mail, and how that begins and ends."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from notifications.enums import LetterStatus, SuppressionReason
from notifications.models import Letter, Suppression

logger = logging.getLogger(__name__)

# Kept in the row as it is: the desk shows it beside what mail servers say, which is English too.
FAILED_BECAUSE = "No mail goes to this address any more: its mailbox does not exist."


def normalised(address: str) -> str:
    """The spelling under which addresses are compared."""
    return address.strip().lower()


@transaction.atomic
def suppress(*, letter: Letter, reason: SuppressionReason, answer: str, now: datetime) -> bool:
    """No further mail to the letter's address: what is unsent to it fails now. False when that held already."""
    address = normalised(letter.recipient_email)
    _row, is_new = Suppression.objects.get_or_create(
        address=address, lifted_at=None, defaults={"reason": reason, "answer": answer, "since": now, "letter": letter}
    )
    _fail(Letter.objects.filter(address=address))
    if is_new:
        logger.warning("No more mail to the address of letter %s: its mailbox does not exist.", letter.pk)
    return is_new


def is_suppressed(address: str) -> bool:
    return bool(Suppression.objects.in_force().filter(address=normalised(address)).exists())


def lift(*, suppression_id: int, by: Any, now: datetime) -> bool:
    """Let mail go to the address again; letters that failed meanwhile stay so. False when it was lifted before."""
    return bool(Suppression.objects.in_force().filter(pk=suppression_id).update(lifted_at=now, lifted_by=by))


def fail_suppressed(letter_ids: Sequence[int]) -> int:
    """Fail those of the letters whose address gets no mail. Returns how many."""
    return _fail(Letter.objects.filter(pk__in=letter_ids, address__in=Suppression.objects.in_force().values("address")))


def _fail(letters: Any) -> int:
    failed: int = letters.filter(status__in=LetterStatus.resting).update(
        status=LetterStatus.FAILED, sealed="", is_held=False, last_error=FAILED_BECAUSE, next_attempt_at=timezone.now()
    )
    return failed
