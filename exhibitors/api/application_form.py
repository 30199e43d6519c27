"""The application form as data, and the files that answer its questions."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from api import idempotency
from api.etags import ListETagMixin
from api.file_kinds import FileKind
from api.file_links import file_url
from api.idempotency import IdempotentCreateMixin
from api.languages import ALL, TranslatedField, in_language, request_language
from api.serializers import StrictSerializer
from api.uploads import UploadField, UploadParser
from exhibitors.api.application_parts import FormPartView
from exhibitors.domain import answers
from exhibitors.domain.form_description import describe
from exhibitors.enums import ApplicationStatus, FormSection, QuestionAudience, QuestionType
from exhibitors.models import Answer
from exhibitors.models.document import EXHIBITORS
from fairs.api.scoping import FairScopedMixin

_VALUES = {"type": "array", "items": {"oneOf": [{"type": "string"}, {"type": "boolean"}]}}


class ChoiceSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    text = TranslatedField()


class FormFieldSerializer(serializers.Serializer[Any]):
    """A field that every application has; `name` is its path in the bodies of the API."""

    name = serializers.CharField()
    type = serializers.CharField()
    label = TranslatedField()  # type: ignore[assignment]
    help = TranslatedField()
    required = serializers.BooleanField(help_text="Asked for when the application is submitted.")  # type: ignore[assignment]
    unit = serializers.CharField(allow_null=True)
    min = serializers.FloatField(allow_null=True)
    max = serializers.FloatField(allow_null=True)
    max_length = serializers.IntegerField(allow_null=True)
    max_items = serializers.IntegerField(allow_null=True)
    choices = ChoiceSerializer(many=True)
    open_until = serializers.DateTimeField(allow_null=True, help_text="Until when it may be changed after submission.")


@extend_schema_field(_VALUES)
class ShownIfValuesField(serializers.ReadOnlyField):
    """The answers after which a question is asked."""


class ShownIfSerializer(serializers.Serializer[Any]):
    """The question is asked only after one of these answers to the other."""

    question = serializers.CharField(help_text="Code of the other question.")
    values = ShownIfValuesField()


class FormQuestionSerializer(serializers.Serializer[Any]):
    """A question of the fair's own, answered in `answers` under its code."""

    code = serializers.CharField()
    text = TranslatedField()
    help = TranslatedField()
    type = serializers.ChoiceField(choices=QuestionType.choices)
    required = serializers.BooleanField(help_text="Where it is asked.")  # type: ignore[assignment]
    concerns = serializers.ChoiceField(choices=QuestionAudience.choices)
    max_length = serializers.IntegerField(allow_null=True)
    min = serializers.FloatField(allow_null=True)
    max = serializers.FloatField(allow_null=True)
    options = ChoiceSerializer(many=True)
    shown_if = ShownIfSerializer(allow_null=True)


BESIDE = [("co_exhibitors", "co_exhibitors"), ("staff", "staff"), ("documents", "documents")]


class FormSectionSerializer(serializers.Serializer[Any]):
    """A part of the form. Some are filled in beside the application, row by row, at an address of their own."""

    code = serializers.ChoiceField(choices=[*FormSection.choices, *BESIDE])
    title = TranslatedField()
    path = serializers.CharField(help_text="Below the application, where its rows are written; empty: in the application itself.")
    open_in = serializers.ListField(
        child=serializers.ChoiceField(choices=ApplicationStatus.choices), help_text="In which states its exhibitor may fill it in."
    )
    open_until = serializers.DateTimeField(allow_null=True, help_text="When the part closes to exhibitors; null: no such moment.")
    fields_ = FormFieldSerializer(many=True)
    questions = FormQuestionSerializer(many=True)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        fields["fields"] = fields.pop("fields_")  # a serializer's own name stands in the way
        return fields


class FormDeadlineSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = TranslatedField()
    due_at = serializers.DateTimeField()


class FormSiteSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = TranslatedField()
    city = TranslatedField()
    first_day = serializers.DateField()
    last_day = serializers.DateField()


class CodeNameSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = TranslatedField()


class SlugNameSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = TranslatedField()


class FormDocumentSerializer(serializers.Serializer[Any]):
    """A document that the fair asks for; whether it is due from one exhibitor says its `checklist/`."""

    code = serializers.CharField()
    title = TranslatedField()
    help = TranslatedField()
    required = serializers.BooleanField()  # type: ignore[assignment]
    concerns = serializers.ChoiceField(choices=[(each.value, each.label) for each in EXHIBITORS])
    categories = serializers.ListField(child=serializers.CharField(), help_text="Only exhibitors of one of these; none: of any.")
    per_site = serializers.BooleanField(help_text="One for each site.")
    needs_expiry = serializers.BooleanField(help_text="`valid_until` is asked for with the file.")
    kinds = serializers.ListField(child=serializers.ChoiceField(choices=FileKind.choices), help_text="Kinds of files that are taken.")
    valid_from = serializers.DateField(allow_null=True, help_text="Since when the rule is in force.")
    valid_to = serializers.DateField(allow_null=True, help_text="Until when the rule is in force.")
    due_at = serializers.DateTimeField(allow_null=True)


