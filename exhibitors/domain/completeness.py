"""What an application must have to be binding: everything that is missing, at once."""

from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from api.problems import Invalid, field_error
from exhibitors.domain import answers
from exhibitors.domain.questions import Facts
from exhibitors.models import Application
from exhibitors.models.application import wishes_with_sites

TAX_ID_REQUIRED = {"RU": "inn", "CN": "uscc"}
TAX_ID_MISSING = {
    "inn": gettext_lazy("Before you submit, add the INN, the taxpayer number, to the company's own page."),
    "uscc": gettext_lazy("Before you submit, add the Unified Social Credit Code to the company's own page."),
}
# Who fills a table writes the number into it.
TAX_ID_MISSING_IN_TABLE = {
    "inn": gettext_lazy("A Russian company cannot apply without its INN: write it here."),
    "uscc": gettext_lazy("A Chinese company cannot apply without its Unified Social Credit Code: write it here."),
}


def require_complete(application: Application, *, is_imported: bool = False) -> None:
    """Raise Invalid with a pointer for everything that an application must have to be binding; a table has no products and answers."""
    missing: list[dict[str, Any]] = []
    prefetch_related_objects([application], wishes_with_sites(), "categories")  # the letters read them again
    wishes = list(application.site_wishes.all())
    if not wishes:
        missing.append(field_error("/sites", "required", _("Name at least one site.")))
    for number, wish in enumerate(wishes):
        if wish.area_wished_m2 is None:
            missing.append(field_error(f"/sites/{number}/requested_area_m2/wished", "required", _("Say how many m² you wish.")))
    facts = Facts(schemes=frozenset(wish.scheme for wish in wishes), categories=frozenset(row.code for row in application.categories.all()))
    if not facts.categories:
        missing.append(field_error("/categories", "required", _("Name at least one product category.")))
    tax_id = TAX_ID_REQUIRED.get(application.company.country)
    if tax_id and not getattr(application.company, tax_id):
        texts = TAX_ID_MISSING_IN_TABLE if is_imported else TAX_ID_MISSING
        missing.append(field_error(f"/company/tax_ids/{tax_id}", f"{tax_id}_required", texts[tax_id]))
    if not is_imported:
        missing += _missing_parts(application, facts)
    if missing:
        raise Invalid(missing)


def _missing_parts(application: Application, facts: Facts) -> list[dict[str, Any]]:
    missing = []
    if application.fair.requires_products and not application.products.exists():
        missing.append(field_error("/products", "required", _("Name at least one product that you will show.")))
    return [*missing, *answers.missing(application, facts)]
