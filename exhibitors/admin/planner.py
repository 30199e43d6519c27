"""The plan of a hall on the desk: the page that planners work on, what its script reads and asks for, and the sheet to print.

The page shows and asks; whether something is possible the domain says, for everybody at once (domain/planning.py, stand_holds.py).
"""

import json
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import clock
from api.etags import digest_of, is_known
from api.languages import active_language
from api.problems import Refused
from api.text import sentences
from exhibitors.admin.plan_looks import MODES, Looks, state_json
from exhibitors.domain import planning, plans, stand_holds
from exhibitors.domain.plan_state import HallPlan
from exhibitors.models import Application, PlanChange
from fairs import access
from fairs.floor_drawing import PAPERS, draw, floor_only, text_of
from fairs.models import Hall, Stand
from fairs.roles import Right

if TYPE_CHECKING:
    from exhibitors.admin.hall import PlannedHallAdmin

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_FITS_SHOWN = 60


class Unclear(Refused):
    """The page asked for something that the hall has not, or left something out."""

    code = "unclear"


def hall_for(page: "PlannedHallAdmin", request: HttpRequest, object_id: str, right: Right = Right.VIEW_APPLICATIONS) -> Hall:
    """The hall, for somebody who has ``right`` at its fair. Raises Http404, PermissionDenied."""
    hall = page.get_object(request, object_id)
    if hall is None:
        raise Http404
    user: Any = request.user
    if not access.has_right(user, fair_id=hall.fair_id, right=right):
        raise PermissionDenied
    return hall


def plan_of(request: HttpRequest, hall: Hall) -> HallPlan:
    user: Any = request.user
    seen = access.within(user, Right.VIEW_APPLICATIONS, fair="fair", region="company__region__code")
    return HallPlan(hall, seen=seen, now=clock.now())


