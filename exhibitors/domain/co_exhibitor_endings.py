"""A co-exhibitor takes part with its main exhibitor, and no longer."""

from datetime import datetime

from exhibitors.domain import co_exhibitor_letters
from exhibitors.enums import ApplicationStatus, CoExhibitorStatus
from exhibitors.models import Application


def end_with(application: Application, *, now: datetime, tell: bool = True) -> None:
    """The locked application has ended and its exhibitor knows it: so have its co-exhibitors, and their companies are told by letter.

    Nothing happens while the exhibitor believes that it goes on. The caller's transaction holds both.
    """
    if application.told_status not in ApplicationStatus.ended:
        return
    there = application.co_exhibitors.filter(status__in=CoExhibitorStatus.open).select_related("company").order_by("pk")
    for co_exhibitor in there.select_for_update(of=("self",)):
        co_exhibitor.application = application
        co_exhibitor.status, co_exhibitor.decided_at = CoExhibitorStatus.ENDED, now
        co_exhibitor.save(update_fields=["status", "decided_at"])
        if tell:
            co_exhibitor_letters.ended(co_exhibitor)
