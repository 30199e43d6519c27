"""A mail server in a process of its own, which takes every letter and writes down which came on which connection.

``python -m benchmarks.sink PORT FILE``: a line of JSON a letter (connection, Message-ID, recipient, subject) and a line when a connection
has ended (connection, whether it said goodbye). A letter to an address that begins with ``killer`` kills the process that brings it.
"""

import asyncio
import itertools
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from aiosmtpd.smtp import SMTP

from benchmarks.postgres import free_port

KILLER = "killer"
_MESSAGE_ID = re.compile(rb"(?im)^message-id:\s*(<[^>]*>)")
_SUBJECT = re.compile(rb"(?ims)^subject:(.*?)\r\n(?=\S|\r\n)")
_numbers = itertools.count(1)


class _Conversation(SMTP):
    """One connection; ``log`` takes what is to be written down."""

    def __init__(self, log: Any) -> None:
        super().__init__(self, enable_SMTPUTF8=True, hostname="sink.example", data_size_limit=None)
        self._log = log
        self._number = next(_numbers)
        self._said_goodbye = False

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        if address.startswith(KILLER):
            _kill_who_has_port(session.peer[1])
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        head = bytes(envelope.content).partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        found, subject = _MESSAGE_ID.search(head), _SUBJECT.search(head)
        self._log(
            connection=self._number,
            id=found.group(1).decode() if found else "",
            to=envelope.rcpt_tos[0],
            subject=subject.group(1).decode("latin-1").strip() if subject else "",
        )
        return "250 OK"

    async def handle_QUIT(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        self._said_goodbye = True
        return "221 Bye"

    def connection_lost(self, error: Exception | None) -> None:
        self._log(connection=self._number, goodbye=self._said_goodbye)
        super().connection_lost(error)


def _kill_who_has_port(port: int) -> None:
    for found in psutil.net_connections("tcp4"):
        if found.laddr and found.laddr[1] == port and found.pid and found.pid != os.getpid():
            os.kill(found.pid, signal.SIGKILL)


async def _serve(port: int, path: str) -> None:
    with Path(path).open("a", buffering=1) as file:
        server = await asyncio.get_running_loop().create_server(
            lambda: _Conversation(lambda **line: file.write(json.dumps(line) + "\n")), "127.0.0.1", port, backlog=100
        )
        async with server:
            await server.serve_forever()


@dataclass
class Mail:
    """One letter as it came."""

    connection: int
    id: str
    to: str
    subject: str


@dataclass
class Sink:
    """What a running sink has written down."""

    port: int
    path: Path
    _cut: set[int] = field(default_factory=set)

    def mails(self) -> list[Mail]:
        """In the order of their coming; a letter that did not come whole is none of them."""
        lines = [json.loads(line) for line in self.path.read_text().splitlines()]
        self._cut = {line["connection"] for line in lines if line.get("goodbye") is False}
        return [Mail(**line) for line in lines if "goodbye" not in line]

    def count(self) -> int:
        """How many letters came, without reading them."""
        with self.path.open("rb") as lines:
            return sum(b'"goodbye"' not in line for line in lines)

    def on_the_wire(self) -> set[int]:
        """Places in :meth:`mails` of the last letters of connections that were cut: nobody knows whether the sender heard of it."""
        last = {mail.connection: place for place, mail in enumerate(self.mails())}
        return {place for connection, place in last.items() if connection in self._cut}


@contextmanager
def running_sink(folder: Path) -> Iterator[Sink]:
    port = free_port()
    path = folder / f"sink-{port}.jsonl"
    path.touch()
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.sink", str(port), str(path)],
        cwd=Path(__file__).parent.parent,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )
    try:
        _wait(port, process)
        yield Sink(port, path)
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _attempt in range(400):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=0.2).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("The mail server of this run did not start.")


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(int(sys.argv[1]), sys.argv[2]))
