"""The products to be shown: checked and written for the API, the desk and the import alike."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from api.languages import COLUMNS, texts_of
from api.places import by_place
from api.problems import Invalid, field_error
from api.text import clean_line, clean_text, fold
from exhibitors.domain import changes, steps
from exhibitors.domain.company_values import clean_code, no_such_category
from exhibitors.domain.differences import Diff, columns_of
from exhibitors.domain.editing import require_part_editable
from exhibitors.domain.site_wishes import NOT_WISHED
from exhibitors.domain.values import check_columns
from exhibitors.enums import ChangeSubject
from exhibitors.models import Application, Product, ProductCategory, ProductSite
from exhibitors.models.product import MOST_PRODUCTS

PART = "products"


class ProductValues(TypedDict, total=False):
    """``category`` is a code, None the one of the code's chapter; ``sites`` are slugs, none: every site of the application."""

    name_ru: str
    name_zh_hans: str
    name_en: str
    description_ru: str
    description_zh_hans: str
    description_en: str
    code: str
    category: str | None
    brand: str
    gacc_number: str
    gacc_valid_until: date | None
    shelf_life_days: int | None
    temperature_min_c: int | None
    temperature_max_c: int | None
    fate: str
    quantity: Decimal | None
    unit: str
    sites: Sequence[str]


@transaction.atomic
def create(*, application_id: int, by: User | None, now: datetime, as_staff: bool = False, **values: Unpack[ProductValues]) -> Product:
    """Add a product. Raises NotEditable, and Invalid with a pointer for every value that is wrong."""
    application = _open(application_id, as_staff=as_staff, now=now)
    if application.products.count() >= MOST_PRODUCTS:
        raise Invalid([field_error("", "too_many", _("An application shows %(most)d products at the most.") % {"most": MOST_PRODUCTS})])
    row, diff = Product(application=application), Diff()
    write(row, values, categories=categories(), today=today_at(application, now), diff=diff)
    _record(application, diff, by=by, now=now, as_staff=as_staff)
    return row


@transaction.atomic
def update(*, product_id: int, by: User | None, now: datetime, as_staff: bool = False, **values: Unpack[ProductValues]) -> Product:
    """Change what is given; the rest stays as it is."""
    row = Product.objects.get(pk=product_id)
    row.application, diff = _open(row.application_id, as_staff=as_staff, now=now), Diff()
    write(row, values, categories=categories(), today=today_at(row.application, now), diff=diff)
    _record(row.application, diff, by=by, now=now, as_staff=as_staff)
    return row


@transaction.atomic
def delete(*, product_id: int, by: User | None, now: datetime, as_staff: bool = False) -> None:
    row = Product.objects.get(pk=product_id)
    application, diff = _open(row.application_id, as_staff=as_staff, now=now), Diff()
    diff.note("products", _called(row), None)
    _record(application, diff, by=by, now=now, as_staff=as_staff)
    row.delete()


def _record(application: Application, diff: Diff, *, by: User | None, now: datetime, as_staff: bool) -> None:
    changes.record_part(application=application, subject=ChangeSubject.PRODUCTS, by=by, as_staff=as_staff, now=now, diff=diff)


def _called(row: Product) -> str:
    """A name for the log that is the same in every language of a reader, with the code."""
    return " ".join(filter(None, (row.name_ru or row.name_en or row.name_zh_hans, row.code)))  # type: ignore[attr-defined]


def categories() -> dict[str, ProductCategory]:
    return {category.code: category for category in ProductCategory.objects.all()}


def write(
    row: Product,
    values: ProductValues,
    *,
    categories: dict[str, ProductCategory],
    today: date,
    diff: Diff,
    others: Iterable[Product] | None = None,
) -> None:
    """Set, check and save; ``diff`` gets what changes, ``others`` are its application's products where the caller knows them.
    ``today`` is the fair's.

    Raises Invalid with every error.
    """
    before, called = columns_of(row, [*(name for name in values if name not in ("category", "sites")), "unit"]), _called(row)
    errors = wrong(row, values, categories=categories, today=today, others=others)
    if errors:
        raise Invalid(errors)
    wishes, _unknown = _wishes(row.application, values["sites"]) if "sites" in values else ({}, [])
    is_new = row.pk is None
    row.save()
    if is_new:
        diff.note("products", None, _called(row))
    else:
        diff.note_columns("products.", before, row, of=called)
    if "sites" in values:
        _write_sites(row, wishes, diff)


def today_at(application: Application, now: datetime) -> date:
    """The day that it is at the application's fair."""
    return application.fair.day_of(now)


