"""Placements and the public catalogue on the organisers' desk: to look at; they change by steps of the application."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from exhibitors.enums import PlacementStatus
from exhibitors.models import Exhibitor, Placement
from fairs.admin_scope import FairScopedAdmin
from fairs.moments import moment_text
from fairs.roles import Right
from fairs.units import day_text


def answer_awaited_until(placement: Placement) -> str:
    """Only as long as an answer is awaited: beside an accepted stand it would read as if one were."""
    return moment_text(placement.answer_by, placement.site.fair.zone) if placement.status == PlacementStatus.OFFERED else "–"


@admin.register(Placement)
class PlacementAdmin(FairScopedAdmin):
    fair_path = "application__fair"
    region_path = "application__company__region__code"
    view_right, edit_right = Right.VIEW_APPLICATIONS, None
    list_display = ("stand", "hall", "site", "company", "status_chip", "days", "answer_until")
    list_filter = (
        ("application__fair", admin.RelatedOnlyFieldListFilter),
        "status",
        ("site", admin.RelatedOnlyFieldListFilter),
        ("stand__hall", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("stand__hall", "site__fair", "application__company")
    search_fields = ("stand__number", "application__company__search_text")
    ordering = ("site__fair", "site", "stand__hall", "stand__number")
    fields = readonly_fields = ("company", "site", "stand", "first_day", "last_day", "status", "offered", "answer_until", "answered")

    @admin.display(description=_("answer by"), ordering="answer_by")
    def answer_until(self, placement: Placement) -> str:
        return answer_awaited_until(placement)

    @admin.display(description=_("days"), ordering="first_day")
    def days(self, placement: Placement) -> str:
        return f"{day_text(placement.first_day)} – {day_text(placement.last_day)}"

    @admin.display(description=_("offered"))
    def offered(self, placement: Placement) -> str:
        return moment_text(placement.offered_at, placement.site.fair.zone)

    @admin.display(description=_("answered"))
    def answered(self, placement: Placement) -> str:
        return moment_text(placement.answered_at, placement.site.fair.zone)

    @admin.display(description=_("hall"), ordering="stand__hall__slug")
    def hall(self, placement: Placement) -> str:
        return str(placement.stand.hall)

    @admin.display(description=_("company"))
    def company(self, placement: Placement) -> str:
        url = reverse("admin:exhibitors_application_change", args=[placement.application_id])
        return format_html('<a href="{}">{}</a>', url, placement.application.company)

    @display(
        description=_("status"),
        label={
            **dict.fromkeys(PlacementStatus),  # the theme shows a state without an entry by its value
            PlacementStatus.ACCEPTED: "success",
            PlacementStatus.OFFERED: "info",
            PlacementStatus.PLANNED: "warning",
        },
        ordering="status",
    )
    def status_chip(self, placement: Placement) -> tuple[str, str]:
        return placement.status, placement.get_status_display()


@admin.register(Exhibitor)
class ExhibitorAdmin(FairScopedAdmin):
    """What visitors find in the catalogue."""

    region_path = "company__region__code"
    view_right, edit_right = Right.VIEW_APPLICATIONS, None
    list_display = ("company", "role", "region", "fair", "application_link")
    ordering = ("fair", "sort_en", "pk")
    list_filter = (
        ("fair", admin.RelatedOnlyFieldListFilter),
        "role",
        ("company__region", admin.RelatedOnlyFieldListFilter),
        ("company__categories", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("company__region", "fair", "application")
    search_fields = ("company__search_text",)
    fields = readonly_fields = ("company", "fair", "role", "application")

    @admin.display(description=_("region"), ordering="company__region__code")
    def region(self, exhibitor: Exhibitor) -> str:
        return str(exhibitor.company.region.name) if exhibitor.company.region else "–"

    @admin.display(description=_("application"))
    def application_link(self, exhibitor: Exhibitor) -> str:
        url = reverse("admin:exhibitors_application_change", args=[exhibitor.application_id])
        return format_html('<a href="{}">{}</a>', url, exhibitor.application.get_status_display())
