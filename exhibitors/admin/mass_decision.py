"""Mass decisions at the desk: how far a worker is, which applications were not decided and why, and the way to stop."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

import clock
from api.problems import Refused
from exhibitors.domain import mass_decisions
from exhibitors.domain.step_texts import STEP_TEXTS
from exhibitors.enums import MassItemState, Step
from exhibitors.models import ApplicationStep, MassDecision, MassDecisionItem
from fairs.admin_scope import FairScopedAdmin
from fairs.moments import moment_text
from fairs.roles import Right
from fairs.table_writing import csv_answer, xlsx_answer

PAGE_SIZE = 50
_WRITERS = {"csv": csv_answer, "xlsx": xlsx_answer}


@admin.register(MassDecision)
class MassDecisionAdmin(FairScopedAdmin):
    """Each with what became of its applications; a new one begins in the list of applications, with a choice of many."""

    view_right, edit_right = Right.DECIDE_APPLICATIONS, None
    may_add = may_delete = False
    list_after_template = "fairs/admin/empty_hint.html"
    empty_hint = _("No mass decisions yet: one begins when you choose more than 50 applications in their list and decide on all of them.")
    list_display = ("name", "begun", "state", "progress", "left_out", "who", "fair")
    list_filter = (("fair", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("fair", "created_by")
    change_form_outer_before_template = "admin/exhibitors/mass_decision/progress.html"
    fieldsets = ((None, {"fields": ("fair",), "classes": ("hidden",)}),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[MassDecision]:
        counts = {f"{state.value}_count": Count("items", filter=Q(items__state=state)) for state in MassItemState}
        return super().get_queryset(request).annotate(**counts)

    def get_urls(self) -> list[URLPattern]:
        def page(view: Any) -> Any:
            return self.admin_site.admin_view(partial(view, self))

        one = "<path:object_id>"
        return [
            path(f"{one}/progress/", page(_progress_page), name="exhibitors_massdecision_progress"),
            path(f"{one}/stop/", page(_stop_page), name="exhibitors_massdecision_stop"),
            *(
                path(f"{one}/left-out.{kind}", page(partial(_left_out_page, kind)), name=f"exhibitors_massdecision_{kind}")
                for kind in _WRITERS
            ),
            *super().get_urls(),
        ]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None) -> Any:
        decision = self.get_object(request, object_id)
        context = _context(request, decision) if decision is not None and self.has_view_permission(request, decision) else {}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **context})

    @admin.display(description=_("decision"), ordering="step")
    def name(self, decision: MassDecision) -> Any:
        return title_of(decision)

    @admin.display(description=_("begun"), ordering="created_at")
    def begun(self, decision: MassDecision) -> str:
        return moment_text(decision.created_at, decision.fair.zone)

    @display(description=_("state"), label={"done": "success", "open": "info", "stopped": None})
    def state(self, decision: MassDecision) -> tuple[str, Any]:
        return state_of(decision)

    @admin.display(description=pgettext_lazy("mass decision", "decided"))
    def progress(self, decision: Any) -> str:
        shown = f"{decision.done_count} / {_total(decision)}"
        if not _is_open(decision):
            return shown
        return format_html('<progress class="desk-progress" max="100" value="{}"></progress> {}', _percent(decision), shown)

    @admin.display(description=pgettext_lazy("mass decision", "not decided"))
    def left_out(self, decision: Any) -> str:
        return str(decision.refused_count + decision.stopped_count or "–")

    @admin.display(description=_("decided by"))
    def who(self, decision: MassDecision) -> str:
        return decision.created_by.get_full_name() if decision.created_by else "–"


def title_of(decision: MassDecision) -> Any:
    label = STEP_TEXTS[Step(decision.step)].label
    return format_lazy("{} · {}", label, _("held")) if decision.hold else label


def state_of(decision: MassDecision) -> tuple[str, Any]:
    if decision.stopped_at:
        return "stopped", _("stopped")
    return ("done", _("done")) if decision.done_at else ("open", _("under way"))


def _is_open(decision: MassDecision) -> bool:
    return state_of(decision)[0] == "open"


def _total(decision: Any) -> int:
    return sum(getattr(decision, f"{state.value}_count") for state in MassItemState)


def _percent(decision: Any) -> int:
    total = _total(decision)
    return int(100 * (total - decision.waiting_count) / total) if total else 100


def _progress_page(page: MassDecisionAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """How far it is, for the page that shows it."""
    decision = page.found(request, object_id)
    told = {"is_open": _is_open(decision), "percent": _percent(decision), "text": _progress_text(decision)}
    return JsonResponse(told, headers={"Cache-Control": "no-store"})


def _progress_text(decision: Any) -> str:
    total = _total(decision)
    done = total - decision.waiting_count
    return ngettext("%(done)d of %(total)d application", "%(done)d of %(total)d applications", total) % {"done": done, "total": total}


def _stop_page(page: MassDecisionAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    decision = page.found(request, object_id)
    if request.method != "POST":
        return page.back_to(decision)
    try:
        left = mass_decisions.stop(decision_id=decision.pk, now=clock.now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        text = ngettext("Stopped: %(count)d application was left as it is.", "Stopped: %(count)d applications were left as they are.", left)
        messages.success(request, text % {"count": left})
    return page.back_to(decision)


def _left_out_page(kind: str, page: MassDecisionAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """Those that were not decided, with why, as a table."""
    decision = page.found(request, object_id)
    header = [gettext("Application"), gettext("Company"), gettext("Region"), gettext("State now"), gettext("Submitted"), gettext("Why")]
    name = gettext("not decided %(day)s") % {"day": decision.fair.day_of(decision.created_at).isoformat()}
    return _WRITERS[kind](name, header, _table(decision))


def _left_out_of(decision: MassDecision) -> QuerySet[MassDecisionItem]:
    rows = MassDecisionItem.objects.filter(decision=decision, state__in=MassItemState.left_out)
    return rows.select_related("application__company__region").order_by("pk")


def _table(decision: MassDecision) -> Iterator[list[Any]]:
    for item in _left_out_of(decision).iterator(chunk_size=1000):
        application = item.application
        submitted = application.submitted_at and date_format(
            application.submitted_at.astimezone(decision.fair.zone), "SHORT_DATETIME_FORMAT"
        )
        company = application.company
        region = str(company.region.name) if company.region else ""
        yield [application.pk, str(company), region, str(application.get_status_display()), submitted or "", _why(item)]


def _why(item: MassDecisionItem) -> str:
    return item.reason or str(item.get_state_display())


def _context(request: HttpRequest, decision: Any) -> dict[str, Any]:
    shown = Paginator(_left_out_of(decision), PAGE_SIZE).get_page(request.GET.get("page"))
    urls = {name: reverse(f"admin:exhibitors_massdecision_{name}", args=[decision.pk]) for name in ("progress", "stop", *_WRITERS)}
    return {
        "mass": decision,
        "mass_title": title_of(decision),
        "state_label": state_of(decision)[1],
        "begun": moment_text(decision.created_at, decision.fair.zone),
        "who": decision.created_by.get_full_name() if decision.created_by else "",
        "is_open": _is_open(decision),
        "percent": _percent(decision),
        "progress_text": _progress_text(decision),
        "counts": [(state.label, getattr(decision, f"{state.value}_count")) for state in MassItemState],
        "urls": urls,
        "shown_left_out": shown,
        "left_out": [{"item": item, "why": _why(item)} for item in shown],
        "announce_url": _announce_url(decision),
    }


def _announce_url(decision: MassDecision) -> str:
    """Where what is held at the fair, and has no moment yet, is announced; '' when there is nothing."""
    if not decision.hold or _is_open(decision):
        return ""
    undated = ApplicationStep.objects.pending().filter(application__fair=decision.fair_id, announcement=None)
    return f"{reverse('admin:exhibitors_announcement_add')}?fair={decision.fair_id}" if undated.exists() else ""
