"""How many SQL queries an answer needs, caches cold, counted by Django's execute wrapper."""

from collections.abc import Mapping
from typing import Any

from django.core.cache import caches
from django.db import connection
from django.test import Client

import clock
from benchmarks.figures import Figures
from benchmarks.generate import SLUG


def count(path: str, headers: Mapping[str, str]) -> int:
    """Queries of one GET. Raises AssertionError unless it answers 200."""
    clock.forget()
    for cache in caches.all():
        cache.clear()
    seen: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        response = Client(headers=dict(headers)).get(path)
    assert response.status_code == 200, response.content[:300]
    return len(seen)


def measure(figures: Figures, *, token: str) -> None:
    for name, path, headers in (
        ("exhibitors_list", f"/api/v1/fairs/{SLUG}/exhibitors/", {}),
        ("applications_list", f"/api/v1/fairs/{SLUG}/applications/", {"X-Session-Token": token}),
    ):
        for size in (50, 250):
            figures.add(f"{name}_{size}_queries", count(f"{path}?page_size={size}", {"host": "127.0.0.1", **headers}))
