"""Marks that the letter tags leave in the rendered text, and that nothing a user wrote can imitate."""

import re
import secrets
from dataclasses import dataclass

from notifications import cleaning


@dataclass(frozen=True)
class Mark:
    """One thing that is more than text: a button, a link, a code, a fact, a quotation."""

    kind: str
    value: str
    label: str = ""

    def as_text(self) -> str:
        match self.kind:
            case "button":
                return f"{self.label}:\n{self.value}"
            case "link":
                return f"{self.label} ({self.value})" if self.label else self.value
            case "code":
                return f"    {self.value}"
            case "fact":
                return f"{self.label}: {cleaning.without_links(self.value)}"
            case _:
                return "\n".join(f"> {line}" for line in cleaning.without_links(self.value).split("\n"))

    @property
    def safe_value(self) -> str:
        """The value as text that no mail program makes a link of."""
        return cleaning.without_links(self.value)


class Marks:
    """The marks of one letter. In the text stands ``STX nonce : number ETX``; the nonce is drawn anew for every letter."""

    def __init__(self) -> None:
        self._nonce = secrets.token_hex(8)
        self._kept: list[Mark] = []
        self._pattern = re.compile(f"\x02{self._nonce}:([0-9]+)\x03")

    def leave(self, mark: Mark) -> str:
        """Keep ``mark`` and return what stands for it in the text."""
        if mark.kind in ("button", "link") and not mark.value.startswith(("https://", "http://")):
            raise ValueError("A letter links to http and https addresses only.")
        self._kept.append(mark)
        return f"\x02{self._nonce}:{len(self._kept) - 1}\x03"

    def alone_on(self, line: str) -> Mark | None:
        """The mark that is all there is on the line."""
        found = self._pattern.fullmatch(line)
        return self._kept[int(found.group(1))] if found else None

    def pieces(self, line: str) -> list[str | Mark]:
        """The line as plain strings (cleaned, unclickable) and marks."""
        parts = self._pattern.split(line)
        return [
            self._kept[int(part)] if number % 2 else cleaning.without_links(cleaning.printable(part)) for number, part in enumerate(parts)
        ]

    def as_text(self, body: str) -> str:
        """The text with every mark written out for a reader of plain text."""
        return "\n".join(
            "".join(piece if isinstance(piece, str) else piece.as_text() for piece in self.pieces(line)) for line in body.split("\n")
        )
