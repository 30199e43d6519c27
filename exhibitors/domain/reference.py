"""The reference lists of regions and product categories: written from plain values, only where something differs."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import NullIf

from api.languages import COLUMNS, active_language
from exhibitors.models import ProductCategory, Region
from fairs.domain.tally import Tally


@transaction.atomic
def write_regions(rows: Iterable[Mapping[str, Any]]) -> Tally:
    """Regions by ``code``, with ``country``, the three names and ``time_zones`` (main one first). Raises ValidationError.

    A region that is not in the list stays: companies may be of it.
    """
    return _write(Region, rows)


@transaction.atomic
def write_categories(rows: Iterable[Mapping[str, Any]]) -> Tally:
    """Product categories by ``code`` with the three names; one that is not in the list stays. Raises ValidationError."""
    return _write(ProductCategory, rows)


def region_name(column: str) -> Subquery:
    """The name, in the active language, of the region whose code is in ``column`` of the outer query's row."""
    name = f"name_{COLUMNS[active_language()]}"
    return Subquery(Region.objects.filter(code=OuterRef(column)).order_by().values_list(NullIf(name, Value("")))[:1])


def _write(model: type[Region] | type[ProductCategory], rows: Iterable[Mapping[str, Any]]) -> Tally:
    there = {row.code: row for row in model._default_manager.all()}
    tally = Tally()
    for values in rows:
        row = there.get(values["code"]) or model()
        if tally.count(row, dict(values)):  # an unchanged one is not saved: the public's caches would go stale
            row.full_clean()
            row.save()
    return tally
