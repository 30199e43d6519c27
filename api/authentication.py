"""Who asks: the session token of the sign-in API, or the admin's cookie."""

from importlib import import_module
from typing import Any

from allauth.headless.contrib.rest_framework.authentication import XSessionTokenAuthentication
from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.authentication import SessionAuthentication

from api import languages

LONGEST_TOKEN = 64


class SessionTokenAuthentication(XSessionTokenAuthentication):
    """``X-Session-Token``, as ``/_allauth/app/v1/`` hands it out. A token that is no token counts as none."""

    def authenticate(self, request: Any) -> tuple[Any, SessionBase] | None:
        token = self.get_session_token(request) or ""
        if not (token.isascii() and token.isalnum() and 8 <= len(token) <= LONGEST_TOKEN):
            return None
        session = import_module(settings.SESSION_ENGINE).SessionStore(session_key=token)
        # Reading loads it, which is the one query; an unknown or expired one forgets its key.
        if session.get(SESSION_KEY) is None or not session.session_key:
            return None
        carrier = HttpRequest()
        carrier.session = session
        user = get_user(carrier)
        if not user.is_authenticated:
            return None
        _remember(request, user)
        return user, session

    def authenticate_header(self, request: Any) -> str:
        return 'X-Session-Token realm="api"'


class CookieAuthentication(SessionAuthentication):
    """The browser's session of somebody signed in to the admin; unsafe methods need the CSRF token."""

    def authenticate(self, request: Any) -> tuple[Any, Any] | None:
        result = super().authenticate(request)
        if result is not None:
            _remember(request, result[0])
        return result

    def enforce_csrf(self, request: Any) -> None:
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied as error:
            raise exceptions.PermissionDenied(_("The CSRF token is missing or wrong."), code="csrf_failed") from error


def _remember(request: Any, user: Any) -> None:
    """From here on the person's language counts where the request names none."""
    getattr(request, "_request", request).api_person = user
    languages.settle(request)


class SessionTokenScheme(OpenApiAuthenticationExtension):
    target_class = "api.authentication.SessionTokenAuthentication"
    name = "sessionToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "X-Session-Token",
            "description": "`meta.session_token` of an answer under `/_allauth/app/v1/`.",
        }


class CookieScheme(OpenApiAuthenticationExtension):
    target_class = "api.authentication.CookieAuthentication"
    name = "cookie"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "The session of somebody signed in at the desk; whatever is no read also needs `X-CSRFToken`.",
        }
