"""What people did with applications in a day of the desk: the digest counts it, and the list of applications shows what was counted.

A day of the desk lasts from 18 o'clock the day before to 18 o'clock, where the fair is. What a table brought in nobody did that day.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q, QuerySet

from exhibitors.enums import ApplicationStatus, Step
from exhibitors.models import Application, ApplicationStep
from fairs.models import Fair

HOUR = time(18)


class Event(StrEnum):
    """What an application is listed for."""

    NEW = "new"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    DECIDED = "decided"
    IMPORTED = "imported"


_STEPS = {
    Event.ANSWERED: (Step.ACCEPT_OFFER, Step.DECLINE_OFFER, Step.LAPSE),
    Event.WITHDRAWN: (Step.WITHDRAW, Step.CANCEL),
    Event.DECIDED: (Step.ADMIT, Step.REJECT),
}


@dataclass(frozen=True)
class Span:
    """After ``since``, up to and with ``until``."""

    since: datetime
    until: datetime

    def has(self, path: str) -> Q:
        return Q(**{f"{path}__gt": self.since, f"{path}__lte": self.until})


def span_of(fair: Fair, day: date) -> Span:
    """The day of the desk that ends on ``day``."""
    ends = datetime.combine(day, HOUR, tzinfo=fair.zone)
    return Span(datetime.combine(day - timedelta(days=1), HOUR, tzinfo=fair.zone), ends)


def day_of(fair: Fair, moment: datetime) -> date:
    """The day of the desk that ``moment`` belongs to."""
    local = moment.astimezone(fair.zone)
    return local.date() if local <= datetime.combine(local.date(), HOUR, tzinfo=fair.zone) else local.date() + timedelta(days=1)


def with_event(applications: QuerySet[Application], event: Event, span: Span) -> QuerySet[Application]:
    """Those of the applications with which it happened in ``span``; a held decision happens when it is told."""
    steps = ApplicationStep.objects.filter(application=OuterRef("pk"))
    if event == Event.IMPORTED:
        return applications.filter(Exists(steps.filter(span.has("imported_at"))))
    if event == Event.NEW:
        from_table = steps.filter(step=Step.SUBMIT, imported_at__isnull=False)
        return applications.filter(span.has("submitted_at")).exclude(status__in=ApplicationStatus.ended).exclude(Exists(from_table))
    happened = Q(span.has("at"), held=False) | span.has("announced_at")
    return applications.filter(Exists(steps.filter(happened, step__in=_STEPS[event], imported_at=None)))
