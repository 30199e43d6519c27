"""Words of a table for what has a code here: states, roles and languages as people name them, whatever language the table is in."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import gettext as _

from api.languages import LANGUAGES, supported
from api.text import fold

_SHOWN = 40  # characters of what somebody wrote, in an error about it
_LANGUAGE_WORDS = {
    **dict.fromkeys(("русский", "рус", "russian", "俄语", "俄文"), "ru"),
    **dict.fromkeys(("китайский", "кит", "chinese", "中文", "汉语"), "zh-hans"),
    **dict.fromkeys(("английский", "англ", "english", "英语", "英文"), "en"),
}


def value_of(choices: type[TextChoices], text: str, *, also: Mapping[str, str] | None = None) -> str:
    """The value of the choice that ``text`` is, or that it names in any of our languages; "" where it does neither.

    ``also`` has further words, folded, with the values they stand for.
    """
    word = fold(text)
    values = _values(choices)
    return values.get(word) or (also or {}).get(word) or values.get(word.replace(" ", "_"), "")


def choice_of(choices: type[TextChoices], text: str, *, also: Mapping[str, str] | None = None) -> str:
    """The same; raises ValueError, with the values that may be written, where it is none of them."""
    value = value_of(choices, text, also=also)
    if not value:
        raise ValueError(unknown_word(text, choices.values))
    return value


def language_of(text: str) -> str:
    """The language that ``text`` is the code of, or names; the text itself where it is none, for a check to refuse."""
    return _LANGUAGE_WORDS.get(fold(text).rstrip("."), supported(text) or text)


def known_language(text: str) -> str:
    """The language that ``text`` is the code of, or names. Raises ValueError where it is none of ours."""
    language = language_of(text)
    if language not in LANGUAGES:
        raise ValueError(unknown_word(text, LANGUAGES))
    return language


def unknown_word(text: str, known: Iterable[str]) -> str:
    """What is wrong with ``text``, and what may be written instead."""
    return _("“%(text)s” is not one of: %(names)s.") % {"text": text[:_SHOWN], "names": ", ".join(map(str, known))}


@cache
def _values(choices: type[TextChoices]) -> dict[str, str]:
    found: dict[str, str] = {}
    for value in choices.values:
        found |= {fold(word): str(value) for word in [str(value), *_labels(choices(value))]}
    return found


def _labels(choice: Any) -> Iterable[str]:
    for language in LANGUAGES:
        with translation.override(language):
            yield str(choice.label)
