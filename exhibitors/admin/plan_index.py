"""All halls of the reader's fairs with how far their plans are: the way from the side bar to a plan."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from exhibitors.enums import PlacementStatus
from exhibitors.models import Placement
from fairs import access
from fairs.models import Hall, Stand
from fairs.roles import Right

if TYPE_CHECKING:
    from exhibitors.admin.hall import PlannedHallAdmin


def plans_page(page: "PlannedHallAdmin", request: HttpRequest) -> HttpResponse:
    """The latest fair first, its halls by site; three queries whatever there is."""
    user: Any = request.user
    if not access.has_right_anywhere(user, Right.VIEW_APPLICATIONS):
        raise PermissionDenied
    halls = Hall.objects.filter(access.within(user, Right.VIEW_APPLICATIONS, fair="fair")).select_related("site", "fair")
    counts = dict(Stand.objects.filter(hall__in=halls, blocked=False).order_by().values_list("hall").annotate(Count("pk")))
    is_plan, is_offered, is_accepted = (
        Q(is_plan=True),
        Q(status=PlacementStatus.OFFERED) | Q(status=PlacementStatus.PLANNED, is_plan=False),
        Q(status=PlacementStatus.ACCEPTED),
    )
    placed = {
        row["stand__hall"]: row
        for row in Placement.objects.live()
        .filter(stand__hall__in=halls)
        .order_by()
        .values("stand__hall")
        .annotate(
            planned=Count("stand", filter=is_plan, distinct=True),
            offered=Count("stand", filter=is_offered, distinct=True),
            accepted=Count("stand", filter=is_accepted, distinct=True),
            taken=Count("stand", distinct=True),
        )
    }
    rows = []
    for hall in halls.order_by("-fair__starts_on", "fair", "site__starts_on", "site", "slug"):
        found = placed.get(hall.pk, {})
        total = counts.get(hall.pk, 0)
        rows.append(
            {
                "hall": hall,
                "url": reverse("admin:fairs_hall_plan", args=[hall.pk]),
                "total": total,
                "free": total - found.get("taken", 0),
                **{name: found.get(name, 0) for name in ("planned", "offered", "accepted")},
            }
        )
    context = {**page.admin_site.each_context(request), "title": _("Floor plans"), "opts": page.opts, "rows": rows}
    return TemplateResponse(request, "admin/exhibitors/hall/plans.html", context)
