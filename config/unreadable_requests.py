"""What gunicorn answers to what it cannot read as a request: a problem, as everywhere (RFC 9457), and no page.

Django has not seen it by then, and nobody knows the reader's language: the texts are English.
"""

import json
from typing import Any

from gunicorn import util

_UNREADABLE = ("bad-request", "The request contains errors", "This is no HTTP request that can be read.")
_PROBLEMS = {
    414: ("address-too-long", "The address is too long", "An address has at most 8,190 bytes: search for less, or filter by fewer values."),
    431: ("headers-too-large", "The headers are too large", "A header has at most 8,190 bytes, and a request at most 100 of them."),
    500: ("server-error", "Something went wrong here", "The error was noted. Please try again later."),
}


def write_problem(sock: Any, status_int: int, reason: str, _message: str) -> None:
    """Instead of ``gunicorn.util.write_error``, which writes HTML and repeats what it was sent."""
    code, title, detail = _PROBLEMS.get(status_int, _UNREADABLE)
    body = json.dumps({"type": f"/problems/{code}", "title": title, "status": status_int, "detail": detail})
    head = [
        f"HTTP/1.1 {status_int} {reason}",
        "Connection: close",
        "Content-Type: application/problem+json",
        f"Content-Length: {len(body)}",
    ]
    util.write_nonblock(sock, "\r\n".join([*head, "", body]).encode("ascii"))
