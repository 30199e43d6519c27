"""What a start costs: CPU seconds until the first answer, and of ``manage.py check``."""

import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from statistics import median

from benchmarks.figures import Figures
from benchmarks.processes import gunicorn

TIMES = 3


def measure(figures: Figures, environment: Mapping[str, str]) -> None:
    figures.add("cold_start_cpu_seconds", median(_cold_start(environment) for _ in range(TIMES)))
    figures.add("manage_check_cpu_seconds", median(_manage_check(environment) for _ in range(TIMES)))


def _cold_start(environment: Mapping[str, str]) -> float:
    """gunicorn with one worker, from nothing to its first answer."""
    with gunicorn("config.wsgi", environment, workers=1) as server:
        return server.cpu_seconds()


def _manage_check(environment: Mapping[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "manage.py", "check"], env={**os.environ, **environment}, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)
