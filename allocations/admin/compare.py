"""Two proposals of a fair side by side: their scores, and every application that stands elsewhere in the one than in the other."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext

from allocations.domain.comparing import compared
from allocations.domain.reasons import points_text
from allocations.enums import RunState
from allocations.models import AllocationRun
from fairs.moments import moment_text
from fairs.units import number_text

if TYPE_CHECKING:
    from allocations.admin.run import AllocationRunAdmin


def compare_page(page: "AllocationRunAdmin", request: HttpRequest) -> HttpResponse:
    """``?a=7&b=8`` are the runs. Without them: the list of runs, where they are chosen."""
    if not page.has_view_permission(request):
        raise PermissionDenied
    named = [request.GET.get(name, "") for name in ("a", "b")]
    if not all(one.isascii() and one.isdigit() and len(one) < 19 for one in named):
        return HttpResponseRedirect(reverse("admin:allocations_allocationrun_changelist"))
    first, second = (_run(page, request, int(one)) for one in named)
    if first.fair_id != second.fair_id:
        raise Http404
    found = compared(first.proposal, second.proposal)
    context: dict[str, Any] = {
        **page.admin_site.each_context(request),
        "title": gettext("Two proposals side by side"),
        "opts": page.opts,
        "fair": first.fair,
        "columns": [
            {
                "run": run,
                "url": reverse("admin:allocations_allocationrun_change", args=[run.pk]),
                "moment": moment_text(run.created_at, run.fair.zone),
                "score": number_text(round(run.proposal.score, 1)),
                "placed": placed,
            }
            for run, placed in ((first, found.first_placed), (second, found.second_placed))
        ],
        "count_alike": first.weights == second.weights,
        "rows": [
            {
                "company": row.either.application.company,
                "site": row.either.site,
                "cells": [_cell(row.first), _cell(row.second)],
            }
            for row in found.rows
        ],
        "same": found.same,
    }
    return TemplateResponse(request, "admin/allocations/compare.html", context)


def _run(page: "AllocationRunAdmin", request: HttpRequest, pk: int) -> AllocationRun:
    run = page.get_queryset(request).filter(pk=pk, state=RunState.DONE).select_related("fair", "proposal").first()
    if run is None:
        raise Http404
    return run


def _cell(line: Any) -> dict[str, Any]:
    if line is None or line.stand is None:
        return {"stand": "–", "score": ""}
    return {"stand": line.stand.number, "hall": line.stand.hall, "score": points_text(line.score)}
