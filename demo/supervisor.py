"""Several programs as one: one log, one end. Standard library only."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress

GRACE = 4.0  # seconds between asking to end and ending
COLOURS = ("\033[36m", "\033[32m", "\033[35m", "\033[33m")
_PR_SET_PDEATHSIG = 1


class Supervisor:
    """Runs ``commands`` (name: argv), each in a session of its own, so that Ctrl-C reaches only this process, which then ends them all."""

    def __init__(self, commands: dict[str, list[str]]) -> None:
        self.commands = commands
        self.processes: dict[str, subprocess.Popen[str]] = {}
        self.readers: list[threading.Thread] = []
        self.is_ending = False

    def start(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._end)
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        for name, command in self.commands.items():
            self.processes[name] = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                env=environment,
                start_new_session=True,
                preexec_fn=_end_with_parent,  # no thread runs yet
            )
        for index, (name, process) in enumerate(self.processes.items()):
            reader = threading.Thread(target=self._read, args=(name, index, process), daemon=True)
            reader.start()
            self.readers.append(reader)

    def run(self, *, is_ready: Callable[[], bool], on_ready: Callable[[], None], ready_within: float) -> int:
        """Until a signal or until one of them ends by itself. The exit code: 0 only after a signal."""
        until = time.monotonic() + ready_within
        waits = True
        while not self.is_ending:
            dead = next((name for name, process in self.processes.items() if process.poll() is not None), None)
            if dead:
                return self._fail(
                    f"The {dead} process has ended by itself (exit code {self.processes[dead].returncode}): see its lines above."
                )
            if waits and is_ready():
                waits = False
                on_ready()
            elif waits and time.monotonic() > until:
                return self._fail(f"The web server was not ready within {ready_within:.0f} s: see the lines above.")
            time.sleep(0.2)
        print("\nEnding …", flush=True)
        self._end_all()
        return 0

    def _fail(self, reason: str) -> int:
        self._end_all()
        print(reason, file=sys.stderr, flush=True)
        return 1

    def _end(self, *_signal: object) -> None:
        self.is_ending = True

    def _end_all(self) -> None:
        for process in self.processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        until = time.monotonic() + GRACE
        for process in self.processes.values():
            with suppress(subprocess.TimeoutExpired):  # the group is killed below
                process.wait(timeout=max(0.0, until - time.monotonic()))
        for process in self.processes.values():
            with suppress(ProcessLookupError):  # the group outlives its leader: children that are left go with it
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        for reader in self.readers:
            reader.join(timeout=0.5)

    def _read(self, name: str, index: int, process: "subprocess.Popen[str]") -> None:
        prefix = f"{name:<7}| "
        if sys.stdout.isatty():
            prefix = f"{COLOURS[index % len(COLOURS)]}{prefix}\033[0m"
        assert process.stdout is not None  # noqa: S101 asked for above
        for line in process.stdout:
            if line.strip():
                sys.stdout.write(f"{prefix}{line.rstrip()}\n")
                sys.stdout.flush()


def _end_with_parent() -> None:
    """Linux: when this supervisor is killed outright, its children are asked to end too."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
