"""What the scheduler asks of exhibitors. Every task may run twice, late, or not at all."""

from typing import Any

from celery import shared_task

import clock
from exhibitors.domain import claims, document_letters, documents, reminders


@shared_task
def remind_of_deadlines(**_future: Any) -> None:
    """Every minute: write the reminders that are due and were not written yet."""
    reminders.remind(now=clock.now())


@shared_task
def tell_of_new_documents(**_future: Any) -> None:
    """Every few minutes: tell the reviewers of documents that came in."""
    document_letters.tell_reviewers(now=clock.now())


@shared_task
def expire_documents(**_future: Any) -> None:
    """Mark the documents whose last day of validity has passed."""
    documents.expire(now=clock.now())


@shared_task
def tell_of_claims(**_future: Any) -> int:
    """Every minute: write to staff about new claims on companies; returns how many are new."""
    return claims.tell_staff(now=clock.now())
