"""What a mail server's answer means for the letter, for its address and for the queue.

The class of the reply code decides (RFC 5321, 4.2.1), and where it came: 5xx to RCPT or DATA speaks of this letter, 5xx before that
of us. Only a code that says that there is no such mailbox speaks of the address for good. These are the enhanced status codes of
RFC 3463 and the IANA registry "SMTP Enhanced Status Codes": 5.1.1 bad destination mailbox, 5.1.2 bad destination system, 5.1.3 bad
destination syntax, 5.1.6 mailbox has moved, 5.1.10 recipient address has null MX (RFC 7505). A full (5.2.2), disabled (5.2.1) or
unwilling (5.7.x) mailbox is still one.
"""

import re
import smtplib
from enum import Enum, auto

NO_MAILBOX_CODES = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"})
# A server without enhanced codes says 550 for many things (RFC 5321, 4.2.3): then its words must name the mailbox as unknown.
_NO_MAILBOX_WORDS = re.compile(
    r"(?i)\b(no such (user|mailbox|recipient|address)|(user|recipient|mailbox|account|address)( is)? (unknown|not found)"
    r"|unknown (user|recipient|mailbox|address)|(user|mailbox|account|recipient|address) does(n't| not) exist|invalid mailbox)"
)
_ENHANCED = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})(?!\S)")
_TOO_LARGE = 552  # to MAIL with SIZE=: this letter is too large, others are not


class Verdict(Enum):
    """What becomes of a letter that was not taken."""

    LATER = auto()  # try again after a pause
    FINAL = auto()  # refused for good
    NO_MAILBOX = auto()  # refused for good, as every other letter to this address would be
    QUEUE = auto()  # not the letter's own trouble: nothing is taken from us


def judge(error: Exception, *, is_connected: bool) -> Verdict:
    """The meaning of what a conversation ended with; ``is_connected`` when the server had greeted us and known our password."""
    if not is_connected:
        return Verdict.QUEUE
    if isinstance(error, smtplib.SMTPSenderRefused):
        if error.smtp_code == _TOO_LARGE:
            return Verdict.FINAL
        return Verdict.QUEUE if error.smtp_code >= 500 else Verdict.LATER
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, reply = next(iter(error.recipients.values()))
        return judge_reply(code, decoded(reply), words_count=True)
    if isinstance(error, smtplib.SMTPDataError):
        return judge_reply(error.smtp_code, decoded(error.smtp_error), words_count=False)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Verdict.FINAL  # an address outside ASCII at a server that knows none
    return Verdict.LATER


def judge_reply(code: int, reply: str, *, words_count: bool) -> Verdict:
    """The meaning of a reply about one letter; ``words_count`` where its words can only speak of the address."""
    if code < 500:
        return Verdict.LATER
    enhanced = enhanced_code(reply)
    if enhanced:
        return Verdict.NO_MAILBOX if enhanced in NO_MAILBOX_CODES else Verdict.FINAL
    is_unknown = words_count and code == 550 and _NO_MAILBOX_WORDS.search(reply)
    return Verdict.NO_MAILBOX if is_unknown else Verdict.FINAL


def is_refusal(error: Exception) -> bool:
    """Whether waiting mends nothing: a 5xx, such as after a changed password, or a server that lacks what the settings ask for."""
    return isinstance(error, smtplib.SMTPNotSupportedError) or (isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500)


def enhanced_code(reply: str) -> str:
    """The enhanced status code that a reply begins with (RFC 2034), or ''."""
    found = _ENHANCED.match(reply)
    return found.group(1) if found else ""


def decoded(reply: bytes | str) -> str:
    return reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
