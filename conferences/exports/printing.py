"""What every printed page of a conference shares: one font for Cyrillic, Chinese and Latin letters, and texts that it can set.

Noto Sans SC (SIL Open Font License, conferences/fonts/OFL.txt) is embedded as a subset: a file holds the letters that it shows.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph
from reportlab.platypus import paragraph as line_breaking

FONT = "NotoSansSC"
_FILE = Path(__file__).resolve().parent.parent / "fonts" / "NotoSansSC-Regular.ttf"
INK, GREY, LINE = HexColor("#1a1a1a"), HexColor("#5a5a5a"), HexColor("#c4c4c4")
# What the font has no sign for and another way of writing says as well.
_INSTEAD = {"₽": "руб.", "і": "i", "І": "I", "ї": "ï", "Ї": "Ï", "\t": " ", "\u00ad": "", "\u200b": "", "\u2011": "-"}
_MISSING = "□"
# In this font they are as wide as a Chinese sign, which tears a Latin or Russian word apart.
_NARROW = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})
# No line begins with these: the list that reportlab has is a Japanese one and lacks them.
line_breaking.ALL_CANNOT_START += "，：；！？"
_HAN = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")


@cache
def _signs() -> frozenset[int]:
    """The signs that the font has; reading it takes half a second, once a process."""
    font = TTFont(FONT, str(_FILE))
    pdfmetrics.registerFont(font)
    return frozenset(font.face.charToGlyph)


def use_font() -> None:
    """Make the font known to reportlab."""
    _signs()


def settable(text: str) -> str:
    """The text in signs that the font has: others by their base letter, or as an empty box that shows that something is missing."""
    signs = _signs()
    return "".join(sign if ord(sign) in signs or sign == "\n" else _other(sign, signs) for sign in text)


def _other(sign: str, signs: frozenset[int]) -> str:
    if sign in _INSTEAD:
        return _INSTEAD[sign]
    if unicodedata.category(sign) in ("Cc", "Cf", "Mn"):
        return ""
    plain = "".join(part for part in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(part))
    return plain if plain and all(ord(part) in signs for part in plain) else _MISSING


def style(size: float, *, colour: HexColor = INK, space_before: float = 0, space_after: float = 0) -> ParagraphStyle:
    return ParagraphStyle(
        f"{size}", fontName=FONT, fontSize=size, leading=size * 1.35, textColor=colour, spaceBefore=space_before, spaceAfter=space_after,
        splitLongWords=True,
    )  # fmt: skip


def paragraph(text: str, like: ParagraphStyle) -> Paragraph:
    """Lines of Chinese break between any two signs, others between words."""
    if _HAN.search(text):
        like = ParagraphStyle(f"{like.name}-han", parent=like, wordWrap="CJK")
    else:
        text = text.translate(_NARROW)
    return Paragraph(escape(settable(text)).replace("\n", "<br/>"), like)
