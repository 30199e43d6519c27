"""Rows that belong to a row, as one JSON column of it: a page with all that hangs on it is one query."""

from datetime import UTC, datetime
from typing import Any

from django.db.models import Aggregate, JSONField, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject


class _JsonList(Aggregate):
    """The group's values as a JSON array, in no order."""

    function = "JSONB_AGG"
    output_field = JSONField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **extra)


def json_rows(rows: QuerySet[Any], *, of: str, to: str = "pk", **columns: Any) -> Subquery:
    """A column with the rows whose ``of`` is the outer row's ``to``, each an object of ``columns``; None where there are none.

    Sort them after reading, and read numbers, flags and moments with the functions below: the two databases write them differently.
    """
    grouped = rows.filter(**{of: OuterRef(to)}).order_by().values(of)
    return Subquery(grouped.annotate(json_rows=_JsonList(JSONObject(**columns))).values("json_rows"))


def number(value: Any) -> float | None:
    """A decimal column as a JSON number."""
    return None if value is None else float(value)


def moment(value: str | None) -> datetime | None:
    """A moment as the database wrote it into JSON; SQLite's has no offset and is UTC."""
    if value is None:
        return None
    at = datetime.fromisoformat(value)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
