from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from notifications.models import Letter
from notifications.outbox import NewLetter, write_letter


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
