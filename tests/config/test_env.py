"""A wrong value of a setting ends every kind of process with one line that names the variable, and never with a traceback."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from tools.check import PRODUCTION

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


# Reads the variables of a process a line, and answers with how one that takes them ended and what it wrote. Each is a child that has
# loaded nothing of the settings yet, only what they import.
PROCESSES = """
import json, os, sys
import config.desk, config.env, config.openapi, csp.constants
for line in sys.stdin:
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        os.environ.update(json.loads(line))
        os.dup2(into, sys.stderr.fileno())
        try:
            import config.settings
        except SystemExit as stopped:
            os._exit(print(stopped, file=sys.stderr, flush=True) or 1)
        os._exit(0)  # without taking apart all that was loaded
    os.close(into)
    with os.fdopen(out, errors="replace") as written:
        stderr = written.read()
    print(json.dumps([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), stderr]), flush=True)
"""


def environment_of(tmp_path, **variables):
    return {
        **dict.fromkeys(PRODUCTION, ""),
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        **variables,
    }


def run(command, tmp_path, **variables):
    """A process of its own, with none of this machine's settings but ``variables``."""
    environment = {**os.environ, **environment_of(tmp_path, **variables)}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def settings_with(tmp_path_factory) -> Iterator[Callable[..., SimpleNamespace]]:
    """How a process that loads the settings with these variables ends: ``returncode`` and ``stderr``."""
    folder = tmp_path_factory.mktemp("settings")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", PROCESSES], cwd=ROOT, **pipes) as processes:

        def settings_with(**variables: str) -> SimpleNamespace:
            print(json.dumps(environment_of(folder, **variables)), file=processes.stdin, flush=True)
            returncode, stderr = json.loads(processes.stdout.readline())
            return SimpleNamespace(returncode=returncode, stderr=stderr)

        yield settings_with
        processes.stdin.close()


def assert_one_line(result, name):
    lines = result.stderr.strip().splitlines()
    assert result.returncode != 0
    assert len(lines) == 1, result.stderr
    assert lines[0].startswith(f"Yarmarka cannot start: {name} ")


WRONG = [
    ("DATABASE_URL", "mysql://user@host/name"),
    ("DATABASE_URL", "nonsense"),
    ("DATABASE_URL", "postgres://user@host:port/name"),
    ("DATABASE_URL", "postgres://[::1/name"),
    ("DATABASE_URL", "postgres://user@host"),
    ("DATABASE_URL", "postgres:///name"),
    ("DATABASE_URL", "sqlite://data/yarmarka.sqlite3"),
    ("DATABASE_URL", "sqlite://"),
    ("DATABASE_URL", "sqlite:////proc/nowhere/yarmarka.sqlite3"),
    ("DATABASE_URL", "sqlite:////tmp"),
    ("REDIS_URL", "http://localhost:6379"),
    ("REDIS_URL", "redis://"),
    ("REDIS_URL", "redis://localhost:port/0"),
    ("REDIS_URL", "redis://localhost:6379/zero"),
    ("EMAIL_URL", "imap://localhost"),
    ("EMAIL_URL", "smtp://"),
    ("EMAIL_URL", "smtp://localhost:port"),
    ("EMAIL_URL", "filemail://"),
    ("DEBUG", "maybe"),
    ("DEBUG", "1"),
    ("TRUSTED_PROXIES", "x"),
    ("TRUSTED_PROXIES", "-1"),
    ("SITE_URL", "fair.example"),
    ("SITE_URL", "https://"),
    ("SITE_URL", "https://fair.example/path"),
    ("SITE_URL", "http://localhost:port"),
    ("ALLOWED_HOSTS", " , "),
    ("ALLOWED_HOSTS", "https://fair.example"),
    ("DEFAULT_FROM_EMAIL", "nobody"),
    ("LOG_LEVEL", "loud"),
    ("SERVE_STATIC_FROM_APPS", "yes"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_is_told_in_one_line(settings_with, name, value):
    assert_one_line(settings_with(**{name: value}), name)


def test_a_long_secret_key_is_required_without_debug(settings_with):
    assert_one_line(settings_with(DEBUG="false"), "SECRET_KEY")
    assert_one_line(settings_with(DEBUG="false", SECRET_KEY="guess-me"), "SECRET_KEY")


def test_passwords_in_wrong_urls_are_not_printed(settings_with):
    for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL"):
        assert "hush" not in settings_with(**{name: "ftp://me:hush@host:port/x"}).stderr


@pytest.mark.parametrize(
    "command",
    [
        [sys.executable, "manage.py", "check"],
        [str(BIN / "gunicorn"), "config.wsgi", "--bind", "127.0.0.1:0"],
        [str(BIN / "celery"), "-A", "config", "worker"],
        [str(BIN / "celery"), "-A", "config", "beat"],
    ],
    ids=["manage.py", "gunicorn", "celery worker", "celery beat"],
)
def test_every_kind_of_process_stops_with_that_line(tmp_path, command):
    result = run(command, tmp_path, TRUSTED_PROXIES="x")
    assert result.returncode != 0
    assert "Yarmarka cannot start: TRUSTED_PROXIES is 'x': write a whole number, 0 or more." in result.stderr.splitlines()
    assert "Traceback" not in result.stderr


def test_an_empty_value_counts_as_missing(settings_with):
    assert settings_with(**dict.fromkeys(PRODUCTION, "")).returncode == 0


def test_production_values_are_taken(tmp_path):
    shown = """
from config import settings
print(settings.DATABASES["default"]["HOST"], settings.EMAIL_HOST, settings.EMAIL_USE_TLS, settings.REDIS_URL, settings.ALLOWED_HOSTS)
"""
    result = run([sys.executable, "-c", shown], tmp_path, **PRODUCTION)
    assert result.stdout == "database.example mail.example True redis://redis.example:6379/0 ['fair.example']\n"


def read_file(folder, content):
    (folder / ".env").write_text(content, encoding="utf-8")
    code = (
        "import os, pathlib, sys; from config import env; env.read_file(pathlib.Path(sys.argv[1]) / '.env'); print(os.environ['LOG_LEVEL'])"
    )
    return run([sys.executable, "-c", code, str(folder)], folder, LOG_LEVEL="ERROR")


def test_the_environment_wins_over_the_file(tmp_path):
    assert read_file(tmp_path, "# a comment\n\nLOG_LEVEL=DEBUG\n").stdout == "ERROR\n"


def test_a_line_of_the_file_that_says_nothing_is_told(tmp_path):
    assert_one_line(read_file(tmp_path, "DEBUG=true\nLOG_LEVEL = DEBUG\n"), ".env")


def test_the_example_file_names_every_variable_and_works(tmp_path):
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    for name in (*PRODUCTION, "DEMO_NOW"):
        assert f"{name}=" in example
    assert read_file(tmp_path, example).returncode == 0


def test_a_limit_beyond_the_highest_is_refused(settings_with):
    assert "LETTERS_PER_MINUTE is 100001: write 100000 at most." in settings_with(LETTERS_PER_MINUTE="100001").stderr
