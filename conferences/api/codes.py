"""Codes out of letters, tried. None is ever guessed, and trying is stopped all the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.sign_in_limits import client_address
from api.limits import Limit

# Many delegates behind one address may confirm, and some mistype.
WRONG_CODES = Limit("delegate-code", most=50, period=timedelta(hours=1))


@contextmanager
def spending_tries(request: Any) -> Iterator[None]:
    """A try of the caller's address is spent and, unless the body raises, given back."""
    who, tried_at = client_address(request), timezone.now()
    WRONG_CODES.spend(who=who, now=tried_at)
    yield
    WRONG_CODES.give_back(who=who, now=tried_at)
