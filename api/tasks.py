"""What the scheduler does for the API."""

from celery import shared_task
from django.utils import timezone

from api import files, idempotency, limits


@shared_task
def forget_old_keys(**_future: object) -> int:
    """Delete the answers that are older than a client may repeat its request, and past counts; returns how many answers."""
    limits.forget_past(now=timezone.now())
    return idempotency.forget_old(now=timezone.now())


@shared_task
def sweep_files(**_future: object) -> int:
    """Delete the files that nothing refers to for a day; returns how many."""
    return files.sweep(now=timezone.now())
