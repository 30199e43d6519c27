"""Which language a reader gets, and texts that exist in three of them.

``?lang=`` wins, then ``Accept-Language``, then the signed-in person's language, then English. ``?lang=all`` asks for
every text as ``{"ru": …, "zh-hans": …, "en": …}``; messages are then still in the one language of the rest of the rule.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypedDict

from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation.trans_real import parse_accept_lang_header
from rest_framework import serializers

from api.problems import QueryRefused
from api.text import clean_text, composed_text

LANGUAGES = ("ru", "zh-hans", "en")
ALL = "all"
DEFAULT = "en"
FALLBACKS = ("en", "ru", "zh-hans")
COLUMNS = {"ru": "ru", "zh-hans": "zh_hans", "en": "en"}  # language: the end of modeltranslation's column name

_TEXT_KEYS = set(COLUMNS)

# A text in each language; '' where it is missing.
Texts = TypedDict("Texts", {"ru": str, "zh-hans": str, "en": str})


@lru_cache(maxsize=512)
def accepted_language(header: str) -> str:
    """The best of ours in an ``Accept-Language`` header, or '' when it names none: zh-CN and zh are zh-hans, ru-RU is ru."""
    for code, _quality in parse_accept_lang_header(header.lower()[:500]):
        if code == "*":
            return ""
        primary = code.split("-")[0]
        if primary == "zh":
            return "zh-hans"
        if primary in LANGUAGES:
            return primary
    return ""


def supported(code: Any) -> str:
    """``code`` as one of ours, or ''."""
    return accepted_language(code) if isinstance(code, str) else ""


def asked_language(request: Any) -> str:
    """What the request itself asks for by ``?lang=`` or ``Accept-Language``; '' when it is silent. Raises QueryRefused."""
    return _lang_parameter(request) or accepted_language(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))


def request_language(request: Any) -> str:
    """The language of this answer's texts, or ``all``. Raises QueryRefused for an unknown ``?lang=``."""
    return asked_language(request) or _persons_language(request) or DEFAULT


def message_language(request: Any) -> str:
    """The one language of messages and of texts written as a plain string: as above, never ``all``."""
    asked = _lang_parameter(request)
    if asked and asked != ALL:
        return asked
    return accepted_language(request.META.get("HTTP_ACCEPT_LANGUAGE", "")) or _persons_language(request) or DEFAULT


def language_in(context: Mapping[str, Any]) -> str:
    """The language for a serializer's ``context``: its ``language``, else its request's, else the active one."""
    if "language" in context:
        return context["language"]
    request = context.get("request")
    return request_language(request) if request is not None else active_language()


def active_language() -> str:
    """The language that messages are in just now, as one of ours."""
    return supported(translation.get_language()) or DEFAULT


def settle(request: Any) -> None:
    """Let messages speak the request's language from here on; called again when the person becomes known."""
    translation.activate(message_language(request))


def settle_early(request: Any) -> None:
    """The same for an answer that is made before, or instead of, a view; of an unknown ``?lang=`` nothing is said there.

    Without it such an answer would be in the language of whatever request this thread served before.
    """
    try:
        settle(request)
    except QueryRefused:
        translation.activate(accepted_language(request.META.get("HTTP_ACCEPT_LANGUAGE", "")) or DEFAULT)


def pick(texts: Mapping[str, str], language: str) -> str:
    """The text in ``language``, else the first of en, ru, zh-hans that is there, else ''."""
    for code in (language, *FALLBACKS):
        text = texts.get(code)
        if text:
            return text
    return ""


def texts_of(instance: Any, name: str) -> Texts:
    """The three columns ``<name>_ru``, ``<name>_zh_hans`` and ``<name>_en`` of a row (or of a dict)."""
    if isinstance(instance, Mapping):
        return {code: instance.get(f"{name}_{column}") or "" for code, column in COLUMNS.items()}  # type: ignore[return-value]
    return {code: getattr(instance, f"{name}_{column}") or "" for code, column in COLUMNS.items()}  # type: ignore[return-value]


