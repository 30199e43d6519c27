"""Which days of a site are in use: apps above say so, and a site is not cut short under them. A leaf."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from fairs.units import day_text

Days = tuple[date | None, date | None]
_uses: list[tuple[Callable[[int], Days], Any]] = []


def register_use(days_of_site: Callable[[int], Days], sentence: Any) -> None:
    """``days_of_site`` takes the id of a site and returns the first and the last day in use, both None where nothing is.

    ``sentence`` tells a person what stands in the way, with %(first)s and %(last)s. Call it in ``AppConfig.ready``.
    """
    if days_of_site not in [known for known, _sentence in _uses]:
        _uses.append((days_of_site, sentence))


def in_the_way(site_id: int, *, first: date, last: date) -> Iterator[str]:
    """A sentence for every use of the site that the days ``first`` to ``last`` would leave outside."""
    for days_of_site, sentence in _uses:
        earliest, latest = days_of_site(site_id)
        if earliest is not None and latest is not None and (earliest < first or latest > last):
            yield str(sentence) % {"first": day_text(earliest), "last": day_text(latest)}
