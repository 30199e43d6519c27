"""People on the programme for those who arrange it: who has answered what, how they come, and the letter that asks them."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.permissions import IsAuthenticated

import clock
from api import idempotency
from api.etags import CacheHeadersMixin, ConditionalMixin
from api.filters import ChoicesFilter, YesNoFilter
from api.idempotency import IdempotentCreateMixin
from api.languages import TranslatedField
from conferences.api.draft import SeesDraft
from conferences.api.fields import FairMomentField
from conferences.api.own_speaker import TimeSerializer
from conferences.api.photos import photo_url
from conferences.api.views import ConferenceMixin
from conferences.domain import speaker_invitations
from conferences.enums import SpeakerAnswer
from conferences.models import Speaker
from exhibitors.api.serializers import NoInputSerializer
from fairs import access
from fairs.denials import staff_denied
from fairs.roles import Right


class DraftSpeakerSerializer(serializers.ModelSerializer[Speaker]):
    """Somebody on the programme, as organisers see them."""

    name = TranslatedField(max_length=150, read_only=True)
    organisation = TranslatedField(read_only=True)
    answered_at = FairMomentField(read_only=True, allow_null=True)
    invited_at = FairMomentField(
        read_only=True, allow_null=True, help_text="When the letter with the link to the own page was written last."
    )
    availability = TimeSerializer(source="availabilities.all", many=True, read_only=True, help_text="Empty: always.")
    photo = serializers.SerializerMethodField()

    class Meta:
        model = Speaker
        fields = [
            *("id", "code", "name", "organisation", "country", "email", "language", "photo", "answer", "answered_at", "reason"),
            *("invited_at", "travel", "visa", "availability"),
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_photo(self, speaker: Speaker) -> str | None:
        return photo_url(speaker)


class DraftSpeakerFilter(django_filters.FilterSet):
    answer = ChoicesFilter(choices=SpeakerAnswer.choices)
    invited = YesNoFilter(field_name="invited_at", lookup_expr="isnull", exclude=True, help_text="Those who were written to, or not.")

    class Meta:
        model = Speaker
        fields: list[str] = []


class DraftSpeakersMixin(ConferenceMixin):
    permission_classes: list[Any] = [IsAuthenticated, SeesDraft]
    serializer_class = DraftSpeakerSerializer
    queryset = Speaker.objects.none()

    def get_queryset(self) -> QuerySet[Speaker]:
        if getattr(self, "swagger_fake_view", False):
            return Speaker.objects.none()
        return Speaker.objects.filter(conference=self.conference).prefetch_related("availabilities").order_by("name", "pk")


@extend_schema(tags=["conferences"])
class DraftSpeakerListView(DraftSpeakersMixin, CacheHeadersMixin, ListAPIView):
    """Everybody on the programme, for staff: answers, journeys, visas, and who was written to."""

    filterset_class = DraftSpeakerFilter


@extend_schema(tags=["conferences"])
class InviteSpeakerView(DraftSpeakersMixin, IdempotentCreateMixin, ConditionalMixin, GenericAPIView):
    filter_backends: list[Any] = []

    @extend_schema(operation_id="conferences_draft_speakers_invite", request=NoInputSerializer, responses=DraftSpeakerSerializer)
    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Write to somebody on the programme, with a new link to the own page, and ask whether they come. Links of earlier letters
        stay good. 409 `no-address` for somebody without an email address."""
        return idempotency.once(self, request, self._take)

    def _take(self) -> HttpResponse:
        speaker = self.get_object()  # 404 before 403: everybody who gets here may see it
        user: Any = self.request.user
        if not access.has_right(user, fair_id=self.conference.fair_id, right=Right.EDIT_CONFERENCE):
            raise staff_denied(Right.EDIT_CONFERENCE)
        NoInputSerializer(data=self.request.data).is_valid(raise_exception=True)
        speaker_invitations.invite(speaker_id=speaker.pk, by=user, now=clock.now())
        return self.object_response(self.get_object())
