"""Regions and product categories as tables write them: by code, or by name in any of the desk's languages."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches

from django.utils.translation import gettext as _

from api.languages import COLUMNS
from api.text import clean_line, fold, listed, sentences
from exhibitors.domain.company_values import Reference, clean_code
from exhibitors.models import ProductCategory, Region

Shorter = Callable[[str], Iterable[str]]
_SHOWN = 80  # characters of what somebody wrote, in an error about it
_LIKE_AT_MOST = 3  # names that an error proposes
_HELD_AT_LEAST = 2  # characters of a word that says something when it is found within a name
# What kind of region it is, as names say and tables leave out or shorten: "Татарстан", "Московская обл.", "滨海".
_KIND = re.compile(
    r"\b(?:республика|респ|край|кр|область|обл|автономн(?:ый|ая)|округ|район|ао|город|г"
    r"|republic|krai|oblast|autonomous|okrug|region|province|city|of|the)\b\.?"
)
_CHINESE_KIND = re.compile("(?:共和国|边疆区|自治州|(?:壮族|回族|维吾尔)?自治区|特别行政区|地区|州|省|市)$")
# Everyday names that share no word with the official one.
_EVERYDAY = {
    "RU-BA": "Башкирия",
    "RU-CE": "Чечня",
    "RU-KB": "Кабардино-Балкария",
    "RU-KC": "Карачаево-Черкесия",
    "RU-KHM": "ХМАО",
    "RU-PRI": "Приморье",
    "RU-SPE": "СПб",
    "RU-TY": "Тува",
    "RU-UD": "Удмуртия",
    "RU-YAN": "ЯНАО",
    "RU-YEV": "ЕАО",
    "RU-ZAB": "Забайкалье",
}
_COMMA = re.compile("[,，、]")
_BETWEEN_NAMES = re.compile(r" [—–-] |[–()]")  # "Республика Саха (Якутия)", "Кемеровская область — Кузбасс"


class Names:
    """What the rows of one reference list are called: each by the names of its row and an ``everyday`` one by its code; ``shorter`` gives
    further names of a folded one.
    """

    def __init__(self, rows: Iterable[Region | ProductCategory], *, everyday: Mapping[str, str], shorter: Shorter) -> None:
        self.rows = {row.code: row for row in rows}
        self.shorter = shorter
        self.whole: dict[str, set[str]] = {}  # codes by folded name
        self.short: dict[str, set[str]] = {}
        for code, row in self.rows.items():
            names = [*(getattr(row, f"name_{column}") for column in COLUMNS.values()), everyday.get(code)]
            for name in {fold(name or "") for name in names} - {""}:
                self.whole.setdefault(name, set()).add(code)
                for shortened in shorter(name):
                    self.short.setdefault(shortened, set()).add(code)

    def find(self, text: str) -> set[str]:
        """The codes that ``text`` may stand for: none, one, or several."""
        if (code := clean_code(text)) in self.rows:
            return {code}
        name = fold(text)
        return self.whole.get(name) or set().union(*(self.short.get(one, ()) for one in {name, *self.shorter(name)}))

    def like(self, text: str) -> list[str]:
        """A few codes that ``text`` may have been meant for: those whose names hold it, best as a word of its own or the beginning of one,
        then those whose are written much like it.
        """
        name = fold(text[:_SHOWN])
        patterns = (rf"\b{re.escape(name)}\b", rf"\b{re.escape(name)}", re.escape(name)) if len(name) >= _HELD_AT_LEAST else ()
        holding: list[str] = next(filter(None, ([one for one in self.whole if re.search(pattern, one)] for pattern in patterns)), [])
        close = get_close_matches(name, self.whole, n=_LIKE_AT_MOST, cutoff=0.75)
        return list(dict.fromkeys(code for one in [*holding, *close] for code in sorted(self.whole[one])))[:_LIKE_AT_MOST]

    def shown(self, codes: Iterable[str]) -> str:
        """Such as: Приморский край (RU-PRI), Пермский край (RU-PER)."""
        return listed(f"{self.rows[code].name} ({code})" for code in codes)


class ReferenceNames:
    """The codes that the cells of a table mean."""

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self.regions = Names(reference.regions.values(), everyday=_EVERYDAY, shorter=_short_regions)
        self.categories = Names(reference.categories.values(), everyday={}, shorter=lambda name: ())

    def region(self, text: str, *, country: str) -> str:
        """The code of a region, in ``country`` where others have its name too. Raises ValueError."""
        found = self.regions.find(text)
        found = {code for code in found if self.reference.regions[code].country == country} or found
        unknown = _("There is no region “%(name)s”: write its name, or its code of ISO 3166-2, such as RU-PRI.")
        return _only(found, names=self.regions, text=text, unknown=unknown)

    def category(self, text: str) -> str:
        """The code of a category. Raises ValueError."""
        unknown = _("There is no product category “%(name)s”: write its name, or its number, such as 03.")
        return _only(self._categories(text), names=self.categories, text=text, unknown=unknown)

    def category_list(self, parts: Iterable[str]) -> list[str]:
        """The codes of the parts of a cell; a comma may stand between categories, or within the name of one. Raises ValueError."""
        codes: list[str] = []
        for part in parts:
            between_commas = [one for one in map(clean_line, _COMMA.split(part)) if one]
            is_list = not self._categories(part) and all(map(self._categories, between_commas))
            codes += map(self.category, between_commas if is_list else [part])
        return codes

    def _categories(self, text: str) -> set[str]:
        """What ``text`` may stand for; a spreadsheet makes 3 of 03."""
        return self.categories.find(text) or (self.categories.find(text.zfill(2)) if text.isdecimal() else set())


def _short_regions(name: str) -> Iterator[str]:
    """What a region is called without its kind, whole and by the parts of a double name."""
    for part in (name, *_BETWEEN_NAMES.split(name)):
        if short := " ".join(re.split("[^\\w]+", _CHINESE_KIND.sub("", _KIND.sub(" ", part)))).strip():
            yield short


def _only(found: set[str], *, names: Names, text: str, unknown: str) -> str:
    """The one code of ``found``. Raises ValueError, with those that may be meant: where there are several, and where there is none."""
    written = {"name": text[:_SHOWN]}
    if len(found) > 1:
        raise ValueError(_("“%(name)s” may be %(names)s: write the code.") % {**written, "names": names.shown(sorted(found))})
    if not found:
        like = names.like(text)
        raise ValueError(sentences(unknown % written, _("Perhaps: %(names)s.") % {"names": names.shown(like)} if like else ""))
    return next(iter(found))
