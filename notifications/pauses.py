"""When the mail server takes nothing from us, the queue rests for a minute at a time, and whoever looks is told why.

The alarm does not go by mail: it stands in the log, in /readyz and on the desk.
"""

import logging
from datetime import datetime, timedelta

from notifications.models import SendingPause

logger = logging.getLogger(__name__)

PAUSE = timedelta(seconds=60)


def begin(*, error: Exception, reason: str, is_refusal: bool, now: datetime) -> None:
    """Rest until a minute from now; a pause that has begun goes on. ``reason`` may name an account, so the log does not hold it."""
    logger.error("The mail server takes no letters, the queue pauses for %d s: %s", PAUSE.total_seconds(), type(error).__name__)
    values = {"until": now + PAUSE, "reason": reason, "is_refusal": is_refusal}
    if not SendingPause.objects.filter(is_open=True).update(**values):
        SendingPause.objects.bulk_create([SendingPause(since=now, **values)], ignore_conflicts=True)


def end(*, now: datetime) -> None:
    """The server has taken a letter."""
    if SendingPause.objects.filter(is_open=True).update(is_open=False, ended_at=now):
        logger.info("The mail server takes letters again.")


def current() -> SendingPause | None:
    """The pause that is open; its ``until`` may have passed, then the next letter is a try."""
    return SendingPause.objects.filter(is_open=True).first()
