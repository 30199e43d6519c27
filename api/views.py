"""Health, the API's front page, and the answers to what no view could answer."""

import socket
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.module_loading import import_string
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from api import languages
from api.addresses import DESK
from api.problems import (
    DATABASE_RETRY_AFTER,
    DETAILS,
    TITLES,
    TOO_LARGE,
    from_exception,
    is_api_path,
    problem,
    too_large_text,
)

CONNECT_TIMEOUT = 1.0  # seconds
_migrations_done = False


class RootView(APIView):
    """Where to go from here."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    throttle_classes: list[Any] = []

    @extend_schema(
        operation_id="api_root",
        description="The front page: where the documentation and the OpenAPI schema are.",
        tags=["reference"],
        responses=inline_serializer(
            "Root", {"name": serializers.CharField(), "docs": serializers.CharField(), "schema": serializers.CharField()}
        ),
    )
    def get(self, request: Any) -> Response:
        return Response(_front_page())


@cache
def _front_page() -> dict[str, str]:
    return {"name": "Yarmarka", "docs": reverse("docs"), "schema": reverse("schema")}


def healthz(request: HttpRequest) -> HttpResponse:
    """The process is up."""
    return _uncached({"status": "ok"})


def readyz(request: HttpRequest) -> HttpResponse:
    """Whether requests can be served: 503 names what is missing, ``degraded`` (200) what is late but not needed for an answer.

    Apps add their own by naming functions in ``settings.READINESS_CHECKS``: each returns '' or what is wrong.
    """
    global _migrations_done
    late: dict[str, str] = {}
    failing = _failing_part()
    if not failing:
        try:
            late = _late_parts()
        except (DatabaseError, InterfaceError):
            # The database went away, or was replaced by an empty one, under this process.
            _migrations_done = False
            failing = _failing_part() or "database"
    if failing:
        return _uncached({"status": "unavailable", "failing": failing}, status=503)
    return _uncached({"status": "degraded" if late else "ready", "degraded": late} if late else {"status": "ready"})


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if is_api_path(request) and exception is not None:
        languages.settle_early(request)
        answer = from_exception(exception, request=request)
        if answer is not None:
            return answer
    if isinstance(exception, TOO_LARGE):
        return _answer(request, 413, "request_too_large", detail=lambda: too_large_text(exception))
    return _answer(request, 400, "unknown_host" if isinstance(exception, DisallowedHost) else "bad_request")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 403, "permission_denied")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 404, "not_found")


def server_error(request: HttpRequest) -> HttpResponse:
    """What no view answered. A database that is away or busy is no fault of the program: trying again helps."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return _answer(request, 503, "database_away", headers={"Retry-After": DATABASE_RETRY_AFTER})
    return _answer(request, 500, "server_error")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _answer(request, 403, "csrf_failed")


def _answer(
    request: HttpRequest, status: int, code: str, *, headers: dict[str, str] | None = None, detail: Callable[[], str] | None = None
) -> HttpResponse:
    """``detail``: what is said instead of the code's own words, asked for in the reader's language."""
    if is_api_path(request):
        languages.settle_early(request)
        return problem(status=status, code=code, headers=headers)
    translation.activate(translation.get_language_from_request(request))
    page = format_html(
        '<!doctype html><html lang="{}"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        "<title>{}</title><h1>{}</h1><p>{}</p>{}</html>",
        translation.get_language() or "en",
        TITLES[status],
        TITLES[status],
        detail() if detail else DETAILS[code],
        _way_back(request, status),
    )
    return HttpResponse(page, status=status, headers=headers)


def _way_back(request: HttpRequest, status: int) -> str:
    """From a page of the desk that is not there, or not for its reader; or back to the form of what could not be taken."""
    if not request.path_info.startswith(DESK):
        return ""
    if status in (413, 503):
        return format_html('<p><a href="{}">{}</a></p>', request.path, gettext("Back to the page"))
    return format_html('<p><a href="{}">{}</a></p>', DESK, gettext("Back to the overview")) if status in (403, 404) else ""


def _uncached(data: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return JsonResponse(data, status=status, headers={"Cache-Control": "no-store"})


def _failing_part() -> str:
    """``database``, ``migrations`` or ''."""
    global _migrations_done
    host = str(connection.settings_dict.get("HOST") or "")
    port = int(connection.settings_dict.get("PORT") or 5432)
    try:
        # First the port alone: the driver itself may wait for minutes for a machine that does not answer.
        if connection.vendor == "postgresql" and host and not host.startswith("/"):
            socket.create_connection((host, port), timeout=CONNECT_TIMEOUT).close()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _migrations_done:
            executor = MigrationExecutor(connection)
            _migrations_done = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, InterfaceError, OSError):
        return "database"
    return "" if _migrations_done else "migrations"


def _late_parts() -> dict[str, str]:
    """What is late, by name, with the reason."""
    late = {} if _is_broker_there() else {"broker": "away"}
    for name in getattr(settings, "READINESS_CHECKS", ()):
        reason = import_string(name)()
        if reason:
            late[name.rpartition(".")[2]] = str(reason)
    return late


def _is_broker_there() -> bool:
    url = settings.CELERY_BROKER_URL
    if urlsplit(url).scheme not in ("redis", "rediss"):
        return Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_out"]).is_dir()
    import redis  # a quarter of a second that a start without Redis, and every command, does without

    try:
        with redis.Redis.from_url(url, socket_connect_timeout=CONNECT_TIMEOUT, socket_timeout=CONNECT_TIMEOUT) as client:
            return bool(client.ping())
    except (redis.RedisError, OSError):
        return False
