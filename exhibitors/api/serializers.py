"""What the API says of exhibitors and applications, and what it takes. Pages of rows are built by domain/*_queries.py;
the serializers of answers describe them for the schema, and a test holds the two together."""

from datetime import datetime
from typing import Any

from django.utils.timezone import is_naive
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.utils import Direction
from rest_framework import serializers

from api.languages import COLUMNS, TranslatedField
from api.schema import lines_schema
from api.serializers import StrictSerializer
from exhibitors.api.form_serializers import LARGEST_ID, AnswersField, FormSerializer, NeighbourSerializer, SiteWishSerializer
from exhibitors.domain.waiting_list import HIGHEST_RANK
from exhibitors.enums import HOLDABLE_STEPS, PEOPLE_STEPS, ApplicationStatus, ExhibitorRole

MOST_LINES = 50
LONGEST_LINE = 200  # characters
ALLOWED_ACTIONS = [step.value for step in PEOPLE_STEPS]


class LinesField(serializers.Field[Any, Any, Any, Any]):
    """A list of texts in the reader's language, or one list a language for ``?lang=all``."""


class LinesFieldExtension(OpenApiSerializerFieldExtension):
    target_class = LinesField
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: Direction) -> dict[str, Any]:
        if direction == "response":
            return lines_schema(auto_schema)
        lines = {"type": "array", "items": {"type": "string", "maxLength": LONGEST_LINE}, "maxItems": MOST_LINES}
        return {"oneOf": [lines, {"type": "object", "properties": dict.fromkeys(COLUMNS, lines), "additionalProperties": False}]}


class ReferenceSerializer(serializers.Serializer[Any]):
    """A row of a reference list."""

    code = serializers.CharField(help_text="ISO 3166-2 for regions, HS chapter for product categories.")
    name = TranslatedField(read_only=True)


class CodeAndNameSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = TranslatedField(read_only=True)


class ExhibitorStandSerializer(serializers.Serializer[Any]):
    site = serializers.CharField(help_text="Slug of the site.")
    hall = serializers.CharField(help_text="Slug of the hall.")
    number = serializers.CharField()


class ExhibitorSerializer(serializers.Serializer[Any]):
    """An exhibitor as visitors find it in the catalogue."""

    id = serializers.IntegerField()
    name = TranslatedField(read_only=True)
    role = serializers.ChoiceField(choices=ExhibitorRole.choices)
    description = TranslatedField(read_only=True)
    brands = LinesField(read_only=True)
    region = CodeAndNameSerializer(allow_null=True)
    categories = CodeAndNameSerializer(many=True)
    stands = ExhibitorStandSerializer(many=True)
    website = serializers.CharField()
    logo = serializers.URLField(allow_null=True)


class PlacementSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    site = serializers.CharField()
    hall = serializers.CharField()
    stand = serializers.CharField(help_text="Number of the stand, unique in its hall.")
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    status = serializers.ChoiceField(choices=["offered", "accepted"])
    answer_by = serializers.DateTimeField(allow_null=True, help_text="When the offer lapses.")


class PlannedPlacementSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    site = serializers.CharField()
    hall = serializers.CharField()
    stand = serializers.CharField(help_text="Number of the stand, unique in its hall.")
    first_day = serializers.DateField()
    last_day = serializers.DateField()


class HeldStepSerializer(serializers.Serializer[Any]):
    step = serializers.ChoiceField(choices=[step.value for step in HOLDABLE_STEPS])
    at = serializers.DateTimeField(help_text="When it was decided.")
    placement = PlannedPlacementSerializer(allow_null=True)


class HeldSerializer(serializers.Serializer[Any]):
    """What was decided and the exhibitor has not been told yet."""

    steps = HeldStepSerializer(many=True)
    announcement = serializers.IntegerField(allow_null=True, help_text="Id of the announcement that will tell it.")
    at = serializers.DateTimeField(allow_null=True, help_text="When the exhibitor will be told.")


class HeldStandSerializer(serializers.Serializer[Any]):
    """A stand that is kept for the application until a moment."""

    stand = serializers.IntegerField(help_text="Id of the stand.")
    site = serializers.CharField(help_text="Slug of the site.")
    hall = serializers.CharField(help_text="Slug of the hall.")
    number = serializers.CharField(help_text="Number of the stand, unique in its hall.")
    note = serializers.CharField()
    until = serializers.DateTimeField()


class MoveWishSerializer(serializers.Serializer[Any]):
    """The exhibitor's wish for another stand in place of an accepted one."""

    requested_at = serializers.DateTimeField()
    placement = serializers.IntegerField(allow_null=True, help_text="The stand meant; null: whichever it has.")
    reason = serializers.CharField()
    wish = serializers.CharField()


class NotTakenSerializer(serializers.Serializer[Any]):
    """Something of the earlier application that the new draft lacks."""

    pointer = serializers.CharField(help_text="Where in the earlier application (RFC 6901).")
    code = serializers.CharField()
    detail = serializers.CharField()


class WarningSerializer(serializers.Serializer[Any]):
    """Something about a step that was taken which the organiser may not have meant."""

    pointer = serializers.CharField(help_text="In the body that was sent (RFC 6901).")
    code = serializers.ChoiceField(choices=["smaller_than_asked", "larger_than_asked"])
    detail = serializers.CharField()


