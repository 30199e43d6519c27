"""The supervisor of `make demo`: everything ends together, and nothing is left behind."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# One program that brings forth a child of its own and one that does not listen to requests to end.
SCRIPT = """
import sys
from demo import supervisor as supervising
supervising.GRACE = 0.5
parent = "import subprocess, sys, time; print('child', subprocess.Popen(['sleep', '60']).pid, flush=True); time.sleep(float(sys.argv[1]))"
deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
supervisor = supervising.Supervisor({"parent": [sys.executable, "-c", parent, sys.argv[1]], "deaf": [sys.executable, "-c", deaf]})
supervisor.start()
sys.exit(supervisor.run(is_ready=lambda: True, on_ready=lambda: None, ready_within=5))
"""


def supervise(seconds):
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, seconds], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1
    )


def is_alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def read_until(process, *words):
    """The lines up to those that hold each of ``words``."""
    wanted, lines = set(words), []
    while wanted:
        lines.append(process.stdout.readline())
        wanted -= {word for word in wanted if word in lines[-1]}
    return lines


def child_of(lines):
    return int(next(line for line in lines if "child" in line).split()[-1])


def test_a_signal_ends_all_and_leaves_no_orphan():
    process = supervise("60")
    child = child_of(read_until(process, "child", "deaf"))
    assert is_alive(child)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=10)
    assert process.returncode == 0
    assert not is_alive(child)


def test_the_death_of_one_ends_the_others_and_is_told():
    process = supervise("0.1")
    child = child_of(read_until(process, "child"))
    errors = process.communicate(timeout=10)[1]
    assert process.returncode == 1
    assert errors == "The parent process has ended by itself (exit code 0): see its lines above.\n"
    assert not is_alive(child)


def run_demo(**variables):
    command = [sys.executable, "-m", "demo.run"]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **variables}, capture_output=True, text=True, timeout=30, check=False)


def test_a_port_that_is_no_port_is_told_before_anything_is_done():
    result = run_demo(PORT="http")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "PORT is 'http': write a number from 1 to 65535, such as PORT=8010 make demo.\n"


def test_a_port_that_is_taken_is_told_before_anything_is_done(listening_socket):
    port = listening_socket.getsockname()[1]
    result = run_demo(PORT=str(port))
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == f"Port {port} is taken by another program: PORT={port + 10} make demo picks another.\n"


@pytest.fixture
def listening_socket():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener
