"""One way to look a company up by its names, alike on PostgreSQL and SQLite: both sides are folded before they are compared."""

import unicodedata
from collections.abc import Iterable
from typing import TypeVar

from django.db.models import Case, IntegerField, Model, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from api.text import clean_line
from exhibitors.models import Company, ProductCategory

Row = TypeVar("Row", bound=Model)
_LANGUAGES = ("ru", "zh_hans", "en")
_WORDS_AT_MOST = 10  # a longer question is no search
_BEFORE_A_WORD = (" ", "-", "«", "“", '"', "(")


def fold(text: str) -> str:
    """``text`` without what a searcher does not mean: case, ё for е, full-width letters, runs of blanks, invisible characters."""
    # Full-width letters gain a case, and casefold may leave a form that is not composed: normalised before and after.
    plain = unicodedata.normalize("NFKC", clean_line(unicodedata.normalize("NFKC", text)).casefold())
    return " ".join(plain.replace("ё", "е").split())


def search_text_of(company: Company, categories: Iterable[ProductCategory] = ()) -> str:
    """What buyers look for, in all languages, folded, one a line: legal name, names, brands, descriptions, region and categories."""
    texts = [company.legal_name, *_texts_of(company, "name", "brands", "description")]
    if company.region:
        texts += _texts_of(company.region, "name")
    for category in categories:
        texts += _texts_of(category, "name")
    lines = [fold(line) for text in texts for line in text.splitlines()]
    return "\n".join(dict.fromkeys(line for line in lines if line))


def _texts_of(row: Model, *fields: str) -> list[str]:
    return [getattr(row, f"{field}_{code}") or "" for field in fields for code in _LANGUAGES]


def matching(queryset: QuerySet[Row], query: str, *, path: str = "search_text", numbers: bool = False) -> QuerySet[Row]:
    """Those rows of ``queryset`` whose company's texts contain each word of ``query``.

    ``path`` leads to the company's ``search_text``. With ``numbers``, for staff, a word may also be the beginning of a tax or
    registration number.
    """
    company = path.removesuffix("search_text")
    condition = Q()
    for word in _words(query):
        found = Q(**{f"{path}__contains": word})
        if numbers:
            for name in ("inn", "ogrn", "uscc"):
                found |= Q(**{f"{company}{name}__startswith": word.upper()})
        condition &= found
    return queryset.filter(condition)


def relevance(query: str, *, names: list[str], path: str = "search_text") -> Combinable:
    """How far from what is meant a row that :func:`matching` finds is, from 0, to sort by: whoever bears the word comes first.

    For each word of ``query``: 0 where a name begins with it, 1 where a word of a name does, 2 where it is within a name,
    3 where a line does (a brand, the legal name, a category), 4 where any other word does, 5 where it is within a word.
    ``names`` are columns with folded names, ``path`` leads to the company's ``search_text``.
    """
    far: Combinable = Value(0, output_field=IntegerField())
    for word in _words(query):
        far += _distance(word, names, path)
    return far


def _distance(word: str, names: list[str], path: str) -> Case:
    starts = [f"{before}{word}" for before in _BEFORE_A_WORD]
    cases = (
        _any(names, "startswith", [word]),
        _any(names, "contains", starts),
        _any(names, "contains", [word]),
        _any([path], "startswith", [word]) | _any([path], "contains", [f"\n{word}"]),
        _any([path], "contains", starts),
    )
    whens = (When(found, then=Value(distance)) for distance, found in enumerate(cases))
    return Case(*whens, default=Value(len(cases)), output_field=IntegerField())


def _any(columns: Iterable[str], lookup: str, texts: list[str]) -> Q:
    found = Q()
    for column in columns:
        for text in texts:
            found |= Q(**{f"{column}__{lookup}": text})
    return found


def _words(query: str) -> list[str]:
    return fold(query).split()[:_WORDS_AT_MOST]
