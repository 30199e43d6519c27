"""What the tests of all roles share: one world a class, and what one caller does rolled back before the next comes."""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Model
from django.test import TestCase, override_settings

from tests.roles.world import World, build

# A union of queries begins with a bracket. The sign-in of a test's client and the cache are no rows of ours.
_READS = re.compile(
    r"\(?SELECT|(RELEASE |ROLLBACK TO )?SAVEPOINT|SET CONSTRAINTS|(INSERT INTO|UPDATE|DELETE FROM) \"(django_session|cache_entries)\""
)


# Time stands still, so that the courtesy limit on writes, counted in Redis, would never begin anew.
@override_settings(REST_FRAMEWORK={**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {}})
@pytest.mark.usefixtures("clock")
class RolesTestCase(TestCase):
    world: World

    @classmethod
    def setUpTestData(cls) -> None:
        cls.world = build()

    def setUp(self) -> None:
        logging.disable(logging.CRITICAL)  # thousands of refusals, each logged with its traceback
        self.addCleanup(logging.disable, logging.NOTSET)


@contextmanager
def unchanged(*models: type[Model]) -> Iterator[None]:
    """Every row of the models is as it was afterwards. They are read when a statement comes that may write: a refusal sends none."""
    before = None

    def watch(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        nonlocal before
        if before is None and not _READS.match(sql):
            before = snapshot(*models)
        return execute(sql, *rest)

    with connection.execute_wrapper(watch):
        yield
    if before is not None:
        assert snapshot(*models) == before


def snapshot(*models: type[Model]) -> dict[str, Any]:
    """Every row of the models as the database holds it, to show that nothing changed; asked in plain SQL, which costs a tenth."""
    found = {}
    with connection.cursor() as cursor:
        for model in models:
            table, key = (connection.ops.quote_name(name) for name in (model._meta.db_table, model._meta.pk.column))
            cursor.execute(f"SELECT * FROM {table} ORDER BY {key}")  # noqa: S608
            found[model._meta.label] = ([column[0] for column in cursor.description], cursor.fetchall())
    return found
