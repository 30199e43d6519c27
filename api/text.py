"""Text as people type it, made safe to store: one Unicode form, nothing invisible."""

import unicodedata
from collections.abc import Iterable
from typing import Any

from django.utils.translation import pgettext

# Zero-width characters and those that turn the writing direction: they hide in names and make two names look alike.
_INVISIBLE = "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff" + "".join(
    map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x2070)])
)
_CONTROLS = [code for code in [*range(0x20), *range(0x7F, 0xA0)] if chr(code) not in "\t\n\r"]
_CLEANED = {**dict.fromkeys(map(ord, _INVISIBLE)), **dict.fromkeys(_CONTROLS), 0x2028: "\n", 0x2029: "\n"}
_FULL_WIDTH_ENDS = ("。", "！", "？", "；", "：", "，", "）")


def clean_text(value: str) -> str:
    """``value`` in Unicode's composed form (NFC), without zero-width, direction and control characters; line breaks stay."""
    if value.isascii() and value.isprintable():
        return value
    return composed_text(value.translate(_CLEANED))


def composed_text(value: str) -> str:
    """``value`` in Unicode's composed form (NFC), in which its characters are counted."""
    return unicodedata.normalize("NFC", value)


def clean_line(value: str) -> str:
    """The same as one line, for names and subjects: every run of white space becomes one blank."""
    return " ".join(clean_text(value).split())


def fold(text: str) -> str:
    """``text`` without what a searcher does not mean: case, ё for е, full-width letters, runs of blanks, invisible characters."""
    # Full-width letters gain a case, and casefold may leave a form that is not composed: normalised before and after.
    plain = unicodedata.normalize("NFKC", clean_line(unicodedata.normalize("NFKC", text)).casefold())
    return " ".join(plain.replace("ё", "е").split())


def listed(names: Iterable[Any]) -> str:
    """Things of one kind as the active language lists them, the empty ones left out: a, b; а, б; 甲、乙."""
    return pgettext("between the items of a list", ", ").join(filter(None, map(str, names)))


def colon() -> str:
    """What stands between a label and its value in the active language: a blank follows it in none that is full-width."""
    return pgettext("between a label and its value", ": ")


def comma() -> str:
    """What stands between the phrases of a line in the active language; ``listed`` has what stands between names."""
    return pgettext("between the phrases of a line", ", ")


def semicolon() -> str:
    """What stands between phrases that have commas of their own."""
    return pgettext("between the phrases of a line", "; ")


def labelled(label: Any, value: Any) -> str:
    """Such as “Hall: 1” or “展厅：1”."""
    return f"{label}{colon()}{value}"


def quoted(names: Iterable[Any]) -> str:
    """Names as a sentence lists them in the language of the request: “draft”, “submitted”; «черновик», «подана»; “草稿”、“已提交”."""
    return pgettext("between the items of a list", ", ").join(pgettext("a name in a sentence", "“%s”") % name for name in names)


def sentences(*texts: Any) -> str:
    """Sentences one after the other, without the empty ones; no blank follows what is full-width, or comes before it."""
    joined = ""
    for text in filter(None, map(str, texts)):
        is_close = not joined or joined.endswith(_FULL_WIDTH_ENDS) or text.startswith("（")
        joined += text if is_close else f" {text}"
    return joined
