"""One world for all examples of a process; time goes on from the moment that the factories know."""

import logging
from collections.abc import Iterator

import pytest
import time_machine
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.test import override_settings

from tests.conftest import MOMENT
from tests.fuzz.seeds import Seeds, sow


@pytest.fixture(scope="session")
def seeds(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Seeds]:
    rates = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
    settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] = dict.fromkeys(rates)
    for signal in (request_started, request_finished):  # the connection holds the transaction that all examples are undone in
        signal.disconnect(close_old_connections)
    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with media, time_machine.travel(MOMENT, tick=True), django_db_blocker.unblock(), transaction.atomic():
        logging.disable(logging.CRITICAL)
        yield sow()
        logging.disable(logging.NOTSET)
        transaction.set_rollback(True)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] = rates
