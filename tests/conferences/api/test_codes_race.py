"""A thousand try the codes of letters at once: not one more than the limit is looked at. On PostgreSQL: SQLite has one writer."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from rest_framework.test import APIClient

from api.limits import Limit
from conferences.api.codes import WRONG_CODES
from exhibitors.api.members import CODES_OF_A_PERSON
from tests.factories.accounts import UserFactory
from tests.factories.conferences import ConferenceFactory

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
]
AT_ONCE = 16
ACCEPT = "/api/v1/invitations/accept/"


@pytest.fixture(autouse=True)
def _one_window(clock, settings) -> None:
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {}}  # the courtesy limit, which Redis may forget


def looked_at(path: str, body: dict[str, str], *, tries: int) -> int:
    person = UserFactory() if path == ACCEPT else None

    def attempt(number: int) -> bool:
        client = APIClient(headers={"X-Forwarded-For": f"203.0.113.{number % 250}"})
        client.force_authenticate(person)
        try:
            status = client.post(path, body).status_code
        finally:
            connection.close()
        assert status in (400, 429)
        return status == 400

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sum(pool.map(attempt, range(tries)))


def test_codes_of_invitations():
    assert looked_at(ACCEPT, {"token": "wrong"}, tries=1_000) == CODES_OF_A_PERSON.most


def test_codes_of_delegates():
    path = f"/api/v1/conferences/{ConferenceFactory().slug}/delegates/confirm/"
    assert looked_at(path, {"code": "wrong"}, tries=1_000) == WRONG_CODES.most


def test_without_the_guard_all_are(monkeypatch):
    monkeypatch.setattr(Limit, "spend", lambda *_self, **_given: None)
    path = f"/api/v1/conferences/{ConferenceFactory().slug}/delegates/confirm/"
    assert looked_at(ACCEPT, {"token": "wrong"}, tries=60) == looked_at(path, {"code": "wrong"}, tries=60) == 60
