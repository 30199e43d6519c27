"""One shape for every error: RFC 9457 problem details.

Domain code raises :class:`Refused` or :class:`Conflict` (or a subclass with its own ``code`` and ``message``); serializers
raise DRF's ``ValidationError``; :func:`exception_handler` turns both, and all that DRF and Django raise, into
``application/problem+json``. ``type`` is ``/problems/<code>``, with hyphens.
"""

import json
import logging
import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.exceptions import (
    DisallowedHost,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import InterfaceError, OperationalError, connections
from django.db.models import ProtectedError, RestrictedError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils import formats
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.fields import get_error_detail
from rest_framework.settings import api_settings
from rest_framework.utils.encoders import JSONEncoder

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
DATABASE_RETRY_AFTER = "2"  # seconds
TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
RESERVED = frozenset({"type", "title", "status", "detail", "headers"})  # no fact goes by these names
TITLES = {
    400: _("The request contains errors"),
    401: _("Sign in first"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("This method does not exist here"),
    406: _("Not available in this format"),
    409: _("Not possible in the present state"),
    412: _("Changed meanwhile"),
    413: _("The request is too large"),
    415: _("This kind of content is not understood"),
    422: _("The key was used for another request"),
    428: _("If-Match is missing"),
    429: _("Too many requests"),
    500: _("Something went wrong here"),
    503: _("Not available at the moment"),
}
DETAILS = {
    "invalid": _("Some values are not right; errors names each."),
    "not_found": _("There is nothing at this address."),
    "permission_denied": _("Your role does not allow this: ask an owner of the company or of the fair."),
    "server_error": _("The error was noted. Please try again later."),
    "bad_request": _("The request cannot be read."),
    "unknown_host": _("This site does not go by the host name that the request names in Host: use the site's own address."),
    "null_character": _("NUL characters are not allowed: take them out of the address and of the cookies."),
    "not_authenticated": _(
        "Sign in first: POST your address and password to /_allauth/app/v1/auth/login, and send the token of the answer as X-Session-Token."
    ),
    "request_too_large": _("The request is larger than this server takes: send less at once, in several requests."),
    "database_away": _("The database cannot be reached, or is busy with something long. Please try again in a moment."),
    "in_use": _("It cannot be deleted while others refer to it."),
    "csrf_failed": _("The CSRF token is missing or wrong."),
}


NO_BODY = _("The body is null: send an object with named fields, or a list where the address takes one.")


class Refused(Exception):
    """A rule said no: answered with 400. ``code`` is for programs, the text is for people, ``facts`` for both.

    Subclasses set ``code`` and ``message``. A fact named ``errors`` is the list of field errors: see :func:`field_error`.
    """

    status = 400
    code = "refused"
    message: Any = _("This is not possible.")

    def __init__(self, message: Any = "", *, code: str = "", **facts: Any) -> None:
        super().__init__(message or self.message)
        self.code = code or self.code
        self.facts = facts


class Conflict(Refused):
    """The world moved on since the caller looked; reading again may help. Answered with 409."""

    status = 409
    code = "conflict"


class Invalid(Refused):
    """Some values are not right: ``Invalid([field_error("/sites/0/site", "unknown_site", "…")])``. Answered with 400."""

    code = "invalid"
    message = DETAILS["invalid"]

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors=errors)


class Findings:
    """Several checks, each of which may raise Invalid: what all of them found is raised at once, by ``refuse``.

    Nothing may be kept of what was written between the two: the caller holds the transaction.
    """

    def __init__(self, errors: Iterable[dict[str, Any]] = ()) -> None:
        self.errors = list(errors)

    @contextmanager
    def more(self) -> Iterator[None]:
        try:
            yield
        except Invalid as refusal:
            self.errors += refusal.facts["errors"]

    def names(self, *fields: str) -> bool:
        """Whether something was found in one of these fields of the body."""
        return any(field_of(error) in fields for error in self.errors)

    def is_within(self, pointer: str) -> bool:
        """Whether something was found in this value of the body, or in a part of it."""
        return any(f"{error['pointer']}/".startswith(f"{pointer}/") for error in self.errors)

    def refuse(self) -> None:
        if self.errors:
            raise Invalid(self.errors)


class QueryRefused(exceptions.ValidationError):
    """A query parameter is wrong: ``QueryRefused({"page_size": "…"}, code="max_value")``. Answered with 400."""


class UploadTooLarge(RequestDataTooBig):
    """A request with a file is larger than ``most_mb``."""

    def __init__(self, most_mb: int) -> None:
        super().__init__(f"more than {most_mb} MB")
        self.most_mb = most_mb

    @property
    def detail(self) -> str:
        text = gettext("The file is larger than %(size)s MB: make it smaller, for example with smaller pictures, and send it again.")
        return text % {"size": self.most_mb}


class BodyRefused(exceptions.ParseError):
    """The body cannot be taken as it is; ``pointer`` says where (RFC 6901, '' is the whole)."""

    def __init__(self, detail: Any, *, code: str, pointer: str = "") -> None:
        super().__init__(detail, code)
        self.code = code
        self.pointer = pointer


def field_error(pointer: str, code: str, detail: Any) -> dict[str, Any]:
    """One entry of ``errors``, for ``Refused(…, errors=[…])``."""
    return {"pointer": pointer, "code": code, "detail": detail}


def field_of(error: Mapping[str, Any]) -> str:
    """The field of the body that an entry of ``errors`` is about: ``sites`` for ``/sites/0/site``."""
    return str(error["pointer"]).split("/")[1] if error["pointer"] else ""


def pointer(*parts: Any) -> str:
    """``pointer("sites", 0, "a/b")`` is ``/sites/0/a~1b`` (RFC 6901)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def problem(
    *, status: int, code: str, detail: Any = "", title: Any = "", headers: Mapping[str, str] | None = None, **facts: Any
) -> HttpResponse:
    """The answer for one error, independent of the view's renderers. ``facts`` become members of the body."""
    body = {
        "type": f"/problems/{code.replace('_', '-')}",
        "title": title or TITLES.get(status) or TITLES[500 if status >= 500 else 400],
        "status": status,
        "detail": detail or DETAILS.get(code, TITLES.get(status, "")),
        **facts,
    }
    text = json.dumps(body, cls=JSONEncoder, ensure_ascii=False)
    response = HttpResponse(text.encode("utf-8", "replace"), status=status, content_type=CONTENT_TYPE, headers=headers)
    response["Cache-Control"] = "no-store"
    response.data = body  # type: ignore[attr-defined]  # as DRF's own responses have it
    return response


def exception_handler(exc: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """Every known error as a problem; None for an unknown one, which stays a 500 (and a problem, by the error handler)."""
    response = from_exception(exc, request=context.get("request"))
    if response is not None:
        _roll_back()
    return response


def _roll_back() -> None:
    """What DRF's ``set_rollback`` does, which cannot be imported this early: a refused request leaves nothing behind."""
    for connection in connections.all(initialized_only=True):
        if connection.settings_dict["ATOMIC_REQUESTS"] and connection.in_atomic_block:
            connection.set_rollback(True)


def from_exception(exc: Exception, *, request: Any = None) -> HttpResponse | None:
    """The problem for ``exc``, or None when nobody foresaw it."""
    if isinstance(exc, Refused):
        facts = {name: fact for name, fact in exc.facts.items() if name not in RESERVED}
        return problem(status=exc.status, code=exc.code, detail=str(exc), **facts)
    if isinstance(exc, DjangoValidationError):
        exc = exceptions.ValidationError(get_error_detail(exc) if not hasattr(exc, "error_dict") else _from_error_dict(exc))
    if isinstance(exc, exceptions.ValidationError):
        in_query = isinstance(exc, QueryRefused) or (request is not None and request.method in ("GET", "HEAD", "OPTIONS"))
        errors = list(_query_errors(exc.detail) if in_query else _field_errors(exc.detail, ()))
        return problem(status=400, code="invalid", errors=errors)
    if isinstance(exc, exceptions.APIException):
        return _from_api_exception(exc, request)
    return _from_django(exc)


def _from_error_dict(exc: DjangoValidationError) -> dict[str, Any]:
    return {name: get_error_detail(DjangoValidationError(errors)) for name, errors in exc.error_dict.items()}


def _from_api_exception(exc: exceptions.APIException, request: Any) -> HttpResponse:
    codes = exc.get_codes()
    code = codes if isinstance(codes, str) else exc.default_code
    headers: dict[str, str] = {}
    facts: dict[str, Any] = {}
    if getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = exc.auth_header  # type: ignore[attr-defined]
    if getattr(exc, "wait", None) is not None:
        headers["Retry-After"] = str(max(1, math.ceil(exc.wait)))  # type: ignore[attr-defined]
    if isinstance(exc, BodyRefused):
        facts["errors"] = [field_error(exc.pointer, code, str(exc.detail))]
    detail = exc.detail if isinstance(exc.detail, str) else ""
    if "Retry-After" in headers:
        detail = wait_text(int(headers["Retry-After"]))
    if isinstance(exc, (exceptions.NotFound, exceptions.PermissionDenied, exceptions.NotAuthenticated)) and detail == exc.default_detail:
        detail = ""  # our own words; of a 404 the same as for Django's Http404: nobody can tell which of the two it was
    if isinstance(exc, exceptions.UnsupportedMediaType) and getattr(request, "parsers", None):
        types = ", ".join(parser.media_type for parser in request.parsers)
        detail = gettext("Send the body as %(types)s, and say so in Content-Type.") % {"types": types}
    if isinstance(exc, exceptions.NotAcceptable) and exc.available_renderers:
        types = ", ".join(dict.fromkeys(renderer.media_type for renderer in exc.available_renderers))
        detail = gettext("This address answers as %(types)s: name that in Accept, or leave Accept out.") % {"types": types}
    if isinstance(exc, exceptions.MethodNotAllowed):
        detail = not_allowed_text(getattr(request, "parser_context", {}).get("view"))
    return problem(status=exc.status_code, code=code, detail=str(detail), headers=headers, **facts)


def wait_text(seconds: int) -> str:
    """When to try again, in whole units as people count them: never sooner than Retry-After."""
    if seconds < 60:
        return ngettext("Try again in %(count)d second.", "Try again in %(count)d seconds.", seconds) % {"count": seconds}
    minutes = math.ceil(seconds / 60)
    if minutes < 60:
        return ngettext("Try again in %(count)d minute.", "Try again in %(count)d minutes.", minutes) % {"count": minutes}
    hours = math.ceil(minutes / 60)
    return ngettext("Try again in %(count)d hour.", "Try again in %(count)d hours.", hours) % {"count": hours}


def not_allowed_text(view: Any) -> str:
    """What can be done at the address instead; '' where it is not known."""
    names = ", ".join(getattr(view, "allowed_methods", ()))
    return gettext("Use one of the methods that this address has: %(names)s.") % {"names": names} if names else ""


def _from_django(exc: Exception) -> HttpResponse | None:
    if isinstance(exc, Http404):
        return problem(status=404, code="not_found")
    if isinstance(exc, PermissionDenied):
        return problem(status=403, code="permission_denied")
    if isinstance(exc, UploadTooLarge):
        text = too_large_text(exc)
        return problem(status=413, code="request_too_large", detail=text, errors=[field_error("/file", "too_large", text)])
    if isinstance(exc, TOO_LARGE):
        return problem(status=413, code="request_too_large", detail=too_large_text(exc))
    if isinstance(exc, DisallowedHost):
        return problem(status=400, code="unknown_host")
    if isinstance(exc, (MultiPartParserError, UnreadablePostError, SuspiciousOperation)):
        return problem(status=400, code="bad_request")
    if isinstance(exc, (ProtectedError, RestrictedError)):
        return problem(status=409, code="in_use")
    if isinstance(exc, (OperationalError, InterfaceError)):
        logger.error("The database did not answer.", exc_info=exc)
        return problem(status=503, code="database_away", headers={"Retry-After": DATABASE_RETRY_AFTER})
    return None


def too_large_text(exc: Exception) -> str:
    """Which limit was passed, and what to do."""
    if isinstance(exc, UploadTooLarge):
        return exc.detail
    if isinstance(exc, TooManyFieldsSent):
        text = gettext("The request has more than %(most)s fields: send them in several requests.")
        return text % {"most": settings.DATA_UPLOAD_MAX_NUMBER_FIELDS}
    if isinstance(exc, TooManyFilesSent):
        text = gettext("The request has more than %(most)s files: send them in several requests.")
        return text % {"most": settings.DATA_UPLOAD_MAX_NUMBER_FILES}
    if settings.DATA_UPLOAD_MAX_MEMORY_SIZE is None:
        return str(DETAILS["request_too_large"])
    size = formats.localize(round(settings.DATA_UPLOAD_MAX_MEMORY_SIZE / 1_000_000, 1))
    return gettext("The request is larger than %(size)s MB: send less at once, in several requests.") % {"size": size}


def _field_errors(detail: Any, path: tuple[Any, ...]) -> Iterator[dict[str, Any]]:
    """Walk DRF's nested error detail: dicts of fields, lists of rows, lists of messages."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            is_whole = name in (api_settings.NON_FIELD_ERRORS_KEY, "__all__")
            yield from _field_errors(inner, path if is_whole else (*path, name))
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            yield from _field_errors(inner, path if isinstance(inner, str) else (*path, index))
    else:
        code = getattr(detail, "code", "invalid")
        # Of a body that is null, REST framework speaks English alone.
        yield field_error(pointer(*path), code, str(NO_BODY if code == "null" and not path else detail))


def field_errors(detail: Any) -> list[dict[str, Any]]:
    """What a serializer found, as entries of ``errors``."""
    return list(_field_errors(detail, ()))


def _query_errors(detail: Any) -> Iterator[dict[str, Any]]:
    by_name = detail if isinstance(detail, Mapping) else {"": detail}
    for name, inner in by_name.items():
        for error in _field_errors(inner, ()):
            parameter = "" if name in (api_settings.NON_FIELD_ERRORS_KEY, "__all__") else str(name)
            yield {"parameter": parameter, "code": error["code"], "detail": error["detail"]}


def is_api_path(request: HttpRequest) -> bool:
    """Whether programs, not people, ask here: no HTML then."""
    return request.path_info.startswith(("/api/", "/_allauth/"))
