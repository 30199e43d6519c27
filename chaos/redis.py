"""A Redis of our own on a free port, kept in memory, ended afterwards."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.postgres import free_port


@contextmanager
def running_redis() -> Iterator[str]:
    """Yield its URL. Raises SystemExit with one line when the program is missing."""
    program = shutil.which("redis-server")
    if program is None:
        raise SystemExit("redis-server is missing: install the package redis-server.")
    port = free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd="/")
    try:
        _wait(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait(port: int) -> None:
    for _attempt in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=0.1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("The Redis of this run did not start.")
