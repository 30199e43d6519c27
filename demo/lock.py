"""One demo a folder: two would share one database, one scheduler's notes and one outbox. Standard library only."""

import fcntl
import os
import sys
from pathlib import Path
from typing import IO


def hold(path: Path) -> IO[str]:
    """Hold the lock for as long as the file that is returned stays open; ends the process when another one holds it.

    The system lets go of it when its holder ends, however that happens: what a dead demo has left in the file bars nobody.
    """
    path.parent.mkdir(exist_ok=True)
    file = path.open("a+", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        sys.exit(f"A demo is running in this folder already (process {file.read().strip() or 'unknown'}): end that one first.")
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file
