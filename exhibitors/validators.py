"""Checks of what companies write about themselves: tax numbers by country and phones."""

import re

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc as cn_uscc
from stdnum.ru import inn as ru_inn
from stdnum.ru import ogrn as ru_ogrn


def is_country(code: str) -> bool:
    """Whether people live in a country of this ISO 3166-1 code: those with telephones."""
    return code in phonenumbers.SUPPORTED_REGIONS


def is_inn(value: str) -> bool:
    return value.isascii() and bool(ru_inn.is_valid(value))


def validate_inn(value: str) -> None:
    """A Russian taxpayer number: 10 or 12 digits with a checksum."""
    if not is_inn(value):
        raise ValidationError(_("This is no INN: it has 10 digits (12 for a sole trader) and a checksum."), code="inn")


def validate_ogrn(value: str) -> None:
    """A Russian registration number: 13 digits, 15 for a sole trader, with a checksum."""
    if not value.isascii() or not _is_ogrn(value):
        raise ValidationError(_("This is no OGRN: it has 13 digits (15 for a sole trader) and a checksum."), code="ogrn")


def _is_ogrn(value: str) -> bool:
    if len(value) != 15:
        return bool(ru_ogrn.is_valid(value))
    # stdnum compares the whole remainder of a sole trader's number; the registry takes its last digit, and 3 of 13 have two.
    return value.isdigit() and value[0] in "34" and value[-1] == str(int(value[:-1]) % 13 % 10)


def validate_kpp(value: str) -> None:
    """A Russian reason code: four digits, two digits or capital letters, three digits."""
    if not re.fullmatch(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}", value):
        raise ValidationError(_("This is no KPP: it has 9 characters, such as 253601001."), code="kpp")


def validate_uscc(value: str) -> None:
    """A Chinese Unified Social Credit Code (GB 32100): 18 characters with a checksum."""
    if not value.isascii() or not cn_uscc.is_valid(value):
        raise ValidationError(_("This is no Unified Social Credit Code: it has 18 characters and a checksum."), code="uscc")


TAX_ID_CHECKS = {"inn": validate_inn, "ogrn": validate_ogrn, "kpp": validate_kpp, "uscc": validate_uscc}
TAX_IDS_OF_COUNTRY = {"RU": ("inn", "ogrn", "kpp"), "CN": ("uscc",)}


def validate_tax_ids(*, country: str, tax_ids: dict[str, str]) -> None:
    """Check each number by its own rule, and that it belongs to ``country``. Raises ValidationError with a dict by name."""
    wrong: dict[str, ValidationError] = {}
    for name, value in tax_ids.items():
        if not value:
            continue
        if country in TAX_IDS_OF_COUNTRY and name not in TAX_IDS_OF_COUNTRY[country]:
            wrong[name] = ValidationError(_("A company of this country has no such number: leave it empty."), code="wrong_country")
            continue
        try:
            TAX_ID_CHECKS[name](value)
        except ValidationError as error:
            wrong[name] = error
    if wrong:
        raise ValidationError(wrong)


def validate_phone(value: str) -> None:
    """An international phone number in E.164: a plus sign and up to 15 digits."""
    try:
        possible = re.fullmatch(r"\+[1-9][0-9]{5,14}", value) and phonenumbers.is_possible_number(phonenumbers.parse(value))
    except phonenumbers.NumberParseException:
        possible = False
    if not possible:
        raise ValidationError(_("Write the phone number with country code and digits only, such as +74232550123."), code="phone")
