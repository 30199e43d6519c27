"""The shipped text of a letter as an organiser may change it: with placeholders where the values of an example stand."""

import re
from typing import Any

from notifications.marks import Mark
from notifications.occasions import Kind, Occasion, Scope
from notifications.rendering import Unrendered, unrendered
from notifications.wording import Wording

_JOINER = "\u2060"
_WORD = "A-Za-zА-Яа-яЁё0-9"
# A bare number is the application's only where the text says so.
_NUMBERED = r"(?<=№ )|(?<=编号为 )|(?<=№\u00a0)|(?<=No\. )|(?<=编号 )|(?<=编号：)|(?<=编号)"


def shipped_wording(occasion: Occasion, scope: Scope) -> Wording:
    """What the shipped template says of the example in ``scope``, its values put back into placeholders.

    What the template says on a condition is there as it holds for the example.
    """
    if occasion.begins_with:
        return Wording(*occasion.begins_with[scope.language])
    made = unrendered(occasion.name, scope, keeps_unsaid=True)
    kinds = {one.name: one.kind for one in occasion.placeholders}
    with made.language_active():
        values = {one.name: str(one.value(scope) or "") for one in occasion.placeholders if one.kind != Kind.LIST}
    short = {name: " ".join(value.split()) for name, value in values.items() if value and kinds[name] in (Kind.TEXT, Kind.LINK, Kind.CODE)}
    quotes = {name: value.strip() for name, value in values.items() if value and kinds[name] == Kind.LINES}
    back = _Back(occasion, short, quotes)
    return Wording(subject=back.line(made, made.subject), text=back.body(made))


class _Back:
    def __init__(self, occasion: Occasion, texts: dict[str, str], quotes: dict[str, str]) -> None:
        self._occasion = occasion
        self._names: dict[str, str] = {}
        for name, value in texts.items():
            self._names.setdefault(value, name)
        self._quotes = {value: name for name, value in quotes.items()}
        self._list = next((one.name for one in occasion.placeholders if one.kind == Kind.LIST), "")
        parts = sorted((value for value in self._names if len(value) > 1 or value.isdigit()), key=len, reverse=True)
        self._pattern = re.compile("|".join(_pattern(value) for value in parts)) if parts else None

    def body(self, made: Unrendered) -> str:
        return "\n\n".join(self._paragraph(made, paragraph.split("\n")) for paragraph in made.paragraphs())

    def _paragraph(self, made: Unrendered, rows: list[str]) -> str:
        if self._list and all(row.startswith("- ") for row in rows):
            return f"{{{{ {self._list} }}}}"
        return "\n".join(self.line(made, row) for row in rows)

    def line(self, made: Unrendered, row: str) -> str:
        return "".join(self._mark(piece) if isinstance(piece, Mark) else self._text(piece) for piece in made.marks.pieces(row)).strip()

    def _mark(self, mark: Mark) -> str:
        named = f"{{{{ {mark.name} }}}}" if self._occasion.placeholder(mark.name) else ""
        if mark.kind == "fact":
            return f"| {mark.label} | {named or self._exact(mark.value) or self._text(mark.value)}"
        if mark.kind == "said":
            return named or self._text(mark.value)
        if mark.is_link:
            return f"[{mark.label or mark.value}]({self._exact(mark.value) or mark.value})"
        if mark.kind == "code":
            return self._exact(mark.value) or mark.value
        if mark.kind == "quote":
            name = self._quotes.get(mark.value.replace(_JOINER, "").strip())
            return f"{{{{ {name} }}}}" if name else mark.value
        return mark.value

    def _exact(self, value: str) -> str:
        name = self._names.get(value.replace(_JOINER, ""))
        return f"{{{{ {name} }}}}" if name else ""

    def _text(self, text: str) -> str:
        plain = text.replace(_JOINER, "").replace("|", "/").replace("{{", "(").replace("}}", ")")
        if self._pattern is None:
            return plain
        return self._pattern.sub(lambda found: f"{{{{ {self._names[found.group()]} }}}}", plain)


def _pattern(value: str) -> str:
    """The value where it is a word, or a row of words, of its own."""
    escaped: Any = re.escape(value)
    if value.isdigit():
        return f"(?:{_NUMBERED}){escaped}(?![{_WORD}])"
    before = f"(?<![{_WORD}])" if re.match(f"[{_WORD}]", value[0]) else ""
    after = f"(?![{_WORD}])" if re.match(f"[{_WORD}]", value[-1]) else ""
    return f"{before}{escaped}{after}"
