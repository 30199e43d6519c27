"""The programme board on the desk: the page that organisers arrange the draft on, and what its script reads and asks for.

The page shows and asks; whether something is possible the domain says (domain/programme.py, draft_warnings.py).
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

import clock
from api.etags import digest_of, is_known
from api.languages import active_language
from api.problems import Refused
from api.text import sentences
from conferences.admin.board_state import drafted, free_json, place_seen, place_text, place_token, state_json, warnings_json
from conferences.domain import programme
from conferences.domain.draft import Placed, draft_of
from conferences.domain.draft_warnings import warnings_in
from conferences.domain.free_places import free_places_in
from conferences.domain.moments import NoSuchTime, moment_in
from conferences.models import Conference, Room, Session, SessionMove
from fairs import access
from fairs.roles import Right

if TYPE_CHECKING:
    from conferences.admin.conference import ConferenceAdmin

_NEWS = timedelta(minutes=1)


class Unclear(Refused):
    """The page asked for something that the conference has not, or left something out."""

    code = "unclear"


def conference_for(page: "ConferenceAdmin", request: HttpRequest, object_id: str, right: Right = Right.VIEW_CONFERENCE) -> Conference:
    """The conference, for somebody who has ``right`` at its fair. Raises Http404, PermissionDenied."""
    conference: Conference | None = page.get_object(request, object_id)
    if conference is None:
        raise Http404
    if not _has_right(request, conference, right):
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
        "release": reverse("admin:conferences_conference_release", args=[conference.pk]),
        "may_edit": _has_right(request, conference, Right.EDIT_CONFERENCE),
    }
    return TemplateResponse(request, "admin/conferences/conference/board.html", context)


def _settings(request: HttpRequest, conference: Conference) -> dict[str, Any]:
    """What the script has to know once."""
    urls = {
        name: reverse(f"admin:conferences_conference_board_{name}", args=[conference.pk]) for name in ("state", "check", "free", "change")
    }
    asked = request.GET.get("session", "")
    return {
        "urls": urls,
        "first": int(asked) if asked.isdecimal() and len(asked) < 19 else None,
        "mayEdit": _has_right(request, conference, Right.EDIT_CONFERENCE),
    }


def _has_right(request: HttpRequest, conference: Conference, right: Right) -> bool:
    user: Any = request.user
    return access.has_right(user, fair_id=conference.fair_id, right=right)


def state_view(page: "ConferenceAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    """What changes, asked for every few seconds: 304 while nothing has."""
    conference = conference_for(page, request, object_id)
    found = state_json(conference)
    tag = f'"{digest_of(found)}-{active_language()}"'
    response = HttpResponseNotModified() if is_known(request, tag) else JsonResponse({**found, "latest": _latest(request, conference)})
    response["ETag"], response["Cache-Control"] = tag, "private, no-store"
    return response


def _latest(request: HttpRequest, conference: Conference) -> str:
    """Who else moved a session of this conference just now, and where it is."""
    user: Any = request.user
    moves = SessionMove.objects.filter(session__conference=conference, at__gte=clock.now() - _NEWS, by__isnull=False).exclude(by=user)
    move = moves.select_related("session__draft_room", "by").first()
    if move is None or move.by is None:
        return ""
    facts = {"who": move.by.get_full_name(), "title": move.session.title, "place": place_text(conference, drafted(move.session))}
    return _("%(who)s: “%(title)s”, %(place)s") % {**facts, "place": facts["place"] or _("without a time")}


def check_view(page: "ConferenceAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    """What would stand against ``?session=`` at the place of ``?room=``, ``?starts=`` and ``?minutes=``, hard reasons first."""
    conference = conference_for(page, request, object_id)
    try:
        session, place = _asked_place(conference, request.GET.dict())
        programme.check_session(conference=conference, starts_at=place.starts_at, ends_at=place.ends_at)
        warnings = [one for one in _warnings_at(conference, session, place) if session.pk in one["sessions"]]
    except (Refused, ValidationError, NoSuchTime) as refusal:
        warnings = [{"hard": True, "text": _words(refusal), "sessions": []}]
    response = JsonResponse({"warnings": warnings})
    response["Cache-Control"] = "private, no-store"
    return response


def _warnings_at(conference: Conference, session: Session, place: programme.Place) -> list[dict[str, Any]]:
    draft = draft_of(conference)
    others = [one for one in draft.placed if one.session.id != session.pk]
    moved = [one.session for one in draft.placed if one.session.id == session.pk] or [one for one in draft.unplaced if one.id == session.pk]
    if not moved or place.starts_at is None or place.ends_at is None:
        return []
    room = next((room for room in draft.rooms if room.id == place.room_id), None)
    there = Placed(moved[0], place.starts_at, place.ends_at, room)
    return warnings_json(warnings_in(replace(draft, placed=(*others, there), unplaced=())))


def free_view(page: "ConferenceAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    """Where ``?session=`` could go, the best places first; none for one that is unknown here."""
    conference = conference_for(page, request, object_id)
    found = free_places_in(draft_of(conference), session_id=_number(request.GET.dict(), "session"), now=clock.now())
    response = JsonResponse({"places": [free_json(conference, one) for one in found]})
    response["Cache-Control"] = "private, no-store"
    return response


def change_view(page: "ConferenceAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    """One change that the script asks for: 200 with what was done, or why it was not."""
    conference = conference_for(page, request, object_id, Right.EDIT_CONFERENCE)
    if request.method != "POST":
        return JsonResponse({"message": _("Changes are posted.")}, status=405)
    asked = _body(request)
    take = _CHANGES.get(asked.get("action", ""))
    if take is None:
        return JsonResponse({"message": _("This page is old: load it again.")}, status=400)
    try:
        session = take(request, conference, asked)
    except (Refused, ValidationError, NoSuchTime) as refusal:
        return JsonResponse({"message": _words(refusal)}, status=409)
    where = place_text(conference, drafted(session)) or _("without a time")
    page.log_change(request, session, _("On the board: %(place)s") % {"place": where})
    told = _("“%(title)s”: %(place)s") % {"title": session.title, "place": where}
    return JsonResponse({"message": told, "token": place_token(programme.place_of(session))})


def _place(request: HttpRequest, conference: Conference, asked: dict[str, Any]) -> Session:
    user: Any = request.user
    session, place = _asked_place(conference, asked)
    room = Room.objects.filter(conference=conference, pk=place.room_id).first()
    if place.starts_at is None:
        raise Unclear(_("Name a day and a time."))
    return programme.place_session(
        session_id=session.pk, room=room, starts_at=place.starts_at, ends_at=place.ends_at, seen=_seen(asked), by=user, now=clock.now()
    )


def _take_off(request: HttpRequest, conference: Conference, asked: dict[str, Any]) -> Session:
    user: Any = request.user
    return programme.take_off(session_id=_session_of(conference, asked).pk, seen=_seen(asked), by=user, now=clock.now())


def _asked_place(conference: Conference, asked: dict[str, Any]) -> tuple[Session, programme.Place]:
    """The session that is asked about, and where it is to be. Raises Unclear, NoSuchTime."""
    session = _session_of(conference, asked)
    room = _number(asked, "room")
    if room and not Room.objects.filter(conference=conference, pk=room).exists():
        raise Unclear(_("This conference has no such room: load the page again."))
    minutes = _number(asked, "minutes")
    if not 1 <= minutes <= programme.LONGEST_SESSION.total_seconds() // 60:
        raise Unclear(_("A session lasts from 1 minute to 24 hours."))
    try:
        written = datetime.fromisoformat(str(asked.get("starts", "")))
    except ValueError as error:
        raise Unclear(_("Name a day and a time.")) from error
    starts_at = moment_in(conference.fair.zone, written)
    try:
        return session, programme.Place(room or None, starts_at, starts_at + timedelta(minutes=minutes))
    except OverflowError as error:
        raise Unclear(_("Name a day and a time.")) from error


def _session_of(conference: Conference, asked: dict[str, Any]) -> Session:
    session = Session.objects.filter(conference=conference, pk=_number(asked, "session")).first()
    if session is None:
        raise Unclear(_("This conference has no such session: load the page again."))
    return session


def _seen(asked: dict[str, Any]) -> programme.Place:
    try:
        return place_seen(str(asked.get("seen", "")))
    except ValueError as error:
        raise Unclear(_("This page is old: load it again.")) from error


def _body(request: HttpRequest) -> dict[str, Any]:
    """The body as a flat object of texts and whole numbers; anything else is as good as nothing."""
    try:
        found = json.loads(request.body)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: value for name, value in found.items() if isinstance(value, str) or type(value) is int}


def _number(asked: dict[str, Any], name: str) -> int:
    """A whole number of the body or of the address; 0 for anything else."""
    text = str(asked.get(name, ""))
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _words(refusal: Exception) -> str:
    return sentences(*refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)


_CHANGES: dict[str, Callable[[HttpRequest, Conference, dict[str, Any]], Session]] = {"place": _place, "take_off": _take_off}
