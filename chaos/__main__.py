"""``make chaos``: races many clients against a server of its own and prints one ``name value`` line a figure; var/chaos.json.

``ONLY=stand_race`` runs those whose name begins so; ``--short`` is what `.ci/run` takes. Ends with 1 when a figure is not what it must be.
"""

import argparse
import os
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import django
import psycopg
from psycopg import sql

from benchmarks.__main__ import ENVIRONMENT as BENCH
from benchmarks.postgres import Postgres, running_postgres
from benchmarks.redis import Redis, running_redis
from chaos.figures import Figures, is_wanted

ENVIRONMENT = {**BENCH, "DJANGO_SETTINGS_MODULE": "chaos.settings", "LOG_LEVEL": "CRITICAL", "EMAIL_URL": "smtp://127.0.0.1:9"}
ROUNDS = 50
SHORT_ROUNDS = 3
THREADS = 8
# Each letter is committed at once and nothing is ever recovered: what is raced is not the disk.
POSTGRES = ("track_commit_timestamp=on", "max_connections=200", "fsync=off")
UNGUARDED = "unguarded"  # a copy of the database without the constraints


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help=f"{SHORT_ROUNDS} rounds instead of {ROUNDS}, and nothing that takes a minute")
    is_short = parser.parse_args().short
    figures, began = Figures(), time.monotonic()
    with running_postgres(*POSTGRES) as postgres, running_redis() as redis:
        os.environ.update({**ENVIRONMENT, "DATABASE_URL": postgres.url, "REDIS_URL": redis.url})
        django.setup()
        made = _build()
        if is_wanted(
            "stand_race", "offer_race", "capacity_race", "session_race", "room_race", "idempotency", "stale_patch", "idempotency_killed"
        ):
            _race(figures, postgres.url, made, is_short=is_short)
        _fire_at_workers(figures, postgres, redis, made, is_short=is_short)
    figures.save()
    failed = figures.failed(with_seconds=not is_short)
    print(f"chaos: {time.monotonic() - began:.0f} s" + (f"; not as they must be: {', '.join(failed)}" if failed else ""))
    return 1 if failed else 0


def _build() -> Any:
    from django.core.management import call_command
    from django.db import connection

    from chaos import world

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    made = world.build()
    connection.close()
    return made


def _race(figures: Figures, url: str, made: Any, *, is_short: bool) -> None:
    from benchmarks.processes import gunicorn
    from chaos import capacity_race, offer_race, retry_race, room_race, session_race, stale_patch, stand_race

    rounds = SHORT_ROUNDS if is_short else ROUNDS
    with ExitStack() as stack:
        if is_wanted("stand_race", "room_race"):
            _copy_unguarded(url)
        server = stack.enter_context(gunicorn("config.wsgi", {}, threads=THREADS))
        if is_wanted("stand_race"):
            stand_race.measure(server, made, figures, rounds=rounds)
        if is_wanted("offer_race"):
            offer_race.measure(server, made, figures, rounds=5 * rounds if is_short else rounds)
        if is_wanted("capacity_race"):
            capacity_race.measure(server, made, figures)
        if is_wanted("session_race"):
            session_race.measure(server, figures)
        if is_wanted("room_race"):
            room_race.measure(server, made, figures, rounds=rounds)
        if is_wanted("idempotency"):
            retry_race.measure(server, made, figures)
        if is_wanted("stale_patch"):
            stale_patch.measure(server, made, figures, rounds=rounds)
        if is_wanted("idempotency_killed") and not is_short:
            retry_race.measure_killed(server, made, figures)
    if is_wanted("session_race"):
        with gunicorn("tests.chaos.unguarded_sessions", {}, threads=THREADS) as server:
            session_race.measure_unguarded(server, figures)
    if is_wanted("stand_race", "room_race"):
        _run_unguarded(figures, url, made)


def _fire_at_workers(figures: Figures, postgres: Postgres, redis: Redis, made: Any, *, is_short: bool) -> None:
    from chaos import letters_killed, postgres_restart, redis_outage, run_killed, two_beats

    with tempfile.TemporaryDirectory(prefix="yarmarka-chaos-") as name:
        folder = Path(name)
        if is_wanted("letters", "recovery"):
            letters_killed.measure(redis, figures, folder, is_short=is_short)
            if not is_short:
                letters_killed.measure_unguarded(redis, figures, folder)
        if is_wanted("run_killed", "run_woken") and not is_short:
            run_killed.measure(made, redis, figures, folder)
        if is_wanted("redis_outage") and not is_short:
            redis_outage.measure(redis, figures, folder)
        if is_wanted("postgres_restart") and not is_short:
            postgres_restart.measure(postgres, redis, figures, folder)
        if is_wanted("two_beats", "killer", "beat_down") and not is_short:
            two_beats.measure(made, redis, figures, folder)


def _copy_unguarded(url: str) -> None:
    from fairs.triggers import PREFIX

    base = url.rpartition("/")[0]
    with psycopg.connect(f"{base}/template1", autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE postgres").format(sql.Identifier(UNGUARDED)))
    with psycopg.connect(f"{base}/{UNGUARDED}", autocommit=True) as copy:
        copy.execute("ALTER TABLE exhibitors_placementday DROP CONSTRAINT stand_taken_once_a_day")
        rule = sql.Identifier(f"{PREFIX}room_one_session_at_a_time")
        copy.execute(sql.SQL("ALTER TABLE conferences_session DROP CONSTRAINT {}").format(rule))


def _run_unguarded(figures: Figures, url: str, made) -> None:
    from django.db import connection

    from benchmarks.processes import gunicorn
    from chaos import room_race, stand_race

    connection.close()
    own, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], UNGUARDED
    environment = {"DATABASE_URL": f"{url.rpartition('/')[0]}/{UNGUARDED}"}
    if is_wanted("stand_race"):
        with gunicorn("tests.chaos.unguarded", environment, threads=THREADS) as server:
            stand_race.measure_unguarded(server, made, figures, rounds=2)
    if is_wanted("room_race"):
        with gunicorn("tests.chaos.unguarded_rooms", environment, threads=THREADS) as server:
            room_race.measure_unguarded(server, made, figures, rounds=2)
    connection.close()
    connection.settings_dict["NAME"] = own


if __name__ == "__main__":
    raise SystemExit(main())
