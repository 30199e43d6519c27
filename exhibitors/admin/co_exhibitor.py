"""Co-exhibitors on the organisers' desk."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

import clock
from api.problems import Refused
from exhibitors.domain import co_exhibitors
from exhibitors.enums import CoExhibitorStatus
from exhibitors.models import CoExhibitor
from fairs import access
from fairs.admin.base import moment_text
from fairs.admin_scope import FairScopedAdmin
from fairs.roles import Right


@admin.register(CoExhibitor)
class CoExhibitorAdmin(FairScopedAdmin):
    """Companies on a main exhibitor's stand; the organiser admits or refuses them."""

    fair_path = "application__fair"
    region_path = "company__region__code"
    view_right, edit_right = Right.VIEW_APPLICATIONS, None
    list_display = ("company", "main_exhibitor", "status_chip", "declared")
    list_filter = (("application__fair", admin.RelatedOnlyFieldListFilter), "status")
    list_select_related = ("company", "application__company", "application__fair")
    search_fields = ("company__search_text", "application__company__search_text")
    actions = ("admit", "refuse")
    fields = readonly_fields = ("company", "application", "status", "declared", "decided")

    @admin.display(description=_("main exhibitor"))
    def main_exhibitor(self, co_exhibitor: CoExhibitor) -> str:
        url = reverse("admin:exhibitors_application_change", args=[co_exhibitor.application_id])
        return format_html('<a href="{}">{}</a>', url, co_exhibitor.application.company)

    @admin.display(description=_("declared"), ordering="declared_at")
    def declared(self, co_exhibitor: CoExhibitor) -> str:
        return moment_text(co_exhibitor.declared_at, co_exhibitor.application.fair.zone)

    @admin.display(description=_("decided"))
    def decided(self, co_exhibitor: CoExhibitor) -> str:
        return moment_text(co_exhibitor.decided_at, co_exhibitor.application.fair.zone)

    @display(
        description=_("status"),
        label={
            **dict.fromkeys(CoExhibitorStatus),  # the theme shows a state without an entry by its value
            CoExhibitorStatus.ADMITTED: "success",
            CoExhibitorStatus.CONFIRMED: "info",
            CoExhibitorStatus.REFUSED: "danger",
        },
    )
    def status_chip(self, co_exhibitor: CoExhibitor) -> tuple[str, Any]:
        return co_exhibitor.status, co_exhibitor.get_status_display()

    @action(description=_("Admit"), permissions=["decide"])
    def admit(self, request: HttpRequest, queryset: QuerySet[CoExhibitor]) -> None:
        self._take_all(request, queryset, co_exhibitors.admit)

    @action(description=_("Refuse"), permissions=["decide"])
    def refuse(self, request: HttpRequest, queryset: QuerySet[CoExhibitor]) -> None:
        self._take_all(request, queryset, co_exhibitors.refuse)

    def has_decide_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self._allows(request, Right.DECIDE_APPLICATIONS, None)

    def _take_all(self, request: HttpRequest, queryset: QuerySet[CoExhibitor], step: Any) -> None:
        user: Any = request.user
        for co_exhibitor in queryset.select_related("application", "company").order_by("pk"):
            if not access.has_right(user, fair_id=co_exhibitor.application.fair_id, right=Right.DECIDE_APPLICATIONS):
                messages.warning(request, _("%(company)s: you may not decide at this fair.") % {"company": co_exhibitor.company})
                continue
            try:
                changed = step(co_exhibitor_id=co_exhibitor.pk, by=user, now=clock.now())
                messages.success(request, f"{co_exhibitor.company}: {changed.get_status_display()}")
            except Refused as refusal:
                messages.warning(request, f"{co_exhibitor.company}: {refusal}")
