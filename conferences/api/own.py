"""What delegates do for themselves: known by the word in the links of their letters, or by the verified address they sign in with."""

from functools import cached_property
from typing import Any, Literal

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response
from rest_framework.views import APIView

import clock
from api.etags import CacheHeadersMixin
from api.serializers import StrictSerializer
from conferences.api.codes import spending_tries
from conferences.api.fields import FairMomentField
from conferences.api.schedules import AnyAccept
from conferences.api.serializers import PlaceSerializer
from conferences.api.views import ConferenceMixin
from conferences.delegate_page import PICTURES
from conferences.domain import delegates, own, passes
from conferences.models import Delegate

WORD = OpenApiParameter(
    "Delegate-Word",
    str,
    OpenApiParameter.HEADER,
    description="The last word in the address of the delegate's own page, or of the own calendar, as the letters have it. "
    "Not needed for people who sign in with the delegate's address, verified.",
)

PRIVATE = {"Cache-Control": "private, no-store"}  # whoever is known by a word is no signed-in person


class OwnDelegateMixin(ConferenceMixin):
    """Gives a view the ``delegate`` who asks. 401 for strangers; raises WordUnknown, NoDelegate."""

    @cached_property
    def delegate(self) -> Delegate:
        request: Any = self.request  # type: ignore[attr-defined]
        word = request.headers.get("Delegate-Word", "")
        if word:
            found = own.delegate_with(word, conference=self.conference)
        elif request.user.is_authenticated:
            found = own.delegate_who_signed_in(request.user, conference=self.conference)
        else:
            raise NotAuthenticated
        found.conference = self.conference
        return found


class OwnDelegateSerializer(serializers.ModelSerializer[Delegate]):
    """A registration as its delegate sees it."""

    registered_at = FairMomentField(read_only=True)
    confirm_by = FairMomentField(read_only=True, allow_null=True)
    confirmed_at = FairMomentField(read_only=True, allow_null=True)
    pass_code = serializers.SerializerMethodField()

    class Meta:
        model = Delegate
        fields = ["kind", "name", "organisation", "language", "status", "registered_at", "confirm_by", "confirmed_at", "pass_code"]
        read_only_fields = fields

    def get_pass_code(self, delegate: Delegate) -> str | None:
        """What the QR code for the entrance says; null until the place is confirmed."""
        return passes.code_of(delegate) if passes.has_pass(delegate) else None


class CancelSerializer(StrictSerializer):
    """Nothing, or the code out of the letter that asks for an answer."""

    code = serializers.CharField(max_length=100, required=False)


@extend_schema(tags=["delegates"])
class OwnDelegateView(OwnDelegateMixin, CacheHeadersMixin, GenericAPIView):
    """One's own registration."""

    serializer_class = OwnDelegateSerializer
    queryset = Delegate.objects.none()

    @extend_schema(operation_id="conferences_delegates_own", parameters=[WORD])
    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """How one's own registration stands. ``confirm_by``: until when a place that is not confirmed, or is offered, is kept."""
        return Response(self.get_serializer(self.delegate).data, headers=PRIVATE)


def _described(kind: str) -> Any:
    responses = {(200, PICTURES[kind]): OpenApiTypes.BINARY}
    return extend_schema(operation_id=f"conferences_delegates_pass_{kind}", parameters=[WORD], responses=responses)


class _PassView(OwnDelegateMixin, CacheHeadersMixin, APIView):
    content_negotiation_class = AnyAccept
    kind: Literal["svg", "png"]

    def picture(self) -> HttpResponse:
        return HttpResponse(passes.picture_of(self.delegate, kind=self.kind), content_type=PICTURES[self.kind], headers=PRIVATE)


@extend_schema(tags=["delegates"])
class PassSvgView(_PassView):
    kind = "svg"

    @extend_schema(
        operation_id="conferences_delegates_pass_svg", parameters=[WORD], responses={(200, PICTURES["svg"]): OpenApiTypes.BINARY}
    )
    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The QR code of one's own pass, which the entrance scans, as SVG. 409 until the place is confirmed."""
        return self.picture()


@extend_schema(tags=["delegates"])
class PassPngView(_PassView):
    kind = "png"

    @extend_schema(
        operation_id="conferences_delegates_pass_png", parameters=[WORD], responses={(200, PICTURES["png"]): OpenApiTypes.BINARY}
    )
    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The QR code of one's own pass, which the entrance scans, as PNG. 409 until the place is confirmed."""
        return self.picture()


@extend_schema(tags=["delegates"])
class CancelDelegateView(OwnDelegateMixin, GenericAPIView):
    """Give one's place back."""

    serializer_class = CancelSerializer
    queryset = Delegate.objects.none()

    @extend_schema(operation_id="conferences_delegates_cancel", parameters=[WORD], responses={200: PlaceSerializer})
    def post(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """End one's own registration, or decline an offered place by its ``code``. The place goes to the next who waits."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        code, now = serializer.validated_data.get("code"), clock.now()
        if code is None:
            delegate = delegates.cancel(delegate_id=self.delegate.pk, by=None, now=now)
        else:
            with spending_tries(request):
                delegate = delegates.cancel_by_code(conference=self.conference, code=code, now=now)
        return Response({"status": delegate.status})
