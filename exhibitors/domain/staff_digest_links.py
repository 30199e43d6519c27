"""Where the figures of the daily digest to staff lead: pages of the desk that list what was counted."""

from datetime import date

from django.conf import settings

import clock
from api.addresses import DESK
from exhibitors.domain.day_events import Event, span_of
from exhibitors.domain.staff_tasks import Level
from exhibitors.models import Application
from fairs.models import Fair
from notifications.missed import missed_between


def page_of(application: Application) -> str:
    return f"{settings.SITE_URL}{DESK}exhibitors/application/{application.pk}/change/"


def links(fair: Fair, day: date) -> dict[str, str]:
    """By the name of the figure, for the day of the desk that ends on ``day``."""
    here, beside = f"fair__id__exact={fair.pk}", f"application__fair__id__exact={fair.pk}"
    span = span_of(fair, day)
    missed = missed_between(*(moment - clock.offset() for moment in (span.since, span.until)))
    found = {
        "new_count": f"application/?{here}&happened={Event.NEW}-{day}",
        "waiting": f"application/queue/?group=to-decide&fair={fair.pk}",
        "documents": f"document/?{beside}&state__exact=uploaded",
        "co_exhibitors": f"coexhibitor/?{beside}&status__exact=confirmed",
        "claims": "companyclaim/?status__exact=open",
        "moves": f"application/?{here}&waits=moving",
        "tasks": f"stafftask/?{here}&whose=mine&state=open",
        "overdue_tasks": f"stafftask/?{here}&level={Level.STAFF}",
        "overdue_coordinators": f"stafftask/?{here}&level={Level.COORDINATOR}",
        "overdue_told": f"stafftask/?{here}&level={Level.CONSEQUENCE}",
    }
    found |= {event.value: f"application/?{here}&happened={event}-{day}" for event in Event if event != Event.NEW}
    desk = {name: f"{settings.SITE_URL}{DESK}exhibitors/{path}" for name, path in found.items()}
    return desk | {"failed": f"{settings.SITE_URL}{DESK}notifications/letter/?{here}&missed={missed}"}
