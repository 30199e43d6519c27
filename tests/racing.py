"""Calls that run at the same moment, each on a connection of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from django.db import connection

from api.problems import Refused


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What each call gives, or the class of the refusal it ends with."""
    together = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            together.wait(timeout=60)
            return call()
        except Refused as refusal:
            return type(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def by_many(function: Callable[[int], Any], *, times: int) -> list[Any]:
    """The same by many, each with its number."""
    return at_once(*(partial(function, number) for number in range(times)))
