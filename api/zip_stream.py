"""A zip that is made while it is sent: whatever its size, only one piece of one file is in memory and nothing is on disk."""

import io
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import IO, Any

from api.text import clean_line

PIECE = 64 * 1024  # bytes
LONGEST_PART = 80  # characters of a folder's or a file's name
_LONGEST_PART_BYTES = 200  # file systems count these: a Chinese character has three
_NOT_IN_NAMES = str.maketrans(dict.fromkeys('/\\:*?"<>|', "_"))
_RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{name}{number}" for name in ("COM", "LPT") for number in range(10))}  # on Windows

Entry = tuple[str, datetime, Callable[[], IO[bytes]]]  # path, moment shown, what opens the content


def safe_part(text: str) -> str:
    """A name that every system can write as one folder or file: no path, nothing invisible, not empty."""
    cleaned = unicodedata.normalize("NFC", clean_line(text)).translate(_NOT_IN_NAMES)[:LONGEST_PART]
    cleaned = cleaned.encode()[:_LONGEST_PART_BYTES].decode(errors="ignore").strip(". ")
    return f"_{cleaned}" if not cleaned or cleaned.partition(".")[0].upper() in _RESERVED else cleaned


def zipped(entries: Iterable[Entry]) -> Iterator[bytes]:
    """The bytes of a zip of ``entries``, which are opened one after the other. Stored, not packed: pictures and PDF are packed already."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[call-overload]
        for path, moment, opened in entries:
            info = zipfile.ZipInfo(path, date_time=max(moment.timetuple()[:6], (1980, 1, 1, 0, 0, 0)))
            with opened() as source, archive.open(info, "w") as target:
                while piece := source.read(PIECE):
                    target.write(piece)
                    yield sink.taken()
    yield sink.taken()


class _Sink(io.RawIOBase):
    """What the zip has written since it was last asked; it cannot go back."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)
