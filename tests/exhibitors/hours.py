"""At which hours a walk through days looks: going by every hour costs a look at the whole fair each."""

from collections.abc import Iterable
from datetime import datetime, timedelta

HOUR = timedelta(hours=1)


def hours_to_look_at(said: Iterable[datetime], *, begin: datetime, end: datetime, every: int = 11) -> list[datetime]:
    """Of the hours counted from ``begin``: those about each moment that is said, and each ``every``-th.

    What comes an hour too early or too late is seen as such, and what nobody said at one of the others: they go through all hours of
    a day, so that what waits for somebody's morning is seen as well.
    """
    count = (end - begin) // HOUR
    about = {(at - begin) // HOUR + beside for at in said for beside in (-1, 0, 1, 2)}
    return [begin + number * HOUR for number in range(count + 1) if number in about or number % every == 0]
