"""What every test may ask for."""

import gc
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from uuid import uuid4

import pytest
import time_machine
from _pytest.runner import pytest_runtest_protocol as run_one_test
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.template import Context, RequestContext, Template
from django.test.signals import template_rendered
from django.utils import translation
from rest_framework.test import APIClient

import clock as business_clock
from config.call_room import with_room
from notifications import own_texts

MOMENT = datetime(2030, 1, 15, 9, tzinfo=UTC)

_run, _numbers = uuid4().hex, count()
_run_with_room = with_room(run_one_test)


def pytest_collection_finish() -> None:
    """What is loaded by now stays. The rest is looked through so often that it stays within the processor's cache, and no oftener."""
    gc.freeze()
    gc.set_threshold(5_000, 20, 50)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if connection.vendor != "postgresql":
        for item in items:
            if item.get_closest_marker("race"):
                item.add_marker(pytest.mark.skip(reason="SQLite has one writer and nothing to race for"))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    return _run_with_room(item, nextitem)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> None:
    """What Django asks SQLite once in a process is asked before anybody counts queries; what an earlier run left in Redis goes."""
    if settings.REDIS_URL:
        caches["shared"].clear()
    with django_db_blocker.unblock():
        _asked = connection.features.supports_json_field


@pytest.fixture(scope="session", autouse=True)
def _pages_are_kept_and_their_parts_are_not(django_test_environment) -> None:
    """``response.context`` is the page's: Django copies one for each of the hundreds of small templates of a form as well."""

    def render(template: Template, context: Context) -> str:
        if context.template is template and isinstance(context, RequestContext):
            template_rendered.send(sender=template, template=template, context=context)
        return template.nodelist.render(context)

    Template._render = render


@pytest.fixture(autouse=True)
def _as_in_a_new_process() -> Iterator[None]:
    """What a process remembers between tests: the offset of the business clock, own texts of letters, the language of a thread's last
    request, and in Redis what the throttles have counted, which no transaction undoes: each test has names of its own there."""
    translation.deactivate()
    business_clock.forget()
    own_texts.forget()
    if settings.REDIS_URL:
        caches.settings["shared"]["KEY_PREFIX"] = caches["shared"].key_prefix = f"{_run}-{next(_numbers)}"
    yield
    business_clock.forget()


@pytest.fixture
def api() -> APIClient:
    """A client of the API that nobody has signed in on; ``api.force_authenticate(user)`` signs in."""
    return APIClient()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Time stands still at 15 January 2030, 09:00 UTC; ``clock.move_to(moment)`` goes elsewhere."""
    with time_machine.travel(MOMENT, tick=False) as traveller:
        yield traveller