def plan_page(page: "PlannedHallAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    """The page itself; ``?application=`` or ``?stand=`` says whom or what to show first."""
    hall = hall_for(page, request, object_id)
    user: Any = request.user
    plan = plan_of(request, hall)
    looks = Looks(plan)
    may_place = access.has_right(user, fair_id=hall.fair_id, right=Right.PLACE)
    context = {
        **page.admin_site.each_context(request),
        "title": _("Plan: %(hall)s") % {"hall": hall},
        "opts": page.opts,
        "original": hall,
        "hall": hall,
        "is_fullwidth": "1",
        "may_place": may_place,
        "modes": MODES.items(),
        "halls": Hall.objects.filter(site=hall.site_id).order_by("slug"),
        # our own drawing, with every text escaped by the XML library
        "floor": mark_safe(text_of(floor_only(looks.sheet()))),  # noqa: S308
        "state": {**state_json(looks, unplaced=plan.unplaced()), "undo": _undo_text(request, hall) if may_place else ""},
        "settings": _settings(request, hall, may_place=may_place),
        "empty": not plan.stands,
    }
    return TemplateResponse(request, "admin/exhibitors/hall/plan.html", context)


def _settings(request: HttpRequest, hall: Hall, *, may_place: bool) -> dict[str, Any]:
    """What the script has to know once."""
    urls = {name: reverse(f"admin:fairs_hall_plan_{name}", args=[hall.pk]) for name in ("state", "fits", "change", "sheet")}
    first = {name: int(value) for name in ("application", "stand") if (value := request.GET.get(name, "")).isdecimal() and len(value) < 19}
    return {"urls": urls, "mayPlace": may_place, "first": first, "latest": f"{hall.fair.ends_on:%Y-%m-%d}T23:59"}


def state_view(page: "PlannedHallAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    """What changes, asked for every few seconds: 304 while nothing has."""
    hall = hall_for(page, request, object_id)
    user: Any = request.user
    plan = plan_of(request, hall)
    found = state_json(Looks(plan), unplaced=plan.unplaced())
    may_place = access.has_right(user, fair_id=hall.fair_id, right=Right.PLACE)
    found = {**found, "undo": _undo_text(request, hall) if may_place else "", "latest": _latest(plan, user)}
    tag = f'"{digest_of(found)}-{active_language()}"'
    response = HttpResponseNotModified() if is_known(request, tag) else JsonResponse(found)
    response["ETag"], response["Cache-Control"] = tag, "private, no-store"
    return response


def _latest(plan: HallPlan, user: Any) -> str:
    """Who changed the plan of this hall last, unless it was the reader."""
    rows = PlanChange.objects.filter(to_stand__hall=plan.hall) | PlanChange.objects.filter(from_stand__hall=plan.hall)
    change = rows.select_related("by", "application__company", "to_stand", "from_stand").order_by("-pk").first()
    if change is None or change.by is None or change.by == user:
        return ""
    seen = Application.objects.filter(plan.seen, pk=change.application_id).exists()
    company = str(change.application.company) if seen else "–"
    stand = change.to_stand or change.from_stand
    text = _("%(who)s: %(company)s, stand %(number)s, %(what)s")
    return text % {"who": change.by.get_full_name(), "company": company, "number": stand, "what": change.get_kind_display()}


def _undo_text(request: HttpRequest, hall: Hall) -> str:
    """What the button would undo, or ''."""
    user: Any = request.user
    changes = planning.latest_of(hall.fair, user)
    if not changes:
        return ""
    if len(changes) > 1:
        return ngettext("%(count)d change made at once", "%(count)d changes made at once", len(changes)) % {"count": len(changes)}
    (change,) = changes
    stand = change.to_stand or change.from_stand
    return _("%(company)s, stand %(number)s, %(what)s") % {
        "company": change.application.company,
        "number": stand,
        "what": change.get_kind_display(),
    }


def fits_view(page: "PlannedHallAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    """The stands that ``?application=`` could have, the best first, each with what speaks for it and against."""
    hall = hall_for(page, request, object_id)
    plan = plan_of(request, hall)
    asked = request.GET.get("application", "")
    if not (asked.isdecimal() and len(asked) < 19):
        return _answer(_("Name an application."), status=400)
    application = plan.application(int(asked))
    if application is None:
        return _answer(_("This application does not ask for the site of this hall."), status=404)
    fits = [
        {
            "stand": one.stand.pk,
            "number": one.stand.number,
            "points": round(one.points),
            "suitable": one.is_suitable,
            "reasons": [{"weight": reason.weight.value, "text": reason.text} for reason in one.reasons],
        }
        for place, one in enumerate(plan.fits(application))
        if place < _FITS_SHOWN or any(row.application_id == application.pk for row in plan.placements_on(one.stand.pk))
    ]
    response = JsonResponse({"application": application.pk, "company": str(application.company), "fits": fits})
    response["Cache-Control"] = "private, no-store"
    return response


def sheet_view(page: "PlannedHallAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    """The organisers' plan to print: ``?by=`` colours it, ``?print=`` names the paper."""
    hall = hall_for(page, request, object_id)
    looks = Looks(plan_of(request, hall), request.GET.get("by", ""))
    drawing = draw(looks.sheet(), paper=PAPERS.get(request.GET.get("print", "a3")))
    response = HttpResponse(drawing, content_type="image/svg+xml; charset=utf-8")
    response["Content-Security-Policy"], response["Cache-Control"] = _POLICY, "private, no-store"
    return response


def change_view(page: "PlannedHallAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    """One change that the script asks for: 200 with what was done, or why it was not."""
    hall = hall_for(page, request, object_id, Right.PLACE)
    if request.method != "POST":
        return _answer(_("Changes are posted."), status=405)
    asked = _asked(request)
    take = _CHANGES.get(asked.get("action", ""))
    if take is None:
        return _answer(_("This page is old: load it again."), status=400)
    try:
        return _answer(take(request, hall, asked))
    except Refused as refusal:
        errors = sentences(*(error["detail"] for error in refusal.facts.get("errors", [])))
        return _answer(errors or str(refusal), status=409)


def _asked(request: HttpRequest) -> dict[str, Any]:
    """The body as a flat object of texts and whole numbers; anything else is as good as nothing."""
    try:
        found = json.loads(request.body)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: value for name, value in found.items() if isinstance(value, str) or (type(value) is int and 0 < value < 2**63)}


def _answer(text: str, *, status: int = 200) -> HttpResponse:
    return JsonResponse({"message": text}, status=status)


def _stand_of(hall: Hall, asked: dict[str, Any]) -> Stand:
    stand = Stand.objects.filter(hall=hall, pk=_number(asked, "stand")).first()
    if stand is None:
        raise Unclear(_("This hall has no such stand: load the page again."))
    return stand


def _number(asked: dict[str, Any], name: str) -> int:
    value = asked.get(name)
    return value if isinstance(value, int) else 0


def _plan(request: HttpRequest, hall: Hall, asked: dict[str, Any]) -> str:
    user: Any = request.user
    stand, application = _stand_of(hall, asked), _application_of(hall, asked)
    planning.plan_stand(application_id=application.pk, stand_id=stand.pk, by=user, now=clock.now())
    return _("%(company)s is planned on stand %(number)s.") % {"company": application.company, "number": stand}


def _move(request: HttpRequest, hall: Hall, asked: dict[str, Any]) -> str:
    user: Any = request.user
    stand = _stand_of(hall, asked)
    placement = planning.move(placement_id=_placement_of(hall, asked), stand_id=stand.pk, by=user, now=clock.now())
    return _("%(company)s is planned on stand %(number)s.") % {"company": placement.application.company, "number": stand}


def _unplan(request: HttpRequest, hall: Hall, asked: dict[str, Any]) -> str:
    user: Any = request.user
    planning.unplan(placement_id=_placement_of(hall, asked), by=user, now=clock.now())
    return _("Taken off the plan: the stand is free.")


def _undo(request: HttpRequest, hall: Hall, asked: dict[str, Any]) -> str:
    user: Any = request.user
    what = _undo_text(request, hall)
    undone = planning.undo(fair=hall.fair, by=user, now=clock.now())
    refused = sentences(*undone.refused[:3])
    done = _("Undone: %(what)s.") % {"what": what}
    return sentences(done, refused) if undone.changes else refused


def _hold(request: HttpRequest, hall: Hall, asked: dict[str, Any]) -> str:
    user: Any = request.user
    stand = _stand_of(hall, asked)
    application = _application_of(hall, asked) if "application" in asked else None
    try:
        until = datetime.fromisoformat(str(asked.get("until", ""))).replace(tzinfo=hall.fair.zone)
    except ValueError as error:
        raise Unclear(_("Name a day and a time.")) from error
    stand_holds.hold_stand(
        stand_id=stand.pk,
        by=user,
        now=clock.now(),
        until=until,
        application_id=application.pk if application else None,
        note=str(asked.get("note", ""))[:200],
    )
    return _("Stand %(number)s is held.") % {"number": stand}


def _release(request: HttpRequest, hall: Hall, asked: dict[str, Any]) -> str:
    stand = _stand_of(hall, asked)
    stand_holds.release_hold(stand_id=stand.pk, now=clock.now())
    return _("Stand %(number)s is released.") % {"number": stand}


def _application_of(hall: Hall, asked: dict[str, Any]) -> Application:
    found = Application.objects.select_related("company").filter(fair=hall.fair_id, pk=_number(asked, "application")).first()
    if found is None:
        raise Unclear(_("This fair has no such application."))
    return found


def _placement_of(hall: Hall, asked: dict[str, Any]) -> int:
    """The id of a plan of this fair, or of one that is gone: planning says by whom. Raises PlanGone for another fair's."""
    number = _number(asked, "placement")
    fairs = PlanChange.objects.filter(from_placement=number).values_list("application__fair", flat=True)
    here = planning.fair_of(number) or fairs.first()
    if here != hall.fair_id:
        raise plans.gone(number)
    return number


_CHANGES: dict[str, Callable[[HttpRequest, Hall, dict[str, Any]], str]] = {
    "plan": _plan,
    "move": _move,
    "unplan": _unplan,
    "undo": _undo,
    "hold": _hold,
    "release": _release,
}
