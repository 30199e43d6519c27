"""The cache in which allauth counts tries: Django's table, but a database that does not answer is said to be one."""

from collections.abc import Callable
from typing import Any

from django.core.cache.backends.db import DatabaseCache
from django.db import OperationalError, connections, router


class CountingCache(DatabaseCache):
    """Raises OperationalError for what could not be written because the database is away, or locked for too long.

    Django's answers as if somebody else held the key, and allauth takes that for too many tries: the person would be told to wait for
    a limit that nobody has reached.
    """

    def _base_set(self, *args: Any, **kwargs: Any) -> bool:
        failures: list[OperationalError] = []

        def noting(execute: Callable[..., Any], *call: Any) -> Any:
            try:
                return execute(*call)
            except OperationalError as error:
                failures.append(error)
                raise

        with connections[router.db_for_write(self.cache_model_class)].execute_wrapper(noting):
            written: bool = super()._base_set(*args, **kwargs)  # type: ignore[misc]
        if failures:
            raise failures[0]
        return written
