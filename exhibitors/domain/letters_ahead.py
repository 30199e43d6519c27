"""Letters to exhibitors that come by themselves in the next days, if nobody does anything until then: of drafts, documents and open offers.

Those of deadlines: reminders_ahead.py. Reads and decides, writes nothing.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import Q

from exhibitors.domain import deadlines, document_expiry, drafts
from exhibitors.enums import ApplicationStatus, PlacementStatus
from exhibitors.models import Application, DeadlineExtension, Placement
from fairs.enums import FairStatus
from fairs.models import Fair


class Coming(NamedTuple):
    """A letter to the people of one exhibitor."""

    at: datetime
    occasion: str
    application: Application


def letters_ahead(fair: Fair, *, now: datetime, until: datetime) -> list[Coming]:
    """From ``now`` to ``until``, in their order; what is due already comes now. The number of queries does not grow with exhibitors."""
    found = list(_of_offers(fair))
    if fair.status == FairStatus.PUBLISHED:
        found += [*_of_drafts(fair, now), *_of_documents(fair, now)]
    coming = (each._replace(at=max(each.at, now)) for each in found)
    return sorted((each for each in coming if each.at <= until), key=lambda each: (each.at, each.application.pk))


def _of_offers(fair: Fair) -> Iterator[Coming]:
    offered = Placement.objects.filter(application__fair=fair, status=PlacementStatus.OFFERED, answer_by__isnull=False)
    for placement in offered.select_related("application__company"):
        if placement.answer_by is not None:
            yield Coming(placement.answer_by, "exhibitors.offer_lapsed", placement.application)


def _of_drafts(fair: Fair, now: datetime) -> Iterator[Coming]:
    rows = Application.objects.filter(fair=fair, status=ApplicationStatus.DRAFT, draft_nagged_days__lt=max(drafts.DAYS))
    extended = DeadlineExtension.objects.filter(application__in=rows, deadline__code=deadlines.APPLICATION)
    longer = dict(extended.values_list("application", "due_at"))
    for draft in rows.select_related("company"):
        moments = [draft.created_at + timedelta(days=days) for days in drafts.DAYS if days > draft.draft_nagged_days]
        over = [at for at in moments if at <= now][-1:]  # of two that are over the later one tells it all
        closes = max(fair.applications_close_at, longer.get(draft.pk, fair.applications_close_at))
        for at in [*over, *(at for at in moments if at > now)]:
            goes = max(at, now, fair.applications_open_at)
            if (fair.takes_late_applications or goes <= closes) and fair.day_of(goes) <= fair.ends_on:
                yield Coming(goes, "exhibitors.draft_waiting", draft)


def _of_documents(fair: Fair, now: datetime) -> Iterator[Coming]:
    rows = document_expiry.watched(fair).filter(Q(expiry_warned_at=None) | Q(expiry_told_at=None))
    for document in rows.select_related("application__company"):
        last = document.valid_until
        if last is None:
            continue
        is_over = last < fair.day_of(now)
        days = {"exhibitors.document_expired": last + timedelta(days=1) if document.expiry_told_at is None else None}
        if document.expiry_warned_at is None and not is_over:
            days["exhibitors.document_expires"] = last - timedelta(days=document_expiry.DAYS_BEFORE)
        for occasion, day in days.items():
            if day is not None and day <= fair.ends_on:
                at = datetime.combine(day, time(document_expiry.HOUR), tzinfo=fair.zone).astimezone(UTC)
                yield Coming(at, occasion, document.application)
