"""What stays the same when a company's name is spelt otherwise: plain text in, a short key out. It asks no database.

Two keys, because two spellings may agree to the ear or to the eye. :func:`sound_key` reads Cyrillic as Latin letters would write it:
«Восток» and Vostok are one. :func:`look_key` reads letters by their shape first, and then by their sound: BOCTOK in Latin letters,
ВОСТОК and Vostok are one, and so is БОСТОК, which somebody has made of BOCTOK letter by letter. Both leave out the legal form, quotes,
punctuation, case and ё.
"""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from api.text import fold

LONGEST = 120  # characters of a key; names that differ only behind it are looked at by a person anyway

# Legal forms as whole words, in the folded spelling. Longer ones first: what is cut out of the middle of another is not.
_FORMS_WRITTEN_OUT = (
    "общество с ограниченной ответственностью", "публичное акционерное общество", "открытое акционерное общество",
    "закрытое акционерное общество", "непубличное акционерное общество", "акционерное общество", "индивидуальный предприниматель",
    "глава крестьянского (фермерского) хозяйства", "крестьянское фермерское хозяйство", "производственный кооператив",
    "limited liability company", "public joint stock company", "closed joint stock company", "open joint stock company",
    "joint stock company", "individual entrepreneur", "sole proprietor", "private limited company",
)  # fmt: skip
_FORM_WORDS = (
    "ооо оао зао пао нао ао ип кфх гк пк сппк нпо тоо чп фгуп гуп муп ooo oao zao pao nao ao ip llc lc ltd limited co company "
    "inc incorporated corp corporation jsc pjsc ojsc cjsc plc gmbh ag sa srl spa bv oy pte lp llp"
)
_FORMS = frozenset(_FORM_WORDS.split())
_CHINESE_FORMS = (
    "股份有限责任公司", "有限责任公司", "股份有限公司", "集团有限公司", "有限公司", "股份公司", "集团公司", "总公司", "分公司", "公司",
    "集团",
)  # fmt: skip

_SOUNDS = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "й": "i", "к": "k", "л": "l", "м": "m",
    "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh",
    "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya", "і": "i", "ї": "i", "є": "e", "ґ": "g", "ў": "u",
}  # fmt: skip
# Ways in which the same sound is written in Latin letters; each is brought to one of them, in this order.
_SPELLINGS = (
    ("shch", "sh"), ("sch", "sh"), ("kh", "h"), ("tch", "ch"), ("ts", "c"), ("tz", "c"), ("ck", "k"), ("ph", "f"), ("ks", "x"),
    ("j", "i"), ("y", "i"), ("w", "v"),
)  # fmt: skip

# Letters by their shape, capitals first of all: a name is mostly seen in them. Of Cyrillic and Greek to Latin.
_SHAPES = str.maketrans(
    {
        "а": "a", "в": "b", "е": "e", "к": "k", "м": "m", "н": "h", "о": "o", "р": "p", "с": "c", "т": "t", "у": "y", "х": "x",
        "і": "i", "ј": "j", "ѕ": "s", "ԁ": "d", "һ": "h", "з": "3", "б": "6",
        "α": "a", "β": "b", "ε": "e", "ζ": "z", "η": "h", "ι": "i", "κ": "k", "μ": "m", "ν": "n", "ο": "o", "ρ": "p", "τ": "t", "υ": "y",
        "χ": "x",
        "0": "o", "1": "l",
    }
)  # fmt: skip

# Pages of one company on somebody else's site say nothing about whose site it is.
_SHARED = (
    "vk.com ok.ru t.me instagram.com facebook.com wa.me youtube.com tiktok.com wildberries.ru ozon.ru avito.ru taobao.com tmall.com "
    "jd.com 1688.com alibaba.com weibo.com taplink.cc tilda.ws narod.ru github.io blogspot.com example.com example.org"
)
_SHARED_SITES = frozenset(_SHARED.split())


def words_of(name: str) -> list[str]:
    """The words of a name without its legal form. Of a name that is made of forms the longest, «Company» of ООО «Company»; none of one
    that is nothing but a form written out.
    """
    kept = fold(name)
    for form in _FORMS_WRITTEN_OUT:
        kept = re.sub(rf"(?<!\w){re.escape(form)}(?!\w)", " ", kept)
    for form in _CHINESE_FORMS:
        kept = kept.replace(form, " ")
    words = re.findall(r"\w+", kept.replace("_", " "))
    # A form in dotted letters (о.о.о., l.l.c.) falls apart into single ones: put together before it is looked up.
    words = _joined_letters(words)
    return [word for word in words if not _is_form(word)] or sorted(words, key=len)[-1:]


def _joined_letters(words: list[str]) -> list[str]:
    joined: list[str] = []
    run = ""
    for word in [*words, ""]:
        if len(word) == 1 and not word.isdigit():
            run += word
            continue
        joined += [run] if _is_form(run) else list(run)
        run = ""
        joined += [word] if word else []
    return joined


def _is_form(word: str) -> bool:
    return word in _FORMS or word.translate(_SHAPES) in _FORMS_BY_SHAPE


_FORMS_BY_SHAPE = frozenset(form.translate(_SHAPES) for form in _FORMS)


def sound_key(name: str) -> str:
    """Names that sound alike have the same key: ООО «Мечта», Mechta LLC."""
    return _key(_sound(word) for word in words_of(name))


def look_key(name: str) -> str:
    """Names that look alike have the same key, and those that sound like what they look like: ВОСТОК, BOCTOK, Vostok, БОСТОК."""
    return _key(_look(word) for word in words_of(name))


def _key(words: Iterable[str]) -> str:
    key = "".join(words)[:LONGEST]  # without blanks: «Дальний Восток», «Дальнийвосток»
    return key if len(key) > 1 else ""  # one letter is no name


def _sound(word: str) -> str:
    sounds = "".join(_SOUNDS.get(sign, sign) for sign in _in_one_script(word))
    for spelling, one in _SPELLINGS:
        sounds = sounds.replace(spelling, one)
    return re.sub(r"([a-z])\1+", r"\1", sounds)  # double letters are written single as often


def _look(word: str) -> str:
    """The sound of a word whose letters were read by their shape. В and Б are one: the Latin B stands for both."""
    if word.isdigit():
        return word
    if re.search("[а-яіѕј]", word):
        word = word.translate(_DIGITS_TO_CYRILLIC)
    else:
        word = word.translate(_TO_LATIN)
        if _ONLY_ALIKE.fullmatch(word):
            word = word.translate(_TO_CYRILLIC)
    return _sound(word).replace("b", "v")


_DIGITS_TO_CYRILLIC = str.maketrans("036", "озб")
_TO_LATIN = {sign: shape for sign, shape in _SHAPES.items() if not "а" <= chr(sign) <= "я"}  # Greek, and digits that stand for letters
_ONLY_ALIKE = re.compile("[abcehkmoptxy]+")  # each of these is a Cyrillic letter too
_TO_CYRILLIC = str.maketrans("abcehkmoptxy", "авсенкмортху")


def _in_one_script(word: str) -> str:
    """A Russian word into which Latin letters of the same shape have slipped is read as Russian."""
    return word.translate(_TO_CYRILLIC) if re.search("[а-яіѕј]", word) else word


def web_key(website: str) -> str:
    """The site that a company calls its own, without www; '' for a page on a site that many share."""
    try:
        host = (urlsplit(website).hostname or "").removeprefix("www.").rstrip(".")
    except ValueError:
        return ""
    is_shared = any(host == site or host.endswith(f".{site}") for site in _SHARED_SITES)
    return "" if is_shared else host[:LONGEST]
