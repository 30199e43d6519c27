"""The draft of the programme, for those who arrange it: where each session is, what to look at, and where one could go.

What everybody else sees is the released programme (docs/adr/0020).
"""

from typing import Any

import django_filters
from django.db import transaction
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.response import Response

import clock
from api import idempotency
from api.etags import CacheHeadersMixin, ConditionalMixin, MatchFailed, matches
from api.filters import YesNoFilter
from api.idempotency import IdempotentCreateMixin
from api.languages import TranslatedField
from api.problems import Invalid, field_error
from api.serializers import StrictSerializer
from conferences.api.fields import FairMomentField, WrittenMomentField
from conferences.api.serializers import PersonSerializer, person
from conferences.api.views import ConferenceMixin
from conferences.domain import delegates, draft_warnings, free_places, programme
from conferences.domain.draft_warnings import DraftWarning
from conferences.enums import DraftProblem
from conferences.models import Participation, Room, Session, SessionMove
from exhibitors.api.serializers import NoInputSerializer
from fairs import access
from fairs.denials import staff_denied
from fairs.roles import Right


class PlaceInProgrammeSerializer(serializers.Serializer[Any]):
    """A room, by its code, and a time."""

    room = serializers.CharField(allow_null=True)
    starts_at = FairMomentField()
    ends_at = FairMomentField()


class MoveSerializer(serializers.Serializer[Any]):
    """Who gave a session the place that it has, and when."""

    at = FairMomentField()
    by = serializers.EmailField(allow_null=True, help_text="Null: an import, or somebody whose account is gone.")


class NamedSessionSerializer(serializers.Serializer[Any]):
    """A session that a warning is about."""

    id = serializers.IntegerField()
    code = serializers.CharField()


class DraftWarningSerializer(serializers.Serializer[DraftWarning]):
    """What to look at before the draft is released; of two sessions the earlier one comes first."""

    kind = serializers.ChoiceField(choices=DraftProblem.choices)
    is_hard = serializers.BooleanField(help_text="It cannot be at all: no step leaves it behind, only what was there before the rule was.")
    detail = serializers.CharField(source="__str__")
    sessions = NamedSessionSerializer(many=True)


class FreePlaceSerializer(serializers.Serializer[Any]):
    """A place that nothing forbids, and what there would still be to say of it."""

    room = serializers.CharField(source="room.code", help_text="The room's code.")
    starts_at = FairMomentField()
    ends_at = FairMomentField()
    reasons = serializers.ListField(child=serializers.CharField(), help_text="How it differs from where the session is.")
    warnings = DraftWarningSerializer(many=True)


class DraftSessionSerializer(serializers.ModelSerializer[Session]):
    """A session as it stands in the draft: room and times are null while it has none."""

    not_for_all = ("warnings",)

    title = TranslatedField(max_length=250, read_only=True)
    room = serializers.SlugRelatedField(source="draft_room", slug_field="code", read_only=True, allow_null=True)
    track = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)
    starts_at = FairMomentField(source="draft_starts_at", read_only=True, allow_null=True)
    ends_at = FairMomentField(source="draft_ends_at", read_only=True, allow_null=True)
    is_cancelled = serializers.SerializerMethodField()
    released = serializers.SerializerMethodField()
    latest_move = serializers.SerializerMethodField()
    speakers = serializers.SerializerMethodField()
    warnings = serializers.SerializerMethodField(help_text="Answers to `place/` only: what there is to say of the session where it is now.")

    class Meta:
        model = Session
        fields = [
            *("id", "code", "title", "kind", "track", "is_public", "is_cancelled", "room", "starts_at", "ends_at", "minutes"),
            *("released", "latest_move", "speakers", "warnings"),
        ]
        read_only_fields = fields

    def to_representation(self, session: Session) -> dict[str, Any]:
        shown = super().to_representation(session)
        del shown["warnings"]  # they are not of the session: its ETag does not know them
        return shown

    def get_is_cancelled(self, session: Session) -> bool:
        return session.cancelled_at is not None

    @extend_schema_field(PlaceInProgrammeSerializer(allow_null=True))
    def get_released(self, session: Session) -> dict[str, Any] | None:
        """Where everybody sees it; null: nowhere."""
        if session.released_times is None:
            return None
        starts_at, ends_at = session.released_times
        place = {"room": session.room.code if session.room else None, "starts_at": starts_at, "ends_at": ends_at}
        return dict(PlaceInProgrammeSerializer(place, context=self.context).data)

    @extend_schema_field(MoveSerializer(allow_null=True))
    def get_latest_move(self, session: Any) -> dict[str, Any] | None:
        """Null while it is where it was first entered."""
        if session.moved_at is None:
            return None
        return dict(MoveSerializer({"at": session.moved_at, "by": session.moved_by}, context=self.context).data)

    @extend_schema_field(PersonSerializer(many=True))
    def get_speakers(self, session: Session) -> list[dict[str, Any]]:
        return [person(participation, self.context) for participation in session.participations.all()]

    @extend_schema_field(DraftWarningSerializer(many=True))
    def get_warnings(self, session: Session) -> list[dict[str, Any]]:
        return []


