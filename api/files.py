"""Files that people handed in: kept under names of ours, outside everything that is served, never without their row for long.

:func:`keep` is called within the transaction that needs the file. When that is undone, the file is left without a row; when a row
is deleted, its file goes on commit. What is left over, and what no other row refers to, is swept after a day.
"""

import hashlib
import logging
import secrets
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from api import file_kinds, pictures
from api.file_kinds import EXTENSIONS, FileDamaged, FileKind, FileRefused, KindRefused
from api.models import StoredFile
from api.problems import field_error
from api.text import clean_line
from api.uploads import LARGEST_FILE

logger = logging.getLogger(__name__)

FOLDER = "files/"
MOST_PIXELS = 30_000_000  # a moment of 120 MB, one at a time
LONGEST_NAME = 150  # characters
ORPHANS_KEPT = timedelta(days=1)
_NOT_IN_NAMES = str.maketrans(dict.fromkeys('/\\:*?"<>|', "_"))
UsedNames = Callable[[Collection[str]], Collection[str]]


class FileTooLarge(FileRefused):
    code = "file_too_large"


class FileEmpty(FileRefused):
    code = "file_empty"


@transaction.atomic
def keep(upload: File, *, kinds: Collection[str], by: Any, now: datetime, pointer: str = "/file") -> StoredFile:
    """Keep an uploaded file of one of ``kinds`` and return its row; pictures are drawn anew.

    ``pointer`` is where the file was in the request. Raises FileRefused, and then nothing is kept.
    """
    try:
        content, kind = read(upload, kinds=kinds)
    except FileRefused as refusal:
        refusal.facts.setdefault("errors", [field_error(pointer, refusal.code, str(refusal))])
        raise
    name = f"{FOLDER}{secrets.token_hex(1)}/{secrets.token_hex(16)}.{EXTENSIONS[kind][0]}"
    name = default_storage.save(name, ContentFile(content))
    try:
        return StoredFile.objects.create(
            name=name,
            original_name=clean_name(getattr(upload, "name", "") or "", kind),
            kind=kind,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            uploaded_by=by,
            uploaded_at=now,
            kept_at=timezone.now(),
        )
    except BaseException:
        default_storage.delete(name)
        raise


def read(upload: File, *, kinds: Collection[str]) -> tuple[bytes, FileKind]:
    """The content that is to be kept, and its kind. Raises FileRefused; a file too large is not read beyond the limit."""
    content = upload.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise FileTooLarge(_("The file is too large: it may have %(count)d MB.") % {"count": LARGEST_FILE // 1024 // 1024})
    if not content:
        raise FileEmpty(_("The file is empty."))
    kind = file_kinds.kind_of(content)
    if kind is None or kind not in kinds:
        raise KindRefused(_("This kind of file is not taken here: send %(kinds)s.") % {"kinds": file_kinds.names_of(kinds)})
    file_kinds.check(content, kind)
    return (_picture(content, kind) if kind in file_kinds.PICTURES else content), kind


def clean_name(name: str, kind: FileKind) -> str:
    """The name that people read and save the file under: one line, no path, the ending of what it is."""
    cleaned = clean_line(name.encode("utf-8", "replace").decode()).translate(_NOT_IN_NAMES).strip(". ")
    stem, dot, ending = cleaned.rpartition(".")
    if not dot or ending.lower() not in EXTENSIONS[kind]:
        stem, ending = cleaned, EXTENSIONS[kind][0]
    stem = stem[: LONGEST_NAME - len(ending) - 1].strip(". ")
    return f"{stem or 'file'}.{ending}"


def forget_file(*, instance: StoredFile, **_signal: Any) -> None:
    """A row is deleted: its file goes with it, on commit. Connected to ``post_delete``."""
    delete_on_commit(instance.name)


def delete_on_commit(name: str) -> None:
    # After the commit: undone, the row must find its file. Robust: what was decided stays, though a file be left over.
    if name:
        transaction.on_commit(lambda: default_storage.delete(name), robust=True)


# --- sweeping -----------------------------------------------------------------------------------------------------

_swept: dict[str, UsedNames] = {}


def sweep_folder(folder: str, used: UsedNames) -> None:
    """Have left-over files of ``folder`` deleted; ``used`` tells which of the names handed to it a row still holds."""
    _swept[folder] = used


def sweep(*, now: datetime) -> int:
    """Delete what nothing refers to and is older than a day: rows with their files, and files without a row. Returns how many."""
    old = now - ORPHANS_KEPT
    nobodys = StoredFile.objects.unreferenced().filter(kept_at__lte=old)
    count = 0
    for file in nobodys.iterator(chunk_size=500):
        file.delete()
        count += 1
    for folder, used in {FOLDER: _names_with_a_row, **_swept}.items():
        count += sum(_sweep_folder(path, used, old) for path in _with_subfolders(folder.rstrip("/")))
    return count


def _names_with_a_row(names: Collection[str]) -> Collection[str]:
    return set(StoredFile.objects.filter(name__in=names).values_list("name", flat=True))


def _with_subfolders(folder: str) -> list[str]:
    if not default_storage.exists(folder):
        return []
    return [folder, *(str(PurePosixPath(folder) / inner) for inner in default_storage.listdir(folder)[0])]


def _sweep_folder(folder: str, used: UsedNames, old: datetime) -> int:
    names = [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
    count = 0
    for start in range(0, len(names), 500):
        some = names[start : start + 500]
        for name in set(some) - set(used(some)):
            if default_storage.get_modified_time(name) <= old:
                default_storage.delete(name)
                count += 1
    return count


def _picture(content: bytes, kind: FileKind) -> bytes:
    try:
        return pictures.made_anew(content, most_pixels=MOST_PIXELS, target=kind.name)
    except pictures.TooManyPixels as error:
        count = MOST_PIXELS // 1_000_000
        raise FileTooLarge(_("The picture has too many pixels: it may have %(count)d million.") % {"count": count}) from error
    except pictures.PictureUnreadable as error:
        raise FileDamaged from error
