"""What people call themselves and their companies becomes no header and no link, as the letter leaves over SMTP."""

import email
import email.policy
import re
from email.utils import getaddresses

import pytest

from notifications import delivery
from notifications.enums import LetterStatus
from tests.notifications.smtp_sink import read

EXPECTED = {
    "auto-submitted",
    "content-language",
    "content-type",
    "date",
    "from",
    "message-id",
    "mime-version",
    "reply-to",
    "subject",
    "to",
    "x-auto-response-suppress",
}
# What the server of the tests adds of its own.
ADDED = {"x-peer", "x-mailfrom", "x-rcptto"}
BREAKS = ["\r\n", "\n", "\r", "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x00\r\n", "\r\n "]
NAMES = [
    *(f"Anna{mark}Bcc: victim@example.org{mark}X-Evil: yes" for mark in BREAKS),
    "Анна\r\n\r\n<html>body</html>",
    "=?utf-8?q?Anna=0D=0ABcc:_victim@example.org?=",
    'Anna" <victim@example.org>, "x',
    "Anna, victim@example.org",
    "я" * 1000,
    "x" * 1000,
    "<b>x</b> [click](http://evil.example/) www.evil.example https://evil.example/?a=b",
    "\u202egro.elpmaxe",
]


def check(raw: bytes, letter) -> email.message.EmailMessage:
    head = raw.partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0].decode().lower() for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))]
    assert sorted(set(names) - ADDED) == sorted(EXPECTED - ({"reply-to"} if "reply-to" not in names else set()))
    assert len(names) == len(set(names))
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert [address for _name, address in getaddresses([str(mail["To"])])] == [letter.recipient_email]
    return mail


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_of_a_name(sink, write, name):
    letter = write(name=name, occasion="accounts.already_registered", key="k")
    delivery.deliver([letter.pk])
    assert read(letter).status == LetterStatus.SENT
    assert sink.recipients == [[letter.recipient_email]]
    check(sink.taken[0], letter)


@pytest.mark.parametrize("subject", NAMES, ids=range(len(NAMES)))
def test_of_a_subject(sink, write, subject):
    letter = write()
    type(letter).objects.filter(pk=letter.pk).update(subject=subject.replace("\x00", "")[:200])  # as no code of ours would write it
    delivery.deliver([letter.pk])
    mail = check(sink.taken[0], letter)
    assert "evil.example" not in str(mail["Bcc"])


def test_nothing_that_people_wrote_is_a_link(sink, write):
    letter = write(name="<b>x</b> [click](http://evil.example/)", occasion="accounts.already_registered", key="k")
    delivery.deliver([letter.pk])
    mail = check(sink.taken[0], letter)
    html = mail.get_body(("html",)).get_content()
    assert not re.search(r'(href|src)="[^"]*evil', html)
    assert "<b>x</b>" not in html
    for part in (html, mail.get_body(("plain",)).get_content()):
        assert "http://evil" not in part
