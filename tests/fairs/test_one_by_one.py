import logging

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError

from fairs.one_by_one import one_by_one


def test_an_error_with_one_is_logged_and_the_others_are_done(caplog):
    with caplog.at_level(logging.ERROR):
        assert one_by_one(lambda number: 6 // number, [1, 0, 2], what="Number") == 9
    assert [record.getMessage() for record in caplog.records] == ["Number 0 waits for the next tick."]


@pytest.mark.parametrize("error", [OperationalError, InterfaceError, SoftTimeLimitExceeded])
def test_a_database_that_is_away_or_a_task_whose_time_is_over_ends_it_all(error):
    seen = []

    def away(number):
        seen.append(number)
        raise error

    with pytest.raises(error):
        one_by_one(away, [1, 2], what="Number")
    assert seen == [1]
