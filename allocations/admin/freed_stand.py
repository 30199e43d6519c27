"""Stands that fell free, at the desk: who comes first for each and why, and the two buttons for it."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

import clock
from allocations.domain import freed_stands
from allocations.domain.take_over import text_of
from allocations.enums import FreedReason, FreedState
from allocations.models import FreedStand
from api.problems import Refused
from fairs.admin.base import link
from fairs.admin_scope import FairScopedAdmin
from fairs.moments import moment_text
from fairs.roles import Right
from fairs.units import area_text, number_text

COLOURS = {"new": "info", "proposed": "warning", "offered": "success", "nobody": None, "taken": None, "dismissed": None}


@admin.register(FreedStand)
class FreedStandAdmin(FairScopedAdmin):
    """Written by the database when an offer or a stand ends; decided here, or by itself where the fair says so."""

    view_right, edit_right = Right.PLACE, None
    may_add = may_delete = False
    list_after_template = "fairs/admin/empty_hint.html"
    empty_hint = _("No stand has fallen free yet. One that an exhibitor declines, lets lapse or leaves appears here within a minute.")
    list_display = ("stand", "hall", "area", "freed", "state_shown", "goes_to", "because", "fair")
    list_filter = (("fair", admin.RelatedOnlyFieldListFilter), "state")
    list_select_related = ("fair", "stand__hall", "candidate__company")
    change_form_outer_before_template = "admin/allocations/freed_stand.html"
    fieldsets = ((None, {"fields": (("stand", "fair"), ("hall", "area"), ("first_day", "last_day"))}),)

    def get_urls(self) -> list[URLPattern]:
        confirm, dismiss = (self.admin_site.admin_view(partial(view, self)) for view in (confirm_page, dismiss_page))
        return [
            path("<path:object_id>/confirm/", confirm, name="allocations_freedstand_confirm"),
            path("<path:object_id>/dismiss/", dismiss, name="allocations_freedstand_dismiss"),
            *super().get_urls(),
        ]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None) -> Any:
        row = self.get_object(request, object_id)
        context = {} if row is None or not self.has_view_permission(request, row) else self._panel(row)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **context})

    def _panel(self, row: FreedStand) -> dict[str, Any]:
        return {
            "freed": row,
            "freed_text": moment_text(row.freed_at, row.fair.zone),
            "because": self.because(row),
            "is_proposed": row.state == FreedState.PROPOSED,
            "confirm_url": reverse("admin:allocations_freedstand_confirm", args=[row.pk]),
            "dismiss_url": reverse("admin:allocations_freedstand_dismiss", args=[row.pk]),
            "candidate_url": reverse("admin:exhibitors_application_change", args=[row.candidate_id]) if row.candidate_id else "",
        }

    @admin.display(description=_("hall"), ordering="stand__hall")
    def hall(self, row: FreedStand) -> str:
        return str(row.stand.hall)

    @admin.display(description=_("area"))
    def area(self, row: FreedStand) -> str:
        return area_text(row.stand.area_m2)

    @admin.display(description=_("fell free"), ordering="freed_at")
    def freed(self, row: FreedStand) -> str:
        return moment_text(row.freed_at, row.fair.zone)

    @display(description=_("state"), label=COLOURS)
    def state_shown(self, row: FreedStand) -> tuple[str, Any]:
        return row.state, row.get_state_display()

    @admin.display(description=_("goes to"))
    def goes_to(self, row: FreedStand) -> str:
        if row.candidate is None:
            return "–"
        return link(reverse("admin:exhibitors_application_change", args=[row.candidate_id]), row.candidate.company)

    @admin.display(description=_("because"))
    def because(self, row: FreedStand) -> str:
        if not row.why:
            return "–"
        if row.why == FreedReason.MOVE and row.points is not None:
            return gettext("asked to move, %(points)s priority points") % {"points": number_text(row.points)}
        return str(FreedReason(row.why).label)


def confirm_page(page: FreedStandAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """Offer the stand to the candidate that the page showed."""
    row = page.found(request, object_id)
    if request.method != "POST":
        return page.back_to(row)
    shown = request.POST.get("candidate", "")
    user: Any = request.user
    try:
        candidate = int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 19 else 0
        freed_stands.confirm(freed_id=row.pk, candidate_id=candidate, by=user, now=clock.now())
    except Refused as refusal:
        messages.warning(request, text_of(refusal))
    else:
        messages.success(request, gettext("The stand is offered; the letter goes."))
    return page.back_to(row)


def dismiss_page(page: FreedStandAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    row = page.found(request, object_id)
    if request.method != "POST":
        return page.back_to(row)
    user: Any = request.user
    try:
        freed_stands.dismiss(freed_id=row.pk, by=user, now=clock.now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, gettext("Nobody is asked: place somebody by hand."))
    return page.back_to(row)
