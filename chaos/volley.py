"""Many HTTP requests in flight at the same moment: connections are opened first, then everything is sent at once."""

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

PATIENCE = 60.0  # seconds for an answer


@dataclass(frozen=True)
class Call:
    """One request."""

    method: str
    path: str
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def encoded(self, port: int) -> bytes:
        body = b"" if self.body is None else json.dumps(self.body).encode()
        lines = {"Host": f"127.0.0.1:{port}", "Connection": "close", "Content-Length": str(len(body)), **self.headers}
        if body:
            lines["Content-Type"] = "application/json"
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return f"{self.method} {self.path} HTTP/1.1\r\n{head}\r\n".encode() + body


@dataclass(frozen=True)
class Answer:
    """Status 0: the connection broke."""

    status: int
    seconds: float
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> Any:
        return json.loads(self.body)


def fire(port: int, calls: Sequence[Call]) -> list[Answer]:
    """The answers in the order of the calls."""
    return asyncio.run(_fire(port, calls))


def ask(port: int, method: str, path: str, body: Any = None, **headers: str) -> Answer:
    """One request alone."""
    return fire(port, [Call(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})])[0]


async def _fire(port: int, calls: Sequence[Call]) -> list[Answer]:
    open_ones = await asyncio.gather(*(asyncio.open_connection("127.0.0.1", port) for _call in calls))
    return await asyncio.gather(*(_one(port, call, *pair) for call, pair in zip(calls, open_ones, strict=True)))


async def _one(port: int, call: Call, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Answer:
    began = time.monotonic()
    try:
        writer.write(call.encoded(port))
        await writer.drain()
        raw = await asyncio.wait_for(reader.read(-1), PATIENCE)
    except (OSError, TimeoutError):
        return Answer(0, time.monotonic() - began)
    finally:
        writer.close()
    lasted = time.monotonic() - began
    head, _blank, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    if not first.startswith("HTTP/"):
        return Answer(0, lasted)
    pairs = (line.partition(":") for line in lines)
    return Answer(int(first.split()[1]), lasted, {name.title(): value.strip() for name, _colon, value in pairs}, body)
