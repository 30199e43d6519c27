"""What workers do about letters. Every task may run twice, late, or not at all."""

import time
from typing import Any

from celery import shared_task
from django.utils import timezone

from notifications import delivery, sweep

SECONDS_BETWEEN_SWEEPS = 60.0


@shared_task
def deliver_letter(*, letter_id: int, **_future: Any) -> None:
    """Deliver one letter, just written."""
    delivery.deliver([letter_id])


@shared_task
def deliver_letters(*, letter_ids: list[int], **_future: Any) -> None:
    """Deliver a batch, on one connection. Other tasks go first (CELERY_TASK_ROUTES)."""
    delivery.deliver(letter_ids)


@shared_task
def deliver_to_domain(*, domain: str, until: float, **_future: Any) -> None:
    """Deliver to a domain that has a limit, and come back at its next turn; from ``until`` on (real time, seconds) the next sweep does."""
    wait = delivery.deliver_to(domain)
    if wait is not None and time.time() + wait.total_seconds() < until:
        deliver_to_domain.apply_async(kwargs={"domain": domain, "until": until}, countdown=wait.total_seconds())


@shared_task
def sweep_letters(**_future: Any) -> None:
    """Every minute: what killed workers held, what failed for a time, what the broker lost, what waits for its domain."""
    now = timezone.now()  # retry pauses are real time, also in a demo
    sweep.expire(now=now)
    sweep.drop_stale_secrets(now=now)
    sweep.release_abandoned(now=now)
    for batch in sweep.take_due(now=now):
        deliver_letters.delay(letter_ids=batch)
    for domain in sweep.limited_domains(now=now):
        deliver_to_domain.delay(domain=domain, until=now.timestamp() + SECONDS_BETWEEN_SWEEPS)
