"""What people on the programme do for themselves: known by the link of a letter, or by the verified address they sign in with."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response

import clock
from api.etags import ConditionalMixin
from api.languages import TranslatedField, text_in
from api.serializers import StrictModelSerializer, StrictSerializer
from conferences.api.fields import FairMomentField, WrittenMomentField
from conferences.api.photos import photo_url
from conferences.api.views import ConferenceMixin
from conferences.domain import own_speaker, speaker_links
from conferences.domain.speaker_letters import parts_of
from conferences.enums import SessionRole
from conferences.models import Participation, Speaker
from exhibitors.api.serializers import NoInputSerializer

WORD = OpenApiParameter(
    "Speaker-Word",
    str,
    OpenApiParameter.HEADER,
    description="The last word in the address of the person's own page, as the letter has it. "
    "Not needed for people who sign in with the address that the organisers know, verified.",
)
PRIVATE = "private, no-store"  # whoever is known by a link is no signed-in person


class TimeSerializer(StrictSerializer):
    """When the person can come."""

    starts_at = WrittenMomentField()
    ends_at = WrittenMomentField()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        zone = self.context["conference"].fair.zone
        return {name: getattr(instance, name).astimezone(zone).isoformat() for name in ("starts_at", "ends_at")}


class OwnSessionSerializer(serializers.Serializer[Any]):
    """A session that the person is in, as it is released: times are null while it is not."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    title = TranslatedField(max_length=250)
    role = serializers.ChoiceField(choices=SessionRole.choices)
    is_public = serializers.BooleanField()
    starts_at = FairMomentField(allow_null=True)
    ends_at = FairMomentField(allow_null=True)
    room = serializers.CharField(allow_null=True, help_text="A room's code.")


class OwnSpeakerSerializer(StrictModelSerializer):
    """Somebody on the programme, as the person reads and changes it."""

    name = TranslatedField(max_length=150, required=False)
    title = TranslatedField(max_length=200, allow_blank=True, required=False)
    organisation = TranslatedField(max_length=200, allow_blank=True, required=False)
    biography = TranslatedField(max_length=4000, allow_blank=True, required=False)
    availability = TimeSerializer(source="availabilities.all", many=True, required=False, help_text="Empty: always.")
    answered_at = FairMomentField(read_only=True, allow_null=True)
    photo = serializers.SerializerMethodField()
    sessions = serializers.SerializerMethodField()

    class Meta:
        model = Speaker
        fields = [
            *("id", "name", "title", "organisation", "biography", "country", "photo", "language", "time_zone"),
            *("travel", "visa", "availability", "answer", "answered_at", "reason", "sessions"),
        ]
        read_only_fields = ["id", "country", "answer", "answered_at", "reason"]

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_photo(self, speaker: Speaker) -> str | None:
        return photo_url(speaker)

    @extend_schema_field(OwnSessionSerializer(many=True))
    def get_sessions(self, speaker: Speaker) -> list[dict[str, Any]]:
        return [self._session(part) for part in parts_of(speaker)]

    def _session(self, part: Participation) -> dict[str, Any]:
        session, zone = part.session, self.context["conference"].fair.zone
        return {
            "id": session.pk,
            "code": session.code,
            "title": text_in(session, "title", self.context),
            "role": part.role,
            "is_public": session.is_public,
            "starts_at": session.starts_at.astimezone(zone).isoformat() if session.starts_at else None,
            "ends_at": session.ends_at.astimezone(zone).isoformat() if session.ends_at else None,
            "room": session.room.code if session.room else None,
        }


class DeclineSerializer(StrictSerializer):
    reason = serializers.CharField(max_length=1000)


class OwnSpeakerMixin(ConferenceMixin, ConditionalMixin):
    """Gives a view the ``speaker`` who asks. 401 for strangers; raises LinkUnknown, NoSpeaker."""

    serializer_class: Any = OwnSpeakerSerializer
    read_serializer_class = OwnSpeakerSerializer
    queryset = Speaker.objects.none()
    filter_backends: list[Any] = []

    @cached_property
    def speaker(self) -> Speaker:
        request: Any = self.request  # type: ignore[attr-defined]
        word = request.headers.get("Speaker-Word", "")
        if word:
            return speaker_links.speaker_with(word, conference=self.conference, now=clock.now())
        if request.user.is_authenticated:
            return speaker_links.speaker_who_signed_in(request.user, conference=self.conference)
        raise NotAuthenticated

    def get_object(self) -> Speaker:
        found = Speaker.objects.get(pk=self.speaker.pk)
        found.conference = self.conference
        return found

    def who(self) -> dict[str, Any]:
        """Whose row it is, and who changes it; one who is known by a link has no account here."""
        user = self.request.user  # type: ignore[attr-defined]
        has_link = bool(self.request.headers.get("Speaker-Word"))  # type: ignore[attr-defined]
        return {"speaker_id": self.speaker.pk, "by": None if has_link or not user.is_authenticated else user, "now": clock.now()}

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response.headers["Cache-Control"] = PRIVATE
        return super().finalize_response(request, response, *args, **kwargs)


@extend_schema(tags=["conferences"])
class OwnSpeakerView(OwnSpeakerMixin, GenericAPIView):
    """Oneself on the programme."""

    @extend_schema(operation_id="conferences_speakers_own", parameters=[WORD])
    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """How one is shown, what one has answered, and the own sessions as they are released, confidential ones too."""
        return self.object_response(self.get_object())

    @extend_schema(operation_id="conferences_speakers_own_update", parameters=[WORD])
    def patch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Change how one is shown, and say when one can come and how. What staff alone know of journey and visa is refused."""
        return self.update(request, *args, partial=True, **kwargs)

    def perform_update(self, serializer: Any) -> None:
        given = dict(serializer.validated_data)
        times: Iterable[Any] | None = given.pop("availabilities", {}).get("all")
        own_speaker.update(values=given, **self.who())
        if times is not None:
            own_speaker.set_times(times=[(one["starts_at"], one["ends_at"]) for one in times], **self.who())


@extend_schema(tags=["conferences"])
class ConfirmSpeakerView(OwnSpeakerMixin, GenericAPIView):
    @extend_schema(
        operation_id="conferences_speakers_own_confirm", parameters=[WORD], request=NoInputSerializer, responses=OwnSpeakerSerializer
    )
    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Say that one comes. Said twice is once."""
        who = self.who()
        NoInputSerializer(data=request.data).is_valid(raise_exception=True)
        own_speaker.confirm(**who)
        return self.object_response(self.get_object())


@extend_schema(tags=["conferences"])
class DeclineSpeakerView(OwnSpeakerMixin, GenericAPIView):
    @extend_schema(
        operation_id="conferences_speakers_own_decline", parameters=[WORD], request=DeclineSerializer, responses=OwnSpeakerSerializer
    )
    def post(self, request: Any, *args: Any, **kwargs: Any) -> Response | HttpResponse:
        """Say that one does not come, and why. The organisers are told."""
        who = self.who()
        body = DeclineSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        own_speaker.decline(reason=body.validated_data["reason"], **who)
        return self.object_response(self.get_object())
