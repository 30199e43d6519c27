"""A thousand tries at once: not one more than the limit is looked at. On PostgreSQL: SQLite has one writer."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from tests.roles.tokens import unverified_token

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer and nothing to race for"),
]

AT_ONCE = 16  # what a server of ours has in flight
API = "/_allauth/app/v1/auth/"


@pytest.fixture(autouse=True)
def _now(clock) -> None:
    """Time stands still, so that all tries are of one window."""


@pytest.fixture
def organiser(clock):
    return User.objects.create_superuser("root@example.org", "long enough 1")


def looked_at(path: str, body: dict[str, str], *, token: str = "", tries: int = 200) -> int:
    """How many of the tries were compared with the secret; each names another address as the one it was forwarded for."""

    def attempt(number: int) -> bool:
        headers = {"X-Forwarded-For": f"203.0.113.{number % 250}", **({"X-Session-Token": token} if token else {})}
        kind = {} if path.startswith("/admin/") else {"content_type": "application/json"}
        try:
            answer = Client(headers=headers).post(path, body, **kind)
        finally:
            connection.close()
        assert answer.status_code in (200, 400, 401, 409, 429)
        return answer.status_code != 429 and b"too_many_login_attempts" not in answer.content

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sum(pool.map(attempt, range(tries)))


def test_at_the_desk(organiser):
    assert 1 <= looked_at("/admin/login/", {"username": organiser.email, "password": "wrong"}) <= 10


def test_at_the_sign_in_api(organiser):
    assert looked_at(f"{API}login", {"email": organiser.email, "password": "wrong"}, tries=1_000) == 5


@pytest.mark.parametrize("path", ["email/verify", "password/reset"])
def test_with_a_code(organiser, path):
    token = unverified_token()
    body = {"key": "000-000-000", "password": "correct horse battery 7"}
    assert looked_at(f"{API}{path}", body, token=token) <= 10
