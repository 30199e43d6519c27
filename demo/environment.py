"""What `make load` and `make demo` set in the environment. Standard library only: it runs before anything is installed."""

import os
import re
import secrets
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
PYTHON = ROOT / ".venv" / "bin" / "python"
FAIR = ROOT / "demo" / "made-in-russia-2024"


def apply() -> None:
    """Run as a live site would, with a secret of this machine; what the environment or .env sets already stays."""
    port = port_number()
    defaults = {"DEBUG": "false", "SITE_URL": f"http://localhost:{port}", "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]"}
    taken = {name for name, value in os.environ.items() if value.strip()} | _names_in_file()
    if "SECRET_KEY" not in taken:
        defaults["SECRET_KEY"] = _secret_key()
    os.environ.update({name: value for name, value in defaults.items() if name not in taken})
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def port_number() -> int:
    value = os.environ.get("PORT", "").strip() or "8000"
    if not (value.isascii() and value.isdigit() and 1 <= len(value) <= 5 and 0 < int(value) < 65536):
        sys.exit(f"PORT is {value!r}: write a number from 1 to 65535, such as PORT=8010 make demo.")
    return int(value)


def _names_in_file() -> set[str]:
    path = ROOT / ".env"
    if not path.is_file():
        return set()
    return set(re.findall(r"^(?:export )?([A-Za-z_][A-Za-z_0-9]*)=.*\S", path.read_text(encoding="utf-8", errors="replace"), re.M))


def _secret_key() -> str:
    """Made once for this copy, readable by its owner only."""
    path = VAR / "secret_key"
    if not path.is_file() or not path.read_text().strip():
        VAR.mkdir(exist_ok=True)
        new = path.with_suffix(".new")
        new.unlink(missing_ok=True)
        new.touch(mode=0o600)
        new.write_text(secrets.token_urlsafe(50))
        new.replace(path)
    return path.read_text().strip()
