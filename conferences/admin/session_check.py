"""On a session's page: what to look at in the draft because of it, and free places, each taken by one press."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

import clock
from api.problems import Refused
from api.text import sentences
from conferences.admin.board_state import drafted, free_json, place_seen, place_text, place_token
from conferences.domain import programme
from conferences.domain.draft import draft_of
from conferences.domain.draft_warnings import DraftWarning, warnings_in
from conferences.domain.free_places import free_places_in
from conferences.domain.programme import place_of
from conferences.models import Conference, Room, Session
from fairs import access
from fairs.admin_scope import FairScopedAdmin
from fairs.roles import Right

PROPOSED = 3


def warnings_about(conference: Conference, session_id: int) -> list[DraftWarning]:
    """Those of the draft that name this session."""
    return [one for one in warnings_in(draft_of(conference)) if session_id in {named.id for named in one.sessions}]


class SessionCheckAdmin(FairScopedAdmin):
    """What the page of sessions is built on."""

    change_form_outer_before_template = "admin/conferences/session/check.html"

    def get_urls(self) -> list[URLPattern]:
        place = self.admin_site.admin_view(self.place_view)
        return [path("<path:object_id>/place/", place, name="conferences_session_place"), *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None) -> Any:
        session = self.get_object(request, object_id)
        panel = {} if session is None or session.cancelled_at else self._panel(request, session)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **panel})

    def _panel(self, request: HttpRequest, session: Session) -> dict[str, Any]:
        conference = _conference_of(session)
        user: Any = request.user
        draft = draft_of(conference)
        found = [one for one in warnings_in(draft) if session.pk in {named.id for named in one.sessions}]
        is_editor = access.has_right(user, fair_id=conference.fair_id, right=Right.EDIT_CONFERENCE)
        wants_place = is_editor and (session.draft_starts_at is None or any(one.is_of_place for one in found))
        free = free_places_in(draft, session_id=session.pk, now=clock.now(), limit=PROPOSED) if wants_place else []
        return {
            "draft_warnings": [{"hard": one.is_hard, "text": str(one)} for one in found],
            "wants_place": wants_place,
            "free_places": [{**free_json(conference, one), "value": _value(one.room.id, one.starts_at, one.ends_at)} for one in free],
            "place_token": place_token(place_of(session)),
            "board_url": f"{reverse('admin:conferences_conference_board', args=[conference.pk])}?session={session.pk}",
        }

    def place_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Put the session where ``place`` says, if it is still where ``seen`` says."""
        session = self.get_object(request, object_id)
        if session is None:
            raise Http404
        user: Any = request.user
        if not access.has_right(user, fair_id=session.conference.fair_id, right=Right.EDIT_CONFERENCE):
            raise PermissionDenied
        if request.method != "POST":
            return self.back_to(session)
        try:
            moved = self._place(request, session)
        except (Refused, ValidationError) as refusal:
            messages.error(request, sentences(*refusal.messages) if isinstance(refusal, ValidationError) else str(refusal))
        except ValueError:
            messages.error(request, _("This page is old: load it again."))
        else:
            where = place_text(_conference_of(moved), drafted(moved))
            self.log_change(request, moved, _("On the board: %(place)s") % {"place": where})
            messages.success(request, _("“%(title)s”: %(place)s") % {"title": moved.title, "place": where})
        return self.back_to(session)

    def _place(self, request: HttpRequest, session: Session) -> Session:
        user: Any = request.user
        place, seen = place_seen(request.POST.get("place", "")), place_seen(request.POST.get("seen", ""))
        room = Room.objects.filter(conference=session.conference_id, pk=place.room_id).first()
        if room is None or place.starts_at is None:
            raise ValueError("a page of ours names a room and a time")
        return programme.place_session(
            session_id=session.pk, room=room, starts_at=place.starts_at, ends_at=place.ends_at, seen=seen, by=user, now=clock.now()
        )

    def response_add(self, request: HttpRequest, obj: Session, post_url_continue: str | None = None) -> HttpResponse:
        self._warn(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Session) -> HttpResponse:
        self._warn(request, obj)
        return super().response_change(request, obj)

    def _warn(self, request: HttpRequest, session: Session) -> None:
        """What was saved is saved; whoever did it sees what to look at because of it."""
        stays = {"_continue", "_saveasnew"} & set(request.POST)
        found = [] if stays or session.cancelled_at else warnings_about(_conference_of(session), session.pk)
        if found:
            messages.warning(request, sentences(*(str(one) for one in found)))


def _conference_of(session: Session) -> Conference:
    return Conference.objects.select_related("fair", "site").get(pk=session.conference_id)


def _value(room_id: int, *times: Any) -> str:
    return place_token(programme.Place(room_id, *times))
