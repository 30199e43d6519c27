"""Lists narrowed by query parameters, of which none is passed over: a misspelt one would show everything."""

from collections.abc import Collection, Iterable
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ErrorDetail
from rest_framework.exceptions import ValidationError as ApiValidationError

from api.problems import QueryRefused

OF_EVERY_LIST = frozenset({"lang", "page", "page_size"})
NO_VALUE = _("Give a value, or leave the parameter out.")


class StrictFilterBackend(DjangoFilterBackend):
    """Refuses what is neither a filter nor a parameter of every list nor named in the view's ``other_parameters``."""

    def filter_queryset(self, request: Any, queryset: Any, view: Any) -> Any:
        filterset_class = self.get_filterset_class(view, queryset)
        filters = filterset_class.base_filters if filterset_class else {}
        known = OF_EVERY_LIST | set(filters) | set(getattr(view, "other_parameters", ()))
        unknown = [name for name in request.query_params if name not in known]
        if request.method in ("GET", "HEAD"):
            if unknown:
                raise unknown_parameters(unknown, known=known)
            empty = {name: NO_VALUE for name, value in request.query_params.items() if not value and _must_say_something(filters.get(name))}
            if empty:
                raise QueryRefused(empty, code="blank")
        if not any(name in request.query_params for name in filters):
            return queryset  # its form would be built, and every field of it copied, to narrow nothing
        try:
            return super().filter_queryset(request, queryset, view)
        except ApiValidationError as error:
            by_name: Any = error.detail
            raise QueryRefused({name: _with_choices(found, filters.get(name)) for name, found in by_name.items()}) from error


def unknown_parameters(names: Iterable[str], *, known: Collection[str]) -> QueryRefused:
    """The refusal of parameters that an address has not; it says which it has."""
    text = gettext("There is no such parameter here; there are: %(names)s.") % {"names": ", ".join(sorted(known))}
    return QueryRefused(dict.fromkeys(names, text), code="unknown_parameter")


def _with_choices(errors: list[ErrorDetail], found: Any) -> list[ErrorDetail]:
    """The same errors; that of a value which is none of the choices names them."""
    choices = getattr(found, "extra", {}).get("choices", ())
    text = gettext("Choose one of: %(names)s.") % {"names": ", ".join(str(value) for value, _label in choices)}
    return [ErrorDetail(text, error.code) if error.code == "invalid_choice" and choices else error for error in errors]


def _must_say_something(found: Any) -> bool:
    """No text at all is a text; it is no day, no number and none of the choices."""
    return found is not None and not isinstance(found, django_filters.CharFilter)


class YesNoField(forms.Field):
    """``true`` or ``false`` however large its letters are; Django's own field takes every other word for no filter at all."""

    def to_python(self, value: Any) -> bool | None:
        if value in self.empty_values:
            return None
        word = str(value).lower()
        if word not in ("true", "false"):
            raise ValidationError(_("Write true or false."), "invalid")
        return word == "true"


class YesNoFilter(django_filters.BooleanFilter):
    field_class = YesNoField


class CommaSelect(forms.SelectMultiple):
    """Several values as several parameters, or as one with commas: ``status=a&status=b`` is ``status=a,b``."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return [part.strip() for value in super().value_from_datadict(data, files, name) or [] for part in value.split(",")]
