"""The outermost layer of ours: nothing leaves ``/api/`` as HTML, whatever went wrong and wherever."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_plus, unquote_to_bytes

from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import is_valid_path
from django.utils.translation import gettext as _

from api import languages, views
from api.parsers import REASONS, parse_json
from api.problems import BodyRefused, QueryRefused, from_exception, is_api_path, problem, too_large_text

CODES = {
    400: "bad_request",
    403: "permission_denied",
    404: "not_found",
    405: "method_not_allowed",
    413: "request_too_large",
    429: "throttled",
    500: "server_error",
}
_KEPT_HEADERS = ("Allow", "Retry-After", "WWW-Authenticate", "Vary", "Content-Language")


class ProblemMiddleware:
    """Refuses NUL bytes, settles the language of an API request, and turns every error page under ``/api/`` into a problem.

    Django answers some errors before any view runs (a wrong host, an unknown path, with ``DEBUG`` by its own pages): they
    are recognised by their content type on the way out, which costs a request without errors next to nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        if is_api_path(request):
            languages.settle_early(request)
        if _has_nul(request):
            return problem(status=400, code="null_character") if is_api_path(request) else views.bad_request(request)
        response = self.get_response(request)
        if not is_api_path(request):
            return response
        if response.status_code >= 300:
            if "json" not in response.get("Content-Type", ""):
                languages.settle_early(request)
            response = _without_html(request, response)
        headers = response.headers
        headers.setdefault("Cache-Control", "private, no-store")
        if "lang=all" in request.META.get("QUERY_STRING", "") and response.status_code == 200:
            headers["Content-Language"] = ", ".join(languages.LANGUAGES)
        return response

    def process_view(self, request: HttpRequest, *_args: Any) -> HttpResponse | None:
        """Runs after the sign-in cookie's language was chosen: an API answers in the language that the request names."""
        if request.path_info.startswith("/api/"):
            try:
                languages.settle(request)
                _require_utf8(request)
            except QueryRefused as error:
                languages.settle_early(request)
                return from_exception(error, request=request)
        elif request.path_info.startswith("/_allauth/") and "json" in request.META.get("CONTENT_TYPE", ""):
            return _refuse_broken_json(request)
        return None

    def process_template_response(self, request: HttpRequest, response: Any) -> Any:
        """JSON is never rendered by a browser (``nosniff``): building a content policy for it would cost as much as the view."""
        if getattr(response, "accepted_media_type", "") == "application/json":
            response._csp_exempt = True
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Known errors of views that are not DRF's; an unknown one goes on to be logged as a 500."""
        return from_exception(exception, request=request) if is_api_path(request) else None


def _refuse_broken_json(request: HttpRequest) -> HttpResponse | None:
    """The sign-in API reads JSON with less care than ours; what it would break on is refused in its own shape of errors."""
    status = 400
    message: object
    try:
        if not request.body or isinstance(parse_json(request.body.decode("utf-8-sig")), dict):
            return None
        code, message = "not_json", REASONS["not_json"]
    except BodyRefused as error:
        code, message = error.code, error.detail
    except UnicodeDecodeError:
        code, message = "not_utf8", REASONS["not_utf8"]
    except RequestDataTooBig as error:
        status, code, message = 413, "request_too_large", too_large_text(error)
    return JsonResponse({"status": status, "errors": [{"code": code, "message": str(message)}]}, status=status)


def _require_utf8(request: HttpRequest) -> None:
    """Raise QueryRefused for a query that is not UTF-8: Django would read question marks and find nothing."""
    query = request.META.get("QUERY_STRING", "")
    if query.isascii() and "%" not in query:
        return
    for pair in query.split("&"):
        name, _equals, value = pair.partition("=")
        try:
            for text in (name, value):
                unquote_to_bytes(text.encode("latin-1", "replace")).decode()
        except UnicodeDecodeError as error:
            raise QueryRefused({unquote_plus(name): _("The query is not UTF-8.")}, code="not_utf8") from error


def _has_nul(request: HttpRequest) -> bool:
    query = request.META.get("QUERY_STRING", "")
    # A cookie in quotes may spell NUL in octal.
    return "\0" in request.path_info or "%00" in query or "\0" in query or "\\000" in request.META.get("HTTP_COOKIE", "")


def _without_html(request: HttpRequest, response: Any) -> Any:
    status = response.status_code
    if status < 400:
        # The redirect that would append a slash: a page for browsers, and a POST would lose its body.
        return _no_such_path(request) if response.get("Location", "").partition("?")[0].endswith(f"{request.path}/") else response
    if "json" in response.get("Content-Type", ""):
        return response
    if status == 500 and request.resolver_match is None and _lacks_slash(request):
        return _no_such_path(request)  # with DEBUG, Django fails on a POST that lacks its slash
    headers = {name: response[name] for name in _KEPT_HEADERS if name in response}
    code = CODES.get(status, "bad_request" if status < 500 else "server_error")
    if status == 400 and _is_misnamed(request):
        code = "unknown_host"
    cleaned = problem(status=status, code=code, headers=headers)
    cleaned.cookies = response.cookies
    return cleaned


def _is_misnamed(request: HttpRequest) -> bool:
    """Whether the Host header names no host of ours; with DEBUG Django's own page hides that it was this."""
    try:
        request.get_host()
    except DisallowedHost:
        return True
    return False


def _lacks_slash(request: HttpRequest) -> bool:
    return not request.path_info.endswith("/") and bool(is_valid_path(f"{request.path_info}/"))


def _no_such_path(request: HttpRequest) -> HttpResponse:
    detail = _("There is nothing at this address; with a slash at its end there is.") if _lacks_slash(request) else ""
    return problem(status=404, code="not_found", detail=detail)
