"""One line of a proposal: its score term by term, what else it could have, and the way to change it by hand."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldBooleanSwitchWidget

import clock
from allocations.admin.proposal_page import line_rows
from allocations.domain import editing
from allocations.domain.lines import changes_of, lines_of
from allocations.domain.reasons import alternative_points_text
from allocations.domain.take_over import text_of
from allocations.enums import RunState
from allocations.models import AllocationRun, ProposalLine
from api.problems import Refused
from fairs.models import Stand
from fairs.units import area_text

if TYPE_CHECKING:
    from allocations.admin.run import AllocationRunAdmin


class LineForm(forms.Form):
    """Which stand, and whether a re-run leaves it there."""

    stand = forms.ModelChoiceField(
        label=_("Stand"),
        queryset=Stand.objects.none(),
        required=False,
        empty_label=_("no stand"),
        widget=UnfoldAdminSelectWidget,
        help_text=_("One that another line of the proposal has cannot be chosen: give that one another stand first."),
    )
    locked = forms.BooleanField(
        label=_("Fixed"), required=False, widget=UnfoldBooleanSwitchWidget, help_text=_("A run begun from this proposal leaves it there.")
    )

    def __init__(self, *args: Any, line: ProposalLine, run: AllocationRun, **kwargs: Any) -> None:
        super().__init__(*args, initial={"stand": line.stand_id, "locked": line.locked}, **kwargs)
        field: Any = self.fields["stand"]
        free = Stand.objects.filter(hall__in=run.halls.all(), hall__site=line.site_id, blocked=False)
        others = ProposalLine.objects.filter(proposal=line.proposal_id, stand__isnull=False).exclude(pk=line.pk)
        others = others.filter(first_day__lte=line.last_day, last_day__gte=line.first_day)
        field.queryset = free.exclude(pk__in=others.values("stand")).select_related("hall").order_by("hall", "number")
        points = {one["stand"]: alternative_points_text(one) for one in line.alternatives}
        field.label_from_instance = lambda stand: _label(stand, points.get(stand.pk, ""))


def _label(stand: Stand, points: str) -> str:
    text = f"{stand.number} · {stand.hall} · {area_text(stand.area_m2)}"
    return f"{text} · {points}" if points else text


def line_page(page: "AllocationRunAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    """The line that the address names (``?line=``)."""
    run = page.found(request, object_id)
    back = reverse("admin:allocations_allocationrun_change", args=[run.pk])
    named = request.GET.get("line", "")
    if not (named.isascii() and named.isdigit() and len(named) < 19):
        return HttpResponseRedirect(back)
    line = lines_of(run.proposal).filter(pk=int(named)).first() if run.state == RunState.DONE else None
    if line is None:
        raise Http404
    form = LineForm(request.POST or None, line=line, run=run)
    if request.method == "POST" and form.is_valid() and _changed(request, line, form):
        return HttpResponseRedirect(f"{reverse('admin:allocations_allocationrun_line', args=[run.pk])}?line={line.pk}")
    row = line_rows([line], changes_of([line]))[0]
    context = {
        **page.admin_site.each_context(request),
        "title": str(line.application.company),
        "opts": page.opts,
        "original": run,
        "run": run,
        "line": line,
        "row": row,
        "terms": row["terms"],
        "form": form,
        "back": back,
        "application_url": reverse("admin:exhibitors_application_change", args=[line.application_id]),
    }
    return TemplateResponse(request, "admin/allocations/line.html", context)


def _changed(request: HttpRequest, line: ProposalLine, form: LineForm) -> bool:
    user: Any = request.user
    stand = form.cleaned_data["stand"]
    try:
        editing.change_line(
            line_id=line.pk, by=user, now=clock.now(), stand_id=stand.pk if stand else None, locked=form.cleaned_data["locked"]
        )
    except Refused as refusal:
        form.add_error(None, text_of(refusal))
        return False
    messages.success(request, gettext("The proposal is counted anew. What breaks, if anything, is said below."))
    return True
