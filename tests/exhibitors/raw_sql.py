"""Rows written past every domain function, to see what the database itself refuses."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from exhibitors.enums import PlacementStatus
from exhibitors.models import Application
from tests.factories.fairs import FIRST_DAY, LAST_DAY

LIVE = [PlacementStatus.PLANNED, PlacementStatus.OFFERED, PlacementStatus.ACCEPTED]
OVER = [PlacementStatus.DECLINED, PlacementStatus.LAPSED, PlacementStatus.WITHDRAWN, PlacementStatus.ENDED]


def run(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def insert(table: str, **columns: Any) -> None:
    names, marks = ", ".join(columns), ", ".join(["%s"] * len(columns))
    run(f"INSERT INTO {table} ({names}) VALUES ({marks})", *columns.values())  # noqa: S608 - names of ours


@contextmanager
def refused_by(rule: str) -> Iterator[None]:
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        yield


def ask_what_is_asked_at_commit() -> None:
    connection.check_constraints()


def placement_columns(application: Application, stand: Any, **changed: Any) -> dict[str, Any]:
    columns = {
        "application_id": application.pk,
        "site_id": stand.hall.site_id,
        "stand_id": stand.pk,
        "first_day": FIRST_DAY,
        "last_day": LAST_DAY,
        "status": PlacementStatus.OFFERED.value,
        "is_relocation": False,
    }
    return {**columns, **changed}