class ApplicationSerializer(serializers.Serializer[Any]):
    """An application as its reader may see it; `allowed_actions` are the path names of the steps open to this reader."""

    not_for_all = ("responsible", "held", "held_stands", "answers", "not_taken", "warnings")

    id = serializers.IntegerField()
    fair = serializers.CharField(help_text="Slug of the fair.")
    company = serializers.IntegerField(help_text="Id of the company.")
    company_name = serializers.CharField(help_text="Its legal name.")
    role = serializers.ChoiceField(choices=["MAIN"])
    categories = serializers.ListField(child=serializers.CharField(), help_text="Codes of product categories.")
    status = serializers.ChoiceField(choices=ApplicationStatus.choices)
    late = serializers.BooleanField(help_text="Submitted after the deadline.")
    allowed_actions = serializers.ListField(child=serializers.ChoiceField(choices=ALLOWED_ACTIONS))
    sites = SiteWishSerializer(many=True)
    pavilion = serializers.CharField(allow_null=True, help_text="Slug of the pavilion that the company stands in.")
    fascia_text = serializers.CharField(help_text="What stands above a shell scheme stand.")
    near = NeighbourSerializer(many=True)
    away = NeighbourSerializer(many=True)
    answers = AnswersField(required=False, help_text="To the fair's own questions, by code; a list leaves them out.")
    placements = PlacementSerializer(many=True)
    message = serializers.CharField(help_text="From the organiser: what has to be changed, or why it was rejected.")
    waitlist_rank = serializers.IntegerField(allow_null=True)
    submitted_at = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    changes_due_at = serializers.DateTimeField(allow_null=True, help_text="Until when the changes that were asked for are due.")
    move_request = MoveWishSerializer(allow_null=True)
    responsible = serializers.EmailField(allow_null=True, required=False, help_text="Staff only.")
    held = HeldSerializer(allow_null=True, required=False, help_text="Staff only: decisions that the exhibitor has not been told yet.")
    held_stands = HeldStandSerializer(
        many=True, required=False, help_text="Staff only: stands that are kept for it at this moment; a list leaves them out."
    )
    not_taken = NotTakenSerializer(many=True, required=False, help_text="When it was drafted `from_application`: what was left behind.")
    warnings = WarningSerializer(many=True, required=False, help_text="Answers to `offer-stand/` and `relocate/` only.")


class NewApplicationSerializer(FormSerializer):
    """A new draft; it may be incomplete."""

    company = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    from_application = serializers.IntegerField(
        min_value=1, max_value=LARGEST_ID, required=False, help_text="Id of an earlier application of the company, at another fair."
    )


class ApplicationChangeSerializer(FormSerializer):
    """What is given replaces what was there; ``sites`` is the whole list."""


class NoInputSerializer(StrictSerializer):
    """A step that needs nothing said."""


class ReasonSerializer(StrictSerializer):
    reason = serializers.CharField(max_length=4000, required=False, allow_blank=True)


class RequiredReasonSerializer(StrictSerializer):
    reason = serializers.CharField(max_length=4000)


class HoldSerializer(StrictSerializer):
    """``hold``: decide now and tell the exhibitor later, by an announcement. Held anyway while something else is."""

    hold = serializers.BooleanField(default=False)


class RejectSerializer(HoldSerializer):
    reason = serializers.CharField(max_length=4000)


class MessageSerializer(HoldSerializer):
    message = serializers.CharField(max_length=4000, help_text="What has to be changed; the exhibitor reads it.")


class RankSerializer(HoldSerializer):
    rank = serializers.IntegerField(min_value=1, max_value=HIGHEST_RANK, required=False)


class OfferStandSerializer(HoldSerializer):
    """Days left out: the days asked for at the stand's site."""

    stand = serializers.IntegerField(min_value=1, max_value=2**63 - 1, help_text="Id of a stand of this fair.")
    first_day = serializers.DateField(required=False)
    last_day = serializers.DateField(required=False)


class RelocateSerializer(OfferStandSerializer):
    reason = serializers.CharField(max_length=4000)


class OfferSerializer(StrictSerializer):
    """The offer meant; it may be left out when one is open."""

    placement = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False)


class OfferWithReasonSerializer(OfferSerializer):
    reason = serializers.CharField(max_length=4000, required=False, allow_blank=True)


class MoveSerializer(OfferSerializer):
    """``placement``: the accepted stand meant, where there are several."""

    reason = serializers.CharField(max_length=4000)
    wish = serializers.CharField(max_length=4000, required=False, allow_blank=True, help_text="Where to, or what to be near to.")


class MomentField(serializers.DateTimeField):
    """A moment with its distance from UTC: nobody has to guess whose clock is meant."""

    default_error_messages = {"no_offset": _("Write the moment with its offset from UTC, such as 2024-01-10T18:00:00+08:00.")}

    def enforce_timezone(self, value: datetime) -> datetime:
        if is_naive(value):
            self.fail("no_offset")
        return super().enforce_timezone(value)  # type: ignore[no-any-return]


class ExtendDeadlineSerializer(StrictSerializer):
    deadline = serializers.SlugField(max_length=60, help_text="Code of a deadline of this fair.")
    due_at = MomentField(help_text="Later than the deadline's own moment.")
    reason = serializers.CharField(max_length=4000, required=False, allow_blank=True)


class NewAnnouncementSerializer(StrictSerializer):
    """Without ``applications``: all that is held and has no moment yet. Without ``at``: at once."""

    applications = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), min_length=1, max_length=5000, required=False
    )
    at = MomentField(required=False, allow_null=True)


class AnnouncementSerializer(serializers.Serializer[Any]):
    """Decisions that are told to the exhibitors together."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField(help_text="When the exhibitors are told.")
    status = serializers.ChoiceField(
        choices=["planned", "done", "cancelled", "empty"], help_text="`empty`: nothing is left that it could tell."
    )
    applications = serializers.IntegerField(help_text="How many applications it tells, or has told, of something.")
    created_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)
    cancelled_at = serializers.DateTimeField(allow_null=True)
