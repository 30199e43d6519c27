"""Delivery reports by a signed POST, for mail servers that cannot pipe them into ``manage.py take_bounce``."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import RequestDataTooBig
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.parsers import BaseParser
from rest_framework.permissions import BasePermission
from rest_framework.response import Response
from rest_framework.views import APIView

from api.problems import Conflict, Refused
from notifications import bounces
from notifications.bounces import Outcome
from notifications.delivery_reports import MOST_BYTES, NotAReport

HEADER = "X-Signature"
SIGNED = "signed"
WINDOW_SECONDS = 300  # that the clocks may differ, and the report be on its way
_SIGNATURE = re.compile(r"t=(\d{1,12}), ?v1=([0-9a-f]{64})")


class NoReport(Refused):
    code = "not_a_report"
    message = _("This is no delivery report that can be read.")


class LetterNotSentYet(Conflict):
    message = _("The letter is not marked as sent yet: hand the report in again in a minute.")
    code = "letter_not_sent_yet"


def signature(body: bytes, *, moment: int, secret: str) -> str:
    """The header of a request with ``body``, signed at ``moment`` (real time, seconds since 1970)."""
    return f"t={moment}, v1={_digest(body, str(moment), secret)}"


def _digest(body: bytes, moment: str, secret: str) -> str:
    return hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()


class SignedBody(BaseAuthentication):
    """Whoever has the secret of BOUNCE_SECRET may hand in reports; without one nobody may."""

    def authenticate(self, request: Any) -> tuple[Any, str]:
        found = _SIGNATURE.fullmatch(request.headers.get(HEADER, ""))
        if found is None or not settings.BOUNCE_SECRET:
            raise AuthenticationFailed(self._refused())
        moment, given = found.groups()
        if abs(timezone.now().timestamp() - int(moment)) > WINDOW_SECONDS:
            raise AuthenticationFailed(self._refused())
        if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
            raise RequestDataTooBig
        if not hmac.compare_digest(given, _digest(request._request.body, moment, settings.BOUNCE_SECRET)):
            raise AuthenticationFailed(self._refused())
        return AnonymousUser(), SIGNED

    def authenticate_header(self, request: Any) -> str:
        return 'X-Signature realm="api"'

    @staticmethod
    def _refused() -> Any:
        return _("The request is not signed, its signature is wrong, or it is older than five minutes.")


class SignatureScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.api.delivery_reports.SignedBody"
    name = "signature"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": HEADER,
            "description": (
                "`t=<seconds since 1970>, v1=<hexadecimal HMAC-SHA-256 of t, a dot and the body, with the secret of BOUNCE_SECRET>`; "
                "good for five minutes."
            ),
        }


class IsSigned(BasePermission):
    """Nobody gets past :class:`SignedBody` otherwise."""

    def has_permission(self, request: Any, view: Any) -> bool:
        return request.auth == SIGNED


class ReportParser(BaseParser):
    """The message as it is."""

    media_type = "message/rfc822"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> bytes:
        return bytes(stream.read(MOST_BYTES + 1))


class DeliveryReportsView(APIView):
    """Hand in what became of a letter."""

    authentication_classes = [SignedBody]
    permission_classes = [IsSigned]
    parser_classes = [ReportParser]

    @extend_schema(
        operation_id="delivery_reports_create",
        tags=["delivery reports"],
        description=(
            "A mail server's report on a letter (RFC 3464), whole, as `message/rfc822`, 500,000 bytes at most. A report that was handed in "
            "before changes nothing, nor does one about an address that the letter did not go to."
        ),
        request={"message/rfc822": OpenApiTypes.BINARY},
        responses=inline_serializer("DeliveryReportTaken", {"outcome": serializers.ChoiceField(["recorded", "known", "unknown"])}),
    )
    def post(self, request: Any) -> Response:
        try:
            outcome = bounces.take(request.data, now=timezone.now())
        except NotAReport as error:
            raise NoReport(reason=str(error)) from error
        if outcome is Outcome.NOT_YET:
            raise LetterNotSentYet
        return Response({"outcome": outcome.value})
