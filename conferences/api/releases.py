"""Releases of the programme: the list of what each changed, for everybody; what the next would change and the step, for organisers."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.mixins import ListModelMixin
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.response import Response

import clock
from api import idempotency
from api.etags import CacheHeadersMixin, ListETagMixin
from api.idempotency import IdempotentCreateMixin
from api.languages import TranslatedField
from api.serializers import StrictSerializer
from conferences.api.draft import DraftWarningSerializer, SeesDraft
from conferences.api.fields import FairMomentField
from conferences.api.views import ConferenceMixin
from conferences.domain.release_preview import ReleasePreview, preview_of, releases_of
from conferences.domain.releases import LANGUAGES, release_programme
from conferences.models import ProgrammeRelease, ReleaseChange
from fairs import access
from fairs.denials import staff_denied
from fairs.roles import Right


class ChangeSerializer(serializers.ModelSerializer[ReleaseChange]):
    """What a release changed about one session: its place before and after. ``session`` is null when it was deleted since."""

    title = TranslatedField(max_length=250, read_only=True)
    starts_before = FairMomentField(read_only=True, allow_null=True)
    ends_before = FairMomentField(read_only=True, allow_null=True)
    starts_after = FairMomentField(read_only=True, allow_null=True)
    ends_after = FairMomentField(read_only=True, allow_null=True)
    room_before = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)
    room_after = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)
    session = serializers.IntegerField(source="session_id", read_only=True, allow_null=True)

    class Meta:
        model = ReleaseChange
        fields = [
            *("session", "code", "title", "kind", "is_public"),
            *("starts_before", "ends_before", "room_before", "starts_after", "ends_after", "room_after"),
        ]
        read_only_fields = fields


class ReleaseSerializer(serializers.ModelSerializer[ProgrammeRelease]):
    """A version of the programme, with what changed in it."""

    released_at = FairMomentField(read_only=True)
    note = TranslatedField(max_length=1000, allow_blank=True, read_only=True)
    changes = ChangeSerializer(many=True, read_only=True)

    class Meta:
        model = ProgrammeRelease
        fields = ["number", "released_at", "note", "changes"]
        read_only_fields = fields


class ReleaseRequestSerializer(StrictSerializer):
    """How to release: ``seen`` as the preview gave it, so that nothing is released that was not looked at."""

    seen = serializers.CharField(max_length=64)
    note = TranslatedField(max_length=1000, allow_blank=True, required=False)
    tells = serializers.BooleanField(default=True, help_text="Whether people and delegates of the sessions that change are written to.")


class PreviewSerializer(serializers.Serializer[ReleasePreview]):
    """What the next release would do. ``clashes`` prevent it, ``warnings`` do not."""

    seen = serializers.CharField(help_text="Send it with the release.")
    changes = ChangeSerializer(many=True)
    letters = serializers.SerializerMethodField(
        help_text="How many would be written to: people and signed-up delegates of the sessions that change."
    )
    unreachable = serializers.SerializerMethodField(help_text="Ids of people who have no email address.")
    clashes = DraftWarningSerializer(many=True)
    warnings = DraftWarningSerializer(many=True)

    def get_letters(self, preview: ReleasePreview) -> int:
        return len(preview.readers.reached)

    def get_unreachable(self, preview: ReleasePreview) -> list[int]:
        return [person.pk for person in preview.readers.without_address]


class ChangesProgramme(BasePermission):
    """Staff of the conference's fair with a role that changes the programme."""

    def has_permission(self, request: Any, view: Any) -> bool:
        # Asking for the conference first: one that this person may not know of is a 404, not a 403.
        if not access.has_right(request.user, fair_id=view.conference.fair_id, right=Right.EDIT_CONFERENCE):
            raise staff_denied(Right.EDIT_CONFERENCE)
        return True


@extend_schema(tags=["conferences"])
class ReleasesView(ConferenceMixin, ListETagMixin, IdempotentCreateMixin, ListModelMixin, GenericAPIView):
    """What each release changed (everybody); release the draft (staff)."""

    serializer_class = ReleaseSerializer
    queryset = ProgrammeRelease.objects.none()

    def get_permissions(self) -> list[Any]:
        return [IsAuthenticated(), ChangesProgramme()] if self.request.method == "POST" else [AllowAny()]

    def get_queryset(self) -> QuerySet[ProgrammeRelease]:
        if getattr(self, "swagger_fake_view", False):
            return ProgrammeRelease.objects.none()
        return releases_of(self.conference, with_confidential=self.sees_everything)

    @extend_schema(operation_id="conferences_releases_list")
    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The versions of the programme, the latest first, with the sessions that each changed. Changes of confidential ones: for staff."""
        return self.list(request, *args, **kwargs)

    @extend_schema(operation_id="conferences_releases_create", request=ReleaseRequestSerializer, responses={201: ReleaseSerializer})
    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show everybody the draft as it stands, and write to the people and the signed-up delegates of the sessions that change.

        409 when nothing has changed, when the draft is another than that of ``seen``, or when two sessions clash.
        """
        return idempotency.once(self, request, lambda: self._release(request))

    def _release(self, request: Any) -> Response:
        serializer = ReleaseRequestSerializer(data=request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        release = release_programme(
            conference_id=self.conference.pk,
            by=request.user,
            now=clock.now(),
            note={language: given.get(f"note_{language}", "") for language in LANGUAGES},
            seen=given["seen"],
            tells=given["tells"],
        )
        return Response(self.get_serializer(self.get_queryset().get(pk=release.pk)).data, status=201)


@extend_schema(tags=["conferences"])
class NextReleaseView(ConferenceMixin, CacheHeadersMixin, GenericAPIView):
    """What the next release would do."""

    permission_classes = [IsAuthenticated, SeesDraft]
    serializer_class = PreviewSerializer
    queryset = ProgrammeRelease.objects.none()

    @extend_schema(operation_id="conferences_releases_next")
    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """What would change for everybody, how many would be written to, and what stands against it; for staff."""
        return Response(self.get_serializer(preview_of(self.conference)).data)
