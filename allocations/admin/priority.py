"""Priority points at the desk: all of a fair with how they came about, and the corrections by hand."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

import clock
from allocations.domain.priority import points_of
from allocations.domain.priority_texts import points_text
from allocations.domain.settings import settings_of
from allocations.enums import PointsPreset
from allocations.models import PriorityCorrection
from exhibitors.enums import ApplicationStatus
from exhibitors.models import Application
from fairs import access
from fairs.admin_scope import FairScopedAdmin
from fairs.models import Fair
from fairs.roles import Right
from fairs.units import number_text

PAGE_SIZE = 100


@admin.register(PriorityCorrection)
class PriorityCorrectionAdmin(FairScopedAdmin):
    """What was paid at earlier fairs, and points given or taken by hand, each with its reason."""

    view_right = edit_right = Right.PLACE
    fair_path = "application__fair"
    list_after_template = "fairs/admin/empty_hint.html"
    empty_hint = _("No corrections yet: the points are those that were counted.")
    list_display = ("application", "points", "paid_usd", "reason", "by", "at")
    ordering = ("application",)
    list_filter = (("application__fair", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("application__company", "by")
    autocomplete_fields = ("application",)
    fieldsets = ((None, {"fields": ("application", ("points", "paid_usd"), "reason")}),)

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(partial(points_page, self))
        return [path("points/", page, name="allocations_prioritycorrection_points"), *super().get_urls()]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("application",) if obj else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {name: value for name, value in request.GET.items() if name == "application"}

    def save_model(self, request: HttpRequest, obj: PriorityCorrection, form: Any, change: bool) -> None:
        obj.by, obj.at = request.user, clock.now()  # type: ignore[assignment]
        super().save_model(request, obj, form, change)


def chosen_fair(request: HttpRequest, fairs: list[Fair]) -> Fair | None:
    """The fair that the address names, else the first of these; None where there is none."""
    named = request.GET.get("fair", "")
    return next((fair for fair in fairs if str(fair.pk) == named), fairs[0] if fairs else None)


def points_page(page: PriorityCorrectionAdmin, request: HttpRequest) -> HttpResponse:
    """The applications of a fair in the order of their points, with how these came about."""
    if not page.has_view_permission(request):
        raise PermissionDenied
    user: Any = request.user
    fairs = list(access.fairs_with(user, Right.PLACE).order_by("-starts_on", "pk"))
    fair = chosen_fair(request, fairs)
    rows = _rows(fair) if fair else []
    shown = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("p"))
    context = {
        **page.admin_site.each_context(request),
        "title": gettext("Priority points"),
        "opts": page.opts,
        "fairs": fairs,
        "fair": fair,
        "preset": PointsPreset(settings_of(fair).points_preset).label if fair else "",
        "shown": shown,
    }
    return TemplateResponse(request, "admin/allocations/points.html", context)


def _rows(fair: Fair) -> list[dict[str, Any]]:
    applications = Application.objects.filter(fair=fair, status__in=ApplicationStatus.live).select_related("company", "priority_correction")
    points = points_of(fair, applications)
    ordered = sorted(applications, key=lambda one: (-points[one.pk].total, one.submitted_at or fair.applications_close_at, one.pk))
    return [
        {
            "place": place,
            "application": one,
            "total": number_text(points[one.pk].total),
            "text": points_text(points[one.pk]),
            "correction": getattr(one, "priority_correction", None),
            "url": _correct_url(one),
        }
        for place, one in enumerate(ordered, start=1)
    ]


def _correct_url(application: Application) -> str:
    correction = getattr(application, "priority_correction", None)
    if correction is None:
        return f"{reverse('admin:allocations_prioritycorrection_add')}?application={application.pk}"
    return reverse("admin:allocations_prioritycorrection_change", args=[correction.pk])
