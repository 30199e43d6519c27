"""Writes are counted, reads are not, and a cache that is away holds nobody back."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import caches
from django.utils import translation
from rest_framework.exceptions import Throttled

from api import limits
from api.problems import from_exception

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _rates(settings):
    caches["shared"].clear()
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"anonymous-write": "2/day", "write": "3/day"}}


def writes(client, times, **headers):
    return [client.post("/api/v1/echo/", {}, format="json", headers=headers).status_code for _number in range(times)]


def test_a_stranger_is_held_back_by_address(client):
    assert writes(client, 3) == [200, 200, 429]
    client.defaults["REMOTE_ADDR"] = "192.0.2.7"
    assert writes(client, 1) == [200]


def test_a_person_is_held_back_by_id(client, token):
    writes(client, 2)
    assert writes(client, 4, **{"X-Session-Token": token}) == [200, 200, 200, 429]


def test_a_forged_forwarded_address_changes_nothing(client):
    assert [writes(client, 1, **{"X-Forwarded-For": f"192.0.2.{n}"})[0] for n in range(3)] == [200, 200, 429]


def test_behind_one_proxy_the_address_it_saw_counts(client, settings):
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 1}
    assert writes(client, 3, **{"X-Forwarded-For": "203.0.113.1, 192.0.2.1"}) == [200, 200, 429]
    assert writes(client, 1, **{"X-Forwarded-For": "203.0.113.1, 192.0.2.2"}) == [200]


def test_reads_are_not_counted(client):
    writes(client, 3)
    assert [client.get("/api/v1/groups/").status_code for _number in range(5)] == [200] * 5


def test_the_answer_says_when_to_come_back(client):
    writes(client, 2)
    response = client.post("/api/v1/echo/", {}, format="json")
    assert response.json()["type"] == "/problems/throttled"
    assert 1 <= int(response["Retry-After"]) <= 86400


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "1 секунду"), (60, "1 минуту"), (61, "2 минуты"), (3540, "59 минут"), (3541, "1 час"), (3601, "2 часа"), (80_000, "23 часа")],
)
def test_a_wait_is_said_in_units_people_count_in(seconds, text):
    with translation.override("ru"):
        assert from_exception(Throttled(wait=seconds)).data["detail"] == f"Повторите через {text}."


def test_without_its_counter_everybody_passes(client, monkeypatch, caplog):
    def away(*_args, **_kwargs):
        raise ConnectionError

    monkeypatch.setattr(type(caches["shared"]), "add", away)
    monkeypatch.setattr(limits, "count", away)
    assert writes(client, 4) == [200] * 4
    assert "counter of the throttles is away" in caplog.text


def test_every_count_is_a_new_number_and_windows_are_counted_apart():
    ends_at = datetime(2030, 1, 15, 10, tzinfo=UTC)
    assert [limits.count("write:1:7", ends_at=ends_at) for _time in range(3)] == [1, 2, 3]
    assert limits.count("write:1:8", ends_at=ends_at) == 1
    assert limits.forget_past(now=ends_at + timedelta(seconds=1)) == 2
