"""The tags of letter templates: see notifications/rendering.py."""

from datetime import date, datetime
from typing import Any

from django import template
from django.template import Context
from django.template.loader import get_template

from notifications import cleaning, moments
from notifications.marks import Mark

register = template.Library()


@register.filter
def line(value: Any) -> str:
    """A name on one line, whatever line breaks were typed into it."""
    return cleaning.one_line(str(value))


@register.simple_tag(takes_context=True)
def button(context: Context, url: str, label: str) -> str:
    """A button, on a line of its own."""
    return context["marks"].leave(Mark("button", url, label))


@register.simple_tag(takes_context=True)
def link(context: Context, url: str, label: object = "", count: int | None = None) -> str:
    """A link inside a sentence; with ``count``, one that says “label: count”."""
    if count is not None:
        colon = "：" if context["language"].startswith("zh") else ": "
        return context["marks"].leave(Mark("link", url, f"{label}{colon}{count}"))
    return context["marks"].leave(Mark("link", url, str(label)))


@register.simple_tag(takes_context=True)
def code(context: Context, value: str) -> str:
    """A code to be typed in, large, on a line of its own."""
    return context["marks"].leave(Mark("code", cleaning.one_line(str(value))))


@register.simple_tag(takes_context=True)
def strong(context: Context, value: Any) -> str:
    """A name in bold: what a list of several things is looked through by."""
    return context["marks"].leave(Mark("strong", cleaning.one_line(str(value))))


@register.simple_tag(takes_context=True)
def fact(context: Context, label: str, value: Any, name: str = "") -> str:
    """A row “label: value”; rows that follow each other make a table. ``name``: its placeholder in own texts, where the value alone
    does not tell which it is, as small numbers do not."""
    return context["marks"].leave(Mark("fact", cleaning.one_line(str(value)), label, name))


@register.simple_block_tag(takes_context=True)
def said(context: Context, content: str, name: str) -> str:
    """Words that depend on the case, such as what happens next: own texts have them as the placeholder ``name``. They hold no other mark.

    Words that some cases do without stand on a line of their own: an own text leaves a line out whose placeholder is empty.
    """
    marks = context["marks"]
    words = cleaning.one_line(content)
    return marks.leave(Mark("said", words, name=name)) if words or marks.keeps_unsaid else ""


@register.simple_tag(takes_context=True)
def quote(context: Context, value: str) -> str:
    """What a person wrote, set apart, with its line breaks; on a line of its own."""
    return context["marks"].leave(Mark("quote", str(value)))


@register.simple_tag(takes_context=True)
def moment(context: Context, value: datetime, fair_zone: str = "") -> str:
    """A moment in the fair's zone and in the reader's."""
    reader_zone = context["reader_zone"]
    return moments.moment_in_zones(value, fair_zone=fair_zone or reader_zone, reader_zone=reader_zone, language=context["language"])


@register.simple_tag(takes_context=True)
def day(context: Context, value: date) -> str:
    """A day, without a time zone."""
    return moments.written_day(value, language=context["language"])


@register.simple_tag(takes_context=True)
def days(context: Context, first: date, last: date) -> str:
    """The days from ``first`` to ``last``, both included, without a time zone."""
    return moments.written_days(first, last, language=context["language"])


@register.simple_tag(takes_context=True)
def greeting(context: Context) -> str:
    """The first line of the letter, with the reader's name where it is known."""
    lines = Context({"name": context["recipient_name"]}, autoescape=False)
    return get_template(f"letters/greeting.{context['language']}.txt").template.render(lines).strip()  # type: ignore[attr-defined]
