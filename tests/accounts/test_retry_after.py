"""Whoever tried too often hears how long to wait, in a header beside the body that each limiter has of its own."""

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
    assert (refused["Retry-After"], refused.json()) == (seconds, {"status": 429})


def test_a_code_that_was_just_sent_is_sent_again_after_ten_seconds(client):
    refused = tried_too_often(client, "auth/email/verify/resend", {}, **{"X-Session-Token": unverified_token()})
    assert (refused["Retry-After"], refused.json()) == ("10", {"status": 429})


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
