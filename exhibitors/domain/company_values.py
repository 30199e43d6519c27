"""What a company may be made of: plain values in, checked and normal ones out, every mistake named at once."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import normalise_address
from api.places import by_place
from api.problems import Invalid, field_error
from api.text import clean_line, clean_text
from exhibitors.enums import ContactRole
from exhibitors.models import Company, CompanyContact, ProductCategory, Region
from exhibitors.validators import TAX_ID_CHECKS, is_country, validate_phone, validate_tax_ids
from fairs.validators import validate_time_zone

LANGUAGES = {"ru": "ru", "zh_hans": "zh-hans", "en": "en"}  # end of the column's name: language
TAX_IDS = tuple(TAX_ID_CHECKS)
REGIONS_NEEDED = ("RU", "CN")  # whose regions we list: a company there without its region is a gap
NO_REGION = gettext_lazy("Write the region's code of ISO 3166-2, such as RU-PRI.")
_TIME_ZONE_OF_COUNTRY = {"RU": "Europe/Moscow", "CN": "Asia/Shanghai"}
_is_web_address = URLValidator(schemes=["http", "https"])


class ContactValues(TypedDict, total=False):
    """Somebody letters go to. ``role`` is operations, ``language`` ru and ``time_zone`` the main one of the region unless given."""

    role: str
    name: str
    email: str
    phone: str
    language: str
    time_zone: str


class CompanyValues(TypedDict, total=False):
    """A company in plain values. ``region`` and ``categories`` are codes; brands are a list or a text with one a line."""

    legal_name: str
    name_ru: str
    name_zh_hans: str
    name_en: str
    brands_ru: str | Sequence[str]
    brands_zh_hans: str | Sequence[str]
    brands_en: str | Sequence[str]
    description_ru: str
    description_zh_hans: str
    description_en: str
    country: str
    region: str | None
    inn: str
    ogrn: str
    kpp: str
    uscc: str
    website: str
    categories: Sequence[str]
    contacts: Sequence[ContactValues]


@dataclass(frozen=True)
class Reference:
    """The reference lists by code: loaded once for one company, or for ten thousand."""

    regions: Mapping[str, Region]
    categories: Mapping[str, ProductCategory]

    @classmethod
    def load(cls) -> "Reference":
        return cls(
            regions={region.code: region for region in Region.objects.all()},
            categories={category.code: category for category in ProductCategory.objects.all()},
        )


@dataclass
class CheckedCompany:
    """Values that may be written as they are: by column of the model; None means "leave alone"."""

    fields: dict[str, Any] = field(default_factory=dict)
    categories: list[ProductCategory] | None = None
    contacts: list[dict[str, str]] | None = None


def check(values: CompanyValues, *, reference: Reference, company: Company | None = None, needs_region: bool = False) -> CheckedCompany:
    """Normal forms of ``values``, for a new company or a change of ``company``. Raises Invalid with every error.

    ``needs_region``: staff may not know a company's region, the company itself does.
    """
    return _Check(values, reference, company, needs_region=needs_region).run()


def brand_lines(brands: str | Iterable[str]) -> list[str]:
    """Brands as a list: each once, without blanks around it. A text has one a line."""
    lines = brands.splitlines() if isinstance(brands, str) else brands
    return list(dict.fromkeys(line for line in map(clean_line, lines) if line))


def clean_code(text: str) -> str:
    """A number or code as it is registered: Latin capitals and digits without blanks."""
    return "".join(clean_line(unicodedata.normalize("NFKC", text)).split()).upper()


def clean_phone(text: str, *, country: str) -> str:
    """A phone number in E.164 where it can be read; the text itself where not, for :func:`validate_phone` to refuse."""
    plain = clean_line(unicodedata.normalize("NFKC", text))
    try:
        return phonenumbers.format_number(phonenumbers.parse(plain, country or None), phonenumbers.PhoneNumberFormat.E164)
    except phonenumbers.NumberParseException:
        return plain


def main_time_zone(*, country: str, region: Region | None) -> str:
    """The zone that people of a company live in as long as nobody says otherwise."""
    return str(region.time_zones[0]) if region else _TIME_ZONE_OF_COUNTRY.get(country, "UTC")


def no_such_category(code: str) -> str:
    return _("There is no product category “%(code)s”: the codes are listed at /api/v1/product-categories/.") % {"code": code[:20]}


class _Check:
    """One pass over the values, collecting errors."""

    def __init__(self, values: CompanyValues, reference: Reference, company: Company | None, *, needs_region: bool) -> None:
        self.values: Mapping[str, Any] = values
        self.reference = reference
        self.company = company
        self.needs_region = needs_region
        self.errors: list[dict[str, Any]] = []
        self.checked = CheckedCompany()

    def run(self) -> CheckedCompany:
        self._texts()
        country, region = self._place()
        self._tax_ids(country)
        self._website()
        self._categories()
        if "contacts" in self.values:
            self._contacts(country, region)
        if self.errors:
            raise Invalid(self.errors)
        return self.checked

    def _refuse(self, pointer: str, code: str, detail: object) -> None:
        self.errors.append(field_error(pointer, code, str(detail)))

    def _take(self, column: str, value: Any, pointer: str) -> None:
        longest = Company._meta.get_field(column).max_length  # type: ignore[union-attr]
        if longest and isinstance(value, str) and len(value) > longest:
            self._refuse(pointer, "max_length", _("At most %(count)d characters.") % {"count": longest})
        self.checked.fields[column] = value

    def _texts(self) -> None:
        if "legal_name" in self.values or self.company is None:
            legal_name = clean_line(self.values.get("legal_name") or "")
            if not legal_name:
                self._refuse("/legal_name", "required", _("Write the legal name."))
            self._take("legal_name", legal_name, "/legal_name")
        for suffix, language in LANGUAGES.items():
            for name, clean in (("name", clean_line), ("description", _paragraphs), ("brands", _brand_text)):
                if (column := f"{name}_{suffix}") in self.values:
                    self._take(column, clean(self.values[column] or ""), f"/{name}/{language}")

    def _place(self) -> tuple[str, Region | None]:
        """Country and region as they will be."""
        country = self.company.country if self.company else ""
        if "country" in self.values or self.company is None:
            country = clean_code(self.values.get("country") or "")
            if not is_country(country):
                self._refuse("/country", "iso_3166_1", _("Write an ISO 3166-1 code of two letters, such as CN."))
            self.checked.fields["country"] = country
        region = self.company.region if self.company else None
        if "region" in self.values:
            code = clean_code(self.values["region"] or "")
            region = self.reference.regions.get(code)
            if code and region is None:
                text = _("There is no region “%(code)s”: the codes are listed at /api/v1/regions/.") % {"code": code[:20]}
                self._refuse("/region", "unknown_region", text)
            self.checked.fields["region"] = region
        lacks_it = region is None and not self.values.get("region") and country in REGIONS_NEEDED
        if self.needs_region and lacks_it and not self._had_no_region(country):
            self._refuse("/region", "required", NO_REGION)
        if region is not None and region.country != country and not any(error["pointer"] == "/country" for error in self.errors):
            text = _("This region is not in the company's country: choose one that is, or another country.")
            self._refuse("/region", "wrong_country", text)
        return country, region

    def _had_no_region(self, country: str) -> bool:
        return self.company is not None and (self.company.country, self.company.region_id) == (country, None)

    def _tax_ids(self, country: str) -> None:
        given = {name: clean_code(self.values[name] or "") for name in TAX_IDS if name in self.values}
        self.checked.fields.update(given)
        if not given and "country" not in self.values:
            return
        numbers = {name: given.get(name, getattr(self.company, name, "")) for name in TAX_IDS}
        try:
            validate_tax_ids(country=country, tax_ids=numbers)
        except ValidationError as error:
            for name, wrong in error.error_dict.items():
                self._refuse(f"/tax_ids/{name}", wrong[0].code or "invalid", wrong[0].messages[0])

    def _website(self) -> None:
        if "website" not in self.values:
            return
        website = clean_line(self.values["website"] or "")
        if website and "://" not in website:
            website = f"https://{website}"
        try:
            if website:
                _is_web_address(website)
        except ValidationError:
            self._refuse("/website", "url", _("Write a web address, such as https://example.com."))
        self._take("website", website, "/website")

    def _categories(self) -> None:
        if "categories" not in self.values:
            return
        given = [(place, clean_code(code)) for place, code in by_place(self.values["categories"] or [])]
        for place, code in given:
            if code not in self.reference.categories:
                self._refuse(f"/categories/{place}", "unknown_category", no_such_category(code))
        codes = dict.fromkeys(code for _place, code in given)
        self.checked.categories = [self.reference.categories[code] for code in codes if code in self.reference.categories]

    def _contacts(self, country: str, region: Region | None) -> None:
        zone = main_time_zone(country=country, region=region)
        self.checked.contacts = []
        seen = set()
        for place, contact in enumerate(self.values["contacts"]):
            fields = self._contact(contact, pointer=f"/contacts/{place}", country=country, time_zone=zone)
            if (fields["role"], fields["email"]) in seen:
                self._refuse(f"/contacts/{place}/email", "unique", _("This contact is there twice."))
            seen.add((fields["role"], fields["email"]))
            self.checked.contacts.append(fields)

    def _contact(self, contact: ContactValues, *, pointer: str, country: str, time_zone: str) -> dict[str, str]:
        fields = {
            "role": contact.get("role") or ContactRole.OPERATIONS.value,
            "name": clean_line(contact.get("name") or ""),
            "email": normalise_address(clean_line(contact.get("email") or "")),
            "phone": clean_phone(contact.get("phone") or "", country=country),
            "language": contact.get("language") or "ru",
            "time_zone": contact.get("time_zone") or time_zone,
        }
        self._contact_field(f"{pointer}/email", validate_email, fields["email"])
        if fields["phone"]:
            self._contact_field(f"{pointer}/phone", validate_phone, fields["phone"])
        self._contact_field(f"{pointer}/time_zone", validate_time_zone, fields["time_zone"])
        if not fields["name"]:
            self._refuse(f"{pointer}/name", "required", _("Write the contact's name."))
        for name, known in (("role", ContactRole.values), ("language", dict(settings.LANGUAGES))):
            if fields[name] not in known:
                self._refuse(f"{pointer}/{name}", "invalid_choice", _("Choose one of: %(names)s.") % {"names": ", ".join(known)})
        for name, value in fields.items():
            longest = CompanyContact._meta.get_field(name).max_length  # type: ignore[union-attr]
            if longest and len(value) > longest:
                self._refuse(f"{pointer}/{name}", "max_length", _("At most %(count)d characters.") % {"count": longest})
        return fields

    def _contact_field(self, pointer: str, validate: Any, value: str) -> None:
        try:
            validate(value)
        except ValidationError as error:
            self._refuse(pointer, error.code or "invalid", error.messages[0])


def _paragraphs(text: str) -> str:
    return "\n".join(clean_line(line) for line in clean_text(text).splitlines()).strip()


def _brand_text(brands: str | Iterable[str]) -> str:
    return "\n".join(brand_lines(brands))
