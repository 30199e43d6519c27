"""One world for all examples of a process; time goes on from the moment that the factories know."""

import logging
from collections.abc import Iterator

import pytest
import time_machine
from django.conf import settings
from django.db import transaction

from tests.conftest import MOMENT
from tests.fuzz.seeds import Seeds, sow


@pytest.fixture(scope="session")
def seeds(django_db_setup, django_db_blocker) -> Iterator[Seeds]:
    rates = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
    settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] = dict.fromkeys(rates)
    with time_machine.travel(MOMENT, tick=True), django_db_blocker.unblock(), transaction.atomic():
        logging.disable(logging.CRITICAL)
        yield sow()
        logging.disable(logging.NOTSET)
        transaction.set_rollback(True)
    settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] = rates
