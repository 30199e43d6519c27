"""The reviewers' queue at the desk: by state and age, the oldest first, one click into the review."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

import clock
from exhibitors.domain.review_looks import with_unseen
from exhibitors.domain.review_queue import FLAGS, GROUPS, QueueFilter, counts, queue
from fairs import access
from fairs.roles import Right

if TYPE_CHECKING:
    from exhibitors.admin.application import ApplicationAdmin

PAGE_SIZE = 50
GROUP_LABELS = {
    "to-decide": _("To decide"),
    "changes": _("Changes requested"),
    "admitted": _("Admitted"),
    "waitlist": _("Waiting list"),
    "offered": _("Stand offered"),
    "accepted": _("Accepted"),
    "ended": _("Ended"),
}
FLAG_LABELS = {
    "mine": _("Mine"),
    "unassigned": _("Nobody responsible"),
    "overdue": _("Overdue"),
    "held": _("Decision held"),
    "changed": _("Changed since I looked"),
}


def chosen_by(request: HttpRequest) -> QueueFilter:
    """What the address says; anything else is as if it were not there."""
    group, flag, fair = (request.GET.get(name, "") for name in ("group", "flag", "fair"))
    return QueueFilter(
        group=group if group in GROUPS or group == "all" else "to-decide",
        flag=flag if flag in FLAGS else "",
        search=request.GET.get("q", "")[:200],
        fair_id=int(fair) if fair.isascii() and fair.isdigit() and len(fair) < 19 else None,
    )


def queue_query(request: HttpRequest, **changed: Any) -> str:
    """The query of the address that keeps what is chosen, but for ``changed``."""
    chosen = chosen_by(request)
    values = {"group": chosen.group, "flag": chosen.flag, "q": chosen.search, "fair": chosen.fair_id or "", **changed}
    return urlencode({name: value for name, value in values.items() if value != ""})


def queue_page(page: "ApplicationAdmin", request: HttpRequest) -> HttpResponse:
    """The queue of the fairs whose applications the reader sees."""
    if not page.has_view_permission(request):
        raise PermissionDenied
    user: Any = request.user
    now, chosen, seen = clock.now(), chosen_by(request), page.seen_by(request)
    rows = with_unseen(queue(seen, chosen, reader=user, now=now), reader=user)
    rows = rows.for_listing().select_related("company__region")  # type: ignore[attr-defined]
    in_tabs = counts(seen, chosen, reader=user, now=now)
    shown = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("p"))
    for row in shown:
        row.age_days = max((now - row.since).days, 0)
        row.review_url = f"{reverse('admin:exhibitors_application_review', args=[row.pk])}?{queue_query(request)}"
        row.is_held = row.status != row.told_status
        row.submitted_local = row.submitted_at.astimezone(row.fair.zone) if row.submitted_at else None
    context = {
        **page.admin_site.each_context(request),
        "title": gettext("Review"),
        "opts": page.opts,
        "chosen": chosen,
        "tabs": [
            {"label": label, "count": in_tabs[name], "is_open": name == chosen.group, "url": f"?{queue_query(request, group=name)}"}
            for name, label in GROUP_LABELS.items()
        ],
        "flags": [
            {"label": label, "is_open": name == chosen.flag, "url": f"?{queue_query(request, flag='' if name == chosen.flag else name)}"}
            for name, label in FLAG_LABELS.items()
        ],
        "fairs": access.fairs_with(user, Right.VIEW_APPLICATIONS).order_by("-starts_on", "pk"),
        "shown": shown,
        "page_query": queue_query(request),
    }
    return TemplateResponse(request, "admin/exhibitors/application/queue.html", context)
