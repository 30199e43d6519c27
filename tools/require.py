"""Say in one line which programs of the machine are missing: ``python tools/require.py gettext postgresql``."""

import shutil
import sys
from pathlib import Path

_PACKAGES = {"gettext": "gettext", "postgresql": "postgresql", "redis": "redis-server", "chromium": "chromium"}


def find(what: str) -> bool:
    if what == "postgresql":  # its server programs stand outside PATH on Debian
        return bool(shutil.which("initdb")) or any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return bool(shutil.which({"gettext": "xgettext", "redis": "redis-server", "chromium": "chromium"}[what]))


def require(*names: str) -> None:
    missing = [name for name in names if not find(name)]
    if missing:
        packages = " ".join(_PACKAGES[name] for name in missing)
        sys.exit(f"This needs {', '.join(missing)} on the machine: install it first (Debian, Ubuntu: apt-get install {packages}).")


if __name__ == "__main__":
    require(*sys.argv[1:])
