"""Processes of the worker with the embedded broker: others come in place of killed ones, and get tasks."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KILL_WHO_WAITS = """
import os, signal
from billiard.exceptions import TimeoutError
from {module} import {kind}
pool = {kind}(2)
pool.apply_async(os.getpid).get(timeout=30)
waiting = list(pool._pool)  # one of them holds the lock
for process in waiting:
    os.kill(process.pid, signal.SIGKILL)
for process in waiting:
    process.join()
try:
    pool.apply_async(os.getpid).get(timeout={within})
    print("another came", flush=True)
except TimeoutError:
    print("nobody came", flush=True)
"""


@pytest.mark.parametrize(
    ("module", "kind", "within", "says"),
    [("config.worker_pool", "PipePool", 60, "another came"), pytest.param("billiard.pool", "Pool", 1, "nobody came", id="control")],
)
def test_tasks_are_done_after_all_processes_were_killed_while_they_waited(module, kind, within, says):
    code = KILL_WHO_WAITS.format(module=module, kind=kind, within=within)
    program = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
    )
    try:
        assert program.stdout.readline().strip() == says
    finally:
        os.killpg(program.pid, signal.SIGKILL)
        program.communicate()
