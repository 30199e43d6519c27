"""The way in for files: how large a request may be, which parser reads it, which field takes the file.

A view that takes a file has ``parser_classes = [UploadParser]`` and a serializer with an :class:`UploadField`; what it gets there
it hands to ``api.files.keep``. Every other endpoint answers multipart with 415. The limit holds for the desk's forms, too: it is
the first of Django's upload handlers, which also read a form where the CSRF token is looked for.
"""

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadhandler import FileUploadHandler
from django.utils.http import parse_header_parameters
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.utils import Direction
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser

from api.parsers import REASONS
from api.problems import BodyRefused, UploadTooLarge, pointer

LARGEST_FILE = 20 * 1024 * 1024  # bytes
LARGEST_FILE_MB = LARGEST_FILE // 1024 // 1024
LARGEST_REQUEST = LARGEST_FILE + 1024 * 1024  # with the other fields around the file
_TAIL = 256  # bytes that hold the last boundary: it has 70 characters at most


class SizeLimitHandler(FileUploadHandler):
    """The first of the upload handlers: refuses by the announced length before a byte is read, and counts what arrives."""

    received = 0

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None) -> None:  # noqa: N803
        if content_length > LARGEST_REQUEST:
            raise UploadTooLarge(LARGEST_FILE_MB)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > LARGEST_REQUEST:
            raise UploadTooLarge(LARGEST_FILE_MB)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


class UploadParser(MultiPartParser):
    """``multipart/form-data`` with one file, of a known length and whole; everything else is refused before it is parsed."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        context = {**(parser_context or {}), "encoding": "utf-8"}
        length = _announced_length(context["request"].META)
        if length > LARGEST_REQUEST:
            raise UploadTooLarge(LARGEST_FILE_MB)
        watched: Any = _Watched(stream)
        parsed = super().parse(watched, media_type, context)
        if not watched.ends_with(media_type or ""):
            raise BodyRefused(_("The request ends in the middle: send it again."), code="cut_off")
        for name, values in parsed.data.lists():
            if any("\0" in text for text in (name, *values)):
                raise BodyRefused(REASONS["null_character"], code="null_character", pointer=pointer(name.replace("\0", "")))
        return parsed


def _announced_length(meta: Mapping[str, Any]) -> int:
    """Raises BodyRefused for a body of unknown length: nobody could tell how much is still to come."""
    digits = str(meta.get("CONTENT_LENGTH") or "")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 20):
        raise BodyRefused(_("Send the request with a Content-Length, not in chunks."), code="length_missing")
    return int(digits)


class _Watched:
    """A stream that remembers how it ended."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._tail = b""

    def read(self, size: int = -1) -> bytes:
        chunk: bytes = self._stream.read(size)
        self._tail = (self._tail + chunk)[-_TAIL:] if len(chunk) < _TAIL else chunk[-_TAIL:]
        return chunk

    def ends_with(self, media_type: str) -> bool:
        """Whether the last that came was the closing boundary."""
        boundary = parse_header_parameters(media_type)[1].get("boundary", "")
        return self._tail.rstrip(b"\r\n").endswith(f"--{boundary}--".encode("latin-1", "replace"))


class UploadField(serializers.FileField):
    """The one file of a request. Its name and content type are the client's words; ``api.files.keep`` looks at the content."""

    default_error_messages = {
        "required": _("Send the file as multipart/form-data."),
        "invalid": _("Send the file as multipart/form-data."),
        "one_file": _("Send one file a request."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"allow_empty_file": False, "write_only": True, **kwargs})

    def get_value(self, dictionary: Any) -> Any:
        if hasattr(dictionary, "getlist") and len(dictionary.getlist(self.field_name)) > 1:
            return _TWO
        return super().get_value(dictionary)

    def to_internal_value(self, data: Any) -> Any:
        if data is _TWO:
            self.fail("one_file")
        file = super().to_internal_value(data)
        if file.size > LARGEST_FILE:
            raise serializers.ValidationError(UploadTooLarge(LARGEST_FILE_MB).detail, "too_large")
        return file


_TWO = object()


class UploadFieldExtension(OpenApiSerializerFieldExtension):
    target_class = "api.uploads.UploadField"

    def map_serializer_field(self, auto_schema: Any, direction: Direction) -> dict[str, Any]:
        return {"type": "string", "format": "binary"}
