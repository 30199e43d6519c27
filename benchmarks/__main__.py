"""``make bench``: measures on a PostgreSQL of its own and prints one ``name value`` line a figure."""

import os
import tempfile

import django

from benchmarks import allocate
from benchmarks.figures import Figures, is_wanted
from benchmarks.postgres import running_postgres

ENVIRONMENT = {
    "DEBUG": "false",
    "SECRET_KEY": "only-for-the-benchmark-0123456789-0123456789-0123456789",
    "SITE_URL": "http://127.0.0.1",
    "ALLOWED_HOSTS": "127.0.0.1",
    "REDIS_URL": "",
    "LOG_LEVEL": "ERROR",
    "DJANGO_SETTINGS_MODULE": "config.settings",
}


def main() -> None:
    figures = Figures()
    if is_wanted("allocate"):
        allocate.measure(figures)
    if not os.environ.get("ONLY", "").startswith("allocate"):
        _measure_on_postgres(figures)
    figures.save()


def _measure_on_postgres(figures: Figures) -> None:
    with running_postgres() as postgres:
        environment = {**ENVIRONMENT, "DATABASE_URL": postgres.url}
        os.environ.update(environment)
        django.setup()
        _measure(figures, environment, postgres.pid)


def _measure(figures: Figures, environment: dict[str, str], postgres_pid: int) -> None:
    from django.core.management import call_command
    from django.db import connection

    from benchmarks import clashes, floor_plan, letters, queries, reads, reminders, schedule, starts, writes
    from benchmarks.generate import generate
    from benchmarks.processes import gunicorn
    from benchmarks.sessions import session_token

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    generate()
    schedule.generate()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    token = session_token("organiser@bench.example")
    queries.measure(figures, token=token)
    desk = writes.open_desk()
    writes.measure_queries(desk, figures)
    schedule.measure_queries(figures)
    connection.close()
    if is_wanted("application_submit", "applications_per_second", "applications_minimal"):
        quick = {**environment, "DJANGO_SETTINGS_MODULE": "benchmarks.settings"}
        with (
            tempfile.TemporaryDirectory(prefix="yarmarka-bench-broker-") as broker,
            gunicorn("config.wsgi", {**quick, "BENCH_BROKER": broker}, also=(postgres_pid,)) as server,
            gunicorn("benchmarks.minimal.wsgi", environment) as minimal,
        ):
            writes.measure(server, minimal, desk, figures)
        connection.close()
    if is_wanted("trivial", "exhibitor", "applications", "web_worker"):
        with gunicorn("config.wsgi", environment, also=(postgres_pid,)) as server, gunicorn("benchmarks.bare.wsgi", {}) as bare:
            reads.measure(reads.targets(server, bare, token=token), figures)
            figures.add("web_worker_rss_mb", server.rss_mb())
    if is_wanted("floor_plan"):
        floor_plan.build()
        floor_plan.measure_queries(figures)
        connection.close()
        with gunicorn("config.wsgi", environment, also=(postgres_pid,)) as server:
            floor_plan.measure(server, figures)
    if is_wanted("clash_check"):
        clashes.measure(figures)
        connection.close()
    if is_wanted("schedule"):
        with gunicorn("config.wsgi", environment, also=(postgres_pid,)) as server:
            schedule.measure(server, figures)
    if is_wanted("reminder_scan"):
        reminders.measure(figures)
        connection.close()
    if is_wanted("letters"):
        letters.measure(figures, environment)
    if is_wanted("cold_start", "manage_check"):
        starts.measure(figures, environment)


if __name__ == "__main__":
    main()
