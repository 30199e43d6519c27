"""What workers do about letters. Every task may run twice, late, or not at all."""

import time
from datetime import timedelta
from typing import Any

from celery import Task, shared_task
from django.conf import settings
from django.utils import timezone

from notifications import delivery, records, sweep

SECONDS_BETWEEN_SWEEPS = 60.0
BETWEEN_LOOKS = timedelta(seconds=5)


@shared_task
def deliver_letter(*, letter_id: int, **_future: Any) -> None:
    """Deliver one letter, just written."""
    delivery.deliver([letter_id])


@shared_task
def deliver_letters(*, letter_ids: list[int], **_future: Any) -> None:
    """Deliver a batch, on one connection, or under the mail server's own limit leave it to ``deliver_in_turn``.

    Other tasks go first (CELERY_TASK_ROUTES).
    """
    if settings.LETTERS_PER_MINUTE:
        records.make_due(letter_ids, now=timezone.now())
    else:
        delivery.deliver(letter_ids)


@shared_task
def deliver_to_domain(*, domain: str, until: float, **_future: Any) -> None:
    """Deliver to a domain that has a limit, and come back at its next turn; from ``until`` on (real time, seconds) the next sweep does."""
    _come_back(deliver_to_domain, after=delivery.deliver_to(domain), domain=domain, until=until)


@shared_task
def deliver_in_turn(*, until: float, **_future: Any) -> None:
    """The same under the mail server's own limit (LETTERS_PER_MINUTE), to all domains that have none; it also looks for new letters."""
    wait = delivery.deliver_in_turn()
    _come_back(deliver_in_turn, after=BETWEEN_LOOKS if wait is None else wait, until=until)


def _come_back(task: Task[..., None], *, after: timedelta | None, until: float, **arguments: Any) -> None:
    if after is not None and time.time() + after.total_seconds() < until:
        task.apply_async(kwargs={**arguments, "until": until}, countdown=after.total_seconds())


@shared_task
def sweep_letters(**_future: Any) -> None:
    """Every minute: what killed workers held, what failed for a time, what the broker lost, what waits for its domain or its turn."""
    now = timezone.now()  # retry pauses are real time, also in a demo
    sweep.expire(now=now)
    sweep.drop_stale_secrets(now=now)
    sweep.release_abandoned(now=now)
    next_sweep = now.timestamp() + SECONDS_BETWEEN_SWEEPS
    if settings.LETTERS_PER_MINUTE:
        deliver_in_turn.delay(until=next_sweep)
    else:
        for batch in sweep.take_due(now=now):
            deliver_letters.delay(letter_ids=batch)
    for domain in sweep.limited_domains(now=now):
        deliver_to_domain.delay(domain=domain, until=next_sweep)
