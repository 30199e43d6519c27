"""Settings read from the environment; a wrong value stops the start with one line that names the variable and the fix."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import environ
from django.core.exceptions import ImproperlyConfigured

_reader = environ.Env()
_reader.smart_cast = False


def read_file(path: Path) -> None:
    """Take variables from a ``.env`` file; the environment itself wins over the file."""
    if path.is_file():
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


def whole_number(name: str, *, default: int) -> int:
    value = text(name, default=str(default))
    if not value.isascii() or not value.isdigit():
        stop(name, f"is {value!r}: write a whole number, 0 or more.")
    return int(value)


def names(name: str, *, default: str) -> list[str]:
    """A comma-separated list."""
    return [item.strip() for item in text(name, default=default).split(",") if item.strip()]


def url(name: str, *, default: str, schemes: tuple[str, ...]) -> str:
    """A URL of one of ``schemes``; '' is allowed when it is the default."""
    value = text(name, default=default)
    if value and value.partition("://")[0] not in schemes:
        stop(name, f"does not begin with {' or '.join(f'{scheme}://' for scheme in schemes)}.")
    return value


def parsed_url(name: str, value: str, parser: Callable[[str], dict[str, Any]], *, example: str) -> dict[str, Any]:
    """``parser(value)``, for a value that looks like a URL and is none: one line with an example."""
    try:
        return parser(value)
    except (ImproperlyConfigured, ValueError, KeyError, AttributeError):
        stop(name, f"cannot be read: write it like {example}.")


def database(name: str, *, default: str) -> dict[str, Any]:
    value = url(name, default=default, schemes=("sqlite", "postgres", "postgresql"))
    return parsed_url(
        name, value, _reader.db_url_config, example="postgres://user:password@host:5432/yarmarka or sqlite:////data/yarmarka.sqlite3"
    )


def email(name: str, *, default: str) -> dict[str, Any]:
    """Django's ``EMAIL_*`` settings: ``filemail:///folder`` writes one file a letter, ``smtp+tls://…`` sends."""
    value = url(name, default=default, schemes=("filemail", "smtp", "smtp+tls", "smtp+ssl", "consolemail"))
    return parsed_url(name, value, _reader.email_url_config, example="smtp+tls://user:password@host:587")
