"""The words of organisers: a text with placeholders, in a language so small that nothing in it can reach further than its list.

``{{ company }}`` is a placeholder: a name of the occasion's list and nothing else, no dots, no filters, no tags. A blank line parts
paragraphs; lines that begin with ``- `` are a list; ``| Stand | {{ stand_number }}`` is a row of a table; ``[the rules](https://…)`` is a
link, and a button on a line of its own. A line whose placeholder is empty is left out. What stands in for a placeholder is put in after
the line has been read, so that a name can be neither markup nor a link.
"""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from notifications import cleaning
from notifications.marks import Mark, Marks
from notifications.occasions import Kind, Occasion, Placeholder, Scope

LONGEST_SUBJECT = 150  # characters
LONGEST_TEXT = 20_000
_NAME = r"\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}"
_PLACEHOLDER = re.compile(_NAME)
_LINK = re.compile(r"\[([^\[\]\n]{1,200})\]\(\s*(https?://[^\s(){}]+|" + _NAME + r")\s*\)")
_ROW = re.compile(r"\|([^|]+)\|([^|]+)\|?")
_UNSAFE = re.compile(r"\{\{[^{}\n]{0,60}(\}\})?|\}\}|\{[%#][^\n]{0,60}|[%#]\}|\]\([^\n]{0,60}")


@dataclass(frozen=True)
class Wording:
    """What an organiser wrote for one occasion in one language."""

    subject: str
    text: str


class NoValueError(Exception):
    """A placeholder of the line has no value."""


def names_in(source: str) -> set[str]:
    return {found.group(1) for found in _PLACEHOLDER.finditer(source)}


def problems(source: str, occasion: Occasion, *, is_subject: bool = False) -> list[str]:
    """What is wrong with a text, each in a sentence that says what to write instead; empty when nothing is."""
    allowed = [one for one in occasion.placeholders if one.kind == Kind.TEXT or not is_subject]
    listed = ", ".join(f"{{{{ {one.name} }}}}" for one in allowed)
    found = [
        _("There is no placeholder {{ %(name)s }} here. Allowed are: %(allowed)s.") % {"name": name, "allowed": listed}
        for name in sorted(names_in(source) - {one.name for one in allowed})
    ]
    if is_subject and len(source.strip().splitlines()) > 1:
        found.insert(0, _("A subject is one line: take the line breaks out."))
    rest = _LINK.sub("", source) if not is_subject else source
    for unsafe in dict.fromkeys(match.group().strip() for match in _UNSAFE.finditer(_PLACEHOLDER.sub("", rest))):
        if unsafe.startswith("]("):
            found.append(_("“%(piece)s” is no link: write [words](https://…), with a web address.") % {"piece": unsafe[:60]})
        else:
            text = _("“%(piece)s” cannot be used: a placeholder is a plain name in double braces. Allowed are: %(allowed)s.")
            found.append(text % {"piece": unsafe[:60], "allowed": listed})
    return found if is_subject else [*found, *_misplaced(source, occasion), *_missing(source, occasion)]


def _missing(source: str, occasion: Occasion) -> list[str]:
    """The code that the letter is written for."""
    codes = [one.name for one in occasion.placeholders if one.kind == Kind.CODE]
    return [
        _("The letter is of no use without {{ %(name)s }}: put it on a line of its own.") % {"name": name}
        for name in codes
        if name not in names_in(source)
    ]


