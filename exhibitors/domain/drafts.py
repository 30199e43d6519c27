"""Reminders of applications that were begun and not submitted: after 3 and 10 days, once each."""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q

from exhibitors.domain import deadlines, letters
from exhibitors.enums import ApplicationStatus
from exhibitors.models import Application
from fairs.enums import FairStatus
from fairs.models import Fair
from fairs.one_by_one import one_by_one

DAYS = (3, 10)


def remind(*, now: datetime) -> int:
    """Remind of every draft that is old enough and was not reminded of yet. Returns how many were. May run any number of times.

    Of a draft that is older than both days when it is first looked at, only the later one is told.
    """
    return sum(
        one_by_one(partial(_remind, days=days, now=now), _waiting(days, now=now), what="Draft") for days in sorted(DAYS, reverse=True)
    )


def _waiting(days: int, *, now: datetime) -> list[int]:
    fair_takes_them = Q(fair__status=FairStatus.PUBLISHED, fair__applications_open_at__lte=now) & (
        Q(fair__takes_late_applications=True)
        | Q(fair__applications_close_at__gte=now)
        | Q(deadline_extensions__deadline__code=deadlines.APPLICATION, deadline_extensions__due_at__gte=now)
    )
    old = Application.objects.filter(status=ApplicationStatus.DRAFT, created_at__lte=now - timedelta(days=days))
    ahead = old.filter(fair_takes_them, draft_nagged_days__lt=days, fair__in=Fair.objects.lasting(now))
    return list(ahead.order_by("pk").values_list("pk", flat=True).distinct())


@transaction.atomic
def _remind(pk: int, *, days: int, now: datetime) -> bool:
    """The mark and the letters in one transaction; False when somebody else was first, or the draft was sent or withdrawn meanwhile."""
    still = Application.objects.filter(pk=pk, status=ApplicationStatus.DRAFT, draft_nagged_days__lt=days)
    if not still.update(draft_nagged_days=days):
        return False
    draft = Application.objects.select_related("fair", "company").get(pk=pk)
    closes_at = deadlines.closes_at(draft)
    letters.draft_waiting(draft, days=days, closes_at=closes_at if closes_at >= now else None)
    return True


__all__ = ["DAYS", "remind"]
