"""What is due for one application, on a page of the desk: what the exhibitor sees, with a tick for what the system cannot see."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

import clock
from api.languages import pick
from api.problems import Refused
from exhibitors.domain import deadline_ticks
from exhibitors.domain.checklist import ITEM_STATES, Item, checklist
from exhibitors.domain.deadline_ticks import LONGEST_NOTE
from exhibitors.models import Application, DeadlineTick
from fairs import access
from fairs.models import Deadline
from fairs.moments import moment_of_both
from fairs.roles import Right

if TYPE_CHECKING:
    from exhibitors.admin.application import ApplicationAdmin


def checklist_page(page: "ApplicationAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    """Show the checklist to who sees the application; tick and untick for who may change it."""
    application = page.get_object(request, object_id)
    if application is None:
        raise Http404
    user: Any = request.user
    may_tick = access.has_right(user, fair_id=application.fair_id, right=Right.EDIT_APPLICATIONS)
    here = reverse("admin:exhibitors_application_checklist", args=[application.pk])
    if request.method == "POST":
        if not may_tick:
            raise PermissionDenied
        _take(request, application)
        return HttpResponseRedirect(here)
    codes = dict(Deadline.objects.filter(fair=application.fair_id).values_list("pk", "code"))
    ticks = {tick.deadline_id: tick for tick in DeadlineTick.objects.filter(application=application).select_related("by")}
    zones = {"fair_zone": application.fair.time_zone, "reader_zone": user.time_zone}
    rows = [{**_row(item, codes, ticks), "due": moment_of_both(item.due_at, **zones)} for item in checklist(application, now=clock.now())]
    context = {
        **page.admin_site.each_context(request),
        "title": _("What is due"),
        "opts": page.opts,
        "original": application,
        "application": application,
        "rows": rows,
        "may_tick": may_tick,
        "longest_note": LONGEST_NOTE,
        "back": reverse("admin:exhibitors_application_change", args=[application.pk]),
    }
    return TemplateResponse(request, "admin/exhibitors/application/checklist.html", context)


def _row(item: Item, codes: dict[int, str], ticks: dict[int, DeadlineTick]) -> dict[str, Any]:
    tick = ticks.get(item.deadline or 0)
    return {
        "title": pick(item.title, get_language() or "en"),  # type: ignore[arg-type]
        "state": ITEM_STATES[item.state],
        "name": item.state.value,
        "why": item.why,
        "extended": item.extended,
        "code": codes.get(item.deadline or 0, ""),
        "tick": tick,
        "may_tick": tick is None and item.deadline is not None and not item.is_waiting and item.state != "done",
    }


def _take(request: HttpRequest, application: Application) -> None:
    user: Any = request.user
    code, note = (request.POST.get(name, "").replace("\x00", "") for name in ("deadline", "note"))
    try:
        if request.POST.get("do") == "untick":
            deadline_ticks.untick(application_id=application.pk, deadline=code)
            messages.success(request, _("The tick is taken back."))
        else:
            deadline_ticks.tick(application_id=application.pk, deadline=code, by=user, now=clock.now(), note=note)
            messages.success(request, _("Ticked off: no further reminder goes."))
    except Refused as refusal:
        for error in refusal.facts.get("errors", [{"detail": str(refusal)}]):
            messages.error(request, str(error["detail"]))
