"""What a file is, by its content alone; neither its name nor what the client calls it has a say.

The kinds we take, and what is refused of each: a PDF that runs something, carries files or is encrypted, a workbook with macros,
a presentation with macros, programs behind a click or parts from outside, whatever is two files in one. A refusal says what to do
instead.
"""

import re
import zlib
from collections.abc import Iterator
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from api import archives, presentations
from api.problems import Refused


class FileKind(models.TextChoices):
    PDF = "pdf", "PDF"
    PNG = "png", "PNG"
    JPEG = "jpeg", "JPEG"
    WEBP = "webp", "WebP"
    XLSX = "xlsx", "XLSX"
    PPTX = "pptx", "PPTX"


PICTURES = (FileKind.PNG, FileKind.JPEG, FileKind.WEBP)
CONTENT_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.WEBP: "image/webp",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
EXTENSIONS = {  # the first is the one that we give
    FileKind.PDF: ("pdf",),
    FileKind.PNG: ("png",),
    FileKind.JPEG: ("jpg", "jpeg"),
    FileKind.WEBP: ("webp",),
    FileKind.XLSX: ("xlsx",),
    FileKind.PPTX: ("pptx",),
}
INFLATED_AT_MOST = 20_000_000  # bytes of a PDF's packed objects that are looked through
_PDF_END = 2048  # bytes at the end of a PDF that hold its %%EOF
_ZIP_END = 65_557  # bytes: a zip's last record with the longest comment
# What makes a PDF do something, or hides something in it. Long names only: short ones turn up in any packed data by chance.
_ACTIVE = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|ImportData)(?![A-Za-z0-9#])")
_ENCRYPTED = re.compile(rb"/Encrypt(?![A-Za-z0-9#])")
_SPELLED = re.compile(rb"/[A-Za-z]{0,16}#[A-Za-z0-9#]{2,48}")  # /J#61vaScript is another spelling of /JavaScript
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_SPELLED_AT_MOST = 50_000  # names in one file; no program writes so many
_STREAM = re.compile(rb"stream\r?\n")
_WORKBOOK_PARTS = ("vbaproject.bin", "/macrosheets/", "/activex/", "/embeddings/", "/customui/")


class FileRefused(Refused):
    """A file that is not taken; the text says why and what to do."""

    code = "file_refused"


class KindRefused(FileRefused):
    code = "file_kind_refused"
    message = _("This kind of file is not taken here: send %(kinds)s.")


class FileDamaged(FileRefused):
    code = "file_damaged"
    message = _("The file is damaged or incomplete: open it, save it anew and send it again.")


class FileActive(FileRefused):
    code = "file_active"
    message = _("The file runs something or carries other files in it: save it as a plain PDF, or without macros and embedded objects.")


class FileEncrypted(FileRefused):
    code = "file_encrypted"
    message = _("The file is protected by a password or encrypted: save it without protection.")


class FileUnpacksTooLarge(FileRefused):
    code = "file_unpacks_too_large"
    message = _("The file unpacks to too much: save it anew, without what is not needed.")


def kind_of(content: bytes) -> FileKind | None:
    """What the file begins as; :func:`check` looks at the rest. None for a kind that we know nothing of."""
    if content.startswith(b"%PDF-"):
        return FileKind.PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileKind.PNG
    if content.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return FileKind.WEBP
    if content.startswith(b"PK\x03\x04"):
        # Names stand plainly in a zip; whether it is one, and what else is in it, the check says.
        return FileKind.PPTX if presentations.MAIN.encode() in content else FileKind.XLSX
    return None


def check(content: bytes, kind: FileKind) -> None:
    """Raise a FileRefused for a PDF, a workbook or a presentation that is not taken. Pictures are drawn anew instead (api.pictures)."""
    if kind == FileKind.PDF:
        _check_pdf(content)
    elif kind == FileKind.XLSX:
        _check_workbook(content)
    elif kind == FileKind.PPTX:
        _check_presentation(content)


def names_of(kinds: Any) -> str:
    """The kinds as a person reads them: PDF, PNG."""
    return ", ".join(str(FileKind(kind).label) for kind in kinds)


def _check_pdf(content: bytes) -> None:
    if b"%%EOF" not in content[-_PDF_END:]:
        raise FileDamaged
    if _ends_as_zip(content):
        raise FileActive
    for part in (content, *_packed_objects(content)):
        spelled = _spelled_names(part)
        if _ENCRYPTED.search(part) or _ENCRYPTED.search(spelled):
            raise FileEncrypted
        if _ACTIVE.search(part) or _ACTIVE.search(spelled):
            raise FileActive


def _spelled_names(part: bytes) -> bytes:
    """The names that are written with #-codes, in plain letters."""
    found = []
    for number, match in enumerate(_SPELLED.finditer(part)):
        if number >= _SPELLED_AT_MOST:
            raise FileDamaged
        found.append(_ESCAPED.sub(lambda code: bytes([int(code.group(1), 16)]), match.group()))
    return b" ".join(found)


def _packed_objects(content: bytes) -> Iterator[bytes]:
    """The object streams of a PDF, unpacked as far as the limit goes. Each byte is looked at once, however many there are."""
    left = INFLATED_AT_MOST
    at = content.find(b"/ObjStm")
    while at >= 0:
        begin, end = _STREAM.search(content, at), content.find(b"endstream", at)
        if begin is None or end < 0:
            return
        try:
            unpacked = zlib.decompressobj().decompress(content[begin.end() : max(end, begin.end())], left)
        except zlib.error:  # packed in another way, which hardly any program writes
            unpacked = b""
        yield unpacked
        left -= len(unpacked)
        if left <= 0:
            raise FileUnpacksTooLarge(_("The file unpacks to too much: print it to a new PDF."))
        at = content.find(b"/ObjStm", max(end, begin.end()))


def _ends_as_zip(content: bytes) -> bool:
    """Whether a zip's last record closes the file: the same bytes would open as an archive."""
    end = content[-_ZIP_END:]
    at = end.rfind(b"PK\x05\x06")
    return at >= 0 and len(end) - at >= 22 and at + 22 + int.from_bytes(end[at + 20 : at + 22], "little") == len(end)


def _check_workbook(content: bytes) -> None:
    try:
        members = archives.members(content)
    except archives.ArchiveBroken as error:
        raise FileDamaged from error
    except archives.ArchiveTooLarge as error:
        raise FileUnpacksTooLarge from error
    names = [member.filename.lower() for member in members]
    if any(member.flag_bits & 1 for member in members):
        raise FileEncrypted
    if any(part in name for part in _WORKBOOK_PARTS for name in names):
        raise FileActive
    if "[content_types].xml" not in names or "xl/workbook.xml" not in names:
        raise KindRefused(KindRefused.message % {"kinds": "XLSX"})


def _check_presentation(content: bytes) -> None:
    try:
        for workbook in presentations.check(content):
            _check_workbook(workbook)
    except presentations.NoPresentation as error:
        raise KindRefused(KindRefused.message % {"kinds": "PPTX"}) from error
    except presentations.Encrypted as error:
        raise FileEncrypted from error
    except presentations.Active as error:
        raise FileActive from error
    except archives.ArchiveBroken as error:
        raise FileDamaged from error
    except archives.ArchiveTooLarge as error:
        raise FileUnpacksTooLarge from error
