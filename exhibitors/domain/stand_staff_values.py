"""What somebody on a stand may be made of: plain values in, checked and normal ones out, every mistake named at once."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from accounts.models import normalise_address
from api.problems import Invalid, field_error
from api.text import clean_line
from exhibitors.domain.company_values import clean_phone
from exhibitors.enums import StandRole
from exhibitors.models import StandStaff
from exhibitors.validators import validate_phone
from fairs.models import Site

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
NAMES = ("name_in_latin", "name_in_cyrillic", "name_in_chinese")
_APOSTROPHES = str.maketrans("’ʼ`´‐‑–", "''''---")
_SCRIPTS = {
    "name_in_latin": re.compile(r"[A-Za-z][A-Za-z' -]*"),
    "name_in_cyrillic": re.compile(r"[Ѐ-ӿ][Ѐ-ӿ' .-]*"),
    "name_in_chinese": re.compile(r"[㐀-鿿\U00020000-\U0003ffff][㐀-鿿\U00020000-\U0003ffff· ]*"),
}


class StaffValues(TypedDict, total=False):
    """Somebody on the stand in plain values; what is not given is left alone, or empty in a new row."""

    name_in_latin: str
    name_in_cyrillic: str
    name_in_chinese: str
    role: str
    languages: Sequence[str]
    email: str
    phone: str
    needs_visa_invitation: bool


@dataclass(frozen=True)
class DaysInput:
    """Days at one site; None: from the first, or to the last, that the application asks for there."""

    site: Site
    first_day: date | None = None
    last_day: date | None = None


def checked(values: StaffValues, *, country: str, person: StandStaff | None = None) -> dict[str, Any]:
    """The columns to write, for a new person or a change of ``person``. ``country`` is that of a phone number without code.

    Raises Invalid with a pointer for every value that is wrong.
    """
    errors: list[dict[str, Any]] = []
    fields: dict[str, Any] = {}
    for name in NAMES:
        if name in values:
            fields[name] = _name(name, values[name] or "", errors)  # type: ignore[literal-required]
    if "languages" in values:
        fields["languages"] = _languages(values["languages"] or (), errors)
    if "email" in values:
        fields["email"] = normalise_address(clean_line(values["email"] or ""))
        _try("email", validate_email, fields["email"], errors)
    if "phone" in values:
        fields["phone"] = clean_phone(values["phone"] or "", country=country)
        _try("phone", validate_phone, fields["phone"], errors)
    fields |= {name: values[name] for name in ("role", "needs_visa_invitation") if name in values}  # type: ignore[literal-required]
    _together(fields, person, errors)
    if errors:
        raise Invalid(errors)
    return fields


def _name(column: str, text: str, errors: list[dict[str, Any]]) -> str:
    name = clean_line(text).translate(_APOSTROPHES)
    if not name:
        return ""
    longest = StandStaff._meta.get_field(column).max_length or 0  # type: ignore[union-attr]
    wrong_script = {
        "name_in_latin": _("Write it as in the passport: only A–Z, spaces, hyphens and apostrophes."),
        "name_in_cyrillic": _("Write it in Cyrillic letters, with spaces and hyphens where they belong."),
        "name_in_chinese": _("Write it in Chinese characters."),
    }
    if len(name) > longest:
        errors.append(field_error(f"/{column}", "max_length", _("At most %(count)d characters.") % {"count": longest}))
    elif not _SCRIPTS[column].fullmatch(name):
        errors.append(field_error(f"/{column}", "script", wrong_script[column]))
    return name


def _languages(codes: Sequence[str], errors: list[dict[str, Any]]) -> list[str]:
    for place, code in enumerate(codes):
        if code not in LANGUAGES:
            detail = _("Choose one of: %(names)s.") % {"names": ", ".join(LANGUAGES)}
            errors.append(field_error(f"/languages/{place}", "invalid_choice", detail))
    return [code for code in LANGUAGES if code in codes]


def _try(name: str, validate: Any, value: str, errors: list[dict[str, Any]]) -> None:
    if not value:
        return
    try:
        validate(value)
    except ValidationError as error:
        errors.append(field_error(f"/{name}", error.code or "invalid", error.messages[0]))
    if len(value) > (StandStaff._meta.get_field(name).max_length or 0):  # type: ignore[union-attr]
        errors.append(field_error(f"/{name}", "max_length", _("This is too long.")))


def _together(fields: Mapping[str, Any], person: StandStaff | None, errors: list[dict[str, Any]]) -> None:
    """What holds between the values, those that stay included."""

    def value(name: str) -> Any:
        return fields.get(name, getattr(person, name) if person else "")

    if not value("name_in_latin") and not value("name_in_cyrillic"):
        detail = _("The badge needs a name in Latin letters, as in the passport, or in Cyrillic; the Chinese name comes beside it.")
        errors.append(field_error("/name_in_latin", "required", detail))
    elif value("needs_visa_invitation") and not value("name_in_latin"):
        detail = _("A visa invitation needs the name in Latin letters, as in the passport.")
        errors.append(field_error("/name_in_latin", "required_for_visa", detail))
    if value("role") not in StandRole.values:
        errors.append(field_error("/role", "invalid_choice", _("Choose one of: %(names)s.") % {"names": ", ".join(StandRole.values)}))
