"""Every address that the product answers, read from the resolver: what no description leaves out."""

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


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
