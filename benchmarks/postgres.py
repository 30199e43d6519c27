"""A PostgreSQL of our own on a free port, as an unprivileged user where we are root; ended and removed afterwards."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_USERS = ("postgres", "nobody")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def binaries() -> Path:
    """Where initdb and postgres are. Raises SystemExit with one line when there are none."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if installed:
        return installed[-1].parent
    found = shutil.which("initdb")
    if found is None:
        raise SystemExit("PostgreSQL's server programs are missing: install the package postgresql.")
    return Path(found).parent


class Postgres:
    """A server on a folder of its own; ``stop`` and ``start`` restart it on the same port."""

    def __init__(self, command: list[Any], bin_dir: Path, port: int, quiet: dict[str, Any]) -> None:
        self.url = f"postgres://postgres@127.0.0.1:{port}/postgres"
        self._command, self._bin_dir, self._port, self._quiet = command, bin_dir, port, quiet
        self.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, **self._quiet)
        _wait(self._bin_dir, self._port)

    def stop(self) -> None:
        self._process.send_signal(signal.SIGINT)  # ends open connections instead of waiting for them
        self._process.wait(timeout=30)


@contextmanager
def running_postgres(*options: str) -> Iterator[Postgres]:
    """``options`` are lines of its configuration."""
    bin_dir, port = binaries(), free_port()
    user = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="yarmarka-pg-"))
    try:
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)
        as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/", **as_user}
        data = folder / "data"
        subprocess.run(
            [bin_dir / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"], check=True, **quiet
        )
        configured = [word for option in ("shared_buffers=256MB", *options) for word in ("-c", option)]
        server = Postgres(
            [bin_dir / "postgres", "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", folder, *configured], bin_dir, port, quiet
        )
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    for name in _USERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise SystemExit("PostgreSQL does not run as root, and there is no user postgres or nobody.")


def _wait(bin_dir: Path, port: int) -> None:
    command = [bin_dir / "pg_isready", "-h", "127.0.0.1", "-p", str(port), "-t", "30"]
    for _attempt in range(300):
        if subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode == 0:
            return
        try:
            socket.create_connection(("127.0.0.1", port), timeout=0.1).close()
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The PostgreSQL of this run did not start.")