def wrong(
    row: Product,
    values: ProductValues,
    *,
    categories: dict[str, ProductCategory],
    today: date,
    others: Iterable[Product] | None = None,
) -> list[dict[str, Any]]:
    """Give ``row`` the values in the form in which they are kept, and say all that is wrong with it then."""
    before, valid_until = _identity(row), row.gacc_valid_until
    for name, value in values.items():
        if name not in ("category", "sites"):
            setattr(row, name, cleaned(name, value))
    if not row.quantity:
        row.quantity, row.unit = None, ""
    errors = [*check_columns(row), *_check_texts(row), *_check_pairs(row)]
    if row.gacc_valid_until and row.gacc_valid_until < today and row.gacc_valid_until != valid_until:
        text = _("This registration has run out: write until when the renewed one is valid, or leave number and day empty for now.")
        errors.append(field_error("/gacc_valid_until", "expired", text))
    errors += _set_category(row, values, categories, has_code=not any(error["pointer"] == "/code" for error in errors))
    if not errors and (row.pk is None or _identity(row) != before):
        errors += _check_twice(row, others)
    return errors + (_wishes(row.application, values["sites"])[1] if "sites" in values else [])


Identity = tuple[str, tuple[str, ...]]


def _identity(row: Product) -> Identity:
    """The code and the names in each language, in the spelling in which they are compared."""
    return row.code, tuple(fold(getattr(row, f"name_{column}") or "") for column in COLUMNS.values())


def is_same(one: Product, other: Product) -> bool:
    """Whether two rows are one product: its code, a name that agrees, and none that differs."""
    (code, names), (other_code, other_names) = _identity(one), _identity(other)
    both = [(name, known) for name, known in zip(names, other_names, strict=True) if name and known]
    return code == other_code and bool(both) and all(name == known for name, known in both)


def _check_twice(row: Product, others: Iterable[Product] | None) -> Iterable[dict[str, Any]]:
    there = Product.objects.filter(application=row.application_id, code=row.code) if others is None else others
    if any(is_same(row, other) for other in there if other is not row and other.pk != row.pk):
        text = _("This product is on the list already. Change it there, or write into the name what is different: the brand, the size.")
        yield field_error("/name", "unique", text)


def _open(application_id: int, *, as_staff: bool, now: datetime) -> Application:
    application = steps.locked(application_id)
    require_part_editable(application, PART, as_staff=as_staff, now=now)
    return application


def cleaned(name: str, value: Any) -> Any:
    """A value of the column ``name`` as it is kept: codes in Latin capitals without blanks, lines without stray blanks."""
    if not isinstance(value, str):
        return value
    if name in ("code", "gacc_number"):
        return clean_code(value)
    return clean_text(value).strip() if name.startswith("description") else clean_line(value)


def _check_texts(row: Product) -> Iterable[dict[str, Any]]:
    if not any(texts_of(row, "name").values()):
        yield field_error("/name", "required", _("Write it in one language at the least."))


def _check_pairs(row: Product) -> Iterable[dict[str, Any]]:
    """What the table's constraints would refuse, said so that a person can mend it."""
    if row.gacc_valid_until and not row.gacc_number:
        yield field_error("/gacc_number", "required", _("Write the number that is valid until this day."))
    low, high = row.temperature_min_c, row.temperature_max_c
    if low is not None and high is not None and high < low:
        yield field_error("/temperature_c/max", "temperatures_in_order", _("The upper temperature, max, is below the lower one, min."))
    if row.quantity and not row.unit:
        yield field_error("/unit", "required", _("Say in what unit the quantity is."))


def _set_category(row: Product, values: ProductValues, categories: dict[str, ProductCategory], *, has_code: bool) -> list[dict[str, Any]]:
    """The category that was named, else the one of the code's chapter."""
    if not has_code:
        return []
    of_code = [code for code in sorted(categories, key=len, reverse=True) if row.code.startswith(code)]
    named = values.get("category")
    if named is None and "code" not in values and row.category_id and "category" not in values:
        return []
    if named is not None and named not in categories:
        return [field_error("/category", "unknown_category", no_such_category(named))]
    if not of_code:
        text = _("The fair knows no product group for chapter %(chapter)s of the Harmonized System.")
        return [field_error("/code", "unknown_chapter", text % {"chapter": row.code[:2]})]
    if named is not None and named not in of_code:
        text = _("The code %(code)s does not belong to the category %(category)s.")
        return [field_error("/category", "wrong_category", text % {"code": row.code, "category": named})]
    row.category = categories[named or of_code[0]]
    return []


def _wishes(application: Application, slugs: Sequence[str]) -> tuple[dict[str, int], list[dict[str, Any]]]:
    known = dict(application.site_wishes.values_list("site__slug", "pk")) if slugs else {}
    unknown = [field_error(f"/sites/{place}", "unknown_site", NOT_WISHED) for place, slug in by_place(slugs) if slug not in known]
    return {slug: known[slug] for slug in slugs if slug in known}, unknown


def _write_sites(row: Product, wishes: dict[str, int], diff: Diff) -> None:
    there = dict(row.site_links.values_list("wish__site__slug", "wish"))
    if there != wishes:
        row.site_links.all().delete()
        ProductSite.objects.bulk_create([ProductSite(product=row, wish_id=pk) for pk in wishes.values()])
        diff.note("products.sites", sorted(there), sorted(wishes), of=_called(row))
