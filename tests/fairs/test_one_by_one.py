import logging

import pytest
from django.db import OperationalError

from fairs.one_by_one import one_by_one


def test_an_error_with_one_is_logged_and_the_others_are_done(caplog):
    with caplog.at_level(logging.ERROR):
        assert one_by_one(lambda number: 6 // number, [1, 0, 2], what="Number") == 9
    assert [record.getMessage() for record in caplog.records] == ["Number 0 waits for the next tick."]


def test_a_database_that_is_away_ends_it_all():
    seen = []

    def away(number):
        seen.append(number)
        raise OperationalError

    with pytest.raises(OperationalError):
        one_by_one(away, [1, 2], what="Number")
    assert seen == [1]
