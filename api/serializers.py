"""Serializers that take exactly what they declare: unknown fields are refused, texts are cleaned and have a longest length."""

from collections.abc import Mapping
from typing import Any

from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.text import clean_text

LONGEST_TEXT = 10_000  # characters, where a field declares no limit of its own
UNKNOWN_FIELD = _("There is no such field.")
NO_TEXT = _("Write a text in quotation marks.")


class StrictMixin:
    """For any serializer, nested ones too: ``unknown_field`` for each key that is not declared (read-only ones are ignored),
    ``invalid`` for a number where a text belongs."""

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()  # type: ignore[misc]
        for field in fields.values():
            text = getattr(field, "child", field)
            if isinstance(text, serializers.CharField) and text.max_length is None and not field.read_only:
                text.max_length = LONGEST_TEXT
                message = serializers.CharField.default_error_messages["max_length"].format(max_length=LONGEST_TEXT)
                text.validators = [*text.validators, MaxLengthValidator(LONGEST_TEXT, message=message)]
        return fields

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return super().to_internal_value(data)  # type: ignore[misc]
        wrong = {name: [serializers.ErrorDetail(str(UNKNOWN_FIELD), "unknown_field")] for name in data if not self._knows(str(name))}
        wrong |= {name: [serializers.ErrorDetail(str(NO_TEXT), "invalid")] for name in data if self._is_no_text(name, data[name])}
        try:
            value = super().to_internal_value(self._cleaned(data))  # type: ignore[misc]
        except serializers.ValidationError as error:
            if wrong and isinstance(error.detail, dict):
                raise serializers.ValidationError({**error.detail, **wrong}) from error
            raise
        if wrong:
            raise serializers.ValidationError(wrong)
        return value

    def _is_no_text(self, name: Any, value: Any) -> bool:
        """A number where a text belongs: the framework would take 5 for "5"."""
        field = self.fields.get(name) if isinstance(name, str) else None  # type: ignore[attr-defined]
        return isinstance(field, serializers.CharField) and not field.read_only and isinstance(value, (int, float))

    def _knows(self, name: str) -> bool:
        # A form names nested fields "sites[0]size" or "sites.size".
        field = self.fields.get(name) or self.fields.get(name.partition("[")[0].partition(".")[0])  # type: ignore[attr-defined]
        return field is not None and not isinstance(field, serializers.HiddenField)

    def _cleaned(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        fields = self.fields  # type: ignore[attr-defined]
        changed: dict[str, Any] = {}
        for name, value in data.items():
            field = fields.get(name)
            if isinstance(field, serializers.CharField) and isinstance(value, str):
                changed[name] = clean_text(value)
            elif isinstance(field, serializers.ListField) and isinstance(field.child, serializers.CharField) and isinstance(value, list):
                changed[name] = [clean_text(item) if isinstance(item, str) else item for item in value]
        if not changed:
            return data
        if hasattr(data, "setlist"):  # a form: a copy that keeps its lists
            copy = data.copy()  # type: ignore[attr-defined]
            for name, value in changed.items():
                copy[name] = value
            return copy
        return {**data, **changed}


class StrictSerializer(StrictMixin, serializers.Serializer):
    """A serializer that refuses what it does not declare."""


class StrictModelSerializer(StrictMixin, serializers.ModelSerializer):
    """A model serializer that refuses what it does not declare."""
