"""Lists narrowed by query parameters, of which none is passed over: a misspelt one would show everything.

A choice (``AnyFilter``, ``ChoicesFilter``) may be given more than once and means any of its values; all else is given once.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema_field
from rest_framework.exceptions import ErrorDetail
from rest_framework.exceptions import ValidationError as ApiValidationError

from api.problems import QueryRefused

OF_EVERY_LIST = frozenset({"lang", "page", "page_size"})
NO_VALUE = _("Give a value, or leave the parameter out.")
MOST_VALUES = 100


class StrictFilterBackend(DjangoFilterBackend):
    """Refuses what is neither a filter nor a parameter of every list nor named in the view's ``other_parameters``."""

    def filter_queryset(self, request: Any, queryset: Any, view: Any) -> Any:
        filterset_class = self.get_filterset_class(view, queryset)
        filters = filterset_class.base_filters if filterset_class else {}
        wrong: dict[str, Any] = {}
        if request.method in ("GET", "HEAD"):
            known = OF_EVERY_LIST | set(filters) | set(getattr(view, "other_parameters", ()))
            _look_through(request, filters, known=known, paginator=getattr(view, "paginator", None), wrong=wrong)
        if any(name in request.query_params for name in filters):  # else its form would be built, and every field of it copied, for nothing
            with _noted(wrong, filters):
                queryset = super().filter_queryset(request, queryset, view)
        if wrong:
            raise QueryRefused(wrong)
        return queryset


def _look_through(request: Any, filters: Mapping[str, Any], *, known: Collection[str], paginator: Any, wrong: dict[str, Any]) -> None:
    """Note in ``wrong`` what no filter sees: strange names, values that say nothing, repeated ones, pages that are no numbers."""
    query = request.query_params
    with _noted(wrong):
        unknown = [name for name in query if name not in known]
        if unknown:
            raise unknown_parameters(unknown, known=known)
    with _noted(wrong):
        empty = {name: NO_VALUE for name, value in query.items() if not value and _must_say_something(filters.get(name))}
        if empty:
            raise QueryRefused(empty, code="blank")
    with _noted(wrong):
        refuse_repeated(query, several=[name for name, found in filters.items() if isinstance(found, Several)])
    for read in (paginator.get_page_size, partial(paginator.get_page_number, paginator=None)) if paginator else ():
        with _noted(wrong):
            read(request)


@contextmanager
def _noted(wrong: dict[str, Any], filters: Mapping[str, Any] | None = None) -> Iterator[None]:
    """Keep a refusal in ``wrong``, by parameter; the first of each counts."""
    try:
        yield
    except ApiValidationError as error:
        by_name: Any = error.detail
        for name, found in by_name.items():
            wrong.setdefault(name, _with_choices(found, filters.get(name)) if filters is not None else found)


def unknown_parameters(names: Iterable[str], *, known: Collection[str]) -> QueryRefused:
    """The refusal of parameters that an address has not; it says which it has."""
    text = gettext("There is no such parameter here; there are: %(names)s.") % {"names": ", ".join(sorted(known))}
    return QueryRefused(dict.fromkeys(names, text), code="unknown_parameter")


def refuse_repeated(query: QueryDict, *, several: Collection[str] = ()) -> None:
    """Raises QueryRefused for a parameter given twice, of which the last would win without a word; ``several`` may come again."""
    repeated = [name for name in query if name not in several and len(query.getlist(name)) > 1]
    if repeated:
        raise QueryRefused(dict.fromkeys(repeated, _("Give this parameter once: it takes one value.")), code="repeated")


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


class AnyField(forms.Field):
    """The values that ``one`` takes, each once; commas alone are none, which is refused."""

    widget = CommaSelect

    def __init__(self, *, one: forms.Field, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.one = one

    def to_python(self, value: Any) -> list[Any]:
        parts = [part for part in dict.fromkeys(value) if part]
        if value and not parts:
            raise ValidationError(NO_VALUE, "blank")
        if len(parts) > MOST_VALUES:
            raise ValidationError(_("Give at most %(most)s values.") % {"most": MOST_VALUES}, "too_many")
        return list(dict.fromkeys(self.one.clean(part) for part in parts))


class CodeField(forms.CharField):
    """A code of ISO 3166, which is kept in capitals and found however it is written."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).upper()


class Several:
    """A filter that may be given more than once: rows with any of the values."""

    AGAIN = "May be given more than once, or with commas: any of them."


class AnyFilter(Several, django_filters.Filter):
    """Rows whose column is any of the values; a ``method`` gets the list of them."""

    field_class = AnyField

    def __init__(self, field_name: str | None = None, *, one: forms.Field, help_text: str = "", **kwargs: Any) -> None:
        super().__init__(field_name=field_name, lookup_expr="in", one=one, **kwargs)
        item = {"type": "integer"} if isinstance(one, forms.IntegerField) else {"type": "string"}
        if isinstance(one, forms.DateField):
            item["format"] = "date"
        extend_schema_field({"type": "array", "items": item, "description": f"{help_text} {self.AGAIN}".strip()})(self)


class ChoicesFilter(Several, django_filters.MultipleChoiceFilter):
    """Rows whose column is any of the choices given; a ``method`` gets the list of them."""

    def __init__(self, *args: Any, help_text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, widget=CommaSelect, distinct=False, help_text=f"{help_text} {self.AGAIN}".strip(), **kwargs)


def text_filter(field_name: str | None = None, *, max_length: int | None = 60, **kwargs: Any) -> AnyFilter:
    """Rows with any of the slugs or codes given."""
    return AnyFilter(field_name, one=forms.CharField(max_length=max_length), **kwargs)


def iso_filter(field_name: str, *, max_length: int, **kwargs: Any) -> AnyFilter:
    """Rows with any of the codes of countries or regions given, in capitals or not."""
    return AnyFilter(field_name, one=CodeField(max_length=max_length), **kwargs)
