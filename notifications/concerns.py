"""Whom a letter concerns, as the apps above know it: which letters a search for a company finds, and who reads for it today."""

from collections.abc import Callable
from typing import NamedTuple

from django.db.models import Q

from notifications.models import Letter


class Present(NamedTuple):
    """Who would read the letter if it were written today."""

    name: str
    email: str
    user_id: int | None


Finder = Callable[[str], Q]
Asker = Callable[[Letter], Present | None]
finders: list[Finder] = []
_askers: list[Asker] = []


def register(find: Finder, ask: Asker) -> None:
    """``find``: the letters that concern what a query's words name. ``ask``: who reads a letter's kind today, where that is not its
    reader any more. Call it in ``ready``."""
    if find not in finders:
        finders.append(find)
        _askers.append(ask)


def present_of(letter: Letter) -> Present | None:
    """None where the letter's own address is the present one, or nobody knows another."""
    return next((found for ask in _askers if (found := ask(letter))), None)
