"""`make check`: everything that can be told without running the product. Goes on after a failure, so that one run shows all."""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tools.require import require

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

# As a live site is set up. Every variable is named, so that no .env of the machine has a say.
PRODUCTION = {
    "DEBUG": "false",
    "SECRET_KEY": secrets.token_urlsafe(60),
    "SITE_URL": "https://fair.example",
    "ALLOWED_HOSTS": "fair.example",
    "DATABASE_URL": "postgres://yarmarka@database.example/yarmarka",
    "REDIS_URL": "redis://redis.example:6379/0",
    "EMAIL_URL": "smtp+tls://yarmarka@mail.example:587",
    "TRUSTED_PROXIES": "1",
    "DEFAULT_FROM_EMAIL": "",
    "LOG_LEVEL": "",
    "MEDIA_ROOT": "",
    "SERVE_STATIC_FROM_APPS": "",
}


def main() -> int:
    require("gettext")
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory(prefix="yarmarka-check-") as folder:
        embedded = {**dict.fromkeys(PRODUCTION, ""), "DATABASE_URL": f"sqlite:///{folder}/empty.sqlite3"}
        failed = [name for name, command, env in _steps(embedded) if not _passes(name, command, env)]
    print(f"\nFailed: {', '.join(failed)}." if failed else "\nAll checks passed.")
    return 1 if failed else 0


def _steps(embedded: dict[str, str]) -> list[tuple[str, list[str], dict[str, str]]]:
    manage = [sys.executable, "manage.py"]
    return [
        ("nothing kept that is ignored", ["sh", "-c", "git ls-files --cached --ignored --exclude-standard | { ! grep . ; }"], {}),
        ("lint", [str(BIN / "ruff"), "check", "."], {}),
        ("format", [str(BIN / "ruff"), "format", "--check", "."], {}),
        ("types", [str(BIN / "mypy"), "."], embedded),
        ("dependencies", [str(BIN / "deptry"), "."], {}),
        ("import direction", [str(BIN / "lint-imports")], embedded),
        ("production settings", [*manage, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
        ("migrations", [*manage, "makemigrations", "--check", "--dry-run"], embedded),
        ("translations", [sys.executable, "-m", "tools.messages", "check"], embedded),
        ("API schema", [*manage, "spectacular", "--validate", "--fail-on-warn", "--file", os.devnull], embedded),
    ]


def _passes(name: str, command: list[str], env: dict[str, str]) -> bool:
    began = time.monotonic()
    result = subprocess.run(
        command,
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    is_good = result.returncode == 0
    print(f"{'ok  ' if is_good else 'FAIL'}  {name}  ({time.monotonic() - began:.1f} s)", flush=True)
    if not is_good:
        print("\n".join(f"      {line}" for line in result.stdout.strip().splitlines()[-60:]), flush=True)
    return is_good


if __name__ == "__main__":
    sys.exit(main())
