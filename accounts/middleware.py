"""What the desk needs to know about the person at it."""

import zoneinfo
from collections.abc import Callable

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from api.addresses import DESK
from api.languages import accepted_language


class PersonMiddleware:
    """Under /admin/ only: times in the person's zone, texts in the person's language, and the script rules the desk needs.

    Elsewhere nothing is done and the user is not loaded: the public API answers without asking who is there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(DESK):
            return self.get_response(request)
        with timezone.override(_zone_of(request)):
            _speak_language_of(request)
            response = self.get_response(request)
        if "script-src" in response.get(HEADER, ""):
            # CSPMiddleware stands nearer to the view and has written the general policy by now; a view's own one, without scripts, stays
            response[HEADER] = build_policy(
                config=getattr(response, "_csp_config", None),
                update=getattr(response, "_csp_update", None),
                replace={"script-src": settings.ADMIN_SCRIPT_SOURCES, **(getattr(response, "_csp_replace", None) or {})},
            )
        return response


def _zone_of(request: HttpRequest) -> zoneinfo.ZoneInfo | None:
    if not request.user.is_authenticated:
        return None
    try:
        return zoneinfo.ZoneInfo(request.user.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return None  # a zone that the database of zones has dropped since: the desk still opens, in UTC


def _speak_language_of(request: HttpRequest) -> None:
    """The person's language, unless this browser asked for one of ours: by the desk's own switch (a cookie) or by Accept-Language."""
    if settings.LANGUAGE_COOKIE_NAME in request.COOKIES or accepted_language(request.headers.get("Accept-Language", "")):
        return
    if request.user.is_authenticated:
        translation.activate(request.user.language)
        request.LANGUAGE_CODE = request.user.language
