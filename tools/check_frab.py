"""Hold the programme's exports against frab's published schemas: ``python -m tools.check_frab``, a step of ``.ci/run``.

The schemas are not ours to carry along. ``FRAB_SCHEMAS`` names the folder that has ``schedule.xml.xsd`` and ``schema.json``
(github.com/voc/schedule, validator/); without it, ``../shared/data/frab`` beside the project is looked at. Where they are
missing, one line says so and nothing is held.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NEEDED = ("schedule.xml.xsd", "schema.json")


def folder() -> Path | None:
    """Where the schemas are. Ends the process when FRAB_SCHEMAS names a folder that lacks one."""
    named = os.environ.get("FRAB_SCHEMAS", "").strip()
    found = Path(named) if named else ROOT.parent / "shared" / "data" / "frab"
    if all((found / name).is_file() for name in NEEDED):
        return found
    if named:
        sys.exit(f"FRAB_SCHEMAS={named!r}: {' and '.join(NEEDED)} are not both in this folder.")
    return None


def main() -> int:
    found = folder()
    if found is None:
        print(f"SKIPPED: {' and '.join(NEEDED)} are not on this machine; FRAB_SCHEMAS can name their folder.")
        return 0
    print(f"with the schemas in {found}")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:schemathesis", "tests/conferences/exports/test_frab_schemas.py"]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "FRAB_SCHEMAS": str(found)}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
