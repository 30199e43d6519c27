"""A Redis of our own on a free port, kept in memory, ended afterwards."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import redis

from benchmarks.postgres import free_port


class Redis:
    """A server that can be stopped and started again on the same port, empty then."""

    def __init__(self) -> None:
        program = shutil.which("redis-server")
        if program is None:
            raise SystemExit("redis-server is missing: install the package redis-server.")
        self._port = free_port()
        self.url = f"redis://127.0.0.1:{self._port}/0"
        self._command = [program, "--port", str(self._port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL, cwd="/")
        _wait(self._port)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=10)

    def flush(self) -> None:
        """FLUSHALL."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()


@contextmanager
def running_redis() -> Iterator[Redis]:
    """Raises SystemExit with one line when the program is missing."""
    server = Redis()
    try:
        yield server
    finally:
        server.stop()


def _wait(port: int) -> None:
    for _attempt in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=0.1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("The Redis of this run did not start.")
