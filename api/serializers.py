"""Serializers that take exactly what they declare: unknown fields are refused, texts are cleaned and have a longest length."""

import json
from collections.abc import Mapping
from copy import copy
from typing import Any

from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.settings import api_settings
from rest_framework.utils.encoders import JSONEncoder

from api.languages import ALL, LANGUAGES
from api.places import Rest, moved_back, rest_of
from api.problems import Invalid, field_errors, field_of
from api.text import clean_text, composed_text

LONGEST_TEXT = 10_000  # characters, where a field declares no limit of its own
UNKNOWN_FIELD = _("There is no such field: leave it out.")
READ_ONLY = _("This field cannot be changed here.")
NO_TEXT = _("Write a text in quotation marks.")
NOT_AN_OBJECT = _("Write an object with named fields.")
_ROUNDS = 4


class StrictMixin:
    """For any serializer, nested ones too: ``unknown_field`` for each key that is not declared, ``invalid`` for a number as a text.

    Of an object that is there, a read-only field may be sent back as it was read, and is refused (``read_only``) when it differs.
    """

    default_error_messages = {"invalid": NOT_AN_OBJECT}
    # Nested fields that ``wrong_besides`` can look at without those of their values that were refused.
    in_parts: tuple[str, ...] = ()

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()  # type: ignore[misc]
        for field in fields.values():
            text = getattr(field, "child", field)
            if not field.read_only and hasattr(text, "error_messages"):
                text.error_messages.update(_plain_words(text))
            if not field.read_only and "not_a_list" in getattr(field, "error_messages", ()):
                field.error_messages["not_a_list"] = str(_("Write a list, in square brackets."))
            if isinstance(text, serializers.ChoiceField) and not field.read_only:
                text.error_messages["invalid_choice"] = _("Choose one of: %(names)s.") % {"names": ", ".join(map(str, text.choices))}
            if isinstance(text, serializers.CharField) and text.max_length is None and not field.read_only:
                text.max_length = LONGEST_TEXT
                message = serializers.CharField.default_error_messages["max_length"].format(max_length=LONGEST_TEXT)
                text.validators = [*text.validators, MaxLengthValidator(LONGEST_TEXT, message=message)]
        return fields

    def wrong_besides(self, values: dict[str, Any]) -> list[dict[str, Any]]:
        """What the domain would refuse in the fields that were taken, when others were not: a person is told of all at once."""
        return []

    def is_valid(self, *, raise_exception: bool = False) -> bool:
        if super().is_valid():  # type: ignore[misc]
            return True
        if raise_exception:
            values, errors = taken(self)
            known = [error["pointer"] for error in errors]
            besides = [error for error in self.wrong_besides(values) if not any(_is_of(error["pointer"], one) for one in known)]
            raise Invalid(errors + besides)
        return False

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return super().to_internal_value(data)  # type: ignore[misc]
        refused = {name: [_error(UNKNOWN_FIELD, "unknown_field")] for name in data if not self._knows(str(name))}
        refused |= self._numbers_as_texts(data) | self._changed_read_only(data)
        try:
            value = super().to_internal_value(self._cleaned(data))  # type: ignore[misc]
        except serializers.ValidationError as error:
            if refused and isinstance(error.detail, dict):
                raise serializers.ValidationError({**error.detail, **refused}) from error
            raise
        if refused:
            raise serializers.ValidationError(refused)
        return value

    def _numbers_as_texts(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """DRF would write them down: 5 as "5"."""
        refused: dict[str, Any] = {}
        for name, value in data.items():
            field = self.fields.get(name)  # type: ignore[attr-defined]
            if field is None or field.read_only:
                continue
            if isinstance(field, serializers.CharField) and isinstance(value, (int, float)):
                refused[name] = [_error(NO_TEXT, "invalid")]
            elif isinstance(getattr(field, "child", None), serializers.CharField) and isinstance(value, list):
                wrong = {place: [_error(NO_TEXT, "invalid")] for place, item in enumerate(value) if isinstance(item, (int, float))}
                refused |= {name: wrong} if wrong else {}
        return refused

    def _changed_read_only(self, data: Mapping[str, Any]) -> dict[str, Any]:
        serializer: Any = self
        if serializer.parent is not None or serializer.instance is None:
            return {}
        fields = serializer.fields
        sent = {name: value for name, value in data.items() if name in fields and fields[name].read_only}
        if not sent:
            return {}
        # It may have been read in any language.
        contexts = [serializer.context, *({**serializer.context, "language": language} for language in (*LANGUAGES, ALL))]
        known = [_as_json(type(self)(serializer.instance, context=context).data) for context in contexts]  # type: ignore[call-arg,attr-defined]
        return {name: [_error(READ_ONLY, "read_only")] for name, value in sent.items() if all(value != one.get(name) for one in known)}

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
                changed[name] = _cleaned_text(value, field)
            elif isinstance(field, serializers.ListField) and isinstance(field.child, serializers.CharField) and isinstance(value, list):
                changed[name] = [_cleaned_text(item, field.child) if isinstance(item, str) else item for item in value]
        if not changed:
            return data
        if hasattr(data, "setlist"):  # a form: a copy that keeps its lists, and its files as they are, for one on the disk has no copy
            form: Any = copy(data)
            for name, value in changed.items():
                form[name] = value
            return form  # type: ignore[no-any-return]
        return {**data, **changed}


def _cleaned_text(text: str, field: serializers.CharField) -> str:
    """Cleaned, unless it is too long as it was sent: the limit that the API documents counts invisible characters as well."""
    composed = composed_text(text)
    is_too_long = field.max_length is not None and len(composed.strip()) > field.max_length
    return composed if is_too_long else clean_text(text)


def taken(serializer: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The values of the fields that are right, and what is wrong with the others.

    Of a list of plain values those that are right are taken (``api.places.Rest``).
    """
    errors: list[dict[str, Any]] = []
    rests: dict[str, Rest] = {}
    for _round in range(_ROUNDS):  # what is left of a nested field may be wrong in a way that was not reached before
        if serializers.Serializer.is_valid(serializer):
            values = dict(serializer.validated_data)
            return {**values, **{name: Rest(values[name], rest.places) for name, rest in rests.items() if name in values}}, errors
        known = [error["pointer"] for error in errors]
        found = [moved_back(error, rests) for error in field_errors(serializer.errors)]
        errors += [error for error in found if not any(_is_of(error["pointer"], one) for one in known)]
        data, wrong = serializer.initial_data, serializer.errors
        if not isinstance(data, dict) or "" in {field_of(error) for error in errors}:
            break
        rest = {name: value for name, value in data.items() if name not in wrong}
        for name in set(getattr(serializer, "in_parts", ())) & wrong.keys() & data.keys():
            part = _without(data[name], wrong[name])
            rest |= {} if part is None else {name: part}
        rests = {name: rests[name] for name in rests.keys() & rest.keys()} | _rests_of_lists(serializer, {**data, **rests}, wrong)
        serializer = type(serializer)(serializer.instance, data={**rest, **rests}, partial=True, context=serializer.context)
    return {}, errors


def _rests_of_lists(serializer: Any, data: Mapping[str, Any], wrong: Mapping[str, Any]) -> dict[str, Rest]:
    """What is right of the lists of plain values in which something is wrong."""
    plain = {name for name, field in serializer.fields.items() if type(field) is serializers.ListField}
    found = {name: rest_of(data[name], wrong[name]) for name in plain & wrong.keys() & data.keys()}
    return {name: rest for name, rest in found.items() if rest is not None}


def _without(value: Any, wrong: Any) -> Any:
    """What is right of a nested value; the rows of a list keep their places. None where the value itself is wrong."""
    if isinstance(value, Mapping) and isinstance(wrong, Mapping):
        if api_settings.NON_FIELD_ERRORS_KEY in wrong:
            return None
        rest = {name: _without(part, wrong[name]) if name in wrong else part for name, part in value.items()}
        return {name: part for name, part in rest.items() if name not in wrong or part is not None} or None
    if isinstance(value, list):
        by_place = wrong if isinstance(wrong, Mapping) else dict(enumerate(wrong))
        if all(isinstance(found, Mapping) for found in by_place.values()):  # rows that are objects, not words
            return [_without(row, by_place[place]) or {} if by_place.get(place) else row for place, row in enumerate(value)]
    return None


def _is_of(pointer: str, known: str) -> bool:
    """Whether two errors are about one value: the same, or one within the other."""
    return f"{pointer}/".startswith(f"{known}/") or f"{known}/".startswith(f"{pointer}/")


def _plain_words(field: Any) -> dict[str, str]:
    """What REST framework says of texts, days, numbers and yes or no with the names of types and without the bounds."""
    if type(field) is serializers.CharField:  # others say with this word that the text is no address, or not of its form
        return {"invalid": str(NO_TEXT)}
    if isinstance(field, serializers.DateTimeField):
        text = str(_("Write a moment that exists, such as 2024-01-27T09:00:00+08:00."))
        return dict.fromkeys(("invalid", "date", "make_aware", "overflow"), text)
    if isinstance(field, serializers.DateField):
        return dict.fromkeys(("invalid", "datetime"), str(_("Write a day that exists, such as 2024-01-27.")))
    if isinstance(field, serializers.BooleanField):
        return {"invalid": str(_("Write true or false."))}
    if isinstance(field, serializers.IntegerField):
        return {"invalid": str(_("Write a whole number, without quotation marks."))}
    if isinstance(field, serializers.DecimalField) and field.max_digits and field.decimal_places is not None:
        most = field.max_value if field.max_value is not None else 10 ** (field.max_digits - field.decimal_places) - 1
        text = _("Write a number of at most %(most)s.") % {"most": most}
        return {"invalid": str(_("Write a number.")), **dict.fromkeys(("max_digits", "max_whole_digits"), text)}
    return {}


def _error(message: Any, code: str) -> serializers.ErrorDetail:
    return serializers.ErrorDetail(str(message), code)


def _as_json(representation: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(representation, cls=JSONEncoder))
    return found


class TextField(serializers.CharField):
    """A text that no number stands for, where no strict serializer is around it."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise serializers.ValidationError(NO_TEXT, "invalid")
        return str(super().to_internal_value(data))


class StrictSerializer(StrictMixin, serializers.Serializer):
    """A serializer that refuses what it does not declare."""


class StrictModelSerializer(StrictMixin, serializers.ModelSerializer):
    """A model serializer that refuses what it does not declare."""
