import logging
from importlib import import_module

import pytest
import redis
from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as InTheDatabase
from django.core.cache import cache, caches
from django.core.cache.backends.db import DatabaseCache
from django.test import RequestFactory

from accounts.models import User
from accounts.sign_in_limits import CODE_PATHS, client_address
from tests.roles.expectations_sign_in import TABLE
from tests.roles.tokens import unverified_token

LOGIN = "/_allauth/app/v1/auth/login"
PASSWORD = "long enough 1"


@pytest.fixture
def organiser(db):
    return User.objects.create_superuser("root@example.org", PASSWORD)


def test_the_desk_locks_after_ten_wrong_passwords(client, organiser):
    for _ in range(9):
        assert client.post("/admin/login/", {"username": organiser.email, "password": "wrong"}).status_code == 200
    assert client.post("/admin/login/", {"username": organiser.email, "password": "wrong"}).status_code == 429
    assert client.post("/admin/login/", {"username": organiser.email, "password": PASSWORD}).status_code == 429
    assert AccessAttempt.objects.get().username == organiser.email


def test_another_spelling_counts_for_the_same_person(client, organiser):
    for _ in range(5):
        client.post("/admin/login/", {"username": "Root@example.org", "password": "wrong"})
        client.post("/admin/login/", {"username": " root@EXAMPLE.org", "password": "wrong"})
    assert client.post("/admin/login/", {"username": organiser.email, "password": PASSWORD}).status_code == 429


def test_who_signs_in_after_nine_has_ten_again(client, organiser):
    for _ in range(9):
        client.post("/admin/login/", {"username": organiser.email, "password": "wrong"})
    assert client.post("/admin/login/", {"username": organiser.email, "password": PASSWORD}).status_code == 302
    assert not AccessAttempt.objects.exists()


def test_the_sign_in_api_neither_counts_nor_logs_with_axes(client, organiser, caplog):
    with caplog.at_level(logging.DEBUG):
        response = client.post(LOGIN, {"email": organiser.email, "password": "wrong"}, content_type="application/json")
    assert response.status_code == 400
    assert not AccessAttempt.objects.exists()
    assert organiser.email not in caplog.text
    assert client.post("/admin/login/", {"username": organiser.email, "password": PASSWORD}).status_code == 302


def test_the_desks_log_names_nobody(client, organiser, caplog):
    with caplog.at_level(logging.DEBUG):
        client.post("/admin/login/", {"username": organiser.email, "password": "wrong-secret"}, REMOTE_ADDR="192.0.2.7")
        client.post("/admin/login/", {"username": organiser.email, "password": PASSWORD}, REMOTE_ADDR="192.0.2.7")
    assert "New login failure" in caplog.text
    assert [text for text in (organiser.email, "192.0.2.7", "wrong-secret", PASSWORD) if text in caplog.text] == []
    assert not AccessLog.objects.exists()


@pytest.mark.parametrize(("proxies", "expected"), [(0, "127.0.0.1"), (1, "192.0.2.2"), (2, "192.0.2.1"), (3, "127.0.0.1")])
def test_the_address_is_what_the_outermost_proxy_saw(settings, proxies, expected):
    settings.TRUSTED_PROXIES = proxies
    assert client_address(RequestFactory().get("/", headers={"X-Forwarded-For": "192.0.2.1, 192.0.2.2"})) == expected


def test_behind_a_proxy_each_address_has_a_limit_of_its_own(client, organiser, settings):
    settings.TRUSTED_PROXIES = 1
    wrong = {"username": organiser.email, "password": "wrong"}
    for _ in range(10):
        client.post("/admin/login/", wrong, headers={"X-Forwarded-For": "192.0.2.1"})
    right = {"username": organiser.email, "password": PASSWORD}
    assert client.post("/admin/login/", right, headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 429
    assert client.post("/admin/login/", right, headers={"X-Forwarded-For": "192.0.2.2"}).status_code == 302


def test_tries_are_counted_in_the_database_whatever_else_there_is():
    assert isinstance(caches["default"], DatabaseCache)
    assert issubclass(import_module(settings.SESSION_ENGINE).SessionStore, InTheDatabase)


@pytest.mark.skipif(not settings.REDIS_URL, reason="nothing counts in Redis where there is none")
def test_a_flushed_redis_opens_nothing(client, organiser, clock):
    cache.clear()
    desk = {"username": organiser.email, "password": "wrong"}
    api = {"email": organiser.email, "password": "wrong"}
    code = {"path": "/_allauth/app/v1/auth/email/verify", "data": {"key": "BCDF-GHJK"}, "headers": {"X-Session-Token": unverified_token()}}
    for _ in range(10):
        client.post("/admin/login/", desk)
        client.post(LOGIN, api, content_type="application/json")
        client.post(**code, content_type="application/json")
    redis.Redis.from_url(settings.REDIS_URL).flushdb()
    assert client.post("/admin/login/", {**desk, "password": PASSWORD}).status_code == 429
    refused = client.post(LOGIN, {**api, "password": PASSWORD}, content_type="application/json")
    assert refused.status_code == 429 or b"too_many_login_attempts" in refused.content
    assert client.post(**code, content_type="application/json").status_code == 429


# What takes a password, an address or nothing, and no code: the other ways in are counted by CodeTriesMiddleware.
WITHOUT_CODE = {"session", "login", "signup", "password/request", "email/verify/resend", "phone/verify/resend"}


def test_every_way_in_with_a_code_is_counted():
    ways = {path.removeprefix("auth/") for _method, path in TABLE if path.startswith("auth/")}
    assert {f"/_allauth/app/v1/auth/{path}" for path in ways - WITHOUT_CODE} == CODE_PATHS


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize(("path", "header"), [("email/verify", "X-Email-Verification-Key"), ("password/reset", "X-Password-Reset-Key")])
def test_a_code_is_counted_however_it_is_sent(client, db, clock, method, path, header):
    headers = {"X-Session-Token": unverified_token(), header: "BCDF-GHJK"}
    body = b'{"key": "BCDF-GHJK", "password": "correct horse battery 7"}'
    answers = [
        client.generic(method, f"/_allauth/app/v1/auth/{path}", body, content_type="application/json", headers=headers).status_code
        for _ in range(11)
    ]
    assert (429 in answers[:10], answers[10]) == (False, 429)
