"""How texts are put together in each language, and what of them does not count when they are compared."""

import re
from pathlib import Path

import pytest
from django.template import engines
from django.utils.translation import override

from api.text import fold, labelled

ROOT = Path(__file__).resolve().parents[2]
# A label in the reader's language, and a colon that only European languages write so.
BY_HAND = re.compile(r"(\}\}|(?<!end)translate [^%]*%\}|endif %\}|</(?:strong|a)>): ?(?=\{|<)|: ?</strong>")


@pytest.mark.parametrize(("language", "wanted"), [("en", "Hall: 1"), ("ru", "Hall: 1"), ("zh-hans", "Hall：1")])
def test_a_label_and_its_value_stand_as_the_language_writes_them(language, wanted):
    with override(language):
        assert labelled("Hall", 1) == wanted
        assert engines["django"].from_string("{{ label }}{% colon %}{{ value }}").render({"label": "Hall", "value": 1}) == wanted


def test_no_page_writes_the_colon_by_hand():
    pages = [page for page in ROOT.glob("*/templates/**/*.html") if "letters" not in page.parts or "admin" in page.parts]
    assert len(pages) > 50
    for page in pages:
        text = re.sub(r"\{% blocktranslate.*?endblocktranslate %\}|style=\"[^\"]*\"", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert BY_HAND.findall(text) == [], page


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ЁЛКА", "елка"),
        ("Е\u0308лка", "елка"),
        ("ＡＢＣ　１２", "abc 12"),
        ("Straße", "strasse"),
        (" a \n\t b ", "a b"),
        ("а\u200bб\u202e", "аб"),
        ("北京", "北京"),
        ("", ""),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded
    assert fold(folded) == folded
