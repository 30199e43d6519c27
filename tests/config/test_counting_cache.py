"""A sign-in while another process holds SQLite's lock for longer than one waits for it: the database is away, nobody tried too often."""

import sqlite3
from contextlib import closing, contextmanager

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has one lock for everybody who writes"),
]


@contextmanager
def somebody_else_writes():
    """The lock is held; it is waited for no longer than 20 ms instead of 20 s."""
    connection.ensure_connection()
    patience = connection.connection.execute("PRAGMA busy_timeout").fetchone()[0]
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        connection.connection.execute("PRAGMA busy_timeout = 20")
        try:
            yield
        finally:
            connection.connection.execute(f"PRAGMA busy_timeout = {patience}")


def signed_in(client):
    body = {"email": "nobody@example.org", "password": "correct horse battery 7"}
    return client.post("/_allauth/app/v1/auth/login", body, content_type="application/json")


def test_a_sign_in_says_that_the_database_is_away(client):
    with somebody_else_writes():
        refused = signed_in(client)
    assert (refused.status_code, refused["Retry-After"], refused.json()["type"]) == (503, "2", "/problems/database-away")
    assert signed_in(client).status_code == 400  # the lock is gone, and the try that was not counted is not held against anybody


def test_a_key_that_somebody_holds_is_still_no_error():
    assert cache.add("key", 1)
    assert not cache.add("key", 2)
    assert cache.get("key") == 1


def test_what_cannot_be_written_is_an_error():
    with somebody_else_writes(), pytest.raises(OperationalError):
        cache.set("key", 1)
