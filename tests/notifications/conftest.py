from collections.abc import Callable
from typing import Any

import pytest

from notifications.models import Letter
from notifications.outbox import write_letter


@pytest.fixture
def write(db: None) -> Callable[..., Letter]:
    """Write a letter of an occasion that exists; what matters to the test is given."""

    def write(**fields: Any) -> Letter:
        given: dict[str, Any] = {
            "key": "code:1",
            "to": "anna@example.org",
            "occasion": "accounts.verification_code",
            "language": "en",
            "context": {"code": "ABCD-EFGH"},
        }
        return write_letter(**{**given, **fields})

    return write
