"""How placeholders get their values: by names that apps write down, never by what an organiser types."""

from collections.abc import Callable
from typing import Any

from django.template import Context
from django.template.loader import get_template

from notifications import cleaning, moments
from notifications.occasions import Scope
from notifications.rendering import unrendered

_SQUARE_METRES = {"ru": "м²", "zh-hans": "平方米"}


def value_of(path: str) -> Callable[[Scope], Any]:
    """The value that ``path`` ("placement.stand.number") leads to from the letter's context; None where a step of it is missing."""
    first, *steps = path.split(".")

    def value(scope: Scope) -> Any:
        found = scope.context.get(first)
        for step in steps:
            found = getattr(found, step, None)
            found = found() if callable(found) else found
        return found

    return value


def as_shipped(occasion: str, name: str) -> Callable[[Scope], str]:
    """The words that the shipped letter has under this name for the case (``{% said %}``), or the value of such a fact."""
    return lambda scope: unrendered(occasion, scope).marks.named(name)


def moment_of(path: str) -> Callable[[Scope], str]:
    """A moment in the fair's zone and in the reader's."""
    find = value_of(path)

    def text(scope: Scope) -> str:
        moment = find(scope)
        if not moment:
            return ""
        zone = scope.context.get("fair_zone") or scope.reader_zone
        return moments.moment_in_zones(moment, fair_zone=zone, reader_zone=scope.reader_zone, language=scope.language)

    return text


def day_of(path: str) -> Callable[[Scope], str]:
    """A day, without a time zone."""
    find = value_of(path)
    return lambda scope: moments.written_day(find(scope), language=scope.language) if find(scope) else ""


def area_of(path: str) -> Callable[[Scope], str]:
    """A number of square metres with its unit."""
    find = value_of(path)

    def text(scope: Scope) -> str:
        area = find(scope)
        if not area:
            return ""
        number = f"{float(area):g}".replace(".", "," if scope.language == "ru" else ".")
        return f"{number} {_SQUARE_METRES.get(scope.language, 'm²')}"

    return text


def greeting(scope: Scope) -> str:
    """The first line of a letter, with the reader's name where it is known."""
    name = cleaning.one_line(scope.recipient_name, longest=80)
    lines = Context({"name": name}, autoescape=False)
    return get_template(f"letters/greeting.{scope.language}.txt").template.render(lines).strip()  # type: ignore[attr-defined,no-any-return]
