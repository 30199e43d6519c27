"""Pictures made anew: what is uploaded is never kept; what is kept is a picture of our own making, and nothing in it but the pixels."""

import logging
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

logger = logging.getLogger(__name__)

FORMATS = ("PNG", "JPEG", "WEBP")  # by content; never SVG, which may hold scripts
_SAVING: dict[str, dict[str, Any]] = {"PNG": {"optimize": True}, "JPEG": {"quality": 90}, "WEBP": {"quality": 90}}
_one_at_a_time = Lock()  # threads of a web process take turns: else their moments of much memory add up


class PictureUnreadable(Exception):
    """This is not a picture in PNG, JPEG or WebP, or it is damaged."""


class TooManyPixels(Exception):
    """The picture is larger than allowed; not one pixel was unpacked."""


def made_anew(content: bytes, *, most_pixels: int, longest_side: int = 0, target: str = "") -> bytes:
    """The picture in ``content``, whatever its name says, drawn anew: upright, without place, camera and comments.

    ``longest_side`` makes a larger one smaller; ``target`` is one of FORMATS, '' keeps its own. Raises PictureUnreadable, TooManyPixels.
    """
    try:
        with _one_at_a_time:
            return _drawn(content, most_pixels, longest_side, target)
    except TooManyPixels:
        raise
    except Exception as error:  # whatever a decoder trips over in a broken or hostile file, and it may be anything
        logger.info("A picture could not be read: %s", type(error).__name__)
        raise PictureUnreadable from error


def _drawn(content: bytes, most_pixels: int, longest_side: int, target: str) -> bytes:
    # A dozen megabytes that a process without uploads does without.
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = most_pixels  # Pillow itself refuses twice as many, also where it opens a picture within another
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as picture:
            _check_size(picture, most_pixels)  # the head of the file is read by now, no pixel
            picture.verify()  # checksums; leaves the picture unusable
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixels from error
    with Image.open(BytesIO(content), formats=FORMATS) as picture:
        _check_size(picture, most_pixels)
        target = target or str(picture.format)
        shown = _without_depth(picture)
        if longest_side:
            shown.thumbnail((longest_side, longest_side))
        shown = ImageOps.exif_transpose(shown)
        kept = shown.convert("RGB" if target == "JPEG" else "RGBA")
    kept.info = {}  # comments, colour profile, place and camera
    result = BytesIO()
    kept.save(result, target, **_SAVING[target])
    return result.getvalue()


def _without_depth(picture: "Image") -> "Image":
    """A picture that can be made smaller smoothly: of colours instead of numbers of a palette, of 8 bits instead of 16."""
    if picture.mode.startswith("I"):
        return picture.point(lambda value: value / 257).convert("L")
    is_smooth = picture.mode in ("L", "RGB", "RGBA", "CMYK") and "transparency" not in picture.info
    return picture if is_smooth else picture.convert("RGBA")


def _check_size(picture: "Image", most_pixels: int) -> None:
    if picture.width * picture.height > most_pixels:
        raise TooManyPixels
