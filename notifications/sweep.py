"""What the broker lost, the sweep finds: the rows are the truth."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from notifications.enums import LetterStatus
from notifications.models import DomainLimit, Letter
from notifications.records import GIVE_UP_AFTER

MOST_ATTEMPTS_LOST = 5  # a letter whose workers died so often is parked: it may be the cause
MOST_LETTERS_A_RUN = 5000
LETTERS_A_BATCH = 50
# So long a worker has to take up a hint of the broker before the sweep gives another.
HINT_LASTS = timedelta(seconds=30)


def release_abandoned(*, now: datetime) -> int:
    """Queue the letters of killed workers again, park those that have lost five. Returns how many were queued."""
    abandoned = Letter.objects.abandoned(now=now)
    abandoned.filter(lost_attempts__gte=MOST_ATTEMPTS_LOST - 1).update(
        status=LetterStatus.FAILED,
        claimed_until=None,
        lost_attempts=F("lost_attempts") + 1,
        next_attempt_at=now,
        sealed="",
        last_error=f"The worker vanished {MOST_ATTEMPTS_LOST} times while it sent this letter.",
    )
    return abandoned.update(status=LetterStatus.QUEUED, claimed_until=None, lost_attempts=F("lost_attempts") + 1, next_attempt_at=now)


def expire(*, now: datetime) -> int:
    """Give up letters whose moment has passed unsent: a code that no longer holds, a reminder of what is over. Returns how many."""
    outdated = Letter.objects.filter(status__in=LetterStatus.resting, expires_at__lte=now)
    return outdated.update(status=LetterStatus.EXPIRED, sealed="", is_held=False)


def drop_stale_secrets(*, now: datetime) -> int:
    """Fail secret letters that found no way out for 24 h: their codes are void, and their bodies are not kept."""
    stale = Letter.objects.filter(is_secret=True, status__in=LetterStatus.resting, due_at__lt=now - GIVE_UP_AFTER)
    return stale.update(status=LetterStatus.FAILED, sealed="", is_held=False, last_error="Not sent within 24 hours.", next_attempt_at=now)


def take_due(*, now: datetime) -> list[list[int]]:
    """The letters to be handed to workers now, in batches, at most 5,000; without those to domains that have a limit.

    Each is left alone for the next 30 s, so that a second scheduler does not hand it out too; if it does, the claim still lets one send.
    """
    with transaction.atomic():
        due = Letter.objects.due(now=now).to_unlimited_domains().most_urgent_first().select_for_update(skip_locked=True)
        ids = list(due.values_list("pk", flat=True)[:MOST_LETTERS_A_RUN])
        batches = [ids[start : start + LETTERS_A_BATCH] for start in range(0, len(ids), LETTERS_A_BATCH)]
        for batch in batches:
            Letter.objects.due(now=now).filter(pk__in=batch).update(status=LetterStatus.QUEUED, next_attempt_at=now + HINT_LASTS)
    return batches


def limited_domains(*, now: datetime) -> list[str]:
    """The domains that have a limit, and letters that are due."""
    limited = DomainLimit.objects.values("domain")
    return list(Letter.objects.due(now=now).filter(domain__in=limited).order_by("domain").values_list("domain", flat=True).distinct())


def oldest_due_letter_age(now: datetime) -> timedelta | None:
    """How long the oldest unsent letter has been due (``now`` in real time); None when there is none. For /readyz."""
    waiting = Letter.objects.unsent().filter(due_at__lte=now, is_held=False)
    oldest = waiting.order_by("due_at").values_list("due_at", flat=True).first()
    return now - oldest if oldest else None
