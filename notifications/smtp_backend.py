"""SMTP with delivery reports asked for, where the server offers them (RFC 3461)."""

import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend as DjangoBackend
from django.core.mail.message import sanitize_address

REPORT_ON = "FAILURE,DELAY"


class EmailBackend(DjangoBackend):
    """Reports go to BOUNCE_ADDRESS and name the letter (ENVID) and its reader (ORCPT), so that they find the letter they are about."""

    def _send(self, email_message: EmailMessage) -> bool:  # type: ignore[override]  # Django's stubs leave it out
        session: smtplib.SMTP | None = self.connection
        if session is None or not email_message.recipients():
            return False
        encoding = email_message.encoding or settings.DEFAULT_CHARSET
        recipients = [_mailbox(address, encoding) for address in email_message.recipients()]
        sender = _mailbox(settings.BOUNCE_ADDRESS or email_message.from_email, encoding)
        mail_options, rcpt_options = _options(session, email_message.extra_headers.get("Message-ID", ""), recipients)
        content = email_message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]  # Django's own takes it
        session.sendmail(sender, recipients, content, mail_options, rcpt_options)
        return True


def _mailbox(address: str, encoding: str) -> str:
    """What of an address the envelope needs; the name before it, whose encoding costs most, is the header's alone."""
    plain = parseaddr(address)[1]
    return plain if plain.isascii() and plain else sanitize_address(address, encoding)


def envelope_id(message_id: str) -> str:
    """What a letter is called in its envelope: its Message-ID without the brackets, in printable ASCII (RFC 3461, xtext)."""
    return xtext(message_id.strip("<>"))


def xtext(value: str) -> str:
    """RFC 3461, 4: every octet outside of ! to ~, and + and =, as + and two hexadecimal digits."""
    return "".join(chr(octet) if 33 <= octet <= 126 and chr(octet) not in "+=" else f"+{octet:02X}" for octet in value.encode())


def _options(session: smtplib.SMTP, message_id: str, recipients: list[str]) -> tuple[list[str], list[str]]:
    session.ehlo_or_helo_if_needed()
    if not session.has_extn("dsn"):
        return [], []
    mail_options = ["RET=HDRS", *([f"ENVID={envelope_id(message_id)}"] if message_id else [])]
    address = parseaddr(recipients[0])[1]
    # One letter has one reader, whom these options are for; an address outside ASCII has a type of its own (RFC 6533), left out here.
    original = [f"ORCPT=rfc822;{xtext(address)}"] if len(recipients) == 1 and address.isascii() else []
    return mail_options, [f"NOTIFY={REPORT_ON}", *original]
