"""The start of `make demo`: it can be broken off, and there is one a folder."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STOPPED = "Stopped. Run the same command again to go on."


def start(*arguments, **environment):
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
        start_new_session=True,
    )


def press_ctrl_c(process, number=signal.SIGINT):
    os.killpg(process.pid, number)
    output, errors = process.communicate(timeout=30)
    return process.returncode, output, errors


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=["ctrl-c", "kill", "window closed"])
def test_ended_while_something_is_installed_or_loaded(number):
    child = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
    script = f"""
import sys
from demo import run
from tools import bootstrap
run._run = lambda: bootstrap.run([sys.executable, "-c", {child!r}])
sys.exit(run.main())
"""
    process = start("-c", script)
    pid = process.stdout.readline().strip()
    code, _output, errors = press_ctrl_c(process, number)
    assert (code, errors.strip()) == (130, STOPPED)
    assert not Path(f"/proc/{pid}").exists()


def test_ctrl_c_while_the_fair_is_loaded(tmp_path):
    process = start("-m", "demo.load", DATABASE_URL=f"sqlite:///{tmp_path}/fair.sqlite3", SECRET_KEY="for this test only " * 3)
    assert process.stdout.readline() == "  Migrations …\n"
    code, _output, errors = press_ctrl_c(process)
    assert (code, errors.strip()) == (130, STOPPED)


def test_one_demo_a_folder(tmp_path):
    path = tmp_path / "var" / "demo.lock"
    hold = f"import sys, time; from pathlib import Path; from demo import lock; file = lock.hold(Path({str(path)!r})); "
    first = start("-c", hold + "print('held', flush=True); time.sleep(60)")
    assert first.stdout.readline() == "held\n"

    second = start("-c", hold)
    _output, errors = second.communicate(timeout=30)
    assert second.returncode == 1
    assert errors == f"A demo is running in this folder already (process {first.pid}): end that one first.\n"

    first.kill()  # it cannot tidy up
    first.communicate(timeout=30)
    third = start("-c", hold)
    assert third.wait(timeout=30) == 0
    third.communicate()
