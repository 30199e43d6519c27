"""One world for all examples of a process; time goes on from the moment that the factories know."""

import logging
import traceback
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.conf import settings
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.test import override_settings

from tests.conftest import MOMENT
from tests.fuzz.seeds import Seeds, sow


@pytest.fixture(autouse=True)
def _told_why() -> Iterator[None]:
    """A test that meets a 5xx shows what was raised: the answer says only that something went wrong."""

    def show(**_sent: Any) -> None:
        traceback.print_exc()

    got_request_exception.connect(show)
    yield
    got_request_exception.disconnect(show)


@pytest.fixture(scope="session")
def seeds(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Seeds]:
    rates = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
    settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] = dict.fromkeys(rates)
    # A request closes the connection, which holds the transaction that all examples are undone in. The signals are the wrong place
    # to stop it: every client of Django's connects them again.
    kept_open = patch.object(connection, "close_if_unusable_or_obsolete", lambda: None)
    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with kept_open, media, time_machine.travel(MOMENT, tick=True), django_db_blocker.unblock(), transaction.atomic():
        logging.disable(logging.CRITICAL)
        yield sow()
        logging.disable(logging.NOTSET)
        transaction.set_rollback(True)
    settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] = rates
