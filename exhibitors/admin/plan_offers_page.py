"""Before offers are sent: which, to whom, with which letters, and what is not possible and why. Then they are."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import clock
from api.problems import Refused
from api.text import labelled, sentences
from exhibitors.admin.planner import hall_for
from exhibitors.domain import plan_offers
from exhibitors.models import Placement
from fairs.models import Hall
from fairs.roles import Right

if TYPE_CHECKING:
    from exhibitors.admin.hall import PlannedHallAdmin

_LETTERS_SHOWN = 10
_MOST = 500  # offers at one go: what is shown is made and undone within the request


def offers_page(page: "PlannedHallAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    """GET shows what would be sent, POST with ``confirmed`` sends what the page has shown and the reader has kept."""
    hall = hall_for(page, request, object_id, Right.PLACE)
    user: Any = request.user
    back = reverse("admin:fairs_hall_plan", args=[hall.pk])
    if request.method == "POST":
        return _send(request, hall, back)
    everywhere = "site" in request.GET
    plans = _plans_of(hall, everywhere=everywhere)
    rows = list(plans[:_MOST])
    preview = plan_offers.preview(placement_ids=[row.pk for row in rows], by=user, now=clock.now())
    refused = [(row, preview.results[row.pk]) for row in rows if isinstance(preview.results[row.pk], Refused)]
    possible = [row for row in rows if not isinstance(preview.results[row.pk], Refused)]
    context = {
        **page.admin_site.each_context(request),
        "title": _("Send offers"),
        "opts": page.opts,
        "original": hall,
        "hall": hall,
        "possible": [(row, preview.readers.get(row.application_id, [])) for row in possible],
        "refused": refused,
        "letters": preview.letters[:_LETTERS_SHOWN],
        "further": max(0, len(preview.letters) - _LETTERS_SHOWN),
        "letter_count": len(preview.letters),
        "elsewhere": 0 if everywhere else _plans_of(hall, everywhere=True).count() - plans.count(),
        "later": max(0, plans.count() - len(rows)),
        "back": back,
    }
    return TemplateResponse(request, "admin/exhibitors/hall/offers.html", context)


def _plans_of(hall: Hall, *, everywhere: bool) -> Any:
    """The plans of the hall, or of all halls of its site."""
    rows = Placement.objects.plans().filter(site=hall.site_id) if everywhere else Placement.objects.plans().filter(stand__hall=hall)
    return rows.select_related("application__company", "stand__hall").order_by("stand__hall__slug", "stand__number")


def _send(request: HttpRequest, hall: Hall, back: str) -> HttpResponse:
    user: Any = request.user
    shown = [int(pk) for pk in request.POST.getlist("plans") if pk.isdecimal() and len(pk) < 19][:_MOST]
    here = set(Placement.objects.plans().filter(pk__in=shown).exclude(site=hall.site_id).values_list("pk", flat=True))
    chosen = [pk for pk in shown if pk not in here]
    if not chosen:
        messages.warning(request, _("Nothing was chosen: no offer is made."))
        return HttpResponseRedirect(back)
    hold = request.POST.get("when") == "hold"
    names = {row.pk: str(row.application.company) for row in Placement.objects.filter(pk__in=chosen).select_related("application__company")}
    results = plan_offers.send_offers(placement_ids=chosen, by=user, now=clock.now(), hold=hold)
    made = sum(isinstance(result, Placement) for result in results.values())
    if made:
        text = ngettext("%(count)d offer made.", "%(count)d offers made.", made) % {"count": made}
        held = _("The exhibitors have not been told: the offers are held until you announce them.")
        told = held if hold else _("The letters are on their way.")
        messages.success(request, sentences(text, told))
    for pk, result in results.items():
        if isinstance(result, Refused):
            messages.warning(request, labelled(names.get(pk, "–"), result))
    return HttpResponseRedirect(back)
