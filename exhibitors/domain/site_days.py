"""The days of a site that exhibitors count on: a site is not cut short under them (exhibitors/rules.py holds it)."""

from django.db.models import Max, Min, QuerySet

from exhibitors.enums import ApplicationStatus
from exhibitors.models import Placement, SiteWish
from fairs.site_days import Days


def wished_days(site_id: int) -> Days:
    """First and last day that applications which have not ended ask for."""
    return _span(SiteWish.objects.filter(site=site_id).exclude(application__status__in=ApplicationStatus.ended))


def placed_days(site_id: int) -> Days:
    """First and last day of the stands that are planned, offered or accepted."""
    return _span(Placement.objects.live().filter(site=site_id))


def _span(rows: QuerySet[SiteWish] | QuerySet[Placement]) -> Days:
    found = rows.aggregate(first=Min("first_day"), last=Max("last_day"))
    return found["first"], found["last"]
