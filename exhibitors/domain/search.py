"""One way to look a company up by its names, alike on PostgreSQL and SQLite: both sides are folded before they are compared."""

import unicodedata
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from api.text import clean_line
from exhibitors.models import Company

Row = TypeVar("Row", bound=Model)
_LANGUAGES = ("ru", "zh_hans", "en")
_WORDS_AT_MOST = 10  # a longer question is no search


def fold(text: str) -> str:
    """``text`` without what a searcher does not mean: case, ё for е, full-width letters, runs of blanks, invisible characters."""
    # Full-width letters gain a case, and casefold may leave a form that is not composed: normalised before and after.
    plain = unicodedata.normalize("NFKC", clean_line(unicodedata.normalize("NFKC", text)).casefold())
    return " ".join(plain.replace("ё", "е").split())


def search_text_of(company: Company) -> str:
    """What buyers look for, in all languages and folded: legal name, names, brands, descriptions and the region's names, one a line."""
    texts = [company.legal_name, *_texts_of(company, "name", "brands", "description")]
    if company.region:
        texts += _texts_of(company.region, "name")
    lines = [fold(line) for text in texts for line in text.splitlines()]
    return "\n".join(dict.fromkeys(line for line in lines if line))


def _texts_of(row: Model, *fields: str) -> list[str]:
    return [getattr(row, f"{field}_{code}") or "" for field in fields for code in _LANGUAGES]


def matching(queryset: QuerySet[Row], query: str, *, path: str = "search_text", numbers: bool = False) -> QuerySet[Row]:
    """Those rows of ``queryset`` whose company's names and brands contain each word of ``query``.

    ``path`` leads to the company's ``search_text``. With ``numbers``, for staff, a word may also be the beginning of a tax or
    registration number.
    """
    company = path.removesuffix("search_text")
    condition = Q()
    for word in fold(query).split()[:_WORDS_AT_MOST]:
        found = Q(**{f"{path}__contains": word})
        if numbers:
            for name in ("inn", "ogrn", "uscc"):
                found |= Q(**{f"{company}{name}__startswith": word.upper()})
        condition &= found
    return queryset.filter(condition)
