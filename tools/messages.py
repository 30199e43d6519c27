"""The message files locale/{ru,zh_Hans}: ``refresh`` brings them up to the code, ``check`` names what has no translation.

The admin's theme (Unfold) ships no message files, so its strings stand in ours, save those that Django translates already.
So do the sentences of other libraries that foreign_messages.py names.
"""

import argparse
import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib

from tools.foreign_messages import FOREIGN_MESSAGES, FOREIGN_PLURALS
from tools.require import require

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("ru", "zh_Hans")
APPS = ("accounts", "allocations", "api", "clock", "conferences", "config", "exhibitors", "fairs", "notifications")
THEME = "unfold"  # the folder its sources get in the copy, and so the beginning of its locations
FOREIGN = "foreign_messages.py"
_GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"}
_PLACEHOLDER = re.compile(r"%\(\w+\)[sdr]|%[sd]|(?<!\{)\{\w*(?::\w+)?\}(?!\})")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["refresh", "check"])
    what = parser.parse_args().what
    require("gettext")
    if hidden := list(_hidden()):
        sys.exit("xgettext does not look into f-strings; take these messages out of them:\n" + "\n".join(hidden))
    with tempfile.TemporaryDirectory(prefix="yarmarka-messages-") as folder:
        copy = Path(folder)
        _copy_sources(copy)
        _extract(copy)
        files = {language: _without_known(copy, language) for language in LANGUAGES}
    if what == "refresh":
        return _write(files)
    return _report(files)


def _hidden() -> Iterator[str]:
    """Where a message stands inside an f-string: it would never be extracted."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            for text in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(text, ast.JoinedStr) and any(_is_message(node) for node in ast.walk(text)):
                    yield f"{path.relative_to(ROOT)}:{text.lineno}"


def _is_message(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _GETTEXT


def _copy_sources(copy: Path) -> None:
    for app in APPS:
        _copy_texts(ROOT / app, copy / app)
    for source, name in _theme_folders():
        _copy_texts(source, copy / name)
    calls = [f"_({sentence!r})\n" for sentence in FOREIGN_MESSAGES] + [f"ngettext({one!r}, {many!r}, n)\n" for one, many in FOREIGN_PLURALS]
    (copy / FOREIGN).write_text("".join(calls), encoding="utf-8")
    if (ROOT / "locale").is_dir():
        shutil.copytree(ROOT / "locale", copy / "locale", ignore=shutil.ignore_patterns("*.mo"))
    for language in LANGUAGES:
        (copy / "locale" / language / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)


def _theme_folders() -> list[tuple[Path, str]]:
    """The theme itself and those of its parts that are installed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.conf import settings
    from django.utils.module_loading import import_string

    theme = Path(import_string("unfold.__file__")).parent
    parts = [app.removeprefix("unfold.contrib.") for app in settings.INSTALLED_APPS if app.startswith("unfold.contrib.")]
    core = [(path, f"{THEME}/{path.name}") for path in theme.iterdir() if path.name not in ("contrib", "static", "__pycache__")]
    return [*core, *((theme / "contrib" / part, f"{THEME}/contrib/{part}") for part in parts)]


def _copy_texts(source: Path, target: Path) -> None:
    if source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        return
    skipped = shutil.ignore_patterns("migrations", "static", "__pycache__", "*.mo", "*.pyc", "*.js", "*.css")
    shutil.copytree(source, target, ignore=skipped)


def _extract(copy: Path) -> None:
    languages = [option for language in LANGUAGES for option in ("--locale", language)]
    command = [sys.executable, "-m", "django", "makemessages", *languages, "--no-obsolete", "--no-wrap", "--add-location", "file"]
    env = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    result = subprocess.run(command, cwd=copy, env=env, capture_output=True, text=True, check=False)
    if result.returncode:
        sys.exit(f"The messages could not be extracted:\n{result.stdout}{result.stderr}")


def _without_known(copy: Path, language: str) -> polib.POFile:
    """What was extracted, without the theme's strings that Django's own catalogues translate."""
    file = polib.pofile(str(copy / "locale" / language / "LC_MESSAGES" / "django.po"), wrapwidth=0)
    known = _known_to_django(language)
    for entry in list(file):
        of_theme_alone = all(place.startswith(f"{THEME}/") for place, _line in entry.occurrences)
        if of_theme_alone and (entry.msgctxt, entry.msgid) in known:
            file.remove(entry)
    return file


def _known_to_django(language: str) -> set[tuple[str | None, str]]:
    import django

    folder = Path(django.__file__).parent
    files = [folder / "conf" / "locale", folder / "contrib" / "admin" / "locale", folder / "contrib" / "auth" / "locale"]
    return {
        (entry.msgctxt, entry.msgid)
        for locale in files
        for entry in polib.mofile(str(locale / language / "LC_MESSAGES" / "django.mo"))
        if entry.msgstr or entry.msgstr_plural
    }


def _write(files: dict[str, polib.POFile]) -> int:
    for language, file in files.items():
        target = ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
        target.parent.mkdir(parents=True, exist_ok=True)
        file.metadata = {name: value for name, value in file.metadata.items() if name != "POT-Creation-Date"}
        file.metadata_is_fuzzy = False
        file.save(str(target))
        open_entries = sum(1 for entry in file if not entry.translated())
        print(f"{target.relative_to(ROOT)}: {len(file)} messages, {open_entries} without translation")
    return 0


def _report(files: dict[str, polib.POFile]) -> int:
    problems = [f"{language}: {problem}" for language, file in files.items() for entry in file for problem in _problems(entry)]
    print("\n".join(problems) or "Every message has its translations.")
    if problems:
        print(f"{len(problems)} to mend: `make messages`, then write the translations in locale/.")
    return 1 if problems else 0


def _problems(entry: polib.POEntry) -> list[str]:
    place = entry.occurrences[0][0] if entry.occurrences else "?"
    if "fuzzy" in entry.flags:
        return [f"fuzzy: {entry.msgid!r} ({place})"]
    if not entry.translated():
        return [f"missing: {entry.msgid!r} ({place})"]
    wanted = set(_PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    if entry.msgid_plural:  # a form may say its number in words: only foreign placeholders count
        wrong = [text for text in entry.msgstr_plural.values() if set(_PLACEHOLDER.findall(text)) - wanted]
    else:
        wrong = [entry.msgstr] if set(_PLACEHOLDER.findall(entry.msgstr)) != wanted else []
    return [f"other placeholders: {entry.msgid!r} → {text!r}" for text in wrong]


if __name__ == "__main__":
    sys.exit(main())
