"""A co-exhibitor as the main exhibitor names it, and which company stands behind the name."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from accounts.models import normalise_address
from api.problems import Invalid, field_error
from api.text import clean_line
from exhibitors.domain import companies
from exhibitors.domain.company_values import CompanyValues, Reference, check, clean_code
from exhibitors.enums import ContactRole
from exhibitors.models import Company
from exhibitors.validators import TAX_ID_CHECKS, is_country

# The number that tells a company of this country from all others; elsewhere a number is noted and matched with nothing.
TAX_NUMBER = {"RU": "inn", "CN": "uscc"}
_LONGEST = {"legal_name": 300, "tax_number": 30, "contact_email": 254}
_LANGUAGE = {"RU": "ru", "CN": "zh-hans", "BY": "ru", "KZ": "ru"}


@dataclass(frozen=True)
class DeclaredCompany:
    legal_name: str
    country: str
    tax_number: str
    contact_email: str

    def checked(self) -> "DeclaredCompany":
        """The same in normal form. Raises Invalid with a pointer for every value that is wrong, whoever may be registered."""
        country = clean_code(self.country)
        clean = DeclaredCompany(
            legal_name=clean_line(self.legal_name),
            country=country,
            tax_number=clean_code(self.tax_number),
            contact_email=normalise_address(clean_line(self.contact_email)),
        )
        errors = [
            field_error(f"/{name}", "max_length", _("At most %(count)d characters.") % {"count": longest})
            for name, longest in _LONGEST.items()
            if len(getattr(clean, name)) > longest
        ]
        if not clean.legal_name:
            errors.append(field_error("/legal_name", "required", _("Write the company's legal name.")))
        number = TAX_ID_CHECKS[TAX_NUMBER[country]] if country in TAX_NUMBER else _some_number
        for name, validate in (("country", _country), ("tax_number", number), ("contact_email", validate_email)):
            errors += _wrong(name, validate, getattr(clean, name))
        if errors:
            raise Invalid(errors)
        return clean


DECLARED = tuple(field.name for field in fields(DeclaredCompany))


def _country(value: str) -> None:
    if not is_country(value):
        raise ValidationError(_("Write an ISO 3166-1 code of two letters, such as CN."), code="iso_3166_1")


def _some_number(value: str) -> None:
    if not value:
        raise ValidationError(_("Write the tax or registration number of the company's country."), code="required")


def _wrong(name: str, validate: Any, value: str) -> list[dict[str, Any]]:
    try:
        validate(value)
    except ValidationError as error:
        return [field_error(f"/{name}", error.code or "invalid", error.messages[0])]
    return []


def language_of(country: str) -> str:
    """In which language somebody of that country is written to who has not chosen one."""
    return _LANGUAGE.get(country, "en")


def company_behind(declared: DeclaredCompany, *, now: datetime) -> Company:
    """The company with this number (of several the one that somebody acts for, else the oldest), or a new one.

    The address that was typed becomes the contact of a new company only: to a company that is here it means nothing.
    """
    column = TAX_NUMBER.get(declared.country)
    if column:
        found = Company.objects.filter(**{column: declared.tax_number, "country": declared.country})
        known = found.filter(members__isnull=False).order_by("pk").first() or found.order_by("pk").first()
        if known is not None:
            return known
    values: CompanyValues = {
        "legal_name": declared.legal_name,
        "country": declared.country,
        "contacts": [
            {
                "role": ContactRole.OPERATIONS.value,
                "name": declared.legal_name[:200],
                "email": declared.contact_email,
                "language": language_of(declared.country),
            }
        ],
    }
    if column:
        values[column] = declared.tax_number  # type: ignore[literal-required]
    [company] = companies.create_many([check(values, reference=Reference.load())], now=now)
    return company
