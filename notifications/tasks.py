"""What workers do about letters. Every task may run twice, late, or not at all."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from notifications import delivery, sweep


@shared_task
def deliver_letter(*, letter_id: int, **_future: Any) -> None:
    """Deliver one letter, just written."""
    delivery.deliver([letter_id])


@shared_task
def deliver_letters(*, letter_ids: list[int], **_future: Any) -> None:
    """Deliver a batch that the sweep found, on one connection."""
    delivery.deliver(letter_ids)


@shared_task
def sweep_letters(**_future: Any) -> None:
    """Every minute: what killed workers held, what failed for a time, what the broker lost."""
    now = timezone.now()  # retry pauses are real time, also in a demo
    sweep.expire(now=now)
    sweep.drop_stale_secrets(now=now)
    sweep.release_abandoned(now=now)
    for batch in sweep.take_due(now=now):
        deliver_letters.delay(letter_ids=batch)
