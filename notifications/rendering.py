"""Turn an occasion into subject, plain text and HTML.

How to add a letter:

1. Its name is ``<app>.<occasion>``, such as ``exhibitors.application_received``. Write one file a language into your app:
   ``<app>/templates/letters/<app>/<occasion>.ru.txt``, ``….zh-hans.txt``, ``….en.txt``. They are written, not translated: no gettext.
2. A file begins with ``{% load letters %}`` and has ``{% block subject %}`` (one line) and ``{% block text %}`` (the whole letter but the
   footer). A blank line parts paragraphs; lines that begin with ``- `` are a list. Begin the text with ``{% greeting %}``.
3. Tags: ``{% button url "label" %}`` and ``{% code value %}`` on a line of their own; ``{% fact "label" value %}`` lines make a table;
   ``{% link url "label" %}`` inside a sentence; ``{% moment value fair_zone %}``, ``{% day value %}``, ``{% days first last %}`` for times;
   ``{% quote value %}``, on a line of its own, for what a person wrote in several lines; ``{{ value|line }}`` for a name in a sentence;
   ``{% strong value %}`` for one in bold;
   ``{% said "name" %}…{% endsaid %}`` around whole words that differ from case to case: own texts have them as a placeholder.
4. Only these tags make links, buttons and tables. What users wrote is text wherever it stands: it can be neither markup nor a link.
   Write addresses through the tags: a bare ``https://`` in the text is made unclickable.
5. Send nobody to ``site_url`` to do something: the service has no pages for exhibitors, a portal of the fair may. Name the organisers as
   somebody to write to only where the fair has a reply address (``{% if fair.reply_to %}``).
6. The template sees your context and ``recipient_name``, ``recipient_email``, ``reply_to``, ``language``, ``reader_zone``, ``site_url``.
7. While it is rendered the letter's language is active: ``{{ fair.name }}`` and choices come in it, whoever's request it was.
8. ``notifications.outbox.write_letter(NewLetter(occasion="<app>.<occasion>", context={…}, …))`` does the rest.
   See it: the Letters page of the desk.
9. Register the occasion (``notifications.occasions``) with its title and its placeholders, and organisers may say it in their own words.
   A ``fair`` in the context saves the query for them, as it carries the number of the fair's own texts.
"""

import re
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.conf import settings
from django.template import Context, Template
from django.template.loader import get_template, render_to_string
from django.template.loader_tags import BlockNode
from django.utils import translation
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from notifications import cleaning
from notifications.marks import Mark, Marks
from notifications.occasions import Occasion, Scope
from notifications.wording import LONGEST_SUBJECT, Composer, Wording

_FOOTER = "\n\n-- \n"  # what mail programs know as the beginning of a signature
_BREAK = mark_safe("<br>")
_LINK = '<a href="{}" style="color:#9b1c1c;text-decoration:underline;">{}</a>'
_ADDRESS = re.compile(r"https?://[^\s<>\"]+[^\s<>\"().,;:!?。，；：！？）]")


@dataclass(frozen=True)
class Rendered:
    """One letter, ready to be sent."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Unrendered:
    """What a letter says, with marks where more than text stands."""

    subject: str
    body: str
    marks: Marks
    language: str

    def paragraphs(self) -> list[str]:
        return _paragraphs(self.body)

    def language_active(self) -> Any:
        """While it holds, names kept in three languages, choices and numbers come in the letter's language."""
        return translation.override(self.language)


def render(
    occasion: str,
    *,
    language: str,
    context: dict[str, Any],
    reader_zone: str = "UTC",
    recipient_name: str = "",
    recipient_email: str = "",
    reply_to: str = "",
) -> Rendered:
    """Write the letter of ``occasion`` as shipped. Raises TemplateDoesNotExist for an unknown occasion or language."""
    return render_shipped(occasion, Scope(context, language, reader_zone, recipient_name, recipient_email, reply_to))


def render_shipped(occasion: str, scope: Scope) -> Rendered:
    """The same for what is known together."""
    return _finished(unrendered(occasion, scope), scope)


def render_wording(wording: Wording, occasion: Occasion, scope: Scope) -> Rendered:
    """Write a letter in an organiser's own words. Raises whatever a placeholder raises that cannot be filled."""
    marks = Marks(language=scope.language)
    composer = Composer(occasion, scope, marks)
    with translation.override(scope.language):
        made = Unrendered(composer.subject(wording.subject), composer.body(wording.text), marks, scope.language)
    return _finished(made, scope)


def unrendered(occasion: str, scope: Scope, *, keeps_unsaid: bool = False) -> Unrendered:
    """What the shipped template says. Raises TemplateDoesNotExist for an unknown occasion or language."""
    marks = Marks(language=scope.language, keeps_unsaid=keeps_unsaid)
    # The letter's language, not that of whoever caused it: names kept in three languages, choices and numbers follow.
    with translation.override(scope.language):
        blocks = _blocks(f"letters/{occasion.replace('.', '/')}.{scope.language}.txt", _values(scope, marks))
    return Unrendered(blocks["subject"], blocks["text"], marks, scope.language)


