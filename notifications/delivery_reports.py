"""Read what a mail server reports of a letter (RFC 3464). Anybody can write such a thing; what it may change: notifications/bounces.py."""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import Message

from notifications import answers, cleaning
from notifications.answers import Verdict

MOST_BYTES = 500_000
MOST_RECIPIENTS = 100  # our letters have one
ACTIONS = ("failed", "delayed", "delivered", "relayed", "expanded")
_STATUS = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})\b")
_REPLY = re.compile(r"\s*([245]\d\d)[ -](.*)", re.DOTALL)
_MESSAGE_ID = re.compile(r"<[^<>\s@]+@[^<>\s@]+>")
_ESCAPED = re.compile(r"\+([0-9A-F]{2})")


class NotAReport(ValueError):
    """The message is no delivery report."""


@dataclass(frozen=True)
class Fate:
    """What became of a letter on its way to one recipient; the addresses in small letters."""

    addresses: frozenset[str]
    action: str
    status: str
    answer: str  # of the server that refused it

    @property
    def is_unknown_mailbox(self) -> bool:
        if self.action != "failed":
            return False
        if self.status in answers.NO_MAILBOX_CODES:
            return True
        found = _REPLY.match(self.answer)
        if not self.status.endswith(".0.0") or found is None:  # a code that says something counts
            return False
        return answers.judge_reply(int(found.group(1)), found.group(2), words_count=True) is Verdict.NO_MAILBOX

    def __str__(self) -> str:
        return cleaning.one_line(f"{self.action} {self.status} {self.answer}", longest=500)


@dataclass(frozen=True)
class Report:
    """``message_ids`` are those that the letter may have: of its envelope, and of what was sent back of it."""

    message_ids: frozenset[str]
    fates: tuple[Fate, ...]


def read(raw: bytes) -> Report:
    """Raises NotAReport for anything else, with the reason."""
    if len(raw) > MOST_BYTES:
        raise NotAReport(f"A delivery report has {MOST_BYTES} bytes at most.")
    try:
        return _read(email.message_from_bytes(raw, policy=policy.compat32))
    except NotAReport:
        raise
    except Exception as error:  # what strangers write can break a parser in ways that nobody has listed
        raise NotAReport("The message cannot be read.") from error


def _read(message: Message) -> Report:
    if message.get_content_type() != "multipart/report" or str(message.get_param("report-type", "")).lower() != "delivery-status":
        raise NotAReport("The message is no delivery report: its Content-Type is not multipart/report; report-type=delivery-status.")
    parts = _parts(message)
    if len(parts) < 2 or parts[1].get_content_type() != "message/delivery-status":
        raise NotAReport("The delivery report has no part message/delivery-status.")
    blocks = _parts(parts[1])
    if not 2 <= len(blocks) <= MOST_RECIPIENTS + 1:
        raise NotAReport("The delivery report tells of no recipient, or of too many.")
    ids = {_id_of_envelope(blocks[0]), *(_id_of_letter(part) for part in parts[2:3])} - {""}
    fates = tuple(_fate(block) for block in blocks[1:] if block.keys())
    if not ids or not fates:
        raise NotAReport("The delivery report names no letter, or no recipient.")
    return Report(frozenset(ids), fates)


def _parts(message: Message) -> list[Message]:
    payload = message.get_payload()
    return [part for part in payload if isinstance(part, Message)] if isinstance(payload, list) else []


def _id_of_envelope(block: Message) -> str:
    value = _unescaped(str(block.get("Original-Envelope-Id", "")).strip())
    return f"<{value}>" if value and _MESSAGE_ID.fullmatch(f"<{value}>") else ""


def _id_of_letter(part: Message) -> str:
    """The Message-ID in what was sent back of the letter: the whole of it, or its headers."""
    parts = _parts(part)
    if part.get_content_type() == "message/rfc822" and parts:
        headers = parts[0]
    elif part.get_content_type() == "text/rfc822-headers":
        decoded = part.get_payload(decode=True)
        headers = email.message_from_bytes(decoded if isinstance(decoded, bytes) else b"", policy=policy.compat32)
    else:
        return ""
    values = headers.get_all("Message-ID", [])
    found = str(values[0]).strip() if len(values) == 1 else ""
    return found if _MESSAGE_ID.fullmatch(found) else ""


def _fate(block: Message) -> Fate:
    action = str(block.get("Action", "")).strip().lower()
    status = _STATUS.match(str(block.get("Status", "")))
    addresses = frozenset(_addresses(block))
    if action not in ACTIONS or status is None or not addresses:
        raise NotAReport("The delivery report does not say what became of the letter: it lacks Action, Status or Final-Recipient.")
    kind, _semicolon, answer = str(block.get("Diagnostic-Code", "")).partition(";")
    said = answer if kind.strip().lower() == "smtp" else ""
    return Fate(addresses, action, status.group(1), cleaning.one_line(said, longest=450))


def _addresses(block: Message) -> Iterator[str]:
    for name in ("Final-Recipient", "Original-Recipient"):
        kind, semicolon, address = str(block.get(name, "")).partition(";")
        if semicolon and kind.strip().lower() in ("rfc822", "utf-8") and address.strip():
            written = address.strip()
            yield (_unescaped(written) if name == "Original-Recipient" else written).strip("<>").lower()


def _unescaped(value: str) -> str:
    """RFC 3461's xtext, read."""
    octets = _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), value).encode("latin-1", "replace")
    return octets.decode("utf-8", "replace")
