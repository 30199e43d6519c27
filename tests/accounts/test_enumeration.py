"""Whoever asks about an address learns nothing: status, body and headers are those of an address that nobody has."""

import json
import re
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.test import Client

from api.models import Try
from notifications import delivery, outbox
from notifications.enums import LetterStatus
from notifications.models import Letter
from tests.conftest import MOMENT
from tests.factories.accounts import make_account

API = "/_allauth/app/v1/"
PASSWORD = "correct horse battery 7"
KNOWN, UNVERIFIED, UNKNOWN = "known@example.org", "newer@example.org", "other@example.org"  # of one length: so must be the answers
WRONG = "BCDF-GHJK"
LATER = ("later",)  # the next letter with a code may be asked for

SIGN_UP = ("POST", "auth/signup", {"email": "…", "password": PASSWORD})
RESEND = ("POST", "auth/email/verify/resend", {})
VERIFY = ("POST", "auth/email/verify", {"key": WRONG})
REQUEST = ("POST", "auth/password/request", {"email": "…"})
LOOK = ("GET", "auth/password/reset", {"X-Password-Reset-Key": WRONG})
SESSION = ("GET", "auth/session", {})
WAYS: dict[str, list[Any]] = {
    "sign up": [
        SIGN_UP,
        SESSION,
        ("GET", "auth/email/verify", {"X-Email-Verification-Key": WRONG}),
        VERIFY,
        ("POST", "account/email", {"email": "third@example.org"}),
        ("PUT", "account/email", {"email": "…"}),
        SIGN_UP,
        VERIFY,
        VERIFY,
        SESSION,
    ],
    "resend": [SIGN_UP, RESEND, LATER, RESEND, RESEND, LATER, RESEND, LATER, RESEND, LATER, RESEND, SESSION],
    "sign up with a weak password": [
        ("POST", "auth/signup", {"email": "…", "password": "short"}),
        ("POST", "auth/signup", {"email": "…", "password": "known-1234"}),
    ],
    "sign in": [("POST", "auth/login", {"email": "…", "password": "wrong password 1"})] * 7 + [LATER, SIGN_UP],
    "reset": [
        REQUEST,
        SESSION,
        ("POST", "auth/password/reset", {"key": WRONG, "password": "short"}),
        ("POST", "auth/password/reset", {"key": WRONG, "password": "Known Anna"}),  # like the name of the account
        ("POST", "auth/password/reset", {"password": "known@example"}),
        ("POST", "auth/password/reset", {"key": WRONG, "password": PASSWORD}),
        SESSION,
    ],
    "look at a reset": [REQUEST, *[LOOK] * 5, ("GET", "auth/password/reset", {}), SESSION],
    "ask for many resets": [REQUEST] * 7,
}


@pytest.fixture
def ask(transactional_db, clock):
    """Goes one of WAYS with an address, as a client that nobody has seen before; real commits, so that letters leave."""

    def answers(way: list[Any], address: str) -> list[Any]:
        cache.clear()
        Try.objects.all().delete()
        clock.move_to(MOMENT)
        token, found = "", []
        for method, *rest in way:
            if (method,) == LATER:
                clock.shift(11)
                continue
            path, values = rest
            given = {name: address if value == "…" else value for name, value in values.items()}
            headers = {name: value for name, value in {**given, "X-Session-Token": token}.items() if name.startswith("X-") and value}
            body = b"" if method == "GET" else json.dumps(given).encode()
            answer = Client().generic(method, API + path, body, content_type="application/json", headers=headers)
            token = answer.json().get("meta", {}).get("session_token") or token
            found.append((method, path, answer.status_code, _body(answer, address), dict(answer.headers), sorted(answer.cookies)))
        return found

    return answers


def _body(answer: Any, address: str) -> str:
    text = answer.content.decode().replace(address, "…")
    return re.sub(r'"session_token": "\w{32}"', '"session_token": "…"', text)  # drawn at random


@pytest.mark.parametrize("way", WAYS)
def test_a_known_address_answers_as_an_unknown_one(ask, way):
    """One that is verified, and one that never was."""
    unknown = ask(WAYS[way], UNKNOWN)
    for email, verified in ((KNOWN, True), (UNVERIFIED, False)):
        make_account(email=email, password=PASSWORD, name="Known Anna", language="zh-hans", verified=verified)
        for one, other in zip(ask(WAYS[way], email), unknown, strict=True):
            assert one == other, email


def test_adding_an_address_to_an_account_does_not_tell_whose_it_is(ask, transactional_db):
    make_account(email=KNOWN, password=PASSWORD)
    answers = []
    for number, address in enumerate((KNOWN, UNKNOWN)):
        make_account(email=f"mine-{number}@example.org", password=PASSWORD)
        signed_in = ("POST", "auth/login", {"email": f"mine-{number}@example.org", "password": PASSWORD})
        adding = [("POST", "account/email", {"email": "…"}), ("GET", "account/email", {}), VERIFY]
        answers.append([_without_own(answer) for answer in ask([signed_in, *adding], address)[1:]])
    assert [status for _method, _path, status, *_rest in answers[0]] == [200, 200, 400]
    assert answers[0] == answers[1]


def _without_own(answer: Any) -> Any:
    method, path, status, body, headers, cookies = answer
    return method, path, status, re.sub(r"mine-\d", "mine", body), headers, cookies


def test_the_desk_does_not_tell_who_may_enter(client, db):
    make_account(email=KNOWN, password=PASSWORD, is_staff=True)
    pages = []
    for address in (KNOWN, UNKNOWN):
        answer = Client().post("/admin/login/", {"username": address, "password": "wrong password 1"})
        text = re.sub(r"[\w+/=]{60,}|nonce=\"[^\"]+\"", "…", answer.content.decode().replace(address, "…"))
        headers = {**answer.headers, "Content-Security-Policy": re.sub(r"nonce-[^']+", "", answer["Content-Security-Policy"])}
        pages.append((answer.status_code, text, {**headers, "Expires": ""}, sorted(answer.cookies)))
    assert pages[0] == pages[1]


@pytest.mark.parametrize("path", ["/admin/login/", f"{API}auth/login"])
def test_an_unknown_address_costs_as_many_hashes(client, db, monkeypatch, path):
    """What takes long at sign-in is the password's hash: made as often where there is no account."""
    made: list[str] = []
    plain = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, *given: made.append("") or plain(self, *given))
    make_account(email=KNOWN, password=PASSWORD, is_staff=True)
    counts = []
    for address in (KNOWN, UNKNOWN):
        made.clear()
        body = {"username": address, "email": address, "password": "wrong password 1"}
        client.post(path, body, **({} if path.startswith("/admin") else {"content_type": "application/json"}))
        counts.append(len(made))
    assert counts[0] == counts[1] > 0


@pytest.mark.parametrize("way", ["sign up", "reset"])
def test_the_letter_leaves_through_the_queue(ask, monkeypatch, way):
    """The request writes a row and gives a hint: it speaks to no mail server, whose answer would take longer for some addresses."""
    make_account(email=KNOWN, password=PASSWORD)
    hints: list[int] = []
    monkeypatch.setattr(outbox.deliver_letter, "delay", lambda letter_id: hints.append(letter_id))
    monkeypatch.setattr(delivery, "get_connection", lambda: pytest.fail("a request spoke to the mail server"))
    for address in (KNOWN, UNKNOWN):
        ask(WAYS[way][:1], address)
        letter = Letter.objects.get(recipient_email=address)
        assert (letter.status, hints.pop()) == (LetterStatus.QUEUED, letter.pk)
    assert mail.outbox == []
