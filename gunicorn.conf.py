"""What ``gunicorn config.wsgi`` takes by itself; its command line and GUNICORN_CMD_ARGS win over this file."""

import gc
from typing import Any

from gunicorn import util

from config.unreadable_requests import write_problem

util.write_error = write_problem
workers = 2
worker_class = "gthread"
threads = 4
# Loaded once, before the workers are forked: half the start and the memory, and a wrong setting ends gunicorn with one line
# instead of a worker that dies again and again. Nothing opens a connection while it loads.
preload_app = True
graceful_timeout = 10  # seconds for running requests at the end
control_socket_disable = True  # two servers on one machine would fight for the one path
limit_request_line = 8190  # bytes, the most there is: a search in Chinese takes nine bytes a character


def when_ready(server: Any) -> None:
    """What was loaded stays until the end: the collector of garbage need not look at it again, nor copy its pages in each worker."""
    gc.collect()
    gc.freeze()
