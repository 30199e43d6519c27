"""What letters there are, what each is called, and which placeholders an organiser's own text of it may have. Apps register theirs.

A letter whose occasion is not registered is sent as shipped, and only so; apps say of those why (``Fixed``).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """Where a placeholder may stand."""

    TEXT = "text"  # anywhere
    LINES = "lines"  # on a line of its own: what a person wrote, set apart
    LIST = "list"  # on a line of its own: becomes the lines of a list
    LINK = "link"  # as the target of a link
    CODE = "code"  # on a line of its own, and never left out: without it the letter would be of no use


@dataclass(frozen=True)
class Scope:
    """For whom and about what a letter is written."""

    context: dict[str, Any]
    language: str
    reader_zone: str = "UTC"
    recipient_name: str = ""
    recipient_email: str = ""
    reply_to: str = ""


@dataclass(frozen=True)
class Placeholder:
    """``value`` is called while the letter's language is active; what is empty takes its line out of the letter."""

    name: str
    meaning: Any
    value: Callable[[Scope], Any]
    kind: Kind = Kind.TEXT


@dataclass(frozen=True)
class Sample:
    """A real thing to preview a letter with: the ``context`` of the letter, and what else could be chosen (number, name)."""

    number: int
    context: dict[str, Any]
    choices: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Occasion:
    """``sample`` finds the example of this number at a fair (the first one for None); None when the fair has none yet.

    ``begins_with``: by language, the subject and text that an own text begins with, where the shipped template repeats parts and so cannot
    be turned back into placeholders.
    """

    name: str
    title: Any
    placeholders: tuple[Placeholder, ...]
    sample: Callable[[Any, int | None], Sample | None]
    begins_with: dict[str, tuple[str, str]] | None = None
    is_shipped: bool = True  # False: its text is always written by a person, as that of a mailing

    def placeholder(self, name: str) -> Placeholder | None:
        return next((one for one in self.placeholders if one.name == name), None)


@dataclass(frozen=True)
class Fixed:
    """A letter that goes as shipped at every fair; ``why`` tells organisers the reason in a sentence."""

    name: str
    title: Any
    why: Any


_occasions: dict[str, Occasion] = {}
_fixed: dict[str, Fixed] = {}


def register_occasions(*occasions: Occasion) -> None:
    """Offer the texts of these letters to organisers; call it in ``AppConfig.ready``."""
    _occasions.update({occasion.name: occasion for occasion in occasions})


def register_fixed(*letters: Fixed) -> None:
    """Say why these letters have no own texts; call it in ``AppConfig.ready``."""
    _fixed.update({letter.name: letter for letter in letters})


def fixed_letters() -> list[Fixed]:
    """Those that no fair says in its own words, in the order in which they were registered."""
    return list(_fixed.values())


def occasion_named(name: str) -> Occasion | None:
    return _occasions.get(name)


def shipped_occasions() -> list[Occasion]:
    """Those with a shipped text, in the order in which they were registered."""
    return [occasion for occasion in _occasions.values() if occasion.is_shipped]


def title_of(name: str) -> Any:
    """What a person calls the letters of an occasion; its name where nobody has said it."""
    known = _occasions.get(name) or _fixed.get(name)
    return known.title if known else name
