"""The way in, as an exhibitor's program takes it: /_allauth/app/v1/."""

import re
import socket
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache

from accounts.models import User
from notifications.enums import LetterStatus
from notifications.models import Letter
from tests.factories.accounts import make_account

BASE = "/_allauth/app/v1"
PASSWORD = "correct horse battery 7"


@pytest.fixture(autouse=True)
def _commits(transactional_db):
    """Real commits, so that letters leave as they do in a request; limits counted by earlier tests are forgotten."""
    cache.clear()


def post(client, path, body, token=None, **headers):
    given = {"X-Session-Token": token} if token else {}
    return client.post(f"{BASE}{path}", body, content_type="application/json", headers={**given, **headers})


def sign_up(client, email="anna@example.org", **body):
    headers = {"Accept-Language": body.pop("accept", "ru")}
    return post(client, "/auth/signup", {"email": email, "password": PASSWORD, **body}, **headers)


def code_in(message) -> str:
    return re.search(r"^    (\S+)$", message.body, re.MULTILINE).group(1)


def test_sign_up_code_verified_signed_in(client):
    answer = sign_up(client, name="Анна Петрова", time_zone="Asia/Vladivostok")
    assert answer.status_code == 401
    token = answer.json()["meta"]["session_token"]
    user = User.objects.get()
    assert (user.email, user.name, user.language, user.time_zone) == ("anna@example.org", "Анна Петрова", "ru", "Asia/Vladivostok")
    assert mail.outbox[0].subject == "Подтвердите адрес электронной почты"
    assert "Здравствуйте, Анна Петрова!" in mail.outbox[0].body

    assert post(client, "/auth/email/verify", {"key": "WRON-GONE"}, token).status_code == 400
    verified = post(client, "/auth/email/verify", {"key": code_in(mail.outbox[0])}, token)
    assert verified.status_code == 200
    assert verified.json()["data"]["user"]["email"] == "anna@example.org"
    me = client.get("/api/v1/me/", headers={"X-Session-Token": verified.json()["meta"].get("session_token", token)})
    assert me.json()["email"] == "anna@example.org"

    letter = Letter.objects.get()
    assert (letter.is_secret, letter.sealed, letter.text) == (True, "", "")
    assert timedelta(minutes=14) < letter.expires_at - letter.created_at <= timedelta(minutes=15)  # as long as the code lasts
    assert letter.user == user


def test_a_sign_up_while_the_mail_server_is_away_is_a_sign_up_and_its_letter_waits(client, settings):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.EMAIL_BACKEND = "notifications.smtp_backend.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = closed.getsockname()
        assert sign_up(client).status_code == 401
    letter = Letter.objects.get()
    assert (letter.status, letter.recipient_email, letter.sealed != "") == (LetterStatus.WAITING, "anna@example.org", True)


def test_a_password_of_a_hundred_thousand_characters_is_refused(client):
    answer = sign_up(client, password="b9Z" * 33_334)

    assert answer.status_code == 400
    assert [(error["param"], error["code"]) for error in answer.json()["errors"]] == [("password", "password_too_long")]
    assert not User.objects.exists()
    assert sign_up(client, password="b9Z" * 85).status_code == 401


def test_an_unverified_person_is_not_signed_in(client):
    token = sign_up(client).json()["meta"]["session_token"]
    assert client.get("/api/v1/me/", headers={"X-Session-Token": token}).status_code in (401, 403)


@pytest.mark.parametrize("bad", [{"language": "de"}, {"time_zone": "Mars/Base"}, {"name": "x" * 151}])
def test_wrong_extras_are_refused(client, bad):
    assert sign_up(client, **bad).status_code == 400
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "more",
    [
        {"is_staff": True},
        {"is_superuser": True},
        {"verified": True},
        {"id": 7},
        {"last_login": "2030-01-01"},
        {"password1": "x"},
        {"groups": [1]},
    ],
)
def test_nobody_signs_up_as_more_than_a_person(client, more):
    plain = sign_up(client, "plain@example.org").status_code
    cache.clear()
    assert sign_up(client, "more@example.org", **more).status_code in (plain, 400)
    for user in User.objects.all():
        assert (user.is_staff, user.is_superuser, user.is_active, user.last_login) == (False, False, True, None)
        assert not user.emailaddress_set.filter(verified=True).exists()
        assert user.check_password(PASSWORD)


@pytest.mark.parametrize(("accept", "language"), [("zh-CN,zh;q=0.9", "zh-hans"), ("de", "en"), ("", "en")])
def test_without_a_language_the_request_tells(client, accept, language):
    sign_up(client, accept=accept)
    assert User.objects.get().language == language
    assert Letter.objects.get().language == language


def test_who_has_an_account_learns_of_a_sign_up_by_letter(client):
    make_account(email="known@example.org", password=PASSWORD, language="zh-hans")
    sign_up(client, "known@example.org")
    sign_up(client, "unknown@example.org")
    assert [message.subject for message in mail.outbox] == ["有人尝试使用您的邮箱注册", "Подтвердите адрес электронной почты"]


def test_who_has_no_account_learns_of_a_reset_by_letter(client):
    make_account(email="known@example.org", password=PASSWORD)
    for address in ("known@example.org", "unknown@example.org"):
        post(client, "/auth/password/request", {"email": address}, **{"Accept-Language": "ru"})
    assert [message.subject for message in mail.outbox] == ["Your password reset code", "Учётной записи с этим адресом нет"]


def test_reset_with_the_code_and_be_told(client):
    make_account(email="known@example.org", password=PASSWORD)
    token = post(client, "/auth/password/request", {"email": "Known@Example.org"}).json()["meta"]["session_token"]
    code = code_in(mail.outbox[0])
    reset = post(client, "/auth/password/reset", {"key": code, "password": "another battery 8"}, token)
    assert reset.status_code == 401  # done; sign in with the new password
    assert User.objects.get().check_password("another battery 8")
    assert mail.outbox[1].subject == "Your password was changed"
    assert "127.0.0.1" in mail.outbox[1].body


def test_a_code_works_once(client):
    token = sign_up(client).json()["meta"]["session_token"]
    verification = code_in(mail.outbox[0])
    token = post(client, "/auth/email/verify", {"key": verification}, token).json()["meta"]["session_token"]
    assert post(client, "/auth/email/verify", {"key": verification}, token).status_code == 409

    token = post(client, "/auth/password/request", {"email": "anna@example.org"}).json()["meta"]["session_token"]
    code = code_in(mail.outbox[-1])
    assert post(client, "/auth/password/reset", {"key": code, "password": "another battery 8"}, token).status_code == 401
    assert post(client, "/auth/password/reset", {"key": code, "password": "a third battery 9"}, token).status_code == 409
    assert User.objects.get().check_password("another battery 8")


def test_letters_say_how_long_codes_last(settings):
    assert settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT == settings.ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT == 15 * 60
