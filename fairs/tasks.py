"""What the scheduler asks of fairs. Every task may run twice, late, or not at all."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from fairs.domain import letter_failures


@shared_task
def tell_of_failed_letters(**_future: Any) -> None:
    """Every minute: notices of letters that did not arrive."""
    letter_failures.tell(now=timezone.now())  # the outbox goes by real time
