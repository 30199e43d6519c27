"""Compile locale/*/LC_MESSAGES/*.po whose .mo is older or missing; needs no gettext."""

from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def main() -> None:
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            # Whole or not at all: a server that starts meanwhile never reads half a file.
            half = target.with_suffix(".mo.new")
            polib.pofile(str(source)).save_as_mofile(str(half))
            half.replace(target)


if __name__ == "__main__":
    main()
