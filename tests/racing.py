"""Calls that run at the same moment, each on a connection of its own."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.db import connection

from api.problems import Refused
from fairs.triggers import PREFIX

_CREATE = "CREATE OR REPLACE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql AS $body${}$body$"


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


@contextmanager
def without_locks(*rules: str) -> Iterator[None]:
    """These rules of the database without the lock on the row that they lean on: the control of a race."""
    names = [PREFIX + rule for rule in rules]
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname, prosrc FROM pg_proc WHERE proname = ANY(%s)", [names])
        bodies = dict(cursor.fetchall())
        assert set(bodies) == set(names)
        for name, body in bodies.items():
            unlocked = "\n".join(line for line in body.splitlines() if "FOR SHARE" not in line)
            assert unlocked != body
            cursor.execute(_CREATE.format(name, unlocked))
        try:
            yield
        finally:
            for name, body in bodies.items():
                cursor.execute(_CREATE.format(name, body))
