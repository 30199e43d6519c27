"""Whoever tried too often hears how long to wait: in a header for programs, and in the reader's words in allauth's own shape."""

import pytest
from allauth.account import app_settings as account_settings
from django.core.cache import cache

from accounts.models import User
from accounts.sign_in_limits import GUARDS
from tests.roles.tokens import session_token, unverified_token

PASSWORD = "correct horse battery 7"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def tried_too_often(client, path, body, **headers):
    """The first answer that refuses, of at most forty."""
    url = f"/_allauth/app/v1/{path}"
    answers = (client.post(url, body, content_type="application/json", headers=headers) for _ in range(40))
    return next(answer for answer in answers if answer.status_code == 429)


def too_many(message):
    return {"status": 429, "errors": [{"message": message, "code": "rate_limited"}]}


@pytest.fixture
def person():
    return User.objects.create_user("person@example.org", PASSWORD)


@pytest.mark.parametrize(
    ("path", "body", "seconds"),
    [
        ("auth/login", {"email": "nobody@example.org", "password": PASSWORD}, "60"),
        ("auth/signup", {"email": "not an address", "password": PASSWORD}, "60"),
        ("auth/password/request", {"email": "nobody@example.org"}, "60"),
    ],
)
def test_a_stranger_hears_the_window_of_the_limit(client, path, body, seconds):
    cache.clear()
    refused = tried_too_often(client, path, body)
    assert (refused["Retry-After"], refused.json()) == (seconds, too_many("Try again in 1 minute."))


def test_a_code_that_was_just_sent_is_sent_again_after_ten_seconds(client):
    refused = tried_too_often(client, "auth/email/verify/resend", {}, **{"X-Session-Token": unverified_token()})
    assert (refused["Retry-After"], refused.json()) == ("10", too_many("Try again in 10 seconds."))


def test_a_known_address_is_told_no_more_than_an_unknown_one(client, person):
    waits = []
    for address in (person.email, "nobody@example.org"):
        cache.clear()
        waits.append(tried_too_often(client, "auth/password/request", {"email": address})["Retry-After"])
    assert waits == ["60", "60"]


def test_the_signed_in_hear_it_too(client, person):
    cache.clear()
    body = {"current_password": "wrong", "new_password": PASSWORD}
    refused = tried_too_often(client, "account/password/change", body, **{"X-Session-Token": session_token(person)})
    assert refused["Retry-After"] == "60"


def test_the_desk_says_how_long_it_is_locked(client, person):
    for _ in range(10):
        refused = client.post("/admin/login/", {"username": person.email, "password": "wrong"})
    assert (refused.status_code, refused["Retry-After"]) == (429, "3600")


def test_every_guard_is_a_limit_that_allauth_knows():
    assert {action for actions in GUARDS.values() for action in actions} <= account_settings.RATE_LIMITS.keys()


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("en", "Too many failed attempts to sign in. Try again in 5 minutes."),
        ("ru-RU", "Слишком много неудачных попыток входа. Повторите через 5 минут."),
        ("zh-CN", "登录失败次数过多。请在 5 分钟后重试。"),
    ],
)
def test_who_mistyped_the_password_too_often_hears_when_to_try_again(client, person, language, message):
    cache.clear()
    body = {"email": person.email, "password": "wrong"}
    for _ in range(6):
        refused = client.post("/_allauth/app/v1/auth/login", body, content_type="application/json", headers={"Accept-Language": language})
    assert (refused.status_code, refused["Retry-After"]) == (400, "300")
    assert refused.json()["errors"] == [{"message": message, "code": "too_many_login_attempts"}]


def test_who_tried_too_many_codes_hears_when_to_try_again(client):
    headers = {"X-Session-Token": unverified_token(), "Accept-Language": "ru"}
    answers = [
        client.post("/_allauth/app/v1/auth/email/verify", {"key": "no"}, content_type="application/json", headers=headers)
        for _ in range(11)
    ]
    [error] = answers[-1].json()["errors"]
    assert (answers[-1].status_code, error["code"], error["message"][:16]) == (429, "rate_limited", "Повторите через ")
    assert 1 <= int(answers[-1]["Retry-After"]) <= 900
