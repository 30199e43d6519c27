"""The worker's processes with the embedded broker, none of which takes the others along when it is killed.

Where the broker has no event loop, Celery's processes take their tasks from one pipe, and whoever waits there holds a lock: a semaphore,
which stays taken when its holder is killed, so that no process ever gets a task again. The kernel gives a record lock back.
"""

import fcntl
import tempfile
import weakref
from typing import Any

from billiard.pool import Pool
from celery.concurrency import prefork


class RecordLock:
    """Held by one process at a time, not by one thread; a process that dies holds it no longer."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  open as long as the lock is there
        weakref.finalize(self, self._file.close)

    def acquire(self, block: bool = True) -> bool:
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX if block else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        fcntl.lockf(self._file, fcntl.LOCK_UN)

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *_error: object) -> None:
        self.release()


class PipePool(Pool):
    """Billiard's own, with other locks at the ends of its pipes that many processes share."""

    def _setup_queues(self) -> None:
        super()._setup_queues()
        queues: Any = self
        queues._inqueue._rlock, queues._outqueue._wlock = RecordLock(), RecordLock()


class TaskPool(prefork.TaskPool):
    """For ``CELERY_WORKER_POOL``."""

    BlockingPool = PipePool
