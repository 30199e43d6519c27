"""The application form of a fair as data, so that a portal can draw it: parts, fields, limits, choices, questions, deadlines."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from api.languages import texts_of
from exhibitors.domain import form_beside
from exhibitors.domain.company_values import TAX_IDS
from exhibitors.domain.editing import EDITABLE_BY_EXHIBITOR, OPEN_UNTIL
from exhibitors.domain.form_fields import entry, texts
from exhibitors.domain.json_rows import number
from exhibitors.domain.questions import asked_at
from exhibitors.enums import FormSection, NeighbourKind, ProductFate, ProductUnit, QuestionType, Scheme
from exhibitors.models import Application, NeighbourWish, Pavilion, Product, ProductCategory, Question, RepresentedCompany, SiteWish
from exhibitors.models.application import LONGEST_FASCIA, MOST_COLD_STORAGE_M2, MOST_POWER_KW
from exhibitors.models.product import COLDEST_C, HOTTEST_C, LONGEST_SHELF_LIFE_DAYS, MOST_PRODUCTS
from exhibitors.models.question import WITH_OPTIONS
from exhibitors.models.wishes import MOST_NEIGHBOURS, MOST_PREFERENCES
from fairs.models import Deadline, Fair, Site


def describe(fair: Fair) -> dict[str, Any]:
    """The whole form; texts are in all languages."""
    zone = fair.zone
    every = list(Deadline.objects.filter(fair=fair).order_by("due_at", "pk"))
    deadlines = [deadline for deadline in every if deadline.is_public]
    due = {deadline.code: deadline.due_at.astimezone(zone).isoformat() for deadline in deadlines}
    fields, questions = own_fields(), asked_at(fair.pk)
    return {
        "fair": fair.slug,
        "applications_open_at": fair.applications_open_at.astimezone(zone).isoformat(),
        "applications_close_at": fair.applications_close_at.astimezone(zone).isoformat(),
        "takes_late_applications": fair.takes_late_applications,
        "silence_accepts": fair.silence_accepts,
        "deadlines": [{"code": one.code, "title": texts_of(one, "title"), "due_at": due[one.code]} for one in deadlines],
        "sites": [_site(site) for site in Site.objects.filter(fair=fair).order_by("starts_on", "pk")],
        "categories": [{"code": one.code, "name": texts_of(one, "name")} for one in ProductCategory.objects.order_by("code")],
        "pavilions": [{"slug": one.slug, "name": texts_of(one, "name")} for one in Pavilion.objects.filter(fair=fair).order_by("slug")],
        "documents": form_beside.required_documents(fair),
        "sections": [
            *(
                {
                    "code": section.value,
                    "title": texts(section.label),
                    "path": "",
                    "open_in": [status.value for status in EDITABLE_BY_EXHIBITOR],
                    "open_until": None,
                    "fields": [_with_deadline(field, due, fair) for part, field in fields if part == section],
                    "questions": [_question(question, questions) for question in questions if question.section == section],
                }
                for section in FormSection
            ),
            *form_beside.sections(fair, every),
        ],
    }


def _with_deadline(field: dict[str, Any], due: dict[str, str], fair: Fair) -> dict[str, Any]:
    """Until when it stays open after submission, and whether this fair insists on it."""
    name = field["name"].partition("[")[0]
    required = field["required"] or (field["name"] == "products" and fair.requires_products)
    return {**field, "required": required, "open_until": due.get(OPEN_UNTIL[name]) if name in OPEN_UNTIL else None}


def _site(site: Site) -> dict[str, Any]:
    days = {"first_day": site.starts_on.isoformat(), "last_day": site.ends_on.isoformat()}
    return {"slug": site.slug, "name": texts_of(site, "name"), "city": texts_of(site, "city"), **days}


def _question(question: Question, questions: Iterable[Question]) -> dict[str, Any]:
    is_text = question.type in (QuestionType.TEXT, QuestionType.LONG_TEXT)
    other = next((one for one in questions if one.pk == question.shown_if_id), None)
    return {
        "code": question.code,
        "text": texts_of(question, "text"),
        "help": texts_of(question, "help"),
        "type": question.type,
        "required": question.required,
        "concerns": question.audience,
        "max_length": question.longest if is_text else None,
        "min": number(question.min_value),
        "max": number(question.max_value),
        "options": [{"code": one.code, "text": texts_of(one, "text")} for one in question.options.all()]
        if question.type in WITH_OPTIONS
        else [],
        # One that waits for a retired question is never asked.
        "shown_if": {"question": other.code if other else "", "values": question.shown_if_values} if question.shown_if_id else None,
    }


Field = tuple[FormSection, dict[str, Any]]


@cache
def own_fields() -> list[Field]:
    """The fields that every application has, in their parts; the same for every fair."""
    return [*_company_fields(), *_site_fields(), *_product_fields(), *_service_fields()]


def _company_fields() -> list[Field]:
    part = FormSection.COMPANY
    return [
        _field(part, "company", "company", _("company"), required=True),
        _field(part, "pavilion", "pavilion"),
        _field(part, "represented_companies", "rows", _("represented companies"), max_items=100),
        _field(part, "represented_companies[].legal_name", "text", required=True, max_length=300),
        _field(part, "represented_companies[].name", "texts", max_length=200),
        _field(part, "represented_companies[].country", "country", required=True, max_length=2),
        _field(part, "represented_companies[].brands", "lines", help="", max_items=10),
        *(_field(part, f"represented_companies[].tax_ids.{name}", "tax_id", column=name, max_length=20) for name in TAX_IDS),
    ]


def _site_fields() -> list[Field]:
    part = FormSection.SITES
    areas = [(end, f"sites[].requested_area_m2.{end}", f"area_{end}_m2") for end in ("min", "wished", "max")]
    return [
        _field(part, "sites", "rows", _("sites wished"), required=True),
        _field(part, "sites[].site", "site", required=True),
        *(_field(part, name, "number", column=column, unit="m²", min=1, required=end == "wished") for end, name, column in areas),
        _field(part, "sites[].open_sides", "integer", min=1, max=4),
        _field(part, "sites[].scheme", "choice", choices=Scheme.choices),
        _field(part, "sites[].first_day", "date"),
        _field(part, "sites[].last_day", "date"),
        _field(part, "sites[].stand_preferences", "stands", _("stands preferred"), max_items=MOST_PREFERENCES),
        _field(part, "fascia_text", "text", max_length=LONGEST_FASCIA),
        _field(part, "near", "neighbours", _("Whom to stand near to"), max_items=MOST_NEIGHBOURS),
        _field(part, "away", "neighbours", _("Whom not to stand near to"), max_items=MOST_NEIGHBOURS),
        *(
            one
            for kind in NeighbourKind
            for one in (
                _field(part, f"{kind.value}[].exhibitor", "exhibitor", help=_("Id of an exhibitor in the catalogue; else write a name.")),
                _field(part, f"{kind.value}[].name", "text", help="", max_length=300),
                _field(part, f"{kind.value}[].inn", "tax_id", max_length=20),
            )
        ),
    ]


def _product_fields() -> list[Field]:
    part = FormSection.PRODUCTS
    temperatures = [(end, f"products[].temperature_c.{end}", f"temperature_{end}_c") for end in ("min", "max")]
    return [
        _field(part, "categories", "categories", _("product categories"), required=True, max_items=50),
        _field(part, "products", "rows", _("products"), max_items=MOST_PRODUCTS),
        _field(part, "products[].name", "texts", required=True, max_length=200),
        _field(part, "products[].code", "customs_code", required=True, max_length=10),
        _field(part, "products[].category", "category"),
        _field(part, "products[].brand", "text", max_length=200),
        _field(part, "products[].description", "texts", max_length=2000),
        _field(part, "products[].gacc_number", "text", max_length=40),
        _field(part, "products[].gacc_valid_until", "date"),
        _field(part, "products[].shelf_life_days", "integer", unit="d", min=1, max=LONGEST_SHELF_LIFE_DAYS),
        *(_field(part, name, "integer", column=column, unit="°C", min=COLDEST_C, max=HOTTEST_C) for _end, name, column in temperatures),
        _field(part, "products[].fate", "choice", required=True, choices=ProductFate.choices),
        _field(part, "products[].quantity", "number", min=0),
        _field(part, "products[].unit", "choice", choices=ProductUnit.choices),
        _field(part, "products[].sites", "sites", _("Sites"), help=_("None: at every site.")),
    ]


def _service_fields() -> list[Field]:
    part = FormSection.SERVICES
    return [
        _field(part, "sites[].power_kw", "number", unit="kW", min=0, max=MOST_POWER_KW),
        _field(part, "sites[].water", "yes_no"),
        _field(part, "sites[].cold_storage_m2", "number", unit="m²", min=0, max=MOST_COLD_STORAGE_M2),
    ]


def _field(part: FormSection, name: str, type_: str, label: Any = None, **more: Any) -> Field:
    model, column = _column_of(name)
    known: Any = {field.name: field for field in model._meta.fields}.get(more.pop("column", column))
    return part, entry(name, type_, known, label, **more)


def _column_of(name: str) -> tuple[type[Any], str]:
    models: dict[str, type[Any]] = {
        "sites[]": SiteWish,
        "products[]": Product,
        "represented_companies[]": RepresentedCompany,
        **{f"{kind.value}[]": NeighbourWish for kind in NeighbourKind},
    }
    first, _dot, rest = name.partition(".")
    return (models[first], rest) if first in models else (Application, name)