def _misplaced(source: str, occasion: Occasion) -> list[str]:
    """Placeholders of more than a few words that do not stand alone, links that are none, and links in tables."""
    found = []
    for line in source.splitlines():
        for name in names_in(_LINK.sub("", line)):
            one = occasion.placeholder(name)
            if one and one.kind in (Kind.LINES, Kind.LIST) and not _alone(line):
                found.append(_("{{ %(name)s }} may have several lines: it stands on a line of its own.") % {"name": name})
            if one and one.kind == Kind.CODE and not _alone(line):
                found.append(_("{{ %(name)s }} stands on a line of its own.") % {"name": name})
        for link in _LINK.finditer(line):
            target = occasion.placeholder(link.group(3)) if link.group(3) else None
            if target and target.kind != Kind.LINK:
                found.append(_("{{ %(name)s }} is no web address: no link can lead there.") % {"name": target.name})
        holds_address = any((one := occasion.placeholder(name)) and one.kind == Kind.LINK for name in names_in(line))
        if _ROW.fullmatch(line.strip()) and (_LINK.search(line) or holds_address):
            found.append(_("A row of a table holds no link: put it on a line below."))
    return list(dict.fromkeys(found))


def _alone(line: str) -> str:
    """The name of the placeholder that is all there is on the line, or ''."""
    found = _PLACEHOLDER.fullmatch(line.strip())
    return found.group(1) if found else ""


class Composer:
    """Fills a wording for one reader; what is more than text is left as ``marks``. Raises ValueError for an unknown placeholder."""

    def __init__(self, occasion: Occasion, scope: Scope, marks: Marks) -> None:
        self._occasion = occasion
        self._scope = scope
        self._marks = marks
        self._values: dict[str, str] = {}

    def subject(self, source: str) -> str:
        return _PLACEHOLDER.sub(lambda found: self._text(found.group(1)), source)

    def body(self, source: str) -> str:
        lines: list[str] = []
        for line in source.splitlines():
            try:
                lines.append(self._line(line.strip()))
            except NoValueError:
                continue
        return "\n".join(lines)

    def _line(self, line: str) -> str:
        line = line.replace("\x02", "").replace("\x03", "")
        if name := _alone(line):
            return self._block(self._known(name))
        if row := _ROW.fullmatch(line):
            label, value = (self._filled(part.strip()) for part in row.groups())
            return self._marks.leave(Mark("fact", value, label))
        if link := _LINK.fullmatch(line):
            return self._link(link, kind="button")
        made, told = [], 0
        for link in _LINK.finditer(line):
            made += [self._running(line[told : link.start()]), self._link(link, kind="link")]
            told = link.end()
        return "".join([*made, self._running(line[told:])])

    def _running(self, text: str) -> str:
        """Words of a sentence; a web address among them can be followed."""

        def value(found: re.Match[str]) -> str:
            words = self._full(found.group(1))
            is_address = self._known(found.group(1)).kind == Kind.LINK
            return self._marks.leave(Mark("link", words)) if is_address else words

        return _PLACEHOLDER.sub(value, text)

    def _block(self, one: Placeholder) -> str:
        value = one.value(self._scope)
        if not value:
            raise NoValueError
        if one.kind == Kind.LINES:
            return self._marks.leave(Mark("quote", str(value)))
        if one.kind == Kind.CODE:
            return self._marks.leave(Mark("code", str(value)))
        if one.kind == Kind.LIST:
            return "\n".join(f"- {self._marks.leave(row) if isinstance(row, Mark) else cleaning.one_line(str(row))}" for row in value)
        if one.kind == Kind.LINK:
            return self._marks.leave(Mark("link", str(value)))
        return cleaning.one_line(str(value))

    def _link(self, link: re.Match[str], *, kind: str) -> str:
        label, target, name = link.groups()
        url = self._full(name) if name else target
        return self._marks.leave(Mark(kind, url, self._filled(label)))

    def _filled(self, text: str) -> str:
        return _PLACEHOLDER.sub(lambda found: self._full(found.group(1)), text)

    def _full(self, name: str) -> str:
        value = self._text(name)
        if not value:
            raise NoValueError
        return value

    def _text(self, name: str) -> str:
        if name not in self._values:
            value = self._known(name).value(self._scope)
            self._values[name] = "" if value is None else cleaning.one_line(str(value))
        return self._values[name]

    def _known(self, name: str) -> Placeholder:
        one = self._occasion.placeholder(name)
        if one is None:
            raise ValueError(f"There is no placeholder {{{{ {name} }}}}.")
        return one
