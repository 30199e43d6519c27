"""Rules that span tables or rows, held by the database itself: PostgreSQL and SQLite get triggers of the same meaning.

Triggers are no part of the migrations: on SQLite every change of a table builds the table anew and loses its triggers.
So they are taken away before ``migrate`` and laid anew after it (docs/adr/0003).
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.migrations.executor import MigrationExecutor

PREFIX = "yarmarka_"


@dataclass(frozen=True)
class Rule:
    """``violated`` is a condition over NEW (and OLD, for updates) that may never be true. Breaking it is an IntegrityError.

    ``columns`` are those whose change can break the rule; ``on_insert=False`` is for columns that may not change later.
    ``locks`` is a query for the row that the rule leans on: PostgreSQL shares it until the transaction ends, so that nobody
    changes it under a row that is not committed yet (SQLite has one writer).
    """

    name: str
    table: str
    violated: str
    columns: tuple[str, ...]
    on_insert: bool = True
    locks: str = ""

    def postgresql(self) -> Iterator[str]:
        lock = f"PERFORM 1 FROM {self.locks} FOR SHARE;" if self.locks else ""
        yield f"""
            CREATE OR REPLACE FUNCTION {PREFIX}{self.name}() RETURNS trigger LANGUAGE plpgsql AS $body$
            BEGIN
                {lock}
                IF {self.violated} THEN
                    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = '{self.name}',
                        MESSAGE = 'new row for relation "{self.table}" breaks the rule "{self.name}"';
                END IF;
                RETURN NEW;
            END $body$"""
        events = ("INSERT OR " if self.on_insert else "") + f"UPDATE OF {', '.join(self.columns)}"
        yield f"CREATE TRIGGER {PREFIX}{self.name} BEFORE {events} ON {self.table} FOR EACH ROW EXECUTE FUNCTION {PREFIX}{self.name}()"

    def sqlite(self) -> Iterator[str]:
        events = (["INSERT"] if self.on_insert else []) + [f"UPDATE OF {', '.join(self.columns)}"]
        for number, event in enumerate(events):
            yield f"""
                CREATE TRIGGER {PREFIX}{self.name}_{number} BEFORE {event} ON {self.table} FOR EACH ROW
                WHEN {self.violated}
                BEGIN SELECT RAISE(ABORT, 'breaks the rule {self.name}'); END"""


def immutable(name: str, table: str, *columns: str) -> Rule:
    """Columns that keep the value they were born with: what other rows rely on cannot be pulled away under them."""
    changed = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in columns)
    return Rule(name, table, changed, columns, on_insert=False)


@dataclass(frozen=True)
class Effect:
    """A trigger whose body is written for each database: statements that may use NEW and OLD, after the row is written.

    An empty body: that database needs no such trigger. ``sqlite_table`` is a table of the trigger's own, made before it is laid.
    """

    name: str
    table: str
    event: str  # "INSERT", "DELETE", "UPDATE" or "UPDATE OF a, b"
    on_postgresql: str
    on_sqlite: str
    when: str = ""
    deferred: bool = False  # PostgreSQL: run at commit, so that the lock it takes is the last one
    sqlite_table: str = ""

    def postgresql(self) -> Iterator[str]:
        if not self.on_postgresql:
            return
        yield f"""
            CREATE OR REPLACE FUNCTION {PREFIX}{self.name}() RETURNS trigger LANGUAGE plpgsql AS $body$
            BEGIN {self.on_postgresql}; RETURN NULL; END $body$"""
        kind = "CONSTRAINT TRIGGER" if self.deferred else "TRIGGER"
        timing = "DEFERRABLE INITIALLY DEFERRED" if self.deferred else ""
        when = f"WHEN ({self.when})" if self.when else ""
        yield (
            f"CREATE {kind} {PREFIX}{self.name} AFTER {self.event} ON {self.table} {timing} "
            f"FOR EACH ROW {when} EXECUTE FUNCTION {PREFIX}{self.name}()"
        )

    def sqlite(self) -> Iterator[str]:
        if not self.on_sqlite:
            return
        if self.sqlite_table:
            yield f"CREATE TABLE IF NOT EXISTS {self.sqlite_table}"
        when = f"WHEN {self.when}" if self.when else ""
        yield f"CREATE TRIGGER {PREFIX}{self.name} AFTER {self.event} ON {self.table} FOR EACH ROW {when} BEGIN {self.on_sqlite}; END"


@dataclass(frozen=True)
class Exclusion:
    """Rows that may not be there together, on PostgreSQL; what SQLite cannot say stands in code under a lock there.

    ``definition`` is what follows EXCLUDE. A transaction that swaps rows may put the check off: ``SET CONSTRAINTS name DEFERRED``.
    """

    name: str
    table: str
    definition: str

    def postgresql(self) -> Iterator[str]:
        yield "CREATE EXTENSION IF NOT EXISTS btree_gist"
        yield f"ALTER TABLE {self.table} ADD CONSTRAINT {PREFIX}{self.name} EXCLUDE {self.definition} DEFERRABLE INITIALLY IMMEDIATE"

    def sqlite(self) -> Iterator[str]:
        yield from ()


Kept = Rule | Effect | Exclusion
_registered: list[Kept] = []


def register(*triggers: Kept) -> None:
    """Called by each app's ``ready``; a name is registered once."""
    known = {trigger.name for trigger in _registered}
    _registered.extend(trigger for trigger in triggers if trigger.name not in known)


@contextmanager
def put_off(*names: str, using: str = "default") -> Iterator[None]:
    """Rows may break these exclusions in here, such as while two of them trade places; what is left at the end is an IntegrityError.

    Within a transaction.
    """
    connection = connections[using]
    if connection.vendor != "postgresql":
        yield
        return
    constraints = ", ".join(f"{PREFIX}{name}" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS {constraints} DEFERRED")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS {constraints} IMMEDIATE")


def install_after_migrate(using: str = "default", **signal: Any) -> None:
    """``migrate`` tells its plan; ``flush`` sends the same signal without one: it empties tables and leaves their triggers.

    Rules speak of the columns of this version, so they wait until all of its migrations are applied: after ``migrate APP 0003`` the
    database holds none of them.
    """
    if "plan" not in signal:
        return
    executor = MigrationExecutor(connections[using])
    if missing := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        if signal.get("verbosity", 1):
            text = f"The rules across tables are not laid: {len(missing)} migration(s) not applied. `migrate` lays them.\n"
            sys.stdout.write(text)
        return
    install(using)


def install(using: str = "default") -> None:
    """Lay every registered trigger whose table exists, dropping old ones first."""
    remove(using)
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for trigger in _registered:
            if trigger.table in tables:
                statements = trigger.postgresql() if connection.vendor == "postgresql" else trigger.sqlite()
                for statement in statements:
                    cursor.execute(statement)


def remove(using: str = "default", **_signal: Any) -> None:
    """Take away every trigger of ours, also those an older version laid."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE %s", [f"{PREFIX}%"])
            for name, table in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name} ON {table}")
            exclusions = "SELECT conname, conrelid::regclass::text FROM pg_constraint WHERE contype = 'x' AND conname LIKE %s"
            cursor.execute(exclusions, [f"{PREFIX}%"])
            for name, table in cursor.fetchall():
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s", [f"{PREFIX}%"])
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
