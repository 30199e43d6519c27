"""Companies whose products are on a stand without their people (DOMAIN, "Represented company")."""

from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from api.problems import Invalid, field_error, field_of
from api.text import clean_line
from exhibitors.domain import changes, steps
from exhibitors.domain.company_values import TAX_IDS, brand_lines, clean_code
from exhibitors.domain.differences import Diff, columns_of
from exhibitors.domain.editing import require_part_editable
from exhibitors.domain.values import check_columns
from exhibitors.enums import ChangeSubject
from exhibitors.models import Application, RepresentedCompany
from exhibitors.validators import is_country, validate_tax_ids

MOST = 100  # an application
PART = "represented_companies"


class RepresentedValues(TypedDict, total=False):
    """Brands have one a line, or are a list."""

    legal_name: str
    name_ru: str
    name_zh_hans: str
    name_en: str
    country: str
    brands: str | list[str]
    inn: str
    ogrn: str
    kpp: str
    uscc: str


@transaction.atomic
def create(
    *, application_id: int, by: User | None, now: datetime, as_staff: bool = False, **values: Unpack[RepresentedValues]
) -> RepresentedCompany:
    """Name a represented company. Raises NotEditable, and Invalid with a pointer for every value that is wrong."""
    application = _open(application_id, as_staff=as_staff, now=now)
    if application.represented_companies.count() >= MOST:
        raise Invalid([field_error("", "too_many", _("An application names %(most)d represented companies at the most.") % {"most": MOST})])
    row, diff = RepresentedCompany(application=application), Diff()
    _write(row, values)
    diff.note("represented", None, row.legal_name)
    _record(application, diff, by=by, now=now, as_staff=as_staff)
    return row


@transaction.atomic
def update(
    *, represented_id: int, by: User | None, now: datetime, as_staff: bool = False, **values: Unpack[RepresentedValues]
) -> RepresentedCompany:
    """Change what is given; the rest stays as it is."""
    row = RepresentedCompany.objects.get(pk=represented_id)
    application, diff = _open(row.application_id, as_staff=as_staff, now=now), Diff()
    before, name = columns_of(row, values), row.legal_name
    _write(row, values)
    diff.note_columns("represented.", before, row, of=name)
    _record(application, diff, by=by, now=now, as_staff=as_staff)
    return row


@transaction.atomic
def delete(*, represented_id: int, by: User | None, now: datetime, as_staff: bool = False) -> None:
    row = RepresentedCompany.objects.get(pk=represented_id)
    application, diff = _open(row.application_id, as_staff=as_staff, now=now), Diff()
    diff.note("represented", row.legal_name, None)
    _record(application, diff, by=by, now=now, as_staff=as_staff)
    row.delete()


def _record(application: Application, diff: Diff, *, by: User | None, now: datetime, as_staff: bool) -> None:
    changes.record_part(application=application, subject=ChangeSubject.REPRESENTED, by=by, as_staff=as_staff, now=now, diff=diff)


def _open(application_id: int, *, as_staff: bool, now: datetime) -> Application:
    application = steps.locked(application_id)
    require_part_editable(application, PART, as_staff=as_staff, now=now)
    return application


def _write(row: RepresentedCompany, values: RepresentedValues) -> None:
    errors = wrong(row, values)
    if errors:
        raise Invalid(errors)
    row.save()


def wrong(row: RepresentedCompany, values: RepresentedValues) -> list[dict[str, Any]]:
    """Give ``row`` the values in their normal form, and say all that is wrong with it then."""
    cleaned: dict[str, Any] = {}
    for name, value in values.items():
        if name == "brands":
            cleaned[name] = "\n".join(brand_lines(value))  # type: ignore[arg-type]
        else:
            clean = clean_code if name in (*TAX_IDS, "country") else clean_line
            cleaned[name] = clean(str(value or ""))
    for name, value in cleaned.items():
        setattr(row, name, value)
    errors = check_columns(row)
    if not is_country(row.country) and not any(error["pointer"] == "/country" for error in errors):
        errors.append(field_error("/country", "iso_3166_1", _("Write an ISO 3166-1 code of two letters, such as CN.")))
    try:
        validate_tax_ids(country=row.country, tax_ids={name: getattr(row, name) for name in TAX_IDS})
    except ValidationError as error:
        errors += [
            field_error(f"/tax_ids/{name}", found[0].code or "invalid", found[0].messages[0]) for name, found in error.error_dict.items()
        ]
    same = RepresentedCompany.objects.filter(application=row.application_id, legal_name=row.legal_name).exclude(pk=row.pk)
    if not any(field_of(error) == "legal_name" for error in errors) and same.exists():
        errors.append(field_error("/legal_name", "unique", _("This company is named twice.")))
    return errors
