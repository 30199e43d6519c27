"""Conferences, their programme and delegates, as JSON."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import validate_time_zone
from api.languages import TranslatedField, text_in
from api.serializers import StrictSerializer
from api.text import clean_line
from conferences.api.fields import FairMomentField
from conferences.api.photos import photo_url
from conferences.domain.delegates import Registration
from conferences.enums import DelegateKind, DelegateStatus, RoomEquipment, RoomLayout, SessionRole
from conferences.models import Conference, Delegate, Participation, Room, Session, SessionHost, Speaker, Track
from fairs.models.site import country_code


class RoomSerializer(serializers.ModelSerializer[Room]):
    name = TranslatedField(max_length=120, read_only=True)
    layout = serializers.ChoiceField(choices=RoomLayout.choices, allow_blank=True, read_only=True, help_text="Empty: not known yet.")
    equipment = serializers.ListField(child=serializers.ChoiceField(choices=RoomEquipment.choices), read_only=True)
    site = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True, help_text="Null: at the conference's own site.")

    class Meta:
        model = Room
        fields = ["code", "name", "capacity", "interpretation_booths", "layout", "equipment", "site"]


class TrackSerializer(serializers.ModelSerializer[Track]):
    name = TranslatedField(max_length=120, read_only=True)

    class Meta:
        model = Track
        fields = ["code", "name", "colour"]


class ConferenceSerializer(serializers.ModelSerializer[Conference]):
    """One conference; fair and site are slugs."""

    fair = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    name = TranslatedField(read_only=True)
    site = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    time_zone = serializers.CharField(source="fair.time_zone", read_only=True)
    rooms = RoomSerializer(many=True, read_only=True)
    tracks = TrackSerializer(many=True, read_only=True)

    class Meta:
        model = Conference
        fields = ["slug", "fair", "name", "starts_on", "ends_on", "time_zone", "site", "rooms", "tracks"]


class PersonSerializer(serializers.Serializer[Participation]):
    """Somebody in a session. Describes the API; the values are made by ``person``."""

    id = serializers.IntegerField()
    name = TranslatedField(max_length=150)
    organisation = TranslatedField()
    role = serializers.ChoiceField(choices=SessionRole.choices)


def person(participation: Participation, context: Any) -> dict[str, Any]:
    speaker = participation.speaker
    return {
        "id": speaker.pk,
        "name": text_in(speaker, "name", context),
        "organisation": text_in(speaker, "organisation", context),
        "role": participation.role,
    }


class HostSerializer(serializers.Serializer[SessionHost]):
    """A company that holds a session. Describes the API; the values are made by ``host``."""

    exhibitor = serializers.IntegerField(help_text="Its id in the fair's catalogue.")
    name = TranslatedField()


def host(hosting: Any, context: Any) -> dict[str, Any]:
    company = hosting.application.company
    return {"exhibitor": hosting.exhibitor, "name": text_in(company, "name", context) or company.legal_name}


class SessionSerializer(serializers.ModelSerializer[Session]):
    """One item of the programme; room and track are codes that the conference explains."""

    title = TranslatedField(max_length=250, read_only=True)
    abstract = TranslatedField(max_length=4000, read_only=True)
    room = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)
    track = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)
    starts_at = FairMomentField(read_only=True)
    ends_at = FairMomentField(read_only=True)
    further_languages = serializers.ListField(child=serializers.ChoiceField(choices=settings.LANGUAGES), read_only=True)
    interpretation = serializers.ListField(child=serializers.ChoiceField(choices=settings.LANGUAGES), read_only=True)
    hosts = serializers.SerializerMethodField()
    speakers = serializers.SerializerMethodField()

    class Meta:
        model = Session
        fields = [
            "id",
            "code",
            "title",
            "abstract",
            "kind",
            "language",
            "further_languages",
            "interpretation",
            "starts_at",
            "ends_at",
            "room",
            "track",
            "is_public",
            "capacity",
            "takes_sign_ups",
            "hosts",
            "speakers",
        ]
        read_only_fields = fields

    @extend_schema_field(HostSerializer(many=True))
    def get_hosts(self, session: Session) -> list[dict[str, Any]]:
        """Host companies, of those that are in the catalogue."""
        return [host(hosting, self.context) for hosting in session.hostings.all()]

    @extend_schema_field(PersonSerializer(many=True))
    def get_speakers(self, session: Session) -> list[dict[str, Any]]:
        return [person(participation, self.context) for participation in session.participations.all()]


class SpeakerSerializer(serializers.ModelSerializer[Speaker]):
    """Somebody on the programme; how to reach them is nobody's business."""

    name = TranslatedField(max_length=150, read_only=True)
    title = TranslatedField(read_only=True)
    organisation = TranslatedField(read_only=True)
    biography = TranslatedField(max_length=4000, read_only=True)
    photo = serializers.SerializerMethodField()
    sessions = serializers.SerializerMethodField()

    class Meta:
        model = Speaker
        fields = ["id", "name", "title", "organisation", "biography", "country", "photo", "sessions"]
        read_only_fields = fields

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_photo(self, speaker: Speaker) -> str | None:
        return photo_url(speaker)

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_sessions(self, speaker: Speaker) -> list[int]:
        """Ids of the sessions that this reader may see, in order of time."""
        return list(dict.fromkeys(participation.session_id for participation in speaker.participations.all()))


class RegistrationSerializer(StrictSerializer):
    """What a delegate sends to register."""

    name = serializers.CharField(max_length=150)
    email = serializers.EmailField(max_length=254)
    organisation = serializers.CharField(max_length=200, allow_blank=True, default="")
    country = serializers.CharField(max_length=2, allow_blank=True, default="", validators=[country_code])
    kind = serializers.ChoiceField(choices=DelegateKind.choices, default=DelegateKind.GUEST)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False, help_text="Of the letters; else that of the request.")
    time_zone = serializers.CharField(max_length=64, allow_blank=True, default="", validators=[validate_time_zone])

    def validate_name(self, value: str) -> str:
        return clean_line(value)

    def validate_organisation(self, value: str) -> str:
        return clean_line(value)

    def registration(self, *, language: str) -> Registration:
        """The checked values; ``language`` where none was sent."""
        return Registration(**{"language": language, **self.validated_data})


class PlaceSerializer(serializers.Serializer[Any]):
    """What a delegate has: a place, one in the waiting list, or the organisers' word to wait for."""

    status = serializers.ChoiceField(choices=DelegateStatus.choices)


class CodeSerializer(StrictSerializer):
    """The code out of the letter."""

    code = serializers.CharField(max_length=100)


class DelegateSerializer(serializers.ModelSerializer[Delegate]):
    """A delegate as staff see them."""

    registered_at = FairMomentField(read_only=True)
    confirm_by = FairMomentField(read_only=True, allow_null=True)
    confirmed_at = FairMomentField(read_only=True, allow_null=True)

    class Meta:
        model = Delegate
        fields = [
            "id",
            "kind",
            "name",
            "email",
            "organisation",
            "country",
            "language",
            "status",
            "registered_at",
            "confirm_by",
            "confirmed_at",
            "reason",
        ]
        read_only_fields = fields
