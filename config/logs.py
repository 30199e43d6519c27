"""What goes to the log, and what does not."""

import logging


class WithoutTraceback(logging.Filter):
    """A request that was refused (a wrong host, a forged message, a page that is not the reader's) is worth one line: nothing of ours
    failed. What did fail, an error, keeps its traceback.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.ERROR or record.name.startswith("django.security."):
            record.exc_info = None
            record.exc_text = None
        return True
