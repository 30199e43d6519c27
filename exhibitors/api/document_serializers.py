"""What the API says of documents, and what it takes."""

from typing import Any

from rest_framework import serializers

from api.file_kinds import FileKind
from api.languages import TranslatedField
from api.serializers import StrictSerializer
from api.uploads import UploadField
from exhibitors.enums import DocumentState


class DocumentSerializer(serializers.Serializer[Any]):
    """One version of a document."""

    not_for_all = ("reviewed_by",)

    id = serializers.IntegerField()
    requirement = serializers.CharField(allow_null=True, help_text="Code of the required document; null: something else.")
    requirement_title = TranslatedField(read_only=True, allow_null=True)
    title = serializers.CharField(help_text="What it is, where no requirement says so.")
    site = serializers.CharField(allow_null=True, help_text="Slug of the site, where each needs its own.")
    version = serializers.IntegerField()
    state = serializers.ChoiceField(choices=DocumentState.choices)
    reason = serializers.CharField(help_text="Why it was returned.")
    valid_until = serializers.DateField(allow_null=True)
    expires_before_end = serializers.BooleanField(help_text="It ends before the fair does.")
    file_name = serializers.CharField()
    file_kind = serializers.ChoiceField(choices=FileKind.choices)
    file_size = serializers.IntegerField(help_text="Bytes.")
    file_sha256 = serializers.CharField(help_text="Of the file as it is kept: pictures are drawn anew.")
    file_url = serializers.URLField(allow_null=True, help_text="For you alone, for ten minutes. Null: you may not load it.")
    uploaded_at = serializers.DateTimeField()
    uploaded_by = serializers.CharField(allow_null=True)
    reviewed_at = serializers.DateTimeField(allow_null=True)
    reviewed_by = serializers.CharField(allow_null=True, required=False, help_text="Staff only.")


class NewDocumentSerializer(StrictSerializer):
    """A file with what it is: PDF, PNG, JPEG, WebP or XLSX of at most 20 MB, as far as the requirement takes them."""

    file = UploadField()
    requirement = serializers.SlugField(max_length=60, required=False, help_text="Code of a required document; left out: something else.")
    site = serializers.SlugField(max_length=60, required=False, help_text="Slug of a site, where each needs its own.")
    title = serializers.CharField(max_length=200, required=False, help_text="What it is, without a requirement.")
    valid_until = serializers.DateField(required=False)


class DocumentChangeSerializer(StrictSerializer):
    valid_until = serializers.DateField(allow_null=True)


class ReturnSerializer(StrictSerializer):
    reason = serializers.CharField(max_length=4000, help_text="What is to be done; the exhibitor reads it.")
