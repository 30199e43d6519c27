"""Marks that the letter tags leave in the rendered text, and that nothing a user wrote can imitate."""

import re
import secrets
from dataclasses import dataclass

from notifications import cleaning

_STANDS_FOR = re.compile("\x02([0-9a-f]{16}):([0-9]+)\x03")


@dataclass(frozen=True)
class Mark:
    """One thing that is more than text: a button, a link, a code, a fact, a quotation, a name in bold;
    or words that depend on the case (``said``).

    ``name``: the placeholder that stands for it in an own text.
    """

    kind: str
    value: str
    label: str = ""
    name: str = ""
    colon: str = ": "  # between label and value, as the letter's language writes it

    @property
    def is_link(self) -> bool:
        return self.kind in ("button", "link")

    def as_text(self) -> str:
        match self.kind:
            case "button":
                return f"{self.label}{self.colon.rstrip()}\n{self.value}"
            case "link":
                return f"{self.label} ({self.value})" if self.label else self.value
            case "code":
                return f"    {self.value}"
            case "fact":
                return f"{self.label}{self.colon}{self.value}"
            case "said" | "strong":
                return self.value
            case _:
                return "\n".join(f"> {line}" for line in self.value.split("\n"))


class Marks:
    """The marks of one letter. In the text stands ``STX nonce : number ETX``; the nonce is drawn anew for every letter.

    ``keeps_unsaid``: a mark is left also where the case has nothing to say, for a text that is to hold in every case.
    """

    def __init__(self, *, language: str = "en", keeps_unsaid: bool = False) -> None:
        self.keeps_unsaid = keeps_unsaid
        self._colon = "：" if language.startswith("zh") else ": "
        self._nonce = secrets.token_hex(8)
        self._kept: list[Mark] = []

    def leave(self, mark: Mark) -> str:
        """Keep ``mark`` and return what stands for it in the text."""
        if mark.is_link and not mark.value.startswith(("https://", "http://")):
            raise ValueError("A letter links to http and https addresses only.")
        value = cleaning.one_line(mark.value) if mark.is_link else cleaning.without_links(cleaning.lines(mark.value).strip())
        self._kept.append(Mark(mark.kind, value, cleaning.without_links(cleaning.one_line(mark.label)), mark.name, self._colon))
        return f"\x02{self._nonce}:{len(self._kept) - 1}\x03"

    def named(self, name: str) -> str:
        """The words with this name; '' where the case has none."""
        return next((mark.value for mark in self._kept if mark.name == name), "")

    def alone_on(self, line: str) -> Mark | None:
        """The mark that is all there is on the line."""
        found = _STANDS_FOR.fullmatch(line)
        return self._kept[int(found.group(2))] if found and found.group(1) == self._nonce else None

    def pieces(self, line: str) -> list[str | Mark]:
        """The line as plain strings (cleaned, unclickable) and marks."""
        pieces: list[str | Mark] = []
        told = 0
        for found in _STANDS_FOR.finditer(line):
            if found.group(1) == self._nonce:
                pieces += [_cleaned(line[told : found.start()]), self._kept[int(found.group(2))]]
                told = found.end()
        return [*pieces, _cleaned(line[told:])]

    def as_text(self, body: str) -> str:
        """The text with every mark written out for a reader of plain text."""
        return "\n".join(
            "".join(piece if isinstance(piece, str) else piece.as_text() for piece in self.pieces(line)) for line in body.split("\n")
        )


def _cleaned(words: str) -> str:
    return cleaning.without_links(cleaning.printable(words))