def text_in(instance: Any, name: str, context: Mapping[str, Any]) -> str | Texts:
    """A translated column as this reader gets it: a string, or all three for ``?lang=all``."""
    language = language_in(context)
    texts = texts_of(instance, name)
    return texts if language == ALL else pick(texts, language)  # type: ignore[arg-type]


def in_language(data: Any, language: str) -> Any:
    """A representation made for ``all``, with every ``Texts`` in it replaced by its text in ``language``."""
    if isinstance(data, Mapping):
        if data.keys() == _TEXT_KEYS:
            return pick(data, language) or next(iter(data.values()))  # '' or [] where no language has anything
        return {name: in_language(value, language) for name, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [in_language(value, language) for value in data]
    return data


class TranslatedField(serializers.Field):
    """A text in three languages, kept in modeltranslation's columns ``<name>_ru``, ``<name>_zh_hans``, ``<name>_en``.

    Read: a string in the reader's language, or the object for ``?lang=all``. Written: the object (languages left out stay
    as they are) or a string, which is the text in the request's language. The validated data carry the column names, so
    ``instance.save`` and domain functions get ``name_ru=…``. ``column`` is the model's name when it differs from the field's.
    ``max_length`` holds for each language; with ``required`` or without ``allow_blank`` one language at least has a text.
    """

    default_error_messages = {
        "invalid": _("Write a string, or an object with ru, zh-hans and en."),
        "unknown_field": _("There is no such field: leave it out."),
        "max_length": _("At most {max_length} characters."),
        "blank": _("This field may not be blank."),
        "null_character": _("NUL characters are not allowed."),
    }

    def __init__(self, *, column: str = "", max_length: int = 200, allow_blank: bool = False, **kwargs: Any) -> None:
        self.column = column
        self.max_length = max_length
        self.allow_blank = allow_blank
        super().__init__(source="*", **kwargs)

    def bind(self, field_name: str, parent: Any) -> None:
        super().bind(field_name, parent)
        self.column = self.column or field_name

    def to_representation(self, value: Any) -> str | Texts:
        return text_in(value, self.column, self.context)

    def to_internal_value(self, data: Any) -> dict[str, str]:
        if isinstance(data, str):
            request = self.context.get("request")
            data = {message_language(request) if request is not None else active_language(): data}
        if not isinstance(data, Mapping):
            self.fail("invalid")
        errors: dict[str, Any] = {}
        texts: dict[str, str] = {}
        for language, text in data.items():
            try:
                texts[f"{self.column}_{COLUMNS.get(language, '')}"] = self._checked(language, text)
            except serializers.ValidationError as error:
                errors[language] = error.detail
        if errors:
            raise serializers.ValidationError(errors)
        if not self.allow_blank and not any(self._present(texts)):
            self.fail("blank")
        return texts

    def _checked(self, language: str, text: Any) -> str:
        if language not in COLUMNS:
            self.fail("unknown_field")
        if not isinstance(text, str):
            self.fail("invalid")
        if "\0" in text:
            self.fail("null_character")
        cleaned = clean_text(text).strip()
        if max(len(composed_text(text).strip()), len(cleaned)) > self.max_length:
            self.fail("max_length", max_length=self.max_length)
        return cleaned

    def _present(self, written: Mapping[str, str]) -> list[str]:
        instance = getattr(self.parent, "instance", None)
        columns = [f"{self.column}_{column}" for column in COLUMNS.values()]
        return [written[name] if name in written else (getattr(instance, name, "") or "") for name in columns]


def _lang_parameter(request: Any) -> str:
    # Most requests have no such parameter: they need not parse their query for it.
    value = request.GET.get("lang") if "lang" in request.META.get("QUERY_STRING", "") else None
    if value is None:
        return ""
    if value in LANGUAGES or value == ALL:
        return value
    raise QueryRefused({"lang": _("Choose one of ru, zh-hans, en, all.")}, code="invalid_choice")


def _persons_language(request: Any) -> str:
    user = _known_user(request)
    return supported(getattr(user, "language", "")) if user is not None and user.is_authenticated else ""


def _known_user(request: Any) -> Any:
    """The person as far as somebody asked already: the choice of a language costs no query by itself."""
    inner = getattr(request, "_request", request)
    return getattr(inner, "api_person", None)
