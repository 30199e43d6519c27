"""Imports into one fair come one after the other, and whoever works at the desk meanwhile waits for none. On PostgreSQL only."""

import pytest
from django.core.cache import cache
from django.db import connection, transaction

from exhibitors.domain.waiting_list import take_rank
from exhibitors.enums import ApplicationStatus
from exhibitors.importing import companies
from exhibitors.importing.companies import import_companies
from exhibitors.models import Company
from tests.conftest import MOMENT
from tests.exhibitors.importing.conftest import csv_of, line
from tests.exhibitors.world import application_in
from tests.racing import at_once, by_many

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("clock"),
]
IMPORTS, ROWS = 3, 4


@pytest.fixture
def load(fair):
    """``load()`` imports companies without a number: only their names tell that they are there."""
    cache.clear()
    rows = [line(number, inn="", status="draft") for number in range(ROWS)]

    def run(_number=0, **given):
        return import_companies(fair=fair, source=csv_of(*rows), name="table.csv", by=None, now=MOMENT, **given)

    return run


def test_the_second_import_finds_what_the_first_has_made(load):
    reports = by_many(load, times=IMPORTS)
    assert sorted(report.created for report in reports) == [0] * (IMPORTS - 1) + [ROWS]
    assert Company.objects.count() == ROWS


def test_without_the_lock_each_makes_its_own(load, monkeypatch):
    """The control."""
    monkeypatch.setattr(companies, "wait_for_other_imports", lambda fair: None)
    by_many(load, times=IMPORTS)
    assert Company.objects.count() > ROWS


def test_a_colleague_puts_somebody_on_the_waiting_list_while_an_import_is_under_way(load, fair):
    application = application_in(ApplicationStatus.SUBMITTED, fair=fair)
    ranks = []

    def colleague():
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '5s'")
            return take_rank(application, None)

    load(progress=lambda done, total: ranks.extend(at_once(colleague)))
    assert ranks == [1] * ROWS
