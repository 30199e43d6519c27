"""Make .venv and install what is needed: ``python3 tools/bootstrap.py [dev]``. Standard library only; silent when nothing is to do."""

import argparse
import hashlib
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
INTERRUPTED = 130  # the exit code of whoever was ended by Ctrl-C
GRACE = 5.0  # seconds between asking a program to end and ending it


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", choices=["runtime", "dev"], default="runtime")
    what = parser.parse_args().what
    try:
        make_ready(what)
    except KeyboardInterrupt:
        sys.exit(interrupted())


def make_ready(what: str) -> None:
    """Leave a virtual environment with the requirements of ``what`` and compiled message files; ends the process when it cannot."""
    if not _works():
        _say("Making the virtual environment in .venv")
        _run([sys.executable, "-m", "venv", "--clear", str(VENV)], "The virtual environment could not be made")
    requirements = ROOT / ("requirements-dev.txt" if what == "dev" else "requirements.txt")
    stamp = VENV / f".installed-{what}"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if not stamp.is_file() or stamp.read_text() != wanted:
        _say(f"Installing {requirements.name} into .venv (about a minute)")
        pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "-qq", "install", "-r", str(requirements)]
        _run(pip, f"{requirements.name} could not be installed: is the package index within reach?")
        stamp.write_text(wanted)
    _run([str(PYTHON), str(ROOT / "tools" / "compile_messages.py")], "The message files could not be compiled")


def _works() -> bool:
    """Whether .venv is whole: a Python that runs, new enough, with pip. A half-made or moved one is made anew."""
    if not PYTHON.exists():
        return False
    probe = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    return subprocess.run([str(PYTHON), "-c", probe], capture_output=True, check=False).returncode == 0


def _run(command: list[str], failure: str) -> None:
    if run(command):
        sys.exit(failure)


def run(command: list[str]) -> int:
    """The exit code of a program that Ctrl-C does not reach: it is ended from here, so that it prints no traceback of its own."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        return process.wait()
    except KeyboardInterrupt:
        _end(process)
        raise


def interrupted() -> int:
    """Say so in one line; the exit code."""
    print("\nStopped. Run the same command again to go on.", file=sys.stderr, flush=True)
    return INTERRUPTED


def _end(process: "subprocess.Popen[bytes]") -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=GRACE)
            return


def _say(text: str) -> None:
    print(f"{text} …", flush=True)


if __name__ == "__main__":
    main()
