"""Required documents as plain values (the [[documents]] of a fair's TOML) into rows: made where missing, changed where different."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from exhibitors.models import DocumentRequirement, ProductCategory
from fairs.models import Deadline, Fair

_ENDINGS = {"_ru": "_ru", "_zh": "_zh_hans", "_en": "_en"}
_TEXTS = {f"{name}{ending}": f"{name}{column}" for name in ("title", "help") for ending, column in _ENDINGS.items()}
_PLAIN = ("audience", "per_site", "is_required", "needs_expiry", "valid_from", "valid_to", "kinds")


@transaction.atomic
def ensure_requirements(*, fair: Fair, rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Make or change the required documents of ``rows``; others stay. Returns how many are new, changed and unchanged.

    Raises ValidationError with every error, each with its place ("documents[2]", counted from 1); nothing is changed then.
    """
    counts = {"new": 0, "changed": 0, "unchanged": 0}
    errors: list[str] = []
    for number, values in enumerate(rows, start=1):
        try:
            counts[_ensure(fair, values)] += 1
        except ValidationError as error:
            errors.extend(f"documents[{number}]: {message}" for message in error.messages)
    if errors:
        raise ValidationError(errors)
    return counts


def _ensure(fair: Fair, values: Mapping[str, Any]) -> str:
    unknown = sorted(set(values) - {"code", "deadline", "categories", *_TEXTS, *_PLAIN})
    if unknown:
        raise ValidationError(_("This name is not known: %(names)s.") % {"names": ", ".join(unknown)})
    row = DocumentRequirement.objects.filter(fair=fair, code=values.get("code", "")).first()
    is_new = row is None
    row = row or DocumentRequirement(fair=fair, code=values.get("code", ""))
    wanted = {column: values[name] for name, column in _TEXTS.items() if name in values}
    wanted |= {name: values[name] for name in _PLAIN if name in values}
    wanted["deadline"] = _deadline(fair, values.get("deadline"))
    before = {name: getattr(row, name) for name in wanted}
    for name, value in wanted.items():
        setattr(row, name, value)
    row.full_clean()
    categories = _categories(values.get("categories", []))
    is_same = not is_new and before == wanted and {each.pk for each in categories} == {each.pk for each in row.categories.all()}
    if not is_same:
        row.save()
        row.categories.set(categories)
    return "new" if is_new else "unchanged" if is_same else "changed"


def _deadline(fair: Fair, code: str | None) -> Deadline | None:
    if code is None:
        return None
    found = Deadline.objects.filter(fair=fair, code=code).first()
    if found is None:
        raise ValidationError(_("The fair has no deadline “%(code)s”.") % {"code": code})
    return found


def _categories(codes: Sequence[str]) -> list[ProductCategory]:
    found = list(ProductCategory.objects.filter(code__in=codes))
    missing = sorted(set(codes) - {category.code for category in found})
    if missing:
        raise ValidationError(_("There is no such product category: %(codes)s.") % {"codes": ", ".join(missing)})
    return found