def _values(scope: Scope, marks: Marks) -> dict[str, Any]:
    return {
        **scope.context,
        "recipient_name": cleaning.one_line(scope.recipient_name, longest=80),
        "recipient_email": scope.recipient_email,
        "reply_to": scope.reply_to,
        "language": scope.language,
        "reader_zone": scope.reader_zone,
        "site_url": settings.SITE_URL,
        "marks": marks,
    }


def _finished(made: Unrendered, scope: Scope) -> Rendered:
    with translation.override(scope.language):
        footer = _blocks(f"letters/footer.{scope.language}.txt", _values(scope, made.marks))["text"]
        subject = cleaning.one_line(made.marks.as_text(made.subject), longest=LONGEST_SUBJECT)
        return _draw(subject, made.body, footer, scope.language, made.marks)


def rewrite(*, subject: str, text: str, language: str) -> Rendered:
    """The letter whose plain text somebody at the desk has edited.

    Web addresses in it become links, as the buttons were written out in the text; those in what a user wrote stay parted by the
    invisible joiner that they got when the letter was rendered.
    """
    marks = Marks(language=language)
    unmarked = text.replace("\r\n", "\n").replace("\x02", "").replace("\x03", "")
    body, _line, footer = _ADDRESS.sub(lambda found: marks.leave(Mark("link", found.group())), unmarked).partition(_FOOTER)
    with translation.override(language):
        return _draw(cleaning.one_line(subject, longest=LONGEST_SUBJECT), body, footer, language, marks)


def _draw(subject: str, body: str, footer: str, language: str, marks: Marks) -> Rendered:
    said, signed = _paragraphs(body), _paragraphs(footer)
    html = render_to_string(
        "letters/base.html",
        {
            "subject": cleaning.kept_together(cleaning.without_links(subject)),
            "language": language,
            "parts": _parts(said, marks),
            "footer": _parts(signed, marks),
        },
    )
    text = f"{_plain(said, marks)}{_FOOTER}{_plain(signed, marks)}\n"
    return Rendered(subject=subject, text=text, html=html)


def _blocks(name: str, values: dict[str, Any]) -> dict[str, str]:
    template: Template = get_template(name).template  # type: ignore[attr-defined]
    context = Context(values, autoescape=False)  # plain text here; the HTML is escaped when it is made of it
    with context.bind_template(template):
        blocks: list[Any] = template.nodelist.get_nodes_by_type(BlockNode)
        return {node.name: node.nodelist.render(context).strip() for node in blocks}


def _plain(paragraphs: list[str], marks: Marks) -> str:
    return "\n\n".join(map(marks.as_text, paragraphs))


def _paragraphs(body: str) -> list[str]:
    trimmed = "\n".join(cleaning.trimmed_line(line) for line in body.splitlines())
    return [part.strip("\n") for part in re.split(r"\n{2,}", trimmed) if part.strip()]


def _parts(paragraphs: list[str], marks: Marks) -> list[dict[str, Any]]:
    """What the HTML template draws: paragraphs, lists, buttons, codes, tables of facts, also where no blank line parts them."""
    parts = []
    for paragraph in paragraphs:
        runs = groupby(enumerate(paragraph.split("\n")), lambda numbered: _kind_of(numbered[0], numbered[1], marks))
        parts += [_part(kind, [row for _number, row in run], marks) for (kind, _place), run in runs]
    return parts


def _kind_of(number: int, row: str, marks: Marks) -> tuple[str, int]:
    """What a line is a part of; a button, a code and a quote are each one by itself."""
    mark = marks.alone_on(row)
    if mark and mark.kind in ("button", "code", "quote"):
        return mark.kind, number
    if mark and mark.kind == "fact":
        return "facts", 0
    return ("list" if row.startswith("- ") else "paragraph"), 0


def _part(kind: str, rows: list[str], marks: Marks) -> dict[str, Any]:
    alone = [mark for row in rows if (mark := marks.alone_on(row))]
    match kind:
        case "button" | "code":
            return {"kind": kind, "mark": alone[0]}
        case "facts":
            return {"kind": kind, "facts": [{"label": mark.label, "value": cleaning.kept_together(mark.value)} for mark in alone]}
        case "quote":
            return {"kind": kind, "html": _lines(alone[0].value.split("\n"), marks)}
        case "list":
            return {"kind": kind, "lines": [_line(row.removeprefix("- "), marks) for row in rows]}
        case _:
            return {"kind": kind, "html": _lines(rows, marks)}


def _lines(rows: list[str], marks: Marks) -> SafeString:
    return format_html_join(_BREAK, "{}", ((_line(row, marks),) for row in rows))


def _line(row: str, marks: Marks) -> SafeString:
    """One line as HTML: what is a link is one, and everything else is escaped."""
    return format_html_join("", "{}", ((_piece(piece),) for piece in marks.pieces(row)))


def _piece(piece: str | Mark) -> SafeString:
    if isinstance(piece, str):
        return escape(cleaning.kept_together(piece))
    if piece.kind == "link":
        return format_html(_LINK, piece.value, piece.label or piece.value)
    if piece.kind == "strong":
        return format_html('<strong style="color:#1a202c;">{}</strong>', piece.value)
    return escape(cleaning.kept_together(piece.value) if piece.kind == "said" else piece.value)
