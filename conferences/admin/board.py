"""The programme board on the desk: the page that organisers arrange the draft on, and what its script reads and asks for.

The page shows and asks; whether something is possible the domain says (domain/programme.py, clashes.py).
"""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from api.etags import digest_of, is_known
from api.languages import active_language
from conferences.admin.board_state import state_json
from conferences.models import Conference
from fairs import access
from fairs.roles import Right

if TYPE_CHECKING:
    from conferences.admin.conference import ConferenceAdmin


def conference_for(page: "ConferenceAdmin", request: HttpRequest, object_id: str, right: Right = Right.VIEW_CONFERENCE) -> Conference:
    """The conference, for somebody who has ``right`` at its fair. Raises Http404, PermissionDenied."""
    conference: Conference | None = page.get_object(request, object_id)
    if conference is None:
        raise Http404
    user: Any = request.user
    if not access.has_right(user, fair_id=conference.fair_id, right=right):
        raise PermissionDenied
    return conference


def board_page(page: "ConferenceAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    """The page itself; ``?session=`` says which session to show first."""
    conference = conference_for(page, request, object_id)
    context = {
        **page.admin_site.each_context(request),
        "title": _("Programme board: %(conference)s") % {"conference": conference},
        "opts": page.opts,
        "original": conference,
        "conference": conference,
        "is_fullwidth": "1",
        "state": state_json(conference),
        "settings": _settings(request, conference),
    }
    return TemplateResponse(request, "admin/conferences/conference/board.html", context)


def _settings(request: HttpRequest, conference: Conference) -> dict[str, Any]:
    """What the script has to know once."""
    urls = {name: reverse(f"admin:conferences_conference_board_{name}", args=[conference.pk]) for name in ("state",)}
    asked = request.GET.get("session", "")
    return {"urls": urls, "first": int(asked) if asked.isdecimal() and len(asked) < 19 else None}


def state_view(page: "ConferenceAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    """What changes, asked for every few seconds: 304 while nothing has."""
    found = state_json(conference_for(page, request, object_id))
    tag = f'"{digest_of(found)}-{active_language()}"'
    response = HttpResponseNotModified() if is_known(request, tag) else JsonResponse(found)
    response["ETag"], response["Cache-Control"] = tag, "private, no-store"
    return response
