"""Servers under measurement: start gunicorn, ask it, and read the CPU time of it and of PostgreSQL from the kernel."""

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from benchmarks.postgres import free_port

WORKERS = 2
THREADS = 4  # as gunicorn.conf.py


@dataclass
class Server:
    """A running gunicorn; ``also`` are process ids whose CPU time belongs to its answers (PostgreSQL)."""

    port: int
    process: subprocess.Popen[bytes]
    also: tuple[int, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def workers(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children()

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, bytes, Mapping[str, str]]:
        """One request on a connection of its own. Returns status, body, headers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path, headers={**self.headers, **(headers or {})})
            response = connection.getresponse()
            return response.status, response.read(), response.headers
        finally:
            connection.close()

    def post(self, path: str, body: Any, headers: Mapping[str, str], *, status: int = 200) -> Any:
        """The JSON of the answer. Raises AssertionError for another status."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json", **self.headers, **headers})
            response = connection.getresponse()
            answer = response.read()
        finally:
            connection.close()
        assert response.status == status, f"{path}: {response.status} {answer[:300]!r}"
        return json.loads(answer)

    def cpu_seconds(self) -> float:
        """CPU time so far of gunicorn, PostgreSQL and all their children."""
        return sum(_cpu_of_tree(pid) for pid in (self.process.pid, *self.also))

    def rss_mb(self) -> float:
        """Resident memory of the largest worker, in MB."""
        return max(worker.memory_info().rss for worker in self.workers()) / 1e6


@contextmanager
def gunicorn(
    application: str, environment: Mapping[str, str], *, also: tuple[int, ...] = (), workers: int = WORKERS, threads: int = THREADS
) -> Iterator[Server]:
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "benchmarks.server",
        application,
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        str(workers),
        "--threads",
        str(threads),
        "--log-level",
        "error",
    ]
    process = subprocess.Popen([*command, "--no-control-socket"], env={**os.environ, **environment}, cwd=Path(__file__).parent.parent)
    server = Server(port=port, process=process, also=also)
    try:
        _wait(server)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(server: Server) -> None:
    for _attempt in range(1200):
        if server.process.poll() is not None:
            raise SystemExit("The server under measurement did not start.")
        try:
            server.get("/api/v1/")
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("The server under measurement does not answer.")


def _cpu_of_tree(pid: int) -> float:
    """Seconds on a processor, of a process and its children; the kernel counts in ticks of 10 ms, so a round needs many requests."""
    total = 0.0
    process = psutil.Process(pid)
    for member in [process, *process.children(recursive=True)]:
        try:
            times = member.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total
