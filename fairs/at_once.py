"""What a change of a fair or a deadline makes due at once, so that an organiser is asked before letters go.

Who is reminded of what is known above this app, which says so when it starts (``register``).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Reader(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str: ...


@dataclass(frozen=True)
class Line:
    """One letter that would go: to whom, and of what it reminds."""

    reader: Reader
    what: Sequence[str]


class Watch(Protocol):
    """Compares what is due before and after a change within one transaction."""

    def new_letters(self) -> list[Line]:
        """The letters that the change makes due at once."""

    def leave_out(self) -> int:
        """Write down that they do not go; returns how many."""


_watch: list[Callable[[int | None, int | None, datetime], Watch]] = []


def register(watch: Callable[[int | None, int | None, datetime], Watch]) -> None:
    """``watch(fair_id, deadline_id, now)``; without ``deadline_id`` it looks at the whole fair, without ``fair_id`` at one to be made."""
    _watch[:] = [watch]


def watch(*, fair_id: int | None, deadline_id: int | None = None, now: datetime) -> Watch:
    """Begin to watch a fair, or one of its deadlines, before it is changed."""
    return _watch[0](fair_id, deadline_id, now)
