import socket
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from notifications.models import Letter
from notifications.outbox import NewLetter, write_letter
from tests.notifications.smtp_sink import Sink, SinkController


@pytest.fixture
def write(db: None) -> Callable[..., Letter]:
    """Write a letter of an occasion that exists; what matters to the test is given."""

    def write(*, secret: bool = False, due_at: datetime | None = None, evenly: bool = False, **fields: Any) -> Letter:
        given: dict[str, Any] = {
            "key": "code:1",
            "to": "anna@example.org",
            "occasion": "accounts.verification_code",
            "language": "en",
            "context": {"code": "ABCD-EFGH"},
        }
        return write_letter(NewLetter(**{**given, **fields}), secret=secret, due_at=due_at, evenly=evenly)

    return write


@pytest.fixture
def sink(settings: Any, db: None) -> Iterator[Sink]:
    """A mail server that letters leave to; ``sink.taken`` and ``sink.recipients`` are what it took."""
    handler = Sink()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = SinkController(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "notifications.smtp_backend.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
    yield handler
    controller.stop()
