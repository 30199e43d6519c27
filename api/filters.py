"""Lists narrowed by query parameters, of which none is passed over: a misspelt one would show everything."""

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import DjangoFilterBackend

from api.problems import QueryRefused

OF_EVERY_LIST = frozenset({"lang", "page", "page_size"})
UNKNOWN_PARAMETER = _("This list has no such parameter.")
NO_VALUE = _("Give a value, or leave the parameter out.")


class StrictFilterBackend(DjangoFilterBackend):
    """Refuses what is neither a filter nor a parameter of every list nor named in the view's ``other_parameters``."""

    def filter_queryset(self, request: Any, queryset: Any, view: Any) -> Any:
        filterset_class = self.get_filterset_class(view, queryset)
        filters = filterset_class.base_filters if filterset_class else {}
        known = OF_EVERY_LIST | set(filters) | set(getattr(view, "other_parameters", ()))
        unknown = {name: UNKNOWN_PARAMETER for name in request.query_params if name not in known}
        if request.method in ("GET", "HEAD"):
            if unknown:
                raise QueryRefused(unknown, code="unknown_parameter")
            empty = {name: NO_VALUE for name, value in request.query_params.items() if not value and _must_say_something(filters.get(name))}
            if empty:
                raise QueryRefused(empty, code="blank")
        return super().filter_queryset(request, queryset, view)


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
