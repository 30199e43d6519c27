"""What is done with a run and its proposal by a button: cancel, run again, take over, publish, call off."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSplitDateTimeWidget

import clock
from allocations.domain import publishing, runs, take_over
from allocations.models import AllocationRun, Proposal
from allocations.tasks import publish_soon, run_soon
from api.problems import Refused
from api.text import labelled
from exhibitors.admin.held import ids_in
from fairs.moments import moment_text

if TYPE_CHECKING:
    from allocations.admin.run import AllocationRunAdmin
    from allocations.domain.take_over import TakenOver


def _proposal_of(request: HttpRequest, run: AllocationRun) -> Proposal | None:
    proposal = Proposal.objects.filter(run=run).first()
    if proposal is None:
        messages.warning(request, gettext("This run has no proposal."))
    return proposal


def cancel_page(page: "AllocationRunAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    run = page.found(request, object_id)
    if request.method != "POST":
        return page.back_to(run)
    try:
        runs.cancel(run_id=run.pk, now=clock.now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, gettext("The run stops within seconds; it leaves no proposal."))
    return page.back_to(run)


def again_page(page: "AllocationRunAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    """The same run once more with the fewest changes: after a withdrawal, or after lines were fixed by hand."""
    run = page.found(request, object_id)
    if request.method != "POST":
        return page.back_to(run)
    user: Any = request.user
    try:
        new = runs.create(
            fair=run.fair,
            by=user,
            now=clock.now(),
            halls=list(run.halls.all()),
            statuses=run.statuses,
            weights=run.weights,
            seed=run.seed,
            time_limit_seconds=run.time_limit_seconds,
            keeps_plan=True,
            base=Proposal.objects.filter(run=run).first(),
        )
    except Refused as refusal:
        messages.warning(request, take_over.text_of(refusal))
        return page.back_to(run)
    run_soon(new.pk)
    messages.success(request, gettext("The run waits for a worker. Nothing changes until you take its proposal over."))
    return page.back_to(new)


def take_over_page(page: "AllocationRunAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    """Plan all lines, or those that were ticked."""
    run = page.found(request, object_id)
    if request.method != "POST":
        return page.back_to(run)
    proposal = _proposal_of(request, run)
    if proposal is None:
        return page.back_to(run)
    ticked = ids_in(",".join(request.POST.getlist("line"))) if "ticked" in request.POST else None
    if ticked is not None and not ticked:
        messages.warning(request, gettext("Tick the lines that are to be taken over."))
        return page.back_to(run)
    user: Any = request.user
    try:
        done = take_over.take_over(proposal_id=proposal.pk, by=user, now=clock.now(), line_ids=ticked)
    except Refused as refusal:
        messages.warning(request, take_over.text_of(refusal))
        return page.back_to(run)
    _tell(request, done)
    return page.back_to(run)


def _tell(request: HttpRequest, done: "TakenOver") -> None:
    facts = {"new": len(done.new), "moved": len(done.moved), "same": len(done.same), "dropped": len(done.dropped)}
    text = gettext(
        "Taken over: %(new)d planned, %(moved)d moved, %(same)d as they were, %(dropped)d taken off the plan. No letter has gone."
    )
    messages.success(request, text % facts)
    if done.waiting:
        count = len(done.waiting)
        text = ngettext(
            "%(count)d waits until another exhibitor has been told of its new stand: it is offered when the offers go.",
            "%(count)d wait until other exhibitors have been told of their new stands: they are offered when the offers go.",
            count,
        )
        messages.info(request, text % {"count": count})
    for line in done.refused[:20]:
        messages.warning(request, labelled(line.application.company, line.refusal))
    if len(done.refused) > 20:
        left = len(done.refused) - 20
        messages.warning(request, ngettext("and %(count)d more", "and %(count)d more", left) % {"count": left})


LINES_SHOWN = 200  # before the offers go


class PublishForm(forms.Form):
    """When the offers go."""

    at = forms.SplitDateTimeField(
        label=_("Offers go at"),
        required=False,
        help_text=_("In the fair's time zone. Left empty: at once."),
        widget=UnfoldAdminSplitDateTimeWidget,
    )


def publish_page(page: "AllocationRunAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    """Say what will go to how many, and when; then take over and offer."""
    run = page.found(request, object_id)
    proposal = _proposal_of(request, run)
    if proposal is None:
        return page.back_to(run)
    with timezone.override(run.fair.zone):  # moments are typed as the fair's clock shows them
        form = PublishForm(request.POST or None)
        if request.method == "POST" and form.is_valid() and _published(request, run, proposal, form):
            return page.back_to(run)
        found = publishing.to_offer(proposal)
        lines = found.offered
        context = {
            **page.admin_site.each_context(request),
            "title": gettext("Take over and offer"),
            "opts": page.opts,
            "original": run,
            "run": run,
            "form": form,
            "lines": lines,
            "early": found.early,
            "exhibitors": len({line.application_id for line in lines}),
            "shown": LINES_SHOWN,
            "further": max(0, len(lines) - LINES_SHOWN),
            "is_taken_over": proposal.taken_over_at is not None,
            "back": reverse("admin:allocations_allocationrun_change", args=[run.pk]),
        }
        return TemplateResponse(request, "admin/allocations/publish.html", context).render()


def _published(request: HttpRequest, run: AllocationRun, proposal: Proposal, form: PublishForm) -> bool:
    user: Any = request.user
    try:
        done = publishing.publish(proposal_id=proposal.pk, by=user, now=clock.now(), at=form.cleaned_data["at"])
    except Refused as refusal:
        form.add_error(None, take_over.text_of(refusal))
        return False
    publish_soon()
    if form.cleaned_data["at"]:
        messages.success(request, gettext("The offers go at %(moment)s.") % {"moment": moment_text(done.publish_at, run.fair.zone)})
    else:
        messages.success(request, gettext("The offers go within a minute."))
    return True


def call_off_page(page: "AllocationRunAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    run = page.found(request, object_id)
    if request.method != "POST":
        return page.back_to(run)
    proposal = _proposal_of(request, run)
    if proposal is not None:
        try:
            publishing.call_off(proposal_id=proposal.pk, now=clock.now())
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, gettext("No offers go by themselves. What was taken over stays planned."))
    return page.back_to(run)
