"""The clock of the business.

``clock.now()`` is read at the edges (views, admin actions, tasks, commands) and handed to the domain as ``now``.
Sign-in sessions, tokens, retry pauses and logs use real time and never ask this clock.
"""

import time
from datetime import datetime, timedelta

from django.apps import apps as app_registry  # the name apps belongs to our own submodule
from django.utils import timezone

_SECONDS_BETWEEN_READS = 30.0
_known: tuple[float, timedelta] | None = None


def now() -> datetime:
    """The business moment, aware, in UTC: real time, moved by the offset that is stored with the database (demo only)."""
    return timezone.now() + offset()


def offset() -> timedelta:
    """How far the business clock stands from real time; zero everywhere but in a demo. Read from the database every 30 s."""
    global _known
    moment = time.monotonic()
    if _known is None or moment - _known[0] > _SECONDS_BETWEEN_READS:
        row = app_registry.get_model("clock", "ClockOffset").objects.order_by("pk").values_list("offset", flat=True).first()
        _known = (moment, row or timedelta(0))
    return _known[1]


def set_now(moment: datetime) -> None:
    """Let the business clock show ``moment`` from here on, for every process on this database (within 30 s)."""
    app_registry.get_model("clock", "ClockOffset").objects.update_or_create(pk=1, defaults={"offset": moment - timezone.now()})
    forget()


def is_moved() -> bool:
    """Whether the business clock differs from real time, as in a demo."""
    return offset() != timedelta(0)


def forget() -> None:
    """Drop what this process remembers, so that the next call reads the database."""
    global _known
    _known = None
