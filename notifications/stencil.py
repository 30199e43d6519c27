"""Letters that differ in a few short texts only, such as a name: drawn once, and filled in for each reader.

Rendering is most of what a letter costs. A stencil is the letter rendered with tokens where those texts stand; filling puts each text
in as rendering would have done: on one line, without links, escaped in the HTML.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace

from django.utils.html import escape

from notifications import cleaning
from notifications.outbox import Drawn, NewLetter, Worded, draw
from notifications.rendering import LONGEST_SUBJECT, Rendered

LONGEST_NAME = 80  # as rendering cuts a reader's name


class Stencils:
    """Draws many letters; those of the same ``shape`` are rendered once."""

    def __init__(self) -> None:
        self._drawn: dict[Hashable, Worded] = {}

    def draw(self, make: Callable[[Mapping[str, str]], NewLetter], *, shape: Hashable, texts: Mapping[str, str]) -> Drawn:
        """``make(texts)`` is the letter with these texts in its context; ``shape`` is all else that decides how it reads.

        The reader's name and address are texts too. A text that is empty stays so: the letter may read otherwise without it.
        """
        letter = make(texts)
        held = {"": letter.name, "@": letter.to, **texts}
        tokens = {name: f"Zq{number:03}qZ" for number, (name, text) in enumerate(held.items()) if text}
        key = (shape, letter.occasion, letter.language, letter.time_zone, letter.reply_to, tuple(tokens))
        if key not in self._drawn:
            sample = make({name: tokens.get(name, "") for name in texts})
            named = replace(sample, name=tokens.get("", ""), to=letter.to)
            row = draw(named).row
            self._drawn[key] = Worded(_with_token(row, letter.to, tokens["@"]), row.note, row.last_error)
        filled = {token: _written(name, held[name]) for name, token in tokens.items()}
        stencil = self._drawn[key]
        return draw(letter, worded=replace(stencil, text=_fill(stencil.text, filled)))


def _with_token(row: object, address: str, token: str) -> Rendered:
    """The address has to be one while it is drawn; afterwards its token stands for it."""
    subject, text, html = (getattr(row, name) for name in ("subject", "text", "html"))
    return Rendered(subject, text.replace(address, token), html.replace(escape(address), token))


def _written(name: str, text: str) -> str:
    """A text as rendering writes it: the reader's name is cut, every other stands between blanks that do not count."""
    return cleaning.one_line(text).strip() if name else cleaning.one_line(text, longest=LONGEST_NAME)


def _fill(stencil: Rendered, texts: Mapping[str, str]) -> Rendered:
    subject, text, html = stencil.subject, stencil.text, stencil.html
    for token, value in texts.items():
        words = cleaning.without_links(value)
        subject, text, html = subject.replace(token, value), text.replace(token, words), html.replace(token, escape(words))
    return Rendered(cleaning.one_line(subject, longest=LONGEST_SUBJECT), text, html)
