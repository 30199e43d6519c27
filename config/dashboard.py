"""The desk's first page: for each of the reader's fairs what waits, what is free and what is due. And the demo's banner."""

from collections import defaultdict
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

import clock
from exhibitors.admin.stand import with_spoken_for
from exhibitors.enums import ApplicationStatus
from exhibitors.models import Application, ApplicationStep
from fairs import access
from fairs.domain.stand_queries import with_taken
from fairs.enums import FairStatus
from fairs.models import Deadline, Fair, Stand
from fairs.moments import moment_text, offset_text
from fairs.roles import Right

FAIRS_AT_MOST = 6
DEADLINES_AT_MOST = 5


def demo_banner(request: HttpRequest) -> dict[str, Any]:
    """For every page of the desk: the demo's moment where the business clock was moved, else nothing."""
    if not clock.is_moved():
        return {}
    # As text: a template would show the moment in its own zone, which on a fair's page is the fair's.
    moment = timezone.localtime(clock.now(), _zone_of(request.user))
    return {"demo_moment": formats.date_format(moment, "DATETIME_FORMAT"), "demo_zone": offset_text(moment)}


def _zone_of(user: Any) -> ZoneInfo:
    try:
        return ZoneInfo(getattr(user, "time_zone", "") or settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(settings.TIME_ZONE)


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Adds ``cards``, one a fair, in a number of queries that does not grow with the fairs."""
    user: Any = request.user
    # Archived fairs are found in the list of fairs.
    fairs = list(access.fairs_with(user, Right.VIEW_FAIR).exclude(status=FairStatus.ARCHIVED).order_by("-starts_on", "pk")[:FAIRS_AT_MOST])
    applications, stands, deadlines = _applications(user, fairs), _stands(request, fairs), _deadlines(fairs)
    undated = _undated(user, fairs)
    context["title"] = _("Overview")
    context["cards"] = [
        {
            "fair": fair,
            "url": reverse("admin:fairs_fair_change", args=[fair.pk]),
            "applications": applications[fair.pk],
            "undated": undated[fair.pk],
            "stands": stands[fair.pk],
            "applications_url": f"{reverse('admin:exhibitors_application_changelist')}?fair__id__exact={fair.pk}",
            "stands_url": f"{reverse('admin:fairs_stand_changelist')}?hall__fair__id__exact={fair.pk}",
            "deadlines": deadlines[fair.pk],
            "deadlines_url": f"{reverse('admin:fairs_deadline_changelist')}?fair__id__exact={fair.pk}",
        }
        for fair in fairs
    ]
    return context


def _applications(user: Any, fairs: list[Fair]) -> dict[int, list[dict[str, Any]]]:
    """Counts by status in the order of an application's life, each with a link to its list."""
    seen = Application.objects.filter(access.within(user, Right.VIEW_APPLICATIONS, fair="fair", region="company__region__code"))
    counts = {
        (fair, status): count
        for fair, status, count in seen.filter(fair__in=fairs).order_by().values_list("fair", "status").annotate(Count("pk"))
    }
    page = reverse("admin:exhibitors_application_changelist") if any(counts.values()) else ""
    found = defaultdict(list)
    for fair in fairs:
        for status in ApplicationStatus:
            if count := counts.get((fair.pk, status.value)):
                url = f"{page}?fair__id__exact={fair.pk}&status__exact={status.value}"
                found[fair.pk].append({"label": status.label, "count": count, "url": url})
    return found


def _undated(user: Any, fairs: list[Fair]) -> dict[int, dict[str, Any]]:
    """Of each fair how many decisions are held with no moment at which they are told, for those who may announce them."""
    held = ApplicationStep.objects.pending().filter(announcement=None, application__fair__in=fairs)
    mine = held.filter(access.within(user, Right.DECIDE_APPLICATIONS, fair="application__fair"))
    counts = dict(mine.order_by().values_list("application__fair").annotate(Count("application", distinct=True)))
    page = reverse("admin:exhibitors_application_changelist") if counts else ""
    return {fair.pk: {"count": counts.get(fair.pk, 0), "url": f"{page}?fair__id__exact={fair.pk}&waits=undated"} for fair in fairs}


def _stands(request: HttpRequest, fairs: list[Fair]) -> dict[int, dict[str, int]]:
    """Counts of each fair's stands, each stand in one of them, as the list of stands counts them for this reader."""
    open_ones = Q(taken=False, blocked=False)
    counted = (
        with_spoken_for(with_taken(Stand.objects.filter(hall__fair__in=fairs)), request)
        .order_by()
        .values("hall__fair")
        .annotate(
            taken_count=Count("pk", filter=Q(taken=True, blocked=False)),
            spoken_for_count=Count("pk", filter=open_ones & Q(spoken_for=True)),
            free_count=Count("pk", filter=open_ones & Q(spoken_for=False)),
            blocked_count=Count("pk", filter=Q(blocked=True)),
        )
    )
    empty = {"taken": 0, "spoken_for": 0, "free": 0, "blocked": 0}
    found: dict[int, dict[str, int]] = defaultdict(lambda: empty)
    for row in counted:
        found[row["hall__fair"]] = {name: row[f"{name}_count"] for name in empty}  # type: ignore[literal-required]
    return found


def _deadlines(fairs: list[Fair]) -> dict[int, list[dict[str, Any]]]:
    """The next ones of each fair, in the fair's zone."""
    zones = {fair.pk: fair.zone for fair in fairs}
    found = defaultdict(list)
    for deadline in Deadline.objects.filter(fair__in=fairs, due_at__gt=clock.now()).order_by("due_at", "pk"):
        if len(found[deadline.fair_id]) < DEADLINES_AT_MOST:
            url = reverse("admin:fairs_deadline_change", args=[deadline.pk])
            due = deadline.due_at.astimezone(zones[deadline.fair_id])
            text = moment_text(due, zones[deadline.fair_id])
            found[deadline.fair_id].append({"title": str(deadline), "due": due, "due_text": text, "url": url})
    return found
