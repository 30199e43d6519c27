"""The mail of a letter, with a subject that every reader shows as it was written."""

import secrets
from email.charset import Charset
from email.header import Header
from email.message import Message

from django.core.mail import EmailMultiAlternatives

LONGEST_PLAIN_WORD = 60  # characters: a longer one fits on no line behind "Subject: "
_ASCII, _UTF8 = Charset("us-ascii"), Charset("utf-8")


class MailMessage(EmailMultiAlternatives):
    """Folds the subject with the header's name counted in.

    Django folds it without: the first encoded word then takes a whole line and is put below an empty ``Subject:``, and some readers
    show the blank before it.
    """

    def message(self) -> Message:  # type: ignore[override]  # Django's stubs name their own subclasses
        message = super().message()
        subject = str(self.subject)
        # what looks like an encoded word is encoded, so that readers show it as it was written
        is_plain = subject.isascii() and "=?" not in subject and all(len(word) <= LONGEST_PLAIN_WORD for word in subject.split())
        header = Header(subject, _ASCII if is_plain else _UTF8, header_name="Subject")
        message.replace_header("Subject", header)
        for part in message.walk():
            if part.get_content_maintype() == "multipart":
                # The generator would draw one itself and look through the whole letter for it; this one nobody can have guessed.
                part.set_boundary(f"=-{secrets.token_hex(16)}")
        return message
