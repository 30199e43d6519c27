"""The reference lists of regions and product categories: written from plain values, only where something differs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Model

from exhibitors.models import ProductCategory, Region


@dataclass(frozen=True)
class Counts:
    """How many rows a list brought, changed and left as they were."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0


@transaction.atomic
def write_regions(rows: Iterable[Mapping[str, Any]]) -> Counts:
    """Regions by ``code``, with ``country``, the three names and ``time_zones`` (main one first). Raises ValidationError.

    A region that is not in the list stays: companies may be of it.
    """
    return _write(Region, rows)


@transaction.atomic
def write_categories(rows: Iterable[Mapping[str, Any]]) -> Counts:
    """Product categories by ``code`` with the three names; one that is not in the list stays. Raises ValidationError."""
    return _write(ProductCategory, rows)


def _write(model: type[Model], rows: Iterable[Mapping[str, Any]]) -> Counts:
    there = {row.code: row for row in model._default_manager.all()}  # type: ignore[attr-defined]
    created = updated = unchanged = 0
    for values in rows:
        row = there.get(values["code"])
        if row is not None and all(getattr(row, name) == value for name, value in values.items()):
            unchanged += 1  # not saved: a write would make every cached page of the public stale
            continue
        created, updated = (created + 1, updated) if row is None else (created, updated + 1)
        row = row or model()
        for name, value in values.items():
            setattr(row, name, value)
        row.full_clean()
        row.save()
    return Counts(created, updated, unchanged)
