"""What the scheduler asks of exhibitors. Every task may run twice, late, or not at all."""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from celery import shared_task
from celery.exceptions import OperationalError as BrokerError
from django.core.cache import caches
from django.db import transaction
from redis.exceptions import RedisError as CacheError

import clock
from exhibitors.domain import (
    announcements,
    claims,
    document_expiry,
    document_letters,
    documents,
    drafts,
    lapses,
    mailings,
    mass_decisions,
    reminders,
    staff_digest,
)
from exhibitors.importing import uploads

log = logging.getLogger(__name__)


QUARTER = timedelta(minutes=15)


@shared_task
def remind_of_deadlines(**_future: Any) -> None:
    """Every minute: write the reminders that are due and were not written yet; looks once a quarter of an hour.

    Whole hours of all time zones fall on a quarter, and it is then that reminders go. What is noted of a look may be lost.
    """
    _once_a_quarter("reminders", reminders.remind)


@shared_task
def write_staff_digests(**_future: Any) -> None:
    """Every minute, looking once a quarter of an hour: what staff read at 18 o'clock."""
    _once_a_quarter("staff digests", staff_digest.write)


def _once_a_quarter(name: str, work: Callable[..., int]) -> None:
    now = clock.now()
    key = f"looked:{name.replace(' ', '-')}:{int(now.timestamp() // QUARTER.total_seconds())}"
    if not _is_first(key):
        return
    try:
        work(now=now)
    except BaseException:
        _forget(key)  # the next minute tries again
        raise


def _is_first(key: str) -> bool:
    try:
        return bool(caches["shared"].add(key, 1, timeout=2 * QUARTER.total_seconds()))
    except (CacheError, OSError):
        return True  # looking once more does no harm


def _forget(key: str) -> None:
    with suppress(CacheError, OSError):
        caches["shared"].delete(key)


@shared_task
def tell_of_new_documents(**_future: Any) -> None:
    """Every few minutes: tell the reviewers of documents that came in."""
    document_letters.tell_reviewers(now=clock.now())


@shared_task
def expire_documents(**_future: Any) -> None:
    """Mark the documents whose last day of validity has passed."""
    documents.expire(now=clock.now())


@shared_task
def remind_of_expiring_documents(**_future: Any) -> None:
    """Every minute: tell the exhibitors of documents that run out before the fair is over."""
    document_expiry.remind(now=clock.now())


@shared_task
def announce_decisions(**_future: Any) -> None:
    """Every minute: tell the exhibitors the held decisions whose moment has come."""
    announcements.announce_due(now=clock.now())


@shared_task
def settle_unanswered_offers(**_future: Any) -> None:
    """Every minute: offers whose time to answer is over lapse, or are accepted where the fair says so."""
    lapses.lapse_due(now=clock.now())


@shared_task
def remind_of_drafts(**_future: Any) -> None:
    """Every minute: remind of drafts that have lain for some days."""
    drafts.remind(now=clock.now())


@shared_task
def write_mailings(**_future: Any) -> None:
    """Every minute: write the letters of mailings whose moment has come, some at a time."""
    mailings.write_due(now=clock.now())


@shared_task
def decide_many(**_future: Any) -> None:
    """Every minute, and after each turn that was too short: take the steps of mass decisions."""
    if mass_decisions.take_turn(now=clock.now):
        _hint(decide_many)


def decide_many_soon() -> None:
    """Tell a worker on commit that there is a mass decision; without it the next tick finds it within a minute."""
    transaction.on_commit(lambda: _hint(decide_many), robust=True)


@shared_task(soft_time_limit=uploads.LONGEST, time_limit=uploads.LONGEST + 60)
def import_tables(**_future: Any) -> None:
    """Every minute, and after each table: check or import one that was uploaded at the desk; forget those nobody confirmed."""
    uploads.forget_unconfirmed(now=clock.now())
    if uploads.take_turn(now=clock.now):
        _hint(import_tables)


def import_tables_soon() -> None:
    """Tell a worker on commit that there is a table; without it the next tick finds it within a minute."""
    transaction.on_commit(lambda: _hint(import_tables), robust=True)


def announce_soon() -> None:
    """Tell a worker on commit that there is something to announce; without it the next tick finds it within a minute."""
    transaction.on_commit(lambda: _hint(announce_decisions), robust=True)


def write_mailings_soon() -> None:
    """Tell a worker on commit that there is a mailing; without it the next tick finds it within a minute."""
    transaction.on_commit(lambda: _hint(write_mailings), robust=True)


def _hint(task: Any) -> None:
    try:
        task.delay()
    except (BrokerError, OSError) as error:
        log.warning("The broker cannot be reached (%s); %s waits for the next tick.", type(error).__name__, task.name)


@shared_task
def tell_of_claims(**_future: Any) -> int:
    """Every minute: write to staff about new claims on companies; returns how many are new."""
    return claims.tell_staff(now=clock.now())
