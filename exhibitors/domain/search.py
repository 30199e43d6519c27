"""One way to look a company up by its names, alike on PostgreSQL and SQLite: both sides are folded before they are compared."""

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import Case, F, IntegerField, Model, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Length, NullIf, StrIndex, Substr

from api.text import fold
from exhibitors.models import Company, ProductCategory

Row = TypeVar("Row", bound=Model)
_LANGUAGES = ("ru", "zh_hans", "en")
RELEVANCE = "relevance"  # the annotation by which the rows of a search are in order
_WORDS_AT_MOST = 10  # a longer question is no search
_RANKED_AT_MOST = 4  # words by which rows are put in order: each costs some 30 ms for 5,000 companies, and the first say what is meant
_BEFORE_A_WORD = (" ", "-", "«", "“", '"', "(")


def search_text_of(company: Company, categories: Iterable[ProductCategory] = ()) -> str:
    """What buyers look for, in all languages, folded, one a line: legal name, names, brands and descriptions; after an empty line,
    what the company shares with others, the names of its region and its categories.
    """
    own = _lines([company.legal_name, *_texts_of(company, "name", "brands", "description")])
    shared = [
        *(_texts_of(company.region, "name") if company.region else []),
        *(text for row in categories for text in _texts_of(row, "name")),
    ]
    others = [line for line in _lines(shared) if line not in own]
    return "\n".join([*own, "", *others] if others else own)


def _lines(texts: Iterable[str]) -> list[str]:
    lines = [fold(line) for text in texts for line in text.splitlines()]
    return list(dict.fromkeys(line for line in lines if line))


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


def by_relevance(queryset: QuerySet[Row], query: str, *, names: list[str], path: str = "search_text") -> QuerySet[Row]:
    """``queryset`` with how far each row is from what ``query`` means as ``RELEVANCE``, from 0, to sort by.

    For each of the first words: 0 where a name begins with it, 1 where a word of a name does, 2 where it is within a name, 3 where
    a line of the company's own texts begins with it (a brand, the legal name), 4 where any word of them does, 5 where it is within
    one, 6 where only the region or a category has it. ``names`` are columns with folded names, ``path`` leads to ``search_text``.
    """
    end_of_own = Coalesce(NullIf(StrIndex(F(path), Value("\n\n")), Value(0)), Length(F(path)))
    far: Combinable = Value(0, output_field=IntegerField())
    for word in _words(query)[:_RANKED_AT_MOST]:
        far += _distance(word, names)
    return queryset.alias(own_text=Substr(F(path), 1, end_of_own)).annotate(**{RELEVANCE: far})


def _distance(word: str, names: list[str]) -> Case:
    starts = [f"{before}{word}" for before in _BEFORE_A_WORD]
    cases = (
        _any(names, "startswith", [word]),
        _any(names, "contains", starts),
        _any(names, "contains", [word]),
        _any(["own_text"], "startswith", [word]) | _any(["own_text"], "contains", [f"\n{word}"]),
        _any(["own_text"], "contains", starts),
        _any(["own_text"], "contains", [word]),
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