class PlaceSessionSerializer(StrictSerializer):
    """Where a session is to be. Without ``ends_at`` and ``minutes`` it keeps its length, without ``room`` its room."""

    room = serializers.CharField(max_length=40, required=False, allow_null=True, help_text="A room's code; null: in no room yet.")
    starts_at = WrittenMomentField(help_text="With an offset from UTC, or on the clock of the fair's zone.")
    ends_at = WrittenMomentField(required=False)
    minutes = serializers.IntegerField(min_value=1, max_value=24 * 60, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "ends_at" in attrs and "minutes" in attrs:
            text = _("Say when it ends, or how long it is: not both.")
            raise serializers.ValidationError({"minutes": [ErrorDetail(text, "one_of_two")]})
        return attrs


class SeesDraft(BasePermission):
    """Staff of the conference's fair."""

    def has_permission(self, request: Any, view: Any) -> bool:
        # Asking for the conference first: one that this person may not know of is a 404, not a 403.
        if not access.has_right(request.user, fair_id=view.conference.fair_id, right=Right.VIEW_CONFERENCE):
            raise staff_denied(Right.VIEW_CONFERENCE)
        return True


class DraftFilter(django_filters.FilterSet):
    placed = YesNoFilter(field_name="draft_starts_at", lookup_expr="isnull", exclude=True, help_text="Those with a time, or without one.")

    class Meta:
        model = Session
        fields: list[str] = []


class DraftMixin(ConferenceMixin):
    """For views of the draft: ``sessions`` are all of the conference with what their representation shows."""

    permission_classes: list[Any] = [IsAuthenticated, SeesDraft]
    queryset = Session.objects.none()

    def get_queryset(self) -> QuerySet[Session]:
        if getattr(self, "swagger_fake_view", False):
            return Session.objects.none()
        people = Prefetch("participations", Participation.objects.select_related("speaker").order_by("pk"))
        moves = SessionMove.objects.filter(session=OuterRef("pk"))
        return (
            Session.objects.filter(conference=self.conference)
            .select_related("room", "track", "draft_room")
            .prefetch_related(people)
            .annotate(moved_at=Subquery(moves.values("at")[:1]), moved_by=Subquery(moves.values("by__email")[:1]))
            .order_by("draft_starts_at", "draft_room__code", "code")
        )


@extend_schema(tags=["conferences"])
class DraftSessionListView(DraftMixin, CacheHeadersMixin, ListAPIView):
    """The draft of the programme, for staff: every session with its place, those without a time too."""

    serializer_class = DraftSessionSerializer
    filterset_class = DraftFilter


@extend_schema(tags=["conferences"])
class DraftSessionView(DraftMixin, ConditionalMixin, RetrieveAPIView):
    """One session as it stands in the draft, for staff."""

    serializer_class = DraftSessionSerializer
    filter_backends: list[Any] = []


class DraftStepView(DraftMixin, IdempotentCreateMixin, ConditionalMixin, GenericAPIView):
    """A step that changes where a session is in the draft."""

    serializer_class = DraftSessionSerializer
    filter_backends: list[Any] = []
    may_match = True

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        return idempotency.once(self, request, self._take)

    def _take(self) -> HttpResponse:
        self.get_object()  # 404 before 403: everybody who gets here may see it
        user: Any = self.request.user
        if not access.has_right(user, fair_id=self.conference.fair_id, right=Right.EDIT_CONFERENCE):
            raise staff_denied(Right.EDIT_CONFERENCE)
        with transaction.atomic():
            delegates.lock(self.conference.pk)  # before the session's own row, as everybody does who moves one
            session = self.get_object()
            header = self.request.META.get("HTTP_IF_MATCH")
            if header is not None and not matches(header, self._digest(self.full_representation(session))):
                raise MatchFailed
            self.take(session)
            return self.answer(self.get_object())

    def take(self, session: Session) -> None:
        raise NotImplementedError

    def answer(self, session: Session) -> HttpResponse:
        return self.object_response(session)


@extend_schema(tags=["conferences"])
class PlaceView(DraftStepView):
    @extend_schema(operation_id="conferences_draft_sessions_place", request=PlaceSessionSerializer, responses=DraftSessionSerializer)
    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Give a session a place in the draft. 409 `programme-clash` names every room and person that another session has then;
        all else that should be looked at stands in `warnings`. Everybody sees the place once the programme is released."""
        return super().post(request, *args, **kwargs)

    def take(self, session: Session) -> None:
        body = PlaceSessionSerializer(data=self.request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        given = dict(body.validated_data)
        room = self._room(given.pop("room")) if "room" in given else session.draft_room
        user: Any = self.request.user
        programme.place_session(session_id=session.pk, room=room, by=user, now=clock.now(), **given)

    def _room(self, code: str | None) -> Room | None:
        if code is None:
            return None
        room = Room.objects.filter(conference=self.conference, code=code).first()
        if room is None:
            raise Invalid([field_error("/room", "unknown_room", _("This conference has no room of that code."))])
        return room

    def answer(self, session: Session) -> HttpResponse:
        response: Any = super().answer(session)
        warnings: Any = [one for one in draft_warnings.warnings_of(self.conference) if session.pk in {named.id for named in one.sessions}]
        response.data = {**response.data, "warnings": DraftWarningSerializer(warnings, many=True).data}
        return response  # type: ignore[no-any-return]


@extend_schema(tags=["conferences"])
class TakeOffView(DraftStepView):
    @extend_schema(operation_id="conferences_draft_sessions_take_off", request=NoInputSerializer, responses=DraftSessionSerializer)
    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Put a session back among those without a place in the draft. It keeps its length, and everybody sees it where it was
        until the programme is released."""
        return super().post(request, *args, **kwargs)

    def take(self, session: Session) -> None:
        NoInputSerializer(data=self.request.data).is_valid(raise_exception=True)
        user: Any = self.request.user
        programme.take_off(session_id=session.pk, by=user, now=clock.now())


@extend_schema(tags=["conferences"])
class DraftWarningsView(DraftMixin, CacheHeadersMixin, ListAPIView):
    """What to look at in the draft before it is released: what cannot be first, then in order of time."""

    serializer_class = DraftWarningSerializer

    @extend_schema(operation_id="conferences_draft_warnings_list", responses=DraftWarningSerializer(many=True))
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        self.filter_queryset(self.get_queryset())  # what the address has no parameter for is refused
        page = self.paginate_queryset(draft_warnings.warnings_of(self.conference))  # type: ignore[arg-type]
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


@extend_schema(tags=["conferences"])
class FreePlacesView(DraftMixin, CacheHeadersMixin, ListAPIView):
    """Where a session could go in the draft: at most five places, those with the least to say against them first."""

    serializer_class = FreePlaceSerializer

    @extend_schema(operation_id="conferences_draft_sessions_free_places", responses=FreePlaceSerializer(many=True))
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        session = self.get_object()
        session.conference = self.conference
        page = self.paginate_queryset(free_places.free_places(session=session, now=clock.now()))  # type: ignore[arg-type]
        return self.get_paginated_response(self.get_serializer(page, many=True).data)
