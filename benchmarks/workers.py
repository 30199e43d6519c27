"""Workers and schedulers under fire: each a process group of its own, which can be killed as a whole."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parent.parent


class Group:
    """A process with its children."""

    def __init__(self, command: list[str], environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env={**os.environ, "PYTHONWARNINGS": "ignore", **environment},
            start_new_session=True,
        )

    def kill(self) -> None:
        """SIGKILL to all of them at the same moment."""
        with suppress(ProcessLookupError):  # it did not come up
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(timeout=30)

    def pause(self) -> None:
        """SIGSTOP: they say nothing, and hold what they have."""
        os.killpg(self._process.pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.killpg(self._process.pid, signal.SIGCONT)

    def is_running(self) -> bool:
        return self._process.poll() is None


def start_worker(environment: Mapping[str, str], *, application: str = "config") -> Group:
    """Two worker processes, as docs/operations.md starts them."""
    command = [
        "celery",
        "--quiet",
        "-A",
        application,
        "worker",
        "--concurrency",
        "2",
        "--loglevel",
        "CRITICAL",
        "--without-gossip",
        "--without-mingle",
    ]
    return Group([*command, "--hostname", "chaos@localhost"], environment)


@contextmanager
def running_worker(environment: Mapping[str, str]) -> Iterator[Group]:
    worker = start_worker(environment)
    try:
        yield worker
    finally:
        worker.kill()


@contextmanager
def running_beats(environment: Mapping[str, str], folder: Path, *, count: int = 1) -> Iterator[list[Group]]:
    """Schedulers that know nothing of each other."""
    beats = [
        Group(
            [
                "celery",
                "--quiet",
                "-A",
                "config",
                "beat",
                "--loglevel",
                "CRITICAL",
                "--pidfile=",
                f"--schedule={folder / f'beat-{number}'}",
            ],
            environment,
        )
        for number in range(count)
    ]
    try:
        yield beats
    finally:
        for beat in beats:
            beat.kill()
