"""Statements that the ORM writes once: other values, the same rows as from the queryset itself."""

import pytest
from django.db import connection

from api.statements import ASKER, MARKER, RowStatement, Statement
from fairs.models import Hall
from tests.factories.fairs import HallFactory

pytestmark = pytest.mark.django_db


def test_a_row_is_read_for_other_values_with_what_is_joined_to_it(django_assert_num_queries) -> None:
    first, second = HallFactory(), HallFactory()
    statement = RowStatement(Hall.objects.filter(pk=MARKER).select_related("site__fair").order_by(), markers=(MARKER,))
    for hall in (first, second, first):
        with django_assert_num_queries(1):
            found = statement.first({MARKER: hall.pk})
            assert found is not None
            assert (found, found.site.fair) == (hall, hall.site.fair)
    assert statement.first({MARKER: 0}) is None


def test_rows_that_are_read_twice_are_two_objects() -> None:
    hall = HallFactory()
    statement = RowStatement(Hall.objects.filter(pk=MARKER), markers=(MARKER,))
    one, other = (statement.first({MARKER: hall.pk}) for _time in range(2))
    assert one == other
    assert one is not other


def test_a_marker_that_is_not_asked_for_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="-2"):
        RowStatement(Hall.objects.filter(pk=MARKER), markers=(MARKER, ASKER))


def test_one_column_is_filtered_by_the_marker() -> None:
    with pytest.raises(ValueError, match="MARKER"):
        Statement(Hall.objects.values("pk"))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no such trial")
def test_no_connection_has_to_wait_for_who_writes_to_find_out_whether_it_knows_json() -> None:
    fresh = connection.copy()
    assert fresh.features.supports_json_field
    assert fresh.connection is None, "nothing was asked"
