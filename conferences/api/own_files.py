"""Photo and slides of people on the programme: sent by themselves, known by the link of a letter or by their verified address."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response

from api.etags import CacheHeadersMixin
from api.file_kinds import CONTENT_TYPES
from api.file_links import answer_with
from api.serializers import StrictSerializer
from api.uploads import UploadField, UploadParser
from conferences.api.fields import FairMomentField
from conferences.api.own_speaker import WORD, OwnSpeakerMixin, OwnSpeakerSerializer
from conferences.api.schedules import AnyAccept
from conferences.domain import own_speaker, photos
from conferences.models import SpeakerSlides


class PhotoSerializer(StrictSerializer):
    file = UploadField(help_text=f"PNG, JPEG or WebP, at most {photos.LARGEST_FILE // 1024 // 1024} MB. What is kept is a new JPEG.")


class NewSlidesSerializer(StrictSerializer):
    session = serializers.CharField(max_length=40, help_text="The code of one of the own sessions.")
    file = UploadField(help_text="PDF or PPTX without macros, links to outside parts, and embedded objects that are no workbooks.")


class SlidesSerializer(serializers.ModelSerializer[SpeakerSlides]):
    """One version of somebody's slides for a session."""

    session = serializers.CharField(source="session.code")
    name = serializers.CharField(source="file.original_name")
    kind = serializers.ChoiceField(source="file.kind", choices=[(kind.value, kind.label) for kind in own_speaker.SLIDES])
    size = serializers.IntegerField(source="file.size", help_text="Bytes.")
    uploaded_at = FairMomentField()

    class Meta:
        model = SpeakerSlides
        fields = ["id", "session", "version", "name", "kind", "size", "uploaded_at"]
        read_only_fields = fields


class AllSlidesSerializer(serializers.Serializer[Any]):
    slides = SlidesSerializer(many=True, help_text="Session by session, the latest version first.")


@extend_schema(tags=["conferences"])
class OwnPhotoView(OwnSpeakerMixin, GenericAPIView):
    """The photo that everybody sees."""

    parser_classes = [UploadParser]

    @extend_schema(
        operation_id="conferences_speakers_own_photo",
        parameters=[WORD],
        request={"multipart/form-data": PhotoSerializer},
        responses=OwnSpeakerSerializer,
    )
    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send a photo, in place of the one before. It is drawn anew, without place and camera."""
        who = self.who()  # before a byte of the file is parsed
        body = PhotoSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        own_speaker.set_photo(file=body.validated_data["file"], **who)
        return self.object_response(self.get_object())

    @extend_schema(
        operation_id="conferences_speakers_own_photo_delete", parameters=[WORD], request=None, responses={200: OwnSpeakerSerializer}
    )
    def delete(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Be shown without a photo. ``If-Match`` takes the tag of oneself on the programme."""
        with transaction.atomic():
            self.get_matching_object()
            own_speaker.set_photo(file=None, **self.who())
            return self.object_response(self.get_object())


@extend_schema(tags=["conferences"])
class OwnSlidesView(OwnSpeakerMixin, CacheHeadersMixin, GenericAPIView):
    """The slides for the own sessions, all versions."""

    parser_classes = [UploadParser]
    serializer_class = AllSlidesSerializer

    @extend_schema(operation_id="conferences_speakers_own_slides", parameters=[WORD], responses=AllSlidesSerializer)
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """What was handed in so far; of a session the latest version counts."""
        return Response(self._told({"slides": own_speaker.slides_of(self.speaker)}))

    @extend_schema(
        operation_id="conferences_speakers_own_slides_send",
        parameters=[WORD],
        request={"multipart/form-data": NewSlidesSerializer},
        responses={201: SlidesSerializer},
    )
    def post(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """Hand in slides for one of the own sessions, as the next version. One file a request."""
        who = self.who()
        body = NewSlidesSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        session = own_speaker.own_session(self.speaker, code=given["session"])
        made = own_speaker.upload_slides(session_id=session.pk, file=given["file"], **who)
        return Response(SlidesSerializer(made, context=self.get_serializer_context()).data, status=201)

    def _told(self, found: dict[str, Any]) -> Any:
        return AllSlidesSerializer(found, context=self.get_serializer_context()).data


@extend_schema(tags=["conferences"])
class OwnSlidesFileView(OwnSpeakerMixin, CacheHeadersMixin, GenericAPIView):
    content_negotiation_class = AnyAccept

    @extend_schema(
        operation_id="conferences_speakers_own_slides_file",
        parameters=[WORD],
        responses={(200, CONTENT_TYPES[kind]): OpenApiTypes.BINARY for kind in own_speaker.SLIDES},
    )
    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """One version of the own slides as it was handed in."""
        found = self.speaker.slides.select_related("file").filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return answer_with(found.file)
