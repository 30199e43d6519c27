"""gunicorn as a production server has it: libraries take along whatever else they find, and what only tests and tools need is not there."""

import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

REQUIREMENTS = Path(__file__).parent.parent / "requirements.txt"


def hide_what_is_not_required() -> None:
    """Whoever tries to import it is told that it is not installed."""
    required = {_name(line) for line in REQUIREMENTS.read_text().splitlines() if re.match(r"\w", line)}
    for module, distributions in packages_distributions().items():
        if module not in sys.modules and required.isdisjoint(map(_name, distributions)):
            sys.modules[module] = None  # type: ignore[assignment]  # how Python marks it


def _name(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0].lower().replace("_", "-").replace(".", "-")


if __name__ == "__main__":
    hide_what_is_not_required()
    from gunicorn.app.wsgiapp import run

    run()
