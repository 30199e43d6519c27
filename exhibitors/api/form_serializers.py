"""What an application says, as the API takes and shows it: sites, neighbours, pavilion, fascia."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers import StrictSerializer
from exhibitors.domain.answers import MOST_ANSWERS
from exhibitors.enums import Scheme
from exhibitors.models.application import LONGEST_FASCIA, MOST_COLD_STORAGE_M2, MOST_POWER_KW
from exhibitors.models.wishes import MOST_NEIGHBOURS, MOST_PREFERENCES

LARGEST_ID = 2**63 - 1


class RequestedAreaSerializer(StrictSerializer):
    """Areas in m², in order: min ≤ wished ≤ max."""

    min = serializers.DecimalField(max_digits=8, decimal_places=2, min_value=1, required=False, allow_null=True)
    wished = serializers.DecimalField(max_digits=8, decimal_places=2, min_value=1, required=False, allow_null=True)
    max = serializers.DecimalField(max_digits=8, decimal_places=2, min_value=1, required=False, allow_null=True)


class StandPreferenceSerializer(StrictSerializer):
    """A stand that is wished for: written as its id, or as `hall` and `number`."""

    stand = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False, help_text="Id of a stand of the site.")
    hall = serializers.CharField(max_length=60, required=False, help_text="Slug of the hall.")
    number = serializers.CharField(max_length=20, required=False, help_text="Number of the stand in its hall.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs and self.root.partial:  # what is left of one that was refused
            return attrs
        if "stand" not in attrs and not {"hall", "number"} <= attrs.keys():
            raise serializers.ValidationError(_("Write the stand's id, or its hall and number."), "required")
        return attrs


class SiteWishSerializer(StrictSerializer):
    """What is asked for at one site. Days left out: all days of the site."""

    site = serializers.SlugField(max_length=60, help_text="Slug of a site of the fair.")
    requested_area_m2 = RequestedAreaSerializer(required=False)
    open_sides = serializers.IntegerField(min_value=1, max_value=4, required=False, allow_null=True)
    scheme = serializers.ChoiceField(choices=Scheme.choices, default=Scheme.SHELL)
    first_day = serializers.DateField(required=False, allow_null=True)
    last_day = serializers.DateField(required=False, allow_null=True)
    power_kw = serializers.DecimalField(
        max_digits=6, decimal_places=2, min_value=0, max_value=MOST_POWER_KW, required=False, allow_null=True, help_text="Power, kW."
    )
    water = serializers.BooleanField(required=False, help_text="Water and drain.")
    cold_storage_m2 = serializers.DecimalField(
        max_digits=6,
        decimal_places=2,
        min_value=0,
        max_value=MOST_COLD_STORAGE_M2,
        required=False,
        allow_null=True,
        help_text="Floor in the site's cold store, m².",
    )
    stand_preferences = StandPreferenceSerializer(  # type: ignore[call-arg]
        many=True, required=False, max_length=MOST_PREFERENCES, help_text="Up to three stands of the site, the dearest first."
    )


class NeighbourSerializer(StrictSerializer):
    """An exhibitor of the fair's public catalogue, or a name as text. Who else has applied is not told."""

    exhibitor = serializers.IntegerField(
        min_value=1, max_value=LARGEST_ID, required=False, allow_null=True, help_text="Id of an exhibitor in the catalogue."
    )
    name = serializers.CharField(max_length=300, required=False, allow_blank=True, help_text="Its name, where no id is given.")
    inn = serializers.CharField(max_length=20, required=False, allow_blank=True, help_text="Its INN, as far as it is known.")


@extend_schema_field(
    {
        "type": "object",
        "additionalProperties": {"description": "A text, number, day, true or false, an option's code or a list of them; null for none."},
        "maxProperties": MOST_ANSWERS,
    }
)
class AnswersField(serializers.Field[Any, Any, Any, Any]):
    """An object of answers by the question's code; the domain knows what each may be."""

    default_error_messages = {
        "invalid": _("Write an object with the codes of questions and their answers."),
        "max_length": _("At most {most} answers at once."),
    }

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, Mapping):
            self.fail("invalid")
        if len(data) > MOST_ANSWERS:
            self.fail("max_length", most=MOST_ANSWERS)
        return dict(data)

    def to_representation(self, value: Any) -> Any:
        return value


class FormSerializer(StrictSerializer):
    """The fields of an application that may be written; lists are whole lists."""

    in_parts = ("sites", "near", "away")

    categories = serializers.ListField(child=serializers.CharField(max_length=10), max_length=50, required=False)
    sites = SiteWishSerializer(many=True, required=False)
    pavilion = serializers.CharField(max_length=60, required=False, allow_null=True, help_text="Slug of a pavilion of the fair.")
    fascia_text = serializers.CharField(
        max_length=LONGEST_FASCIA, required=False, allow_blank=True, help_text="What stands above a shell scheme stand."
    )
    near = NeighbourSerializer(many=True, required=False, max_length=MOST_NEIGHBOURS, help_text="Whom to stand near to.")  # type: ignore[call-arg]
    away = NeighbourSerializer(many=True, required=False, max_length=MOST_NEIGHBOURS, help_text="Whom not to stand near to.")  # type: ignore[call-arg]
    answers = AnswersField(required=False, help_text="To the fair's own questions, by code; what is left out stays, null takes it away.")
