"""What the regions of ISO 3166-2 are called: the table of them is kept on a floor above (exhibitors), which says here how to ask."""

from collections.abc import Callable
from typing import Any

from django.db.models import F, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

NameOf = Callable[[str], Subquery]
_names: list[NameOf] = []


def register_region_names(name_of: NameOf) -> None:
    """Called from ``AppConfig.ready``: ``name_of(column)`` is the name, in the active language, of the region whose code is there."""
    _names.append(name_of)


def with_region_name(rows: QuerySet[Any], column: str) -> QuerySet[Any]:
    """The same rows, each with ``region_name``: that of the code in ``column``, or the code itself where none is known."""
    return rows.annotate(region_name=Coalesce(*(name_of(column) for name_of in _names), F(column), Value("")))