class ApplicationFormSerializer(serializers.Serializer[Any]):
    """The whole form in the reader's language."""

    fair = serializers.CharField(help_text="Slug of the fair.")
    applications_open_at = serializers.DateTimeField()
    applications_close_at = serializers.DateTimeField()
    takes_late_applications = serializers.BooleanField()
    silence_accepts = serializers.BooleanField(help_text="A stand offer that nobody answers in time is accepted; else it falls free.")
    deadlines = FormDeadlineSerializer(many=True)
    sites = FormSiteSerializer(many=True)
    categories = CodeNameSerializer(many=True)
    pavilions = SlugNameSerializer(many=True)
    documents = FormDocumentSerializer(many=True)
    sections = FormSectionSerializer(many=True)


class ApplicationFormView(FairScopedMixin, ListETagMixin, GenericAPIView[Any]):
    """The form that a portal draws."""

    permission_classes = [AllowAny]
    serializer_class = ApplicationFormSerializer
    pagination_class = None
    filter_backends: list[Any] = []

    @extend_schema(
        operation_id="application_form_retrieve",
        tags=["applications"],
        description="The application form of a fair as data, so that a portal can draw it: its parts with their fields, limits and units, "
        "sites, categories, pavilions, and the fair's own questions with the conditions under which each is asked. Three parts are "
        "filled in beside the application, each at its own `path`: co-exhibitors, people on the stand, and documents.",
        responses=ApplicationFormSerializer,
    )
    def get(self, request: Any, fair: str) -> Any:
        return self.answer_revised(self._form)

    def _form(self) -> Response:
        form, language = describe(self.fair), request_language(self.request)
        return Response(form if language == ALL else in_language(form, language))


class NewFileAnswerSerializer(StrictSerializer):
    file = UploadField(help_text="PDF, PNG, JPEG, WebP, XLSX or PPTX, at most 20 MB.")


class FileAnswerSerializer(serializers.Serializer[Any]):
    """A file that answers a question."""

    question = serializers.CharField(help_text="Code of the question.")
    name = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    answered_at = serializers.DateTimeField()
    file_url = serializers.CharField(allow_null=True, help_text="For you alone, for ten minutes. Null: it has been replaced since.")


class FileAnswerView(IdempotentCreateMixin, FormPartView, GenericAPIView[Any]):
    """The file that answers one question of an application."""

    http_method_names = ["get", "post", "head", "options"]
    serializer_class: Any = FileAnswerSerializer
    parser_classes = [UploadParser]
    volatile_fields = ("file_url",)
    lookup_url_kwarg = "code"

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Answer.objects.none()
        return Answer.objects.filter(application=self.application, file__isnull=False).select_related("file", "question")

    def get_object(self) -> Answer:
        found = self.get_queryset().filter(question__code=self.kwargs["code"]).first()
        if found is None:
            raise Http404
        answer: Answer = found
        return answer

    def full_representation(self, instance: Any) -> Any:
        at = instance.answered_at.astimezone(self.fair.zone).isoformat()
        link = file_url(instance.file, user=self.request.user)
        return {"question": instance.question.code, **instance.value, "answered_at": at, "file_url": link}

    def stored_instance(self, stored: dict[str, Any]) -> Answer | None:
        found: Answer | None = self.get_queryset().filter(question__code=self.kwargs["code"]).first()
        is_same = found is not None and self.full_representation(found)["answered_at"] == stored["answered_at"]
        return found if is_same else None  # another file may have taken its place

    def location_of(self, instance: Any) -> str:
        return str(self.request.build_absolute_uri(self.request.path))

    @extend_schema(
        operation_id="file_answers_retrieve",
        tags=["applications"],
        description="The file that answers a question of the form, with a link to load it.",
        responses=FileAnswerSerializer,
    )
    def get(self, request: Any, fair: str, pk: int, code: str) -> Any:
        return self.object_response(self.get_object())

    @extend_schema(
        operation_id="file_answers_create",
        tags=["applications"],
        description="Answer a question of the form with a file, in place of one that was there.",
        request={"multipart/form-data": NewFileAnswerSerializer},
        responses={201: FileAnswerSerializer},
    )
    def post(self, request: Any, fair: str, pk: int, code: str) -> Any:
        return idempotency.once(self, request, self._create)

    def _create(self) -> Any:
        body = NewFileAnswerSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        who: dict[str, Any] = self.who_and_when
        answers.write_file(application_id=self.application.pk, code=self.kwargs["code"], file=body.validated_data["file"], **who)
        return self.created_response(self.get_object())
