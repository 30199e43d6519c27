"""Photos of people on the programme: what is uploaded is never kept; what is kept is a picture of our own making."""

import secrets
from collections.abc import Collection
from typing import Any, BinaryIO

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from api import pictures
from api.files import delete_on_commit
from api.problems import Refused, field_error
from conferences.models import Speaker

FOLDER = "photos/"
LARGEST_FILE = 8 * 1024 * 1024  # bytes
MOST_PIXELS = 30_000_000
LONGEST_SIDE = 800  # pixels, of what is kept


class PhotoRefused(Refused):
    """``code`` is photo_too_large or photo_unreadable."""

    code = "photo_refused"
    message = gettext_lazy("This file cannot be the photo.")

    def __init__(self, message: Any, code: str) -> None:
        super().__init__(message, code=code, errors=[field_error("/file", code, str(message))])


def read_photo(file: File | BinaryIO) -> bytes:
    """The photo in an uploaded file as a JPEG without place and camera, whatever its name says. Raises PhotoRefused."""
    content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        text = _("The file is too large: a photo may have %(count)d MB.") % {"count": LARGEST_FILE // 1024 // 1024}
        raise PhotoRefused(text, "photo_too_large")
    try:
        return pictures.made_anew(content, most_pixels=MOST_PIXELS, longest_side=LONGEST_SIDE, target="JPEG")
    except pictures.TooManyPixels as error:
        text = _("The picture has too many pixels: a photo may have %(count)d million.") % {"count": MOST_PIXELS // 1_000_000}
        raise PhotoRefused(text, "photo_too_large") from error
    except pictures.PictureUnreadable as error:
        text = _("This is not a picture in PNG, JPEG or WebP, or it is damaged.")
        raise PhotoRefused(text, "photo_unreadable") from error


def replace_photo(speaker: Speaker, jpeg: bytes) -> None:
    """Give the speaker, whose row is locked, this photo, or none for b''; the one before is deleted on commit."""
    name = default_storage.save(f"{FOLDER}{secrets.token_hex(16)}.jpg", ContentFile(jpeg)) if jpeg else ""
    old, speaker.photo = speaker.photo.name or "", name
    try:
        speaker.save(update_fields=["photo"])
    except BaseException:
        if name:
            default_storage.delete(name)
        raise
    delete_on_commit(old)


def forget_file(*, instance: Speaker, **_signal: Any) -> None:
    """A person is deleted: the photo goes too, on commit. Connected to ``post_delete``."""
    delete_on_commit(instance.photo.name or "")


def used_names(names: Collection[str]) -> Collection[str]:
    """Which of these names somebody still holds: the others are swept (api.files)."""
    return set(Speaker.objects.filter(photo__in=names).values_list("photo", flat=True))
