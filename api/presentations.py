"""Presentations (.pptx): which are taken. Nothing in them is opened but looked through, within the limits of api/archives.py."""

import io
import re
import zipfile
from collections.abc import Iterator

from api import archives

MAIN = "ppt/presentation.xml"
MEMBERS_AT_MOST = 3_000  # a slide is two members, its pictures more
EMBEDDED_AT_MOST = 30  # workbooks behind charts
# What runs something: macros, controls, own menus; old binary objects and anything that is no workbook behind a chart.
_ACTIVE_PARTS = ("vbaproject.bin", "vbadata.xml", "/activex/", "/customui/", "/macrosheets/", "/ctrlprops/")
_ACTIVE_TYPES = re.compile(rb"macroEnabled|ms-office\.activeX|vnd\.ms-office\.vbaProject", re.IGNORECASE)
_ACTIONS = re.compile(rb"""ppaction://(?:program|macro|ole)""", re.IGNORECASE)  # what a click on a shape starts
_RELATION = re.compile(rb"(?:\w{1,20}:)?Relationship\s")
_CODED = re.compile(rb"&#(x[0-9a-fA-F]{1,6}|[0-9]{1,7});")  # &#112; is another spelling of p
_OWN_ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)  # no program of an office writes them
_OUTSIDE = re.compile(rb"""TargetMode\s*=\s*["']External""", re.IGNORECASE)
_HARMLESS = re.compile(rb"""Type\s*=\s*["'][^"']*/(?:hyperlink|video|audio|media)["']""")  # opened by a click alone


class Active(ValueError):
    """It runs something, or fetches something from outside when it is opened."""


class Encrypted(ValueError):
    """A password is needed for some of it."""


class NoPresentation(ValueError):
    """Another kind of archive."""


def check(content: bytes) -> Iterator[bytes]:
    """The workbooks behind its charts, which the caller looks at. Raises Active, Encrypted, NoPresentation and those of api.archives."""
    found = archives.members(content, at_most=MEMBERS_AT_MOST)
    names = [member.filename.lower() for member in found]
    if "[content_types].xml" not in names or MAIN not in names:
        raise NoPresentation
    if any(member.flag_bits & 1 for member in found):
        raise Encrypted
    embedded = [member for member in found if "/embeddings/" in member.filename.lower()]
    is_odd = any(not member.filename.lower().endswith(".xlsx") for member in embedded) or len(embedded) > EMBEDDED_AT_MOST
    if is_odd or any(part in f"/{name}" for part in _ACTIVE_PARTS for name in names):
        raise Active
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in found:
            if member.filename.lower().endswith((".xml", ".rels")):
                _look_through(_read(archive, member), is_types=member.filename.lower() == "[content_types].xml")
        yield from (_read(archive, member) for member in embedded)


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """No more than the directory says, which is within the limits."""
    try:
        with archive.open(member) as file:
            return file.read(member.file_size)
    except Exception as error:  # whatever the damage makes of it
        raise archives.ArchiveBroken from error


def _look_through(text: bytes, *, is_types: bool) -> None:
    plain = _CODED.sub(_letter, text.replace(b"\0", b""))  # UTF-16 in the same letters
    if _ACTIONS.search(plain) or _OWN_ENTITIES.search(plain) or (is_types and _ACTIVE_TYPES.search(plain)):
        raise Active
    for relation in plain.split(b"<"):  # which stands in no value
        if not _RELATION.match(relation):
            continue
        if _OUTSIDE.search(relation) and not _HARMLESS.search(relation):
            raise Active


def _letter(code: re.Match[bytes]) -> bytes:
    digits = code.group(1)
    number = int(digits[1:], 16) if digits[:1] == b"x" else int(digits)
    return bytes([number]) if 32 <= number < 127 else b""
