"""Statements that the ORM writes once and that run many times.

Compiling a queryset costs several times what running it costs. A page that is asked for all day therefore keeps its
statement: the ORM writes it for a marker, and each run puts other ids, or a subquery, where the marker stood.
"""

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable

Row = TypeVar("Row", bound=Model)

MARKER = -1  # stands for the ids
ASKER = -2  # stands for one more number that each run brings, such as who asks


class Statement:
    """The rows of ``queryset.values(...)`` for the ids asked for; ``queryset`` filters one column by ``__in=[MARKER]``.

    It may also compare with ASKER, for which each run gives a number.
    """

    def __init__(self, queryset: QuerySet[Any]) -> None:
        compiler = queryset.query.get_compiler(connection=connection)
        self._sql, self._params = compiler.as_sql()
        if self._params.count(MARKER) != 1 or self._sql.count("IN (%s)") != 1:
            raise ValueError("The queryset has to filter exactly one column by __in=[MARKER].")
        self._names = [*queryset.query.extra_select, *queryset.query.values_select, *queryset.query.annotation_select]
        self._compiler = compiler
        self._converters = compiler.get_converters([column for column, *_rest in compiler.select])

    def for_ids(self, ids: Sequence[int]) -> list[dict[str, Any]]:
        """The rows of these ids; no query for none."""
        return self._run(", ".join(["%s"] * len(ids)), ids, asker=0) if ids else []

    def for_rows_of(self, queryset: QuerySet[Any], *, asker: int = 0) -> list[dict[str, Any]]:
        """The rows whose id ``queryset`` yields, as a subquery: a slice is taken before anything is joined to it."""
        try:
            sql, params = queryset.values("pk").query.sql_with_params()
        except EmptyResultSet:  # the page of an empty list, for one: the ORM knows that there are no rows and writes no statement
            return []
        return self._run(sql, params, asker=asker)

    def _run(self, inside: str, ids: Sequence[Any], *, asker: int) -> list[dict[str, Any]]:
        place = self._params.index(MARKER)
        before, after = (
            [asker if value == ASKER else value for value in part] for part in (self._params[:place], self._params[place + 1 :])
        )
        params = [*before, *ids, *after]
        with connection.cursor() as cursor:
            cursor.execute(self._sql.replace("IN (%s)", f"IN ({inside})"), params)
            found: Any = cursor.fetchall()
        if self._converters:
            found = self._compiler.apply_converters(found, self._converters)
        return [dict(zip(self._names, row, strict=True)) for row in found]


class RowStatement(Generic[Row]):
    """The model rows of a queryset, which has markers (each a value of its own) where a run puts what it asks for."""

    def __init__(self, queryset: QuerySet[Row], *, markers: Sequence[Any]) -> None:
        self._queryset = queryset
        self._compiler = queryset.query.get_compiler(connection=connection)
        self._sql, self._params = self._compiler.as_sql()
        if missing := [marker for marker in markers if marker not in self._params]:
            raise ValueError(f"The queryset does not ask for {missing}.")

    def first(self, values: Mapping[Any, Any]) -> Row | None:
        """The first row there is, with ``values`` in the place of their markers.

        What locks rows has to run in a transaction, which the ORM has asked only when it wrote the statement.
        """
        return next(iter(self.all(values)), None)

    def all(self, values: Mapping[Any, Any]) -> list[Row]:
        """Every row, in the same way."""
        params = tuple(values.get(param, param) for param in self._params)
        query = copy(self._queryset.query)
        query.get_compiler = lambda *_arguments, **_named: self._kept(params)  # type: ignore[method-assign]
        return list(ModelIterable(QuerySet(self._queryset.model, query=query)))

    def _kept(self, params: tuple[Any, ...]) -> Any:
        """The compiler, on the connection of this thread, with its work done."""
        compiler = copy(self._compiler)
        compiler.connection = connection
        compiler.as_sql = lambda *_arguments, **_named: (self._sql, params)
        return compiler
