"""A thousand tries at once: not one more than the limit is looked at; without the guard more are. On PostgreSQL: SQLite has one writer."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from allauth.core.internal import ratelimit
from allauth.headless.account import inputs
from django.core.cache import cache
from django.db import connection
from django.test import Client

from accounts.models import User
from api.limits import Limit
from notifications.models import Letter
from tests.roles.tokens import unverified_token

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
]

AT_ONCE = 16  # what a server of ours has in flight
TRIES = 1_000
API = "/_allauth/app/v1/auth/"
WRONG = {"key": "BCDF-GHJK", "password": "correct horse battery 7"}


_try = threading.local()


@pytest.fixture(autouse=True)
def _now(clock) -> Iterator[None]:
    """Time stands still, so that all tries are of one window, in which nobody has tried before."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _noted(monkeypatch) -> None:
    """Each try notes that its password or code was compared with the secret: what it is answered need not tell."""

    def noting(compare: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*given: Any, **named: Any) -> Any:
            _try.was_compared = True
            return compare(*given, **named)

        return noted

    monkeypatch.setattr(User, "check_password", noting(User.check_password))
    monkeypatch.setattr(inputs, "compare_user_code", noting(inputs.compare_user_code))


@pytest.fixture
def organiser(clock):
    return User.objects.create_superuser("root@example.org", "long enough 1")


def in_parallel(attempt: Callable[[Client, int], Any], tries: int) -> list[Any]:
    """What each attempt gives; each names another address as the one it was forwarded for."""

    def one(number: int) -> Any:
        try:
            return attempt(Client(headers={"X-Forwarded-For": f"203.0.113.{number % 250}"}), number)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(tries)))


def looked_at(path: str, body: dict[str, str], *, method: str = "POST", tries: int = TRIES, **headers: str) -> int:
    """How many of the tries were compared with the secret."""
    sent = {} if path.startswith("/admin/") else {"content_type": "application/json"}

    def attempt(client: Client, _number: int) -> bool:
        _try.was_compared = False
        answer = client.get(path, headers=headers) if method == "GET" else client.post(path, body, headers=headers, **sent)
        assert answer.status_code in (200, 400, 401, 409, 429)
        return _try.was_compared

    return sum(in_parallel(attempt, tries))


@pytest.fixture
def _nothing_is_spent(monkeypatch) -> None:
    """Without the count in the database that comes before each try; all compare before any of them has failed."""
    monkeypatch.setattr(Limit, "spend", lambda *_self, **_given: None)
    monkeypatch.setattr(User, "check_password", together(User.check_password))
    monkeypatch.setattr(inputs, "compare_user_code", together(inputs.compare_user_code))


@pytest.fixture
def _nobody_waits(monkeypatch) -> None:
    """Without the lock under which allauth counts; all read what was counted before any of them writes."""

    @contextmanager
    def no_lock(_key: str) -> Iterator[bool]:
        yield True

    monkeypatch.setattr(ratelimit, "cache_lock", no_lock)
    monkeypatch.setattr(ratelimit, "apply_rate", together(ratelimit.apply_rate))


def together(function: Callable[..., Any]) -> Callable[..., Any]:
    barrier = threading.Barrier(AT_ONCE)

    def called(*given: Any, **named: Any) -> Any:
        barrier.wait(timeout=60)
        return function(*given, **named)

    return called


AT_DESK = ("/admin/login/", {"username": "root@example.org", "password": "wrong"})
AT_API = (f"{API}login", {"email": "root@example.org", "password": "wrong"})


def test_at_the_desk(organiser):
    assert looked_at(*AT_DESK) == 10


@pytest.mark.usefixtures("_nothing_is_spent")
def test_at_the_desk_without_the_guard(organiser):
    assert looked_at(*AT_DESK, tries=AT_ONCE) == AT_ONCE


def test_at_the_sign_in_api(organiser):
    assert looked_at(*AT_API) == 5


@pytest.mark.usefixtures("_nobody_waits")
def test_at_the_sign_in_api_without_the_guard(organiser):
    assert looked_at(*AT_API, tries=AT_ONCE) == AT_ONCE


WITH_CODE = [
    ("POST", "email/verify", ""),
    ("GET", "email/verify", "X-Email-Verification-Key"),
    ("POST", "password/reset", ""),
    ("GET", "password/reset", "X-Password-Reset-Key"),
]


def with_code(way: tuple[str, str, str], tries: int) -> int:
    method, path, header = way
    if path == "email/verify":
        token = unverified_token()
    else:
        asked = Client().post(f"{API}password/request", {"email": "root@example.org"}, content_type="application/json")
        token = asked.json()["meta"]["session_token"]
    headers = {"X-Session-Token": token, **({header: WRONG["key"]} if header else {})}
    return looked_at(f"{API}{path}", WRONG, method=method, tries=tries, **headers)


@pytest.mark.parametrize("way", WITH_CODE)
def test_with_a_code(organiser, way):
    assert 1 <= with_code(way, tries=TRIES if way[0] == "POST" else 200) <= 10


@pytest.mark.usefixtures("_nothing_is_spent")
@pytest.mark.parametrize("way", WITH_CODE)
def test_with_a_code_without_the_guard(organiser, way):
    assert with_code(way, tries=AT_ONCE) == AT_ONCE


def letters_asked_for(tries: int) -> int:
    def ask(client: Client, _number: int) -> int:
        body = {"email": "root@example.org"}
        return client.post(f"{API}password/request", body, content_type="application/json").status_code

    assert set(in_parallel(ask, tries)) <= {401, 429}
    return Letter.objects.filter(occasion="accounts.reset_code").count()


def test_letters_that_reset(organiser):
    assert letters_asked_for(TRIES) == 5


@pytest.mark.usefixtures("_nobody_waits")
def test_letters_that_reset_without_the_guard(organiser):
    assert letters_asked_for(AT_ONCE) == AT_ONCE
