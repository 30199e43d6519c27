"""The programme for everybody, and the registration of delegates."""

from functools import cached_property
from typing import Any

from django.db.models import Count, Max, Prefetch, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.mixins import ListModelMixin
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.response import Response

import clock
from api import idempotency
from api.etags import CacheHeadersMixin, ConditionalMixin, ListETagMixin
from api.idempotency import IdempotentCreateMixin
from api.languages import message_language
from conferences.api import serializers
from conferences.api.codes import spending_tries
from conferences.api.filters import DelegateFilter, SessionFilter, SpeakerFilter
from conferences.domain import delegates, readers
from conferences.models import Conference, Delegate, Room, Session, Speaker
from fairs import access
from fairs.denials import staff_denied
from fairs.models import PublicRevision
from fairs.roles import Right

WITH_SITE = Prefetch("rooms", Room.objects.select_related("site").order_by("code"))


class ConferenceMixin:
    """Gives a view its ``conference``, or 404 when this reader may not know of it."""

    permission_classes: list[Any] = [AllowAny]

    @cached_property
    def conference(self) -> Conference:
        seen = readers.conferences_seen_by(self.request.user)  # type: ignore[attr-defined]
        return get_object_or_404(seen.select_related("fair__public_revision"), slug=self.kwargs["conference"])  # type: ignore[attr-defined]

    @cached_property
    def sees_everything(self) -> bool:
        return readers.sees_everything(self.request.user, self.conference)  # type: ignore[attr-defined]

    def get_serializer_context(self) -> dict[str, Any]:
        context = super().get_serializer_context()  # type: ignore[misc]
        return context if getattr(self, "swagger_fake_view", False) else {**context, "conference": self.conference}

    def get_list_revision(self) -> int | None:
        # What staff see depends on their roles too, which the fair's revision does not count.
        return None if self.sees_everything else self.conference.fair.public_revision.number


@extend_schema(tags=["conferences"])
class ConferenceListView(ListETagMixin, ListAPIView):
    """The conferences of all fairs."""

    permission_classes = [AllowAny]
    serializer_class = serializers.ConferenceSerializer
    queryset = Conference.objects.none()

    def get_queryset(self) -> QuerySet[Conference]:
        seen = readers.conferences_seen_by(self.request.user)
        return seen.select_related("fair", "site").prefetch_related(WITH_SITE, "tracks").order_by("-starts_on", "pk")

    def get_list_revision(self) -> str | None:
        if self.request.user.is_authenticated:
            return None
        counted = PublicRevision.objects.aggregate(Sum("number"), Count("pk"), Max("pk"))
        return "-".join(str(number) for number in counted.values())


@extend_schema(tags=["conferences"])
class ConferenceView(ConditionalMixin, RetrieveAPIView):
    """One conference with its rooms and tracks."""

    permission_classes = [AllowAny]
    serializer_class = serializers.ConferenceSerializer
    queryset = Conference.objects.none()
    lookup_field = "slug"
    lookup_url_kwarg = "conference"
    filter_backends: list[Any] = []

    def get_queryset(self) -> QuerySet[Conference]:
        return readers.conferences_seen_by(self.request.user).select_related("fair", "site").prefetch_related(WITH_SITE, "tracks")


@extend_schema(tags=["conferences"])
class SessionListView(ConferenceMixin, ListETagMixin, ListAPIView):
    """The programme in order of time. Times have the offset of the fair's zone."""

    serializer_class = serializers.SessionSerializer
    queryset = Session.objects.none()
    filterset_class = SessionFilter

    def get_queryset(self) -> QuerySet[Session]:
        if getattr(self, "swagger_fake_view", False):
            return Session.objects.none()
        return readers.sessions_of(self.conference, with_confidential=self.sees_everything)


@extend_schema(tags=["conferences"])
class SessionView(ConferenceMixin, ConditionalMixin, RetrieveAPIView):
    """One session of the programme."""

    serializer_class = serializers.SessionSerializer
    queryset = Session.objects.none()
    filter_backends: list[Any] = []

    def get_queryset(self) -> QuerySet[Session]:
        return readers.sessions_of(self.conference, with_confidential=self.sees_everything)


@extend_schema(tags=["conferences"])
class SpeakerListView(ConferenceMixin, ListETagMixin, ListAPIView):
    """The speakers, moderators, panellists and interpreters on the programme."""

    serializer_class = serializers.SpeakerSerializer
    queryset = Speaker.objects.none()
    filterset_class = SpeakerFilter

    def get_queryset(self) -> QuerySet[Speaker]:
        if getattr(self, "swagger_fake_view", False):
            return Speaker.objects.none()
        return readers.speakers_of(self.conference, with_confidential=self.sees_everything)


class SeesDelegates(BasePermission):
    """Staff of the conference's fair with a role that sees delegates (fairs/roles.py)."""

    def has_permission(self, request: Any, view: Any) -> bool:
        # Asking for the conference first: one that this person may not know of is a 404, not a 403.
        if not access.has_right(request.user, fair_id=view.conference.fair_id, right=Right.VIEW_DELEGATES):
            raise staff_denied(Right.VIEW_DELEGATES)
        return True


@extend_schema(tags=["delegates"])
class DelegatesView(ConferenceMixin, CacheHeadersMixin, IdempotentCreateMixin, ListModelMixin, GenericAPIView):
    """Register for a conference (everybody), read who has (staff)."""

    serializer_class = serializers.DelegateSerializer
    queryset = Delegate.objects.none()
    filterset_class = DelegateFilter

    def get_permissions(self) -> list[Any]:
        return [AllowAny()] if self.request.method == "POST" else [IsAuthenticated(), SeesDelegates()]

    def get_queryset(self) -> QuerySet[Delegate]:
        if getattr(self, "swagger_fake_view", False):
            return Delegate.objects.none()
        return Delegate.objects.filter(conference=self.conference).order_by("pk")

    @extend_schema(operation_id="conferences_delegates_list")
    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The delegates in the order in which they registered, for staff."""
        return self.list(request, *args, **kwargs)

    @extend_schema(
        operation_id="conferences_delegates_register",
        request=serializers.RegistrationSerializer,
        responses={201: serializers.PlaceSerializer},
    )
    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Register as a delegate. The code in the letter confirms within 48 hours. The answer does not tell who was registered."""
        return idempotency.once(self, request, lambda: self._register(request))

    def _register(self, request: Any) -> Response:
        serializer = serializers.RegistrationSerializer(data=request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        status = delegates.register(
            conference=self.conference,
            values=serializer.registration(language=message_language(request)),
            by=request.user if request.user.is_authenticated else None,
            now=clock.now(),
        )
        return Response({"status": status}, status=201)


@extend_schema(tags=["delegates"])
class ConfirmDelegateView(ConferenceMixin, GenericAPIView):
    """Confirm a registration, or accept an offered place, with the code from the letter.

    From one address at most 50 wrong codes an hour are looked at.
    """

    serializer_class = serializers.CodeSerializer
    queryset = Delegate.objects.none()

    @extend_schema(operation_id="conferences_delegates_confirm", responses={200: serializers.PlaceSerializer})
    def post(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        with spending_tries(request):
            delegate = delegates.confirm_by_code(conference=self.conference, code=serializer.validated_data["code"], now=clock.now())
        return Response({"status": delegate.status})
