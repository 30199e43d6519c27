"""Reports by a signed POST."""

import time

import pytest

from accounts.api.delivery_reports import WINDOW_SECONDS, signature
from notifications import delivery
from notifications.delivery_reports import MOST_BYTES
from notifications.models import Letter, Suppression
from notifications.outbox import NewLetter, write_letter
from tests.notifications.reports import report

URL = "/api/v1/delivery-reports/"
SECRET = "a secret of thirty-two characters or more"


@pytest.fixture
def letter(db, settings) -> Letter:
    settings.BOUNCE_SECRET = SECRET
    written = write_letter(NewLetter(key="k", to="anna@example.org", occasion="accounts.already_registered", language="en"))
    delivery.deliver([written.pk])
    return written


def post(client, body, *, signed="", kind="message/rfc822"):
    return client.post(URL, body, content_type=kind, headers={"X-Signature": signed} if signed else {})


def signed(body, *, moment=None, secret=SECRET):
    return signature(body, moment=int(time.time()) if moment is None else moment, secret=secret)


def test_a_signed_report_is_taken_once(client, letter):
    body = report(letter.message_id)
    header = signed(body)
    answers = [post(client, body, signed=header) for _time in range(2)]
    assert [(answer.status_code, answer.json()) for answer in answers] == [(200, {"outcome": "recorded"}), (200, {"outcome": "known"})]
    letter.refresh_from_db()
    assert letter.bounced_at
    assert Suppression.objects.count() == 1


@pytest.mark.parametrize(
    "header",
    [
        lambda body: "",
        lambda body: "nonsense",
        lambda body: signed(body, secret="another secret of thirty-two characters"),
        lambda body: signed(body + b" "),
        lambda body: signed(body, moment=int(time.time()) - WINDOW_SECONDS - 5),
        lambda body: signed(body, moment=int(time.time()) + WINDOW_SECONDS + 5),
        lambda body: signed(body, moment=int(time.time()) - 10).replace("t=", "t=9"),
        lambda body: signed(body).upper(),
        lambda body: "t=9" * 5000,
    ],
)
def test_what_is_not_signed_right_changes_nothing(client, letter, header):
    body = report(letter.message_id)
    answer = post(client, body, signed=header(body))
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    letter.refresh_from_db()
    assert letter.bounced_at is None
    assert not Suppression.objects.exists()


def test_without_a_secret_nobody_gets_in(client, letter, settings):
    settings.BOUNCE_SECRET = ""
    body = report(letter.message_id)
    assert post(client, body, signed=signed(body, secret="")).status_code == 401


@pytest.mark.parametrize("body", [b"", b"hello", b"{}", report("")])
def test_what_is_no_report_is_told(client, letter, body):
    answer = post(client, body, signed=signed(body))
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/not-a-report")


def test_what_is_about_no_letter_of_ours_is_told(client, letter):
    body = report("<unknown@yarmarka.example>")
    assert post(client, body, signed=signed(body)).json() == {"outcome": "unknown"}


def test_what_comes_too_early_is_asked_for_again(client, letter):
    early = write_letter(NewLetter(key="early", to="anna@example.org", occasion="accounts.already_registered", language="en", held=True))
    body = report(early.message_id)
    assert post(client, body, signed=signed(body)).status_code == 409


def test_what_is_too_large_is_not_read(client, letter):
    body = report(letter.message_id) + b"x" * MOST_BYTES
    assert post(client, body, signed=signed(body)).status_code == 413


def test_another_content_type_is_refused(client, letter):
    body = report(letter.message_id)
    assert post(client, body, signed=signed(body), kind="application/json").status_code == 415
