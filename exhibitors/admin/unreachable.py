"""Exhibitors that cannot be reached, with what is wrong with each of their addresses and where to mend it."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from exhibitors.domain.unreachable import explained, unreachable
from notifications.access import may_see_letters

if TYPE_CHECKING:
    from exhibitors.admin.application import ApplicationAdmin

PAGE_SIZE = 50


def unreachable_page(page: "ApplicationAdmin", request: HttpRequest) -> HttpResponse:
    """Live applications of the reader's fairs; the number of queries does not grow with them."""
    if not page.has_view_permission(request):
        raise PermissionDenied
    seen: Any = page.seen_by(request)
    rows = unreachable(seen).select_related("company", "fair").order_by("fair", "pk")
    shown = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("p"))
    context = {
        **page.admin_site.each_context(request),
        "title": _("Exhibitors that no letter reaches"),
        "opts": page.opts,
        "shown": shown,
        "lines": explained(list(shown)),
        "suppressions_url": reverse("admin:notifications_suppression_changelist") if may_see_letters(request.user) else "",
        "back": reverse("admin:exhibitors_application_changelist"),
    }
    return TemplateResponse(request, "admin/exhibitors/application/unreachable.html", context)
