"""Every address that the product answers, read from the resolver: what no description leaves out."""

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests.roles.world import VALUES, Corner

PREFIX = "api/v1/"


def addresses(patterns: list[Any] | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Each path as its pattern is written, and the pattern."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, path)
        else:
            yield path, pattern


def below(prefix: str) -> Iterator[tuple[str, str]]:
    """Every method and path of the views below ``prefix``, the path without it; of a plain function GET and POST."""
    seen: set[str] = set()
    for path, pattern in addresses():
        if path in seen or not path.startswith(prefix):  # the first of a path answers
            continue
        seen.add(path)
        view: Any = getattr(pattern.callback, "view_class", None) or getattr(pattern.callback, "cls", None)
        for method in view.http_method_names if view else ("get", "post"):
            if (view is None or hasattr(view, method)) and method not in ("head", "options"):
                yield method.upper(), path.removeprefix(prefix)


def filled(path: str, values: dict[str, Any]) -> str:
    """The path with a value for each name in it."""
    plain = re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(values[match[1]]), re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", path))
    return "/" + plain.replace("^", "").replace("$", "").replace("\\", "")


def address(path: str, own: Corner, **ids: Any) -> str:
    """A path of the API with the fair's slugs, and the ids of its rows unless others are given."""
    return filled(PREFIX + path, {**address_values(path, own), **ids})


def address_values(path: str, own: Corner) -> dict[str, Any]:
    """What the names in ``path`` stand for at the own fair."""
    kind = re.search(r"([\w-]+)/<id:pk>", path)
    part = re.search(r"([\w-]+)/<\w+:part>", path)
    values: dict[str, Any] = {**VALUES, "fair": own.fair.slug, "conference": own.rows["conferences.conference"][0].slug}
    values["hall"] = own.rows["fairs.hall"][0].slug
    if kind:
        values["pk"] = own.row(kind[1]).pk
    if kind and part:
        values["part"] = own.part(f"{kind[1]}/{part[1]}").pk
    return values
