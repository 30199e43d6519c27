"""User text on its way into a letter: nothing of it may become a header, a line break or an invisible character."""

import re
import unicodedata

_BREAKS = re.compile(r"\s+")
_ADDRESS_STARTS = re.compile(r"(?i)(\bwww)\.|://")
# A number and what it is counted in, or what it is the number of: «№ 7», “No. 7”, “12 m²”, «2024 г.», «8 дней»
_TOGETHER = re.compile(r"(?<=№) (?=\d)|(?<=\bNo\.) (?=\d)|(?<=\d) (?=(?:г\.|m²|м²|кВт\b|kW\b|дн(?:ей|я)\b|день\b|days?\b|天))")
_WORD_JOINER = "\u2060"
# Cc control, Cf format (bidi, zero width), Cs half of a surrogate pair, Co private use, Cn unassigned
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def one_line(value: str, *, longest: int | None = None) -> str:
    """``value`` on one line, composed (NFC), without control, bidi and zero-width characters; cut with … at ``longest`` characters."""
    spaced = _BREAKS.sub(" ", value.replace("\x00", "")).strip()  # \s covers CR, LF, VT, FF, NEL, U+2028 and U+2029
    visible = printable(unicodedata.normalize("NFC", spaced))
    if longest is not None and len(visible) > longest:
        return visible[: longest - 1].rstrip() + "…"
    return visible


def printable(value: str) -> str:
    """``value`` without the characters that nobody sees."""
    if value.isprintable():  # none of them, and no separator but the blank
        return value
    return "".join(character for character in value if unicodedata.category(character) not in _DROPPED)


def trimmed_line(line: str) -> str:
    """``line`` with runs of blanks made one; tabs and other spaces too."""
    return " ".join(line.split())


def lines(value: str) -> str:
    """``value`` with its line breaks kept, each line cleaned as ``one_line`` does."""
    return "\n".join(one_line(line) for line in value.splitlines())


def without_links(value: str) -> str:
    """Text that mail programs do not turn into links by themselves: an invisible joiner parts what would start one."""
    return _ADDRESS_STARTS.sub(lambda found: found.group().replace(".", f"{_WORD_JOINER}.").replace("://", f":{_WORD_JOINER}//"), value)


def kept_together(value: str) -> str:
    """``value`` with no line break between a number and its word, for HTML; plain text is broken by nobody."""
    return _TOGETHER.sub("\N{NO-BREAK SPACE}", value)
