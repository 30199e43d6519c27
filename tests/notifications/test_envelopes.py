"""What is said to a mail server around a letter: whom reports go to, and which letter they are about."""

import email
import email.policy
import socket

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from notifications import delivery
from notifications.enums import LetterStatus
from notifications.smtp_backend import xtext
from tests.notifications.smtp_sink import Sink, read


class Server(SMTP):
    """Offers delivery reports, which the library does not know: writes down the options and goes on without them."""

    said: list[str] = []

    async def smtp_MAIL(self, arg):  # noqa: N802
        self.note(arg)
        await super().smtp_MAIL(" ".join(word for word in arg.split() if not word.startswith(("RET=", "ENVID="))))

    async def smtp_RCPT(self, arg):  # noqa: N802
        self.note(arg)
        await super().smtp_RCPT(" ".join(word for word in arg.split() if not word.startswith(("NOTIFY=", "ORCPT="))))

    def note(self, argument):
        """FROM and TO may be written in any case (RFC 5321, 2.4), and Python writes them so from one version and so from the next."""
        keyword, rest = argument.split(":", 1)
        self.said.append(f"{keyword.upper()}:{rest}")


class Offering(Sink):
    offers_dsn = True

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802
        session.host_name = hostname
        return [responses[0], *(["250-DSN"] if self.offers_dsn else []), *responses[1:]]


@pytest.fixture
def server(settings, monkeypatch):
    """Yields the arguments of MAIL and RCPT."""
    monkeypatch.setattr(Server, "said", [])

    class Running(Controller):
        def factory(self):
            return Server(self.handler, hostname="sink.example", enable_SMTPUTF8=True)

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    handler = Offering()
    controller = Running(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "notifications.smtp_backend.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
    settings.BOUNCE_ADDRESS = "bounces@yarmarka.example"
    yield handler
    controller.stop()


def test_reports_are_asked_for_where_they_are_offered(server, write):
    letter = write(to="anna+fair@example.org")
    delivery.deliver([letter.pk])
    assert read(letter).status == LetterStatus.SENT
    mail, rcpt = Server.said
    assert mail.split() == ["FROM:<bounces@yarmarka.example>", *mail.split()[1:]]
    assert {"RET=HDRS", f"ENVID={letter.message_id.strip('<>')}"} <= set(mail.split())
    assert rcpt.split() == ["TO:<anna+fair@example.org>", "NOTIFY=FAILURE,DELAY", "ORCPT=rfc822;anna+2Bfair@example.org"]


def test_and_not_where_they_are_not(server, write):
    server.offers_dsn = False
    letter = write()
    delivery.deliver([letter.pk])
    assert read(letter).status == LetterStatus.SENT
    assert not any("=" in word and not word.startswith(("SIZE=", "size=", "BODY=")) for said in Server.said for word in said.split())


def test_the_reader_sees_the_fairs_address_and_not_where_reports_go(server, write, settings):
    delivery.deliver([write().pk])
    mail = email.message_from_bytes(server.taken[0], policy=email.policy.default)
    assert mail["From"] == settings.DEFAULT_FROM_EMAIL
    assert "bounces@" not in server.taken[0].decode()


def test_without_an_address_for_reports_they_go_where_letters_come_from(server, write, settings):
    settings.BOUNCE_ADDRESS = ""
    delivery.deliver([write().pk])
    assert Server.said[0].startswith("FROM:<fair@yarmarka.example>")


@pytest.mark.parametrize(("value", "written"), [("a@b", "a@b"), ("a+b=c@d", "a+2Bb+3Dc@d"), ("a b", "a+20b"), ("ä", "+C3+A4")])
def test_xtext(value, written):
    assert xtext(value) == written


@pytest.mark.parametrize("name", ["Анна Петрова", "王丽", "=?utf-8?q?x?= <evil@example.org>", '"Li, Wei"'])
def test_the_envelope_holds_the_address_alone(server, write, name):
    delivery.deliver([write(name=name).pk])
    assert Server.said[1].split()[0] == "TO:<anna@example.org>"
