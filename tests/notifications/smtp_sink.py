"""A mail server on loopback that takes letters, or refuses them, as a test says."""

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from notifications.models import Letter


class Sink:
    """A mail server that answers as told and keeps what it took."""

    def __init__(self) -> None:
        self.answer_to_rcpt = self.answer_to_data = self.answer_to_mail = ""
        self.hangs_up = False
        self.taken: list[bytes] = []
        self.recipients: list[list[str]] = []

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if self.answer_to_mail:
            return self.answer_to_mail
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.answer_to_rcpt:
            return self.answer_to_rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.hangs_up:
            server.transport.abort()
            return "250 never heard"
        if self.answer_to_data:
            return self.answer_to_data
        self.taken.append(envelope.content)
        self.recipients.append(envelope.rcpt_tos)
        return "250 OK"


class SinkController(Controller):
    def factory(self) -> SMTP:
        return SMTP(self.handler, enable_SMTPUTF8=True, hostname="sink.example")


def read(letter: Letter) -> Letter:
    return Letter.objects.get(pk=letter.pk)
