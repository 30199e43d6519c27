"""What the tests of all roles share: one world a class, and what one caller does rolled back before the next comes."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import transaction
from django.test import TestCase, override_settings

from tests.roles.world import World, build


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
def as_caller(caller: str) -> Iterator[None]:
    """Names the caller in a failure, and undoes what was done."""
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    except AssertionError as error:
        error.add_note(f"as {caller}")
        raise
