"""Allocation runs at the desk: the list with how far each is, and the pages around one run and its proposal."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from allocations.admin.compare import compare_page
from allocations.admin.line_page import line_page
from allocations.admin.proposal_page import run_context, state_text
from allocations.admin.run_steps import again_page, call_off_page, cancel_page, publish_page, take_over_page
from allocations.admin.start import start_page
from allocations.enums import RunState
from allocations.models import AllocationRun
from fairs.admin_scope import FairScopedAdmin
from fairs.moments import moment_text
from fairs.roles import Right
from fairs.units import number_text

STATE_COLOURS = {"queued": None, "running": "info", "done": "success", "cancelled": None, "failed": "danger"}


@admin.register(AllocationRun)
class AllocationRunAdmin(FairScopedAdmin):
    """Each with its proposal; a new one is begun on a page of its own. Nothing of a run is typed later."""

    view_right, edit_right = Right.PLACE, None
    may_add = may_delete = False
    list_before_template = "admin/allocations/runs_before.html"
    list_after_template = "fairs/admin/empty_hint.html"
    empty_hint = _("No runs yet: begin one with the button above. A run changes nothing by itself; you look at its proposal first.")
    list_display = ("name", "state_shown", "progress", "placed", "score", "who", "fair")
    list_filter = (("fair", admin.RelatedOnlyFieldListFilter), "state")
    list_select_related = ("fair", "created_by", "proposal")
    change_form_outer_before_template = "admin/allocations/run.html"
    fieldsets = ((None, {"fields": ("fair",), "classes": ("hidden",)}),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[AllocationRun]:
        from allocations.domain.run_queries import with_counts

        return with_counts(super().get_queryset(request))

    def get_urls(self) -> list[URLPattern]:
        def page(view: Any) -> Any:
            return self.admin_site.admin_view(partial(view, self))

        one = "<path:object_id>"
        return [
            path("start/", page(start_page), name="allocations_allocationrun_start"),
            path("compare/", page(compare_page), name="allocations_allocationrun_compare"),
            path(f"{one}/progress/", page(progress_of), name="allocations_allocationrun_progress"),
            path(f"{one}/cancel/", page(cancel_page), name="allocations_allocationrun_cancel"),
            path(f"{one}/again/", page(again_page), name="allocations_allocationrun_again"),
            path(f"{one}/line/", page(line_page), name="allocations_allocationrun_line"),
            path(f"{one}/take-over/", page(take_over_page), name="allocations_allocationrun_take_over"),
            path(f"{one}/publish/", page(publish_page), name="allocations_allocationrun_publish"),
            path(f"{one}/call-off/", page(call_off_page), name="allocations_allocationrun_call_off"),
            *super().get_urls(),
        ]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None) -> Any:
        run = self.get_object(request, object_id)
        context = {} if run is None or not self.has_view_permission(request, run) else run_context(request, run)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **context})

    @admin.display(description=_("run"), ordering="created_at")
    def name(self, run: AllocationRun) -> str:
        return f"{run.pk} · {moment_text(run.created_at, run.fair.zone)}"

    @display(description=_("state"), label=STATE_COLOURS)
    def state_shown(self, run: AllocationRun) -> tuple[str, Any]:
        return run.state, run.get_state_display()

    @admin.display(description=_("progress"))
    def progress(self, run: AllocationRun) -> str:
        if not run.is_open:
            return "–"
        return format_html(
            '<progress class="desk-progress" max="100" value="{}"></progress> {} %', run.progress_percent, run.progress_percent
        )

    @admin.display(description=_("placed"))
    def placed(self, run: Any) -> str:
        return f"{run.placed_count} / {run.placed_count + run.unplaced_count}" if run.state == RunState.DONE else "–"

    @admin.display(description=_("score"))
    def score(self, run: Any) -> str:
        return number_text(round(run.proposal.score)) if run.state == RunState.DONE else "–"

    @admin.display(description=_("started by"))
    def who(self, run: AllocationRun) -> str:
        return run.created_by.get_full_name() if run.created_by else "–"


def progress_of(page: AllocationRunAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """How far a run is, for the page that shows it."""
    run = page.found(request, object_id)
    told = {"is_open": run.is_open, "percent": run.progress_percent, "phase": run.get_phase_display(), "state": state_text(run)}
    answer = JsonResponse(told)
    answer["Cache-Control"] = "no-store"
    return answer
