"""Pictures for tests, made on the spot."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 20), mode: str = "RGB", color: Any = None, **saving: Any) -> bytes:
    """A picture of one colour as a file's content."""
    content = BytesIO()
    color = {"color": color} if color is not None else {}
    Image.new(mode, size, **color).save(content, kind, **saving)
    return content.getvalue()


def upload(content: bytes, *, name: str = "logo.png", content_type: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=content_type)
