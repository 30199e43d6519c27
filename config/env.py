"""Settings read from the environment; a wrong value stops the start with one line that names the variable and the fix."""

import os
import re
from collections.abc import Callable
from email.utils import parseaddr
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

_reader = environ.Env()
_reader.smart_cast = False

_DATABASE_EXAMPLE = "postgres://user:password@host:5432/yarmarka or sqlite:////data/yarmarka.sqlite3"
_EMAIL_EXAMPLE = "smtp+tls://user:password@host:587 or filemail:////data/mail"
_FILE_LINE = re.compile(r"(export )?[A-Za-z_][A-Za-z_0-9]*=")
_HOST = re.compile(r"\*|\.?[A-Za-z0-9_][A-Za-z0-9_.-]*|\[[0-9a-fA-F:.]+\]")


def read_file(path: Path) -> None:
    """Take variables from a ``.env`` file; the environment itself wins over the file."""
    if not path.is_file():
        return
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        stop(path.name, "cannot be read: it must be a UTF-8 text that this process may read.")
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.startswith("#") and not _FILE_LINE.match(line):
            stop(path.name, f"has a line {number} that is not NAME=value, without spaces around the '='.")
    environ.Env.read_env(str(path))


def stop(name: str, fix: str) -> NoReturn:
    """End the process with one readable line instead of a traceback."""
    raise SystemExit(f"Yarmarka cannot start: {name} {fix}")


def text(name: str, *, default: str) -> str:
    """The value of ``name``; an empty one counts as missing."""
    return os.environ.get(name, "").strip() or default


def boolean(name: str, *, default: bool) -> bool:
    value = text(name, default=str(default)).lower()
    if value not in ("true", "false"):
        stop(name, f"is {value!r}: write 'true' or 'false'.")
    return value == "true"


def whole_number(name: str, *, default: int, highest: int | None = None) -> int:
    value = text(name, default=str(default))
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        stop(name, f"is {value[:40]!r}: write a whole number, 0 or more.")
    if highest is not None and int(value) > highest:
        stop(name, f"is {value}: write {highest} at most.")
    return int(value)


def one_of(name: str, *, default: str, choices: tuple[str, ...]) -> str:
    """One of ``choices``, in upper case."""
    value = text(name, default=default).upper()
    if value not in choices:
        stop(name, f"is {value[:40]!r}: write one of {', '.join(choices)}.")
    return value


def hosts(name: str, *, default: str) -> list[str]:
    """A comma-separated list of host names, without scheme and port."""
    found = [item.strip() for item in text(name, default=default).split(",") if item.strip()]
    for host in found:
        if not _HOST.fullmatch(host):
            stop(name, f"holds {host[:80]!r}: write host names only, such as fair.example,www.fair.example.")
    if not found:
        stop(name, "names no host: write host names separated by commas, such as fair.example.")
    return found


def sender(name: str, *, default: str) -> str:
    """An address that letters come from, such as ``Fair <fair@example.org>``."""
    value = text(name, default=default)
    address = parseaddr(value)[1]
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", address) or not value.isprintable():
        stop(name, "is no email address: write it like 'Fair <fair@example.org>'.")
    return value


def address(name: str) -> str:
    """An email address without a name, or '' for none."""
    value = text(name, default="")
    if value and not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", value):
        stop(name, "is no email address: write it like bounces@example.org.")
    return value


def secret(name: str, *, shortest: int) -> str:
    """A secret of ``shortest`` characters or more, or '' for none."""
    value = text(name, default="")
    if value and len(value) < shortest:
        stop(name, f"is shorter than {shortest} characters: write one that nobody guesses.")
    return value


def url(name: str, *, default: str, schemes: tuple[str, ...]) -> str:
    """A URL of one of ``schemes``; '' is allowed when it is the default."""
    value = text(name, default=default)
    if value and value.partition("://")[0] not in schemes:
        stop(name, f"does not begin with {' or '.join(f'{scheme}://' for scheme in schemes)}.")
    return value


def site(name: str, *, default: str) -> str:
    """The address of the site as people type it: scheme, host, port, nothing after them."""
    value = url(name, default=default, schemes=("http", "https")).rstrip("/")
    try:
        parts = urlsplit(value)
        complete = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        complete = False
    if not complete or parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        stop(name, "cannot be used: write scheme and host only, such as https://fair.example.")
    return value


def redis(name: str) -> str:
    """The address of a Redis and the number of its database, or '' for none."""
    value = url(name, default="", schemes=("redis", "rediss"))
    try:
        parts = urlsplit(value)
        readable = not value or (bool(parts.hostname) and parts.port != 0 and re.fullmatch(r"(/\d*)?", parts.path) is not None)
    except ValueError:
        readable = False
    if not readable:
        stop(name, "cannot be read: write it like redis://:password@host:6379/0.")
    return value


def database(name: str, *, default: Path) -> dict[str, Any]:
    """Django's ``DATABASES`` entry; ``default`` is the SQLite file to use when nothing is set."""
    value = url(name, default=f"sqlite:///{quote(str(default))}", schemes=("sqlite", "postgres", "postgresql"))
    if value.startswith("sqlite:") and not value.startswith("sqlite:///"):
        stop(name, "names no file: write it like sqlite:////data/yarmarka.sqlite3, with four slashes.")
    found = _parsed(name, value, _reader.db_url_config, example=_DATABASE_EXAMPLE)
    if value.startswith("sqlite:"):
        return _sqlite(name, found)
    if not found["NAME"] or not found["HOST"]:
        stop(name, f"names no host or no database: write it like {_DATABASE_EXAMPLE}.")
    return found


def _sqlite(name: str, found: dict[str, Any]) -> dict[str, Any]:
    if found["NAME"] in ("", ":memory:"):
        stop(name, "names no file, and the processes share one: write it like sqlite:////data/yarmarka.sqlite3.")
    path = Path(found["NAME"])
    if path.is_dir():
        stop(name, f"names the folder {path}: write the name of a file in it.")
    folder(name, path.parent)
    return found


def folder(name: str, path: Path) -> None:
    """Make the folder that ``name`` leads to."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        stop(name, f"leads to {path}, which cannot be made ({error.strerror}): choose a folder that this process may write to.")


def email(name: str, *, default: Path) -> dict[str, Any]:
    """Django's ``EMAIL_*`` settings: ``filemail:////folder`` writes one file a letter, ``smtp+tls://…`` sends."""
    value = url(name, default=f"filemail:///{quote(str(default))}", schemes=("filemail", "smtp", "smtp+tls", "smtp+ssl", "consolemail"))
    found = _parsed(name, value, _reader.email_url_config, example=_EMAIL_EXAMPLE)
    if value.startswith("smtp") and not found["EMAIL_HOST"]:
        stop(name, f"names no host: write it like {_EMAIL_EXAMPLE}.")
    if value.startswith("filemail:") and not found["EMAIL_FILE_PATH"]:
        stop(name, f"names no folder: write it like {_EMAIL_EXAMPLE}.")
    return found


def _parsed(name: str, value: str, parser: Callable[[str], dict[str, Any]], *, example: str) -> dict[str, Any]:
    """``parser(value)``, for a value that looks like a URL and is none: one line with an example."""
    try:
        return parser(value)
    except (ImproperlyConfigured, ValueError, KeyError, AttributeError, TypeError):
        stop(name, f"cannot be read: write it like {example}.")
