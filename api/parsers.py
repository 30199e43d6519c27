"""JSON bodies, taken strictly: what a database or a browser would choke on is refused here, with a pointer to it."""

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext_lazy as _
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer

from api.problems import BodyRefused, pointer

DEEPEST = 50
MOST_DIGITS = 30
# A string (also an unclosed one, so that no input is scanned twice) or a bracket.
_TOKENS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")

REASONS = {
    "not_a_number": _("NaN and Infinity are not JSON."),
    "too_many_digits": _("A number has 30 digits at most."),
    "duplicate_key": _("This name occurs twice."),
    "null_character": _("NUL characters are not allowed."),
    "invalid_unicode": _("Half of a surrogate pair is no character."),
    "too_deep": _("The body is nested deeper than 50 levels."),
    "not_utf8": _("The body is not UTF-8."),
    "not_json": _("The body is not JSON."),
}


class _Bad:
    """Stands in the parsed tree where something was wrong, so that the walk can tell the place."""

    def __init__(self, code: str) -> None:
        self.code = code


class StrictJSONParser(BaseParser):
    """Refuses NaN, duplicate keys, NUL, broken Unicode, depth over 50 and numbers over 30 digits; never recurses deeply."""

    media_type = "application/json"
    renderer_class = JSONRenderer

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        raw = _read(stream)
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise refusal("not_utf8") from error
        return parse_json(text)


def parse_json(text: str) -> Any:
    """The value of ``text``. Raises BodyRefused (400)."""
    _check_depth(text)
    found: list[_Bad] = []
    try:
        value = json.loads(
            text,
            parse_constant=lambda _name: _note(found, "not_a_number"),
            parse_int=lambda digits: int(digits) if len(digits.lstrip("-")) <= MOST_DIGITS else _note(found, "too_many_digits"),
            parse_float=lambda digits: _number(found, digits),
            object_pairs_hook=lambda pairs: _object(found, pairs),
        )
    except ValueError as error:
        raise refusal("not_json") from error
    if found or "\\u" in text:
        _walk(value)
    return value


def refusal(code: str, *path: Any) -> BodyRefused:
    return BodyRefused(REASONS[code], code=code, pointer=pointer(*path))


def _read(stream: Any) -> bytes:
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    raw = stream.read() if limit is None else stream.read(limit + 1)
    if limit is not None and len(raw) > limit:
        raise RequestDataTooBig
    return raw


def _check_depth(text: str) -> None:
    if text.count("[") + text.count("{") <= DEEPEST:
        return
    depth = 0
    for token in _TOKENS.finditer(text):
        if token[0] in "[{":
            depth += 1
            if depth > DEEPEST:
                raise refusal("too_deep")
        elif token[0] in "]}":
            depth -= 1


def _note(found: list[_Bad], code: str) -> _Bad:
    found.append(_Bad(code))
    return found[-1]


def _number(found: list[_Bad], digits: str) -> Any:
    if sum(character.isdigit() for character in digits[:100]) > MOST_DIGITS or len(digits) > 100:
        return _note(found, "too_many_digits")
    value = float(digits)
    return value if math.isfinite(value) else _note(found, "too_many_digits")


def _object(found: list[_Bad], pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        seen: set[str] = set()
        for name, _value in pairs:
            if name in seen:
                result[name] = _note(found, "duplicate_key")
            seen.add(name)
    return result


def _walk(value: Any, *path: Any) -> None:
    if isinstance(value, _Bad):
        raise refusal(value.code, *path)
    if isinstance(value, str):
        _check_string(value, path)
    elif isinstance(value, dict):
        for name, inner in value.items():
            _check_string(name, path)
            _walk(inner, *path, name)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _walk(inner, *path, index)


def _check_string(value: str, path: tuple[Any, ...]) -> None:
    if "\0" in value:
        raise refusal("null_character", *path)
    if _SURROGATE.search(value):
        raise refusal("invalid_unicode", *path)
