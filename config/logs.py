"""What goes to the log, and what does not."""

import logging


class WithoutTraceback(logging.Filter):
    """A request that was refused on sight (a wrong host, a forged message) is worth one line: nothing of ours failed."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = None
        record.exc_text = None
        return True
