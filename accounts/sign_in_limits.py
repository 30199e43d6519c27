"""One limiter a path: axes counts at the desk (/admin/), allauth under /_allauth/. Both count by the same address."""

import ipaddress
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.conf import settings
from django.http import HttpRequest

from accounts.models import normalise_address


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

    def user_logged_out(self, sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
        if self.is_admin_request(request):
            super().user_logged_out(sender, request, user, **kwargs)
