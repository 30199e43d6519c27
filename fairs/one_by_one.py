"""What a tick of the scheduler does one by one: an error with one holds up no other, and is tried again with the next tick."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError

log = logging.getLogger(__name__)

T = TypeVar("T")


def one_by_one(work: Callable[[T], int], things: Iterable[T], *, what: str) -> int:
    """The sum of what ``work`` returns, which is undone by itself where it fails. ``what`` the things are is told in the log."""
    done = 0
    for thing in things:
        try:
            done += work(thing)
        except (OperationalError, InterfaceError, SoftTimeLimitExceeded):  # no fault of this one: all that is left waits for the next tick
            raise
        except Exception:  # whatever is wrong with this one, the others are not to wait for somebody to mend it
            log.exception("%s %s waits for the next tick.", what, thing)
    return done
