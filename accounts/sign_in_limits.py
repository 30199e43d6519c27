"""One limiter a path: axes counts at the desk (/admin/), allauth under /_allauth/. Both count by the same address."""

import hashlib
import ipaddress
import json
import math
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.core.internal.ratelimit import get_rates
from axes.handlers.database import AxesDatabaseHandler
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext
from rest_framework.exceptions import Throttled

from accounts.models import normalise_address
from api.addresses import DESK
from api.limits import Limit
from api.problems import wait_text

DESK_TRIES = Limit("desk-sign-in", most=settings.AXES_FAILURE_LIMIT, period=timedelta(hours=settings.AXES_COOLOFF_TIME))
CODE_TRIES = Limit("sign-in-code", most=10, period=timedelta(minutes=15))
CODE_PATHS = frozenset(
    f"/_allauth/app/v1/auth/{path}"
    for path in (
        "email/verify", "password/reset", "code/confirm", "phone/verify", "2fa/authenticate", "reauthenticate", "2fa/reauthenticate",
    )
)  # fmt: skip

FAILED_SIGN_INS = b"too_many_login_attempts"

# Which of allauth's limits guard which address; a code by mail goes with more than one of them.
GUARDS = {
    "auth/login": ("login", "confirm_email"),
    "auth/signup": ("signup", "confirm_email"),
    "auth/email/verify/resend": ("confirm_email",),
    "auth/password/request": ("reset_password",),
    "auth/password/reset": ("reset_password_from_key",),
    "auth/reauthenticate": ("reauthenticate",),
    "account/email": ("manage_email", "confirm_email"),
    "account/password/change": ("change_password",),
}


def client_address(request: HttpRequest) -> str:
    """The address that counts against the limits: the one that the outermost of our TRUSTED_PROXIES saw."""
    proxies = settings.TRUSTED_PROXIES
    header = request.headers.get("x-forwarded-for", "")
    forwarded = header.split(",") if header else []
    # fewer entries than proxies: the request did not come through them, and its header is worth nothing
    found = forwarded[-proxies] if len(forwarded) >= proxies > 0 else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(found.strip()))
    except ValueError:
        return "0.0.0.0"  # noqa: S104 - behind a Unix socket there is no address: all such callers share one limit


def counted_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The address typed at the desk, however it was spelt: no capital letter opens a new account of attempts."""
    return normalise_address(str((credentials or {}).get("username") or request.POST.get("username", "")))


class DeskHandler(AxesDatabaseHandler):
    """AXES_ONLY_ADMIN_SITE keeps axes from refusing elsewhere; this keeps it from counting and logging there as well."""

    def user_login_failed(self, sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
        if request is not None and self.is_admin_request(request):
            super().user_login_failed(sender, credentials, request, **kwargs)

    def user_logged_in(self, sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
        if self.is_admin_request(request):
            super().user_logged_in(sender, request, user, **kwargs)
            DESK_TRIES.forget(who=getattr(request, "desk_try", ""), now=timezone.now())

    def user_logged_out(self, sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
        if self.is_admin_request(request):
            super().user_logged_out(sender, request, user, **kwargs)

    def is_allowed(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        """Each try is spent before it is made: axes counts what has failed, and of many at once all would find nothing counted yet."""
        if not super().is_allowed(request, credentials):
            return False
        if not (credentials and self.is_admin_request(request)) or hasattr(request, "desk_try"):
            return True
        request.desk_try = _who_at_desk(request, credentials)  # type: ignore[attr-defined]
        try:
            DESK_TRIES.spend(who=request.desk_try, now=timezone.now())  # type: ignore[attr-defined]
        except Throttled:
            return False
        return True


def too_many_failed_sign_ins() -> str:
    """What allauth says of the sixth wrong password, with the time that it leaves out; again the whole window."""
    wait = wait_text(_window_of("login_failed"))
    return gettext("Too many failed attempts to sign in. %(wait)s") % {"wait": wait}


class RetryAfterMiddleware:
    """Whoever is refused for trying too often hears how long to wait, where the limiter itself does not say: allauth's and axes'.

    It is the whole window, alike for everybody at one address: the rest of it would tell of other people's tries.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS and "Retry-After" not in response:
            seconds = _window_at(request.path_info)
            response["Retry-After"] = str(seconds)
            if request.path_info.startswith("/_allauth/"):
                response.content = json.dumps(_too_many(seconds)).encode()
        elif response.status_code == HTTPStatus.BAD_REQUEST and FAILED_SIGN_INS in getattr(response, "content", b""):
            response["Retry-After"] = str(_window_of("login_failed"))
        return response


def _too_many(seconds: int) -> dict[str, Any]:
    """The body of a refusal in the shape of allauth's errors; its own has the status alone."""
    return {"status": HTTPStatus.TOO_MANY_REQUESTS, "errors": [{"message": wait_text(seconds), "code": "rate_limited"}]}


def _window_at(path: str) -> int:
    """How many seconds after the latest try the limits of this address have forgotten all of them."""
    if path.startswith(DESK):
        return settings.AXES_COOLOFF_TIME * 3600
    actions = GUARDS.get(path.removeprefix("/_allauth/app/v1/"), account_settings.RATE_LIMITS)
    return max(map(_window_of, actions), default=60)


def _window_of(action: str) -> int:
    return max((math.ceil(rate.duration) for rate in get_rates(app="allauth.account", action=action)), default=60)


class CodeTriesMiddleware:
    """Codes and second factors are tried a few times with one session, however many requests try at once.

    allauth counts them in the session itself, where of many at once each reads the same number. GET takes a code as well, in a header.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "OPTIONS" or request.path_info not in CODE_PATHS:
            return self.get_response(request)
        try:
            CODE_TRIES.spend(who=_session_of(request), now=timezone.now())
        except Throttled as refusal:
            wait = math.ceil(getattr(refusal, "wait", None) or 1)
            return JsonResponse(_too_many(wait), status=HTTPStatus.TOO_MANY_REQUESTS, headers={"Retry-After": str(wait)})
        return self.get_response(request)


def _session_of(request: HttpRequest) -> str:
    """The session token as a hash; without one the caller's address: what cannot belong to a session is tried with none."""
    token = request.headers.get("X-Session-Token", "")
    return hashlib.sha256(token.encode()).hexdigest() if token else client_address(request)


def _who_at_desk(request: HttpRequest, credentials: dict[str, Any]) -> str:
    text = f"{counted_name(request, credentials)}\n{client_address(request)}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
