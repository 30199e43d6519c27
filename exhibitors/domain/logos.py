"""Logos: what is uploaded is never kept; what is kept is a picture of our own making."""

import logging
import secrets
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING, Any, BinaryIO

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from api.problems import Refused
from exhibitors.models import Company

if TYPE_CHECKING:
    from PIL.Image import Image

logger = logging.getLogger(__name__)

FOLDER = "logos/"
LARGEST_FILE = 2 * 1024 * 1024  # bytes
MOST_PIXELS = 8_000_000  # as many take 160 MB for a moment in the hungriest of the formats
LONGEST_SIDE = 800  # pixels, of what is kept
FORMATS = ("PNG", "JPEG", "WEBP")  # by content; never SVG, which may hold scripts
_one_at_a_time = Lock()  # threads of a web process take turns: else their moments of much memory add up


class LogoRefused(Refused):
    code = "logo_refused"
    message = gettext_lazy("This file cannot be the logo.")


class LogoTooLarge(LogoRefused):
    code = "logo_too_large"


class LogoUnreadable(LogoRefused):
    code = "logo_unreadable"
    message = gettext_lazy("This is not a picture in PNG, JPEG or WebP, or it is damaged.")


@dataclass(frozen=True)
class Logo:
    """A picture that :func:`read_logo` made: PNG, its longer side at most 800 pixels, nothing in it but the pixels."""

    png: bytes


def read_logo(file: File | BinaryIO) -> Logo:
    """The logo in an uploaded file, whatever its name and content type say. Raises LogoTooLarge or LogoUnreadable."""
    content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise LogoTooLarge(_("The file is too large: a logo may have %(count)d MB.") % {"count": LARGEST_FILE // 1024 // 1024})
    try:
        with _one_at_a_time:
            return Logo(_as_png(content))
    except LogoRefused:
        raise
    except Exception as error:  # whatever a decoder trips over in a broken or hostile file, and it may be anything
        logger.info("A logo could not be read: %s", type(error).__name__)
        raise LogoUnreadable from error


@transaction.atomic
def set_logo(*, company_id: int, file: File | BinaryIO | Logo, by: User | None) -> Company:
    """Give a company a logo from an uploaded file, or from what ``read_logo`` made of it; the one before is deleted on commit.

    Raises LogoTooLarge or LogoUnreadable, and then nothing has changed.
    """
    logo = file if isinstance(file, Logo) else read_logo(file)
    return _replace(company_id, default_storage.save(f"{FOLDER}{secrets.token_hex(16)}.png", ContentFile(logo.png)))


@transaction.atomic
def remove_logo(*, company_id: int, by: User | None) -> Company:
    """Leave a company without a logo; the file is deleted on commit."""
    return _replace(company_id, "")


def forget_file(*, instance: Company, **_signal: Any) -> None:
    """A company is deleted: its logo goes with it, on commit. Connected to ``post_delete``."""
    _delete_on_commit(instance.logo.name or "")


def _replace(company_id: int, name: str) -> Company:
    try:
        company = Company.objects.select_for_update(of=("self",), no_key=True).get(pk=company_id)
        old, company.logo = company.logo.name or "", name
        company.save(update_fields=["logo", "updated_at"])
    except BaseException:
        if name:
            default_storage.delete(name)
        raise
    _delete_on_commit(old)
    return company


def _delete_on_commit(name: str) -> None:
    # After the commit: undone, the row must find its file. Robust: what was decided stays, though a file be left over.
    if name:
        transaction.on_commit(lambda: default_storage.delete(name), robust=True)


def _as_png(content: bytes) -> bytes:
    # A dozen megabytes that a process without uploads does without.
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS  # Pillow itself refuses twice as many, also where it opens a picture within another
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as picture:
            _check_size(picture)  # the head of the file is read by now, no pixel
            picture.verify()  # checksums; leaves the picture unusable
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    with Image.open(BytesIO(content), formats=FORMATS) as picture:
        _check_size(picture)
        shown = _without_depth(picture)
        shown.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        ImageOps.exif_transpose(shown, in_place=True)
        kept = shown.convert("RGBA")
    kept.info = {}  # comments, colour profile, place and camera
    result = BytesIO()
    kept.save(result, "PNG", optimize=True)
    return result.getvalue()


def _without_depth(picture: "Image") -> "Image":
    """A picture that can be made smaller smoothly: of colours instead of numbers of a palette, of 8 bits instead of 16."""
    if picture.mode.startswith("I"):
        return picture.point(lambda value: value / 257).convert("L")
    is_smooth = picture.mode in ("L", "RGB", "RGBA", "CMYK") and "transparency" not in picture.info
    return picture if is_smooth else picture.convert("RGBA")


def _check_size(picture: "Image") -> None:
    if picture.width * picture.height > MOST_PIXELS:
        raise _too_many_pixels()


def _too_many_pixels() -> LogoTooLarge:
    return LogoTooLarge(_("The picture has too many pixels: a logo may have %(count)d million.") % {"count": MOST_PIXELS // 1_000_000})
