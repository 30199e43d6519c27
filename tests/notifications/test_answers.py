"""What each answer of a mail server means."""

import smtplib

import pytest

from notifications import answers
from notifications.answers import Verdict


def rcpt(code: int, text: str) -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({"anna@example.org": (code, text.encode())})


@pytest.mark.parametrize(
    ("code", "text", "verdict"),
    [
        (450, "4.2.0 greylisted, try later", Verdict.LATER),
        (451, "4.1.1 unknown just now", Verdict.LATER),
        (452, "4.2.2 over quota", Verdict.LATER),
        (421, "shutting down", Verdict.LATER),
        (550, "5.1.1 <anna@example.org>: Recipient address rejected: User unknown", Verdict.NO_MAILBOX),
        (550, "5.1.1\nThe email account that you tried to reach does not exist.", Verdict.NO_MAILBOX),
        (550, "5.1.2 no such host", Verdict.NO_MAILBOX),
        (553, "5.1.3 bad address syntax", Verdict.NO_MAILBOX),
        (551, "5.1.6 moved, no forwarding", Verdict.NO_MAILBOX),
        (556, "5.1.10 null MX", Verdict.NO_MAILBOX),
        (550, "No such user here", Verdict.NO_MAILBOX),
        (550, "Mailbox not found. http://service.mail.qq.com/", Verdict.NO_MAILBOX),
        (550, "Message was not accepted -- invalid mailbox. Local mailbox is unavailable: user not found", Verdict.NO_MAILBOX),
        (550, "5.7.1 No such user!", Verdict.FINAL),  # the code speaks of policy, and the code counts
        (550, "5.2.1 mailbox disabled", Verdict.FINAL),
        (552, "5.2.2 mailbox full, user not found guilty", Verdict.FINAL),
        (550, "5.1.0 address rejected", Verdict.FINAL),
        (550, "5.1.11 something new", Verdict.FINAL),
        (550, "5.1.1.1 not a code", Verdict.FINAL),
        (550, "Administrative prohibition", Verdict.FINAL),
        (554, "User unknown", Verdict.FINAL),
        (554, "5.7.1 Spam", Verdict.FINAL),
    ],
)
def test_to_rcpt(code, text, verdict):
    assert answers.judge(rcpt(code, text), is_connected=True) is verdict


@pytest.mark.parametrize(
    ("code", "text", "verdict"),
    [
        (451, "4.7.1 greylisted", Verdict.LATER),
        (554, "5.7.1 looks like spam", Verdict.FINAL),
        (550, "5.1.1 no such mailbox after all", Verdict.NO_MAILBOX),
        (550, "no such user mentioned in the text", Verdict.FINAL),  # of a body as likely as of an address
    ],
)
def test_to_data(code, text, verdict):
    assert answers.judge(smtplib.SMTPDataError(code, text.encode()), is_connected=True) is verdict


@pytest.mark.parametrize(
    ("error", "is_connected", "verdict", "is_refusal"),
    [
        (smtplib.SMTPConnectError(554, b"no service for you"), False, Verdict.QUEUE, True),
        (smtplib.SMTPAuthenticationError(535, b"5.7.8 bad credentials"), False, Verdict.QUEUE, True),
        (smtplib.SMTPAuthenticationError(454, b"4.7.0 temporary"), False, Verdict.QUEUE, False),
        (smtplib.SMTPNotSupportedError("STARTTLS extension not supported by server."), False, Verdict.QUEUE, True),
        (ConnectionRefusedError(), False, Verdict.QUEUE, False),
        (TimeoutError(), False, Verdict.QUEUE, False),
        (smtplib.SMTPSenderRefused(550, b"5.7.1 not you", "fair@example.org"), True, Verdict.QUEUE, True),
        (smtplib.SMTPSenderRefused(421, b"too many", "fair@example.org"), True, Verdict.LATER, False),
        (smtplib.SMTPSenderRefused(552, b"too large", "fair@example.org"), True, Verdict.FINAL, True),
        (smtplib.SMTPServerDisconnected("gone"), True, Verdict.LATER, False),
        (TimeoutError(), True, Verdict.LATER, False),
        (smtplib.SMTPNotSupportedError("SMTPUTF8 not supported by server"), True, Verdict.FINAL, True),
    ],
)
def test_elsewhere(error, is_connected, verdict, is_refusal):
    assert answers.judge(error, is_connected=is_connected) is verdict
    assert answers.is_refusal(error) is is_refusal
