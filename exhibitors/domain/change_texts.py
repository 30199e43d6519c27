"""What was changed, in words: the label of the field, before and after as its reader writes them. Codes become names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from api.text import labelled
from exhibitors.domain.answer_texts import answer_text
from exhibitors.domain.answer_values import is_empty
from exhibitors.domain.differences import AFTER_PICTURE, BEFORE_PICTURE, CUT, Detail
from exhibitors.enums import ContactRole, NeighbourKind
from exhibitors.models import (
    Application,
    CoExhibitor,
    Company,
    CompanyChange,
    DocumentRequirement,
    Pavilion,
    Product,
    ProductCategory,
    Question,
    Region,
    RepresentedCompany,
    SiteWish,
    StandStaff,
)
from fairs.models import Fair, Site
from fairs.units import number_text

NOTHING = "–"
_MODELS: dict[str, type[models.Model]] = {
    "sites": SiteWish,
    "products": Product,
    "represented": RepresentedCompany,
    "co_exhibitors": CoExhibitor,
    "staff": StandStaff,
}
_ONE_OF_MANY = ("products", "represented", "co_exhibitors")  # are added and removed


@dataclass(frozen=True)
class Difference:
    """One line: what, and from what to what. Without a value it is somebody's own and is not told."""

    label: str
    values: str
    pictures: tuple[str, ...] = ()  # before and after, as PNG in base64; '' for none

    def __str__(self) -> str:
        return labelled(self.label, self.values)


class ChangeTexts:
    """Reads the names that the codes of one fair's changes stand for: each kind of name in one query, and only when it is needed."""

    def __init__(self, fair: Fair | None) -> None:
        self.fair = fair

    def differences(self, change: CompanyChange) -> list[Difference]:
        return [self._difference(detail, of_company=change.application_id is None) for detail in change.details]

    def _difference(self, detail: Detail, *, of_company: bool) -> Difference:
        name, of = str(detail["field"]), str(detail.get("of", ""))
        column = self._column(name, of_company=of_company)
        label = self._label(name, of, column)
        if "before" not in detail:
            return Difference(label, _("changed"))
        before, after = detail["before"], detail["after"]
        if name in _ONE_OF_MANY and before is None:
            return Difference(label, _("added: %(what)s") % {"what": after})
        if name in _ONE_OF_MANY and after is None:
            return Difference(label, _("removed: %(what)s") % {"what": before})
        old, new = (self._value(name, of, column, value) for value in (before, after))
        pictures = tuple(str(detail[name]) for name in (BEFORE_PICTURE, AFTER_PICTURE) if name in detail)
        return Difference(label, f"{old} → {new}", pictures)

    def _column(self, name: str, *, of_company: bool) -> Any:
        """The column that a difference is of, or None where it is of more than one."""
        prefix, _dot, column = name.partition(".")
        model = _MODELS.get(prefix, DocumentRequirement) if column else Company if of_company else Application
        try:
            return model._meta.get_field(column or prefix)
        except FieldDoesNotExist:
            return None

    # --- labels

    def _label(self, name: str, of: str, column: Any) -> str:
        prefix, _dot, part = name.partition(".")
        if name == "answers":
            return str(self._questions.get(of, of))
        if prefix.startswith("contacts:"):
            return _("contacts (%(role)s)") % {"role": dict(ContactRole.choices).get(name.partition(":")[2], "")}
        if name in _LABELS:
            text = _LABELS[name]()
        elif name in NeighbourKind.values:
            text = str(NeighbourKind(name).label)
        else:
            text = str(getattr(column, "verbose_name", part or prefix))
        which = self._which(prefix, of)
        return f"{text} ({which})" if which else text

    def _which(self, prefix: str, of: str) -> str:
        if prefix in ("sites", "staff"):
            return self._sites.get(of, of)
        return self._requirements.get(of, of) if prefix == "documents" else of

    # --- values

    def _value(self, name: str, of: str, column: Any, value: Any) -> str:
        if value is None:
            return NOTHING
        if name == "answers":
            return self._answer(of, value)
        if name == "documents":
            return _("version %(number)s") % {"number": value}
        if isinstance(value, list):
            return ", ".join(self._one(name, column, one) for one in value)
        return self._one(name, column, value)

    def _one(self, name: str, column: Any, value: Any) -> str:
        names = self._names_of(name)
        if names is not None:
            return str(names.get(value, value))
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        choices = dict(getattr(column, "flatchoices", ()) or ())
        if value in choices:
            return str(choices[value])
        if isinstance(column, models.DateField) or name in ("staff.days", "documents.valid_until"):
            return _day(value)
        return _number(value) if isinstance(column, models.DecimalField | models.IntegerField) else str(value)

    def _names_of(self, name: str) -> Mapping[str, str] | None:
        match name:
            case "categories":
                return self._categories
            case "sites" | "products.sites":
                return self._sites
            case "pavilion":
                return self._pavilions
            case "region":
                return self._regions
        return None

    def _answer(self, code: str, value: Any) -> str:
        question = self._questions.get(code)
        if question is None or is_empty(value) or (isinstance(value, str) and value.endswith(CUT)):
            return str(value)
        try:
            return answer_text(question, value)
        except (TypeError, ValueError, KeyError, InvalidOperation):  # the question was of another kind then, or a file's name is kept
            return str(value)

    # --- what the codes stand for

    @cached_property
    def _categories(self) -> dict[str, str]:
        return {row.code: str(row) for row in ProductCategory.objects.all()}

    @cached_property
    def _regions(self) -> dict[str, str]:
        return {row.code: str(row) for row in Region.objects.all()}

    @cached_property
    def _sites(self) -> dict[str, str]:
        return {row.slug: str(row) for row in Site.objects.filter(fair=self.fair)}

    @cached_property
    def _pavilions(self) -> dict[str, str]:
        return {row.slug: str(row) for row in Pavilion.objects.filter(fair=self.fair)}

    @cached_property
    def _questions(self) -> dict[str, Question]:
        return {row.code: row for row in Question.objects.filter(fair=self.fair).prefetch_related("options")}

    @cached_property
    def _requirements(self) -> dict[str, str]:
        return {row.code: str(row) for row in DocumentRequirement.objects.filter(fair=self.fair)}


_LABELS: dict[str, Callable[[], str]] = {
    "sites": lambda: _("sites wished"),
    "sites.stands": lambda: _("stands preferred"),
    "products": lambda: pgettext("change", "products"),
    "products.sites": lambda: _("shown at"),
    "represented": lambda: pgettext("change", "represented companies"),
    "co_exhibitors": lambda: pgettext("change", "co-exhibitors"),
    "documents": lambda: pgettext("change", "documents"),
    "documents.valid_until": lambda: _("valid until"),
    "staff": lambda: pgettext("change", "people on the stand"),
    "staff.days": lambda: _("days on the stand"),
}


def _day(value: Any) -> str:
    try:
        return date_format(date.fromisoformat(str(value)), "SHORT_DATE_FORMAT")
    except ValueError:
        return str(value)


def _number(value: Any) -> str:
    try:
        return number_text(Decimal(str(value)))
    except InvalidOperation:
        return str(value)
