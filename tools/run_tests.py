"""`make test`, `make test-services`: pytest with the environment that each one promises."""

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

from tools.check import PRODUCTION

ROOT = Path(__file__).resolve().parent.parent
MARKS = {
    "embedded": "not race and not browser and not fuzz",
    "services": "not browser and not fuzz",
    "browser": "browser",
    "fuzz": "fuzz",
}
# What a shell or a .env may hold and a test run must not follow. An empty value counts as missing and wins over .env.
FOREIGN = [*PRODUCTION]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mode", choices=sorted(MARKS))
    parser.add_argument("pytest_arguments", nargs="*")
    options = parser.parse_args()
    environment = {**os.environ, **dict.fromkeys(FOREIGN, "")}
    if options.mode == "services":
        environment |= _services()
    processes = str(min(4, os.cpu_count() or 1)) if options.mode in ("embedded", "services", "fuzz") else "0"
    command = [sys.executable, "-m", "pytest", "-m", MARKS[options.mode], "-n", processes, "--dist", "worksteal", *options.pytest_arguments]
    if options.mode != "fuzz":
        command += ["-p", "no:schemathesis", "--ignore", "tests/fuzz"]  # every process would load it for nothing
    os.chdir(ROOT)
    try:
        return subprocess.run(command, env=environment, check=False).returncode
    except KeyboardInterrupt:
        return 130


def _services() -> dict[str, str]:
    """The addresses of PostgreSQL and Redis, after asking both."""
    import psycopg
    import redis

    database = os.environ.get("DATABASE_URL", "").strip() or "postgres://postgres@127.0.0.1:5432/postgres"
    broker = os.environ.get("REDIS_URL", "").strip() or "redis://127.0.0.1:6379/0"
    if not database.startswith(("postgres://", "postgresql://")):
        sys.exit("DATABASE_URL is no PostgreSQL: write it like postgres://postgres@127.0.0.1:5432/postgres.")
    try:
        psycopg.connect(database, connect_timeout=5).close()
    except psycopg.Error as error:
        _unreachable("PostgreSQL", "DATABASE_URL", error)
    try:
        redis.Redis.from_url(broker, socket_connect_timeout=5).ping()
    except (redis.RedisError, ValueError) as error:
        _unreachable("Redis", "REDIS_URL", error)
    return {"DATABASE_URL": database, "REDIS_URL": broker}


def _unreachable(name: str, variable: str, error: Exception) -> NoReturn:
    reason = " ".join(str(error).split())
    sys.exit(f"{name} cannot be reached ({reason}): start it, with `docker compose up -d postgres redis` for one, or set {variable}.")


if __name__ == "__main__":
    sys.exit(main())
