"""Figures as they are printed and kept: one ``name value`` line each, and the same in var/bench.json."""

import json
import os
from pathlib import Path

FILE = Path(__file__).parent.parent / "var" / "bench.json"


def is_wanted(*names: str) -> bool:
    """Whether ``ONLY`` (a beginning of a name) asks for one of these."""
    only = os.environ.get("ONLY", "")
    return any(name.startswith(only) for name in names)


class Figures:
    """Collects figures; those of an earlier run stay in the file when only some are measured anew."""

    def __init__(self) -> None:
        self.values: dict[str, float] = {}

    def add(self, name: str, value: float) -> None:
        self.values[name] = round(value, 3)
        print(f"{name} {self.values[name]:g}", flush=True)

    def save(self) -> None:
        FILE.parent.mkdir(parents=True, exist_ok=True)
        kept = json.loads(FILE.read_text()) if FILE.is_file() else {}
        FILE.write_text(json.dumps({**kept, **self.values}, indent=2, sort_keys=True) + "\n")
