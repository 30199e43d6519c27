"""A file read by a process of its own, within limits on memory and time: at a limit it ends, and nothing of ours with it."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MEMORY = 300  # megabytes of address space: 50 MB of cells, the most that an archive may unpack to, take 60
SECONDS = 30  # of the processor: 100,000 rows of 20 cells take 10
SECONDS_IN_ALL = 60  # on the clock, whatever else the machine does
_PROGRAM = Path(__file__).with_name("sheet_reader.py")
_MAP_PROGRAM = Path(__file__).with_name("geojson_reader.py")


class SheetUnread(Exception):
    """The file was not read to its end.

    ``why`` is ``broken``, ``memory``, ``time`` or ``sheet``: then ``names`` are those there are. Of GeoJSON also ``kind``, ``globe``
    and ``many``.
    """

    def __init__(self, why: str, names: list[str] | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.names = names or []


def sheet_rows(
    content: bytes, *, sheet: str | None, headers: list[list[str]], empty_rows: int, columns: int, longest: int
) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty with its number, as texts of ``longest`` characters; ends after so many ``empty_rows``.

    Read is ``sheet``, else the first of those with most of the ``headers``, each given with all its (normal) spellings. Row 0 has the
    names of the sheets that are not empty, the one that is read first. Raises SheetUnread, half way too.
    """
    wanted = {"sheet": sheet, "headers": headers, "empty_rows": empty_rows, "columns": columns, "longest": longest}
    yield from _rows(_PROGRAM, content, wanted)


def map_features(content: bytes, *, most: int, longest: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each feature of a GeoJSON file with its number, its ``properties`` as texts, the ``type`` of its geometry and its ``rings``.

    Raises SheetUnread, half way too.
    """
    yield from _rows(_MAP_PROGRAM, content, {"most": most, "longest": longest})


def _rows(program: Path, content: bytes, wanted: dict[str, Any]) -> Iterator[tuple[int, Any]]:
    # Without our environment and the folder that we are in (-I): whatever the file does, no secret is within its reach.
    command = [sys.executable, "-I", str(program), json.dumps({**wanted, "memory": MEMORY, "seconds": SECONDS})]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env={}, **pipes) as reader:  # type: ignore[call-overload]  # noqa: S603 - our own program
        feeder = threading.Thread(target=_feed, args=(reader, content), daemon=True)
        alarm = threading.Timer(SECONDS_IN_ALL, reader.kill)
        feeder.start()
        alarm.start()
        try:
            yield from _said_by(reader)
        finally:
            alarm.cancel()
            reader.kill()
            feeder.join()


def _said_by(reader: "subprocess.Popen[bytes]") -> Iterator[tuple[int, Any]]:
    for line in reader.stdout or ():
        if not line.endswith(b"\n"):
            break  # it was ended in the middle of a word
        said: Any = json.loads(line)
        if isinstance(said, dict):
            if said["error"]:
                raise SheetUnread(said["error"], said.get("names"))
            return
        yield said[0], said[1]
    # Killed by our alarm, or by the system at the limit of time; whatever else ends a reader of files is want of memory.
    raise SheetUnread("time" if reader.wait() in (-signal.SIGXCPU, -signal.SIGKILL) else "memory")


def _feed(reader: "subprocess.Popen[bytes]", content: bytes) -> None:
    try:
        with reader.stdin as pipe:  # type: ignore[union-attr]
            pipe.write(content)
    except OSError:
        pass  # it has ended before it had read everything
