"""What of a fair its next edition gets, and what stays with it: each app says so for its own models when it starts (``register``).

Every model with a way to a fair is in one of the two lists; a test refuses one that is in neither. The copying: domain/cloning.py.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db.models import Model, Q

if TYPE_CHECKING:
    from accounts.models import User
    from fairs.models import Fair


class Wish(StrEnum):
    """What is copied only where the organiser asks for it."""

    STAFF = "staff"
    CONFERENCES = "conferences"


@dataclass(frozen=True)
class Edition:
    """A fair that is being made from ``source``; its days lie ``days`` later."""

    source: "Fair"
    fair: "Fair"
    days: int
    by: "User | None"
    now: datetime

    def day(self, day: date) -> date:
        return day + timedelta(days=self.days)

    def moment(self, moment: datetime) -> datetime:
        """At the same hour on the fair's wall clock, also over a clock change."""
        return (moment.astimezone(self.source.zone) + timedelta(days=self.days)).astimezone(UTC)


@dataclass(frozen=True)
class Copied:
    """The rows of ``model`` whose ``path`` leads to the fair; what refers to rows that are copied too refers to the copies.

    ``days`` and ``moments`` are columns that move with the fair. ``prepare`` changes the copies before they are written.
    """

    model: type[Model]
    path: str = "fair"
    days: tuple[str, ...] = ()
    moments: tuple[str, ...] = ()
    only: Q | None = None
    wish: Wish | None = None
    prepare: Callable[[Sequence[Any], Edition], None] | None = None


_copied: dict[type[Model], Copied] = {}
_left: set[type[Model]] = set()


def register(*copied: Copied, left: Sequence[type[Model]] = ()) -> None:
    """Called by each app's ``ready``: what is copied of its models, and ``left``, which never are."""
    _copied.update({each.model: each for each in copied})
    _left.update(left)


def copied() -> list[Copied]:
    return list(_copied.values())


def left() -> set[type[Model]]:
    return set(_left)
