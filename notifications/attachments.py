"""Files on their way into a letter."""

import re
from dataclasses import dataclass
from email.encoders import encode_base64
from email.mime.base import MIMEBase

from notifications import cleaning
from notifications.models import Letter, LetterAttachment

LONGEST_NAME = 100  # characters
MOST_BYTES = 5_000_000  # of all files of one letter: mail servers refuse much more
_CONTENT_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+(; ?[a-z]+=[A-Za-z0-9-]+)*")
_FORBIDDEN = re.compile(r'[/\\:*?"<>|]')


@dataclass(frozen=True)
class Attachment:
    """A file to go with a letter, such as ``Attachment("срок.ics", "text/calendar; charset=utf-8", b"…")``."""

    name: str
    content_type: str
    content: bytes


def check(attachments: tuple[Attachment, ...]) -> None:
    """Raises ValueError for what no letter can carry."""
    if sum(len(attachment.content) for attachment in attachments) > MOST_BYTES:
        raise ValueError(f"The files of one letter have {MOST_BYTES} bytes at most.")
    for attachment in attachments:
        if not _CONTENT_TYPE.fullmatch(attachment.content_type) or attachment.content_type.startswith(("multipart/", "message/")):
            raise ValueError(f"No content type of a file: {attachment.content_type!r}.")


def rows(letter: Letter, attachments: tuple[Attachment, ...]) -> list[LetterAttachment]:
    return [
        LetterAttachment(letter=letter, name=file_name(given.name), content_type=given.content_type, content=given.content)
        for given in attachments
    ]


def file_name(name: str) -> str:
    """A name that every system takes: one line, no path, the ending kept when it is cut."""
    whole = _FORBIDDEN.sub("-", cleaning.one_line(name)).strip(". ") or "file"
    if len(whole) <= LONGEST_NAME:
        return whole
    stem, dot, ending = whole.rpartition(".")
    if not dot or len(ending) > 10:
        return whole[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"


def part(attachment: LetterAttachment) -> MIMEBase:
    """The file as a part of a mail, its bytes untouched, its name readable in every alphabet (RFC 2231)."""
    kind, *parameters = attachment.content_type.split(";")
    main, _slash, sub = kind.strip().partition("/")
    made = MIMEBase(main, sub, **dict(parameter.strip().split("=", 1) for parameter in parameters))  # type: ignore[arg-type]
    made.set_payload(bytes(attachment.content))
    encode_base64(made)
    name = attachment.name if attachment.name.isascii() else ("utf-8", "", attachment.name)
    made.add_header("Content-Disposition", "attachment", filename=name)  # type: ignore[arg-type]
    return made
