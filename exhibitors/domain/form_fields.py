"""One field of the application form as data: what it is called, what it takes and how much of it."""

from collections.abc import Callable
from typing import Any

from django.utils import translation
from django.utils.text import capfirst

from api.languages import COLUMNS, Texts

LIMITS = ("unit", "min", "max", "max_length", "max_items")


def entry(name: str, type_: str, column: Any, label: Any = None, **more: Any) -> dict[str, Any]:
    """A field with its texts in every language. ``column`` is the model's, which gives ``label`` and ``help`` where none is given."""
    return {
        "name": name,
        "type": type_,
        "label": texts(label or column.verbose_name, capfirst),
        "help": texts(more.get("help", getattr(column, "help_text", ""))),
        "required": more.get("required", False),
        **{key: more.get(key) for key in LIMITS},
        "choices": [{"code": code, "text": texts(text)} for code, text in more.get("choices", ())],
    }


def texts(text: Any, shape: Callable[[str], str] = str) -> Texts:
    """A text of gettext's in each language."""
    found = {}
    for language in COLUMNS:
        with translation.override(language):
            found[language] = shape(str(text))
    return found  # type: ignore[return-value]
