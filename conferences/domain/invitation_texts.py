"""What a visa invitation says: the text as shipped or as organisers of a conference wrote it, with plain names as placeholders.

A blank line parts paragraphs, ``| Passport | {{ passport_number }} |`` is a row of a table, and a line whose placeholder is empty is left
out. There is no other markup, and what stands in for a placeholder is put in after the line has been read (docs/adr/0014).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from gettext import translation
from pathlib import Path
from typing import Any

from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from api.languages import active_language
from conferences.domain.invitation_values import Passport
from conferences.models import Conference
from notifications import moments
from notifications.fillers import value_of
from notifications.occasions import Occasion, Placeholder
from notifications.wording import problems

LANGUAGES = ("ru", "en", "zh-hans")  # in the order of the pages
_NAME = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}")
_ROW = re.compile(r"\|([^|]+)\|([^|]+)\|?")

MEANINGS: dict[str, Any] = {
    "passport_name": _("the name in the passport"),
    "passport_number": _("the number of the passport"),
    "birth_date": _("the date of birth"),
    "citizenship": _("the citizenship"),
    "organisation": _("the delegate's organisation"),
    "entry_day": _("the day of entry"),
    "departure_day": _("the day of departure"),
    "stay": _("entry and departure"),
    "host": _("the host organisation"),
    "conference": _("the conference"),
    "dates": _("first and last day of the conference"),
    "site": _("the site"),
    "city": _("the site's city"),
    "fair": _("the fair"),
}
# The checks of letters' texts serve here too.
_OCCASION = Occasion(
    "conferences.visa_invitation",
    _("Visa invitation"),
    tuple(Placeholder(name, meaning, value_of(name)) for name, meaning in MEANINGS.items()),
    lambda fair, number: None,
)

SHIPPED = {code: (Path(__file__).parent.parent / "invitations" / f"{code}.txt").read_text(encoding="utf-8") for code in LANGUAGES}


@dataclass(frozen=True)
class Facts:
    """What an invitation tells, whoever it is for."""

    conference: Conference
    passport: Passport
    organisation: str
    entry_on: date
    leave_on: date
    host: str


@dataclass
class Block:
    """A paragraph, line by line, or the rows of a table."""

    lines: list[str] = field(default_factory=list)
    rows: list[tuple[str, str]] = field(default_factory=list)


def column_of(language: str) -> str:
    return f"invitation_text_{language.replace('-', '_')}"


def text_of(conference: Conference, language: str) -> str:
    """The organisers' own text, else the shipped one."""
    return str(getattr(conference, column_of(language)) or "").strip() or SHIPPED[language]


def wrong_in(text: str) -> list[str]:
    """What is wrong with an organisers' text, in sentences."""
    found = problems(text, _OCCASION)
    return [*found, gettext("A letter on paper has no links.")] if "](" in text and not found else found


def blocks_of(text: str, values: Mapping[str, str]) -> list[Block]:
    """The text with ``values`` put in."""
    blocks = [Block()]
    for line in (line.strip() for line in text.splitlines()):
        row = _ROW.fullmatch(line)
        if not line or (bool(row) != bool(blocks[-1].rows) and (blocks[-1].rows or blocks[-1].lines)):
            blocks.append(Block())
        if not line or any(not values.get(name) for name in _NAME.findall(line)):
            continue
        if row:
            blocks[-1].rows.append((_filled(row[1].strip(), values), _filled(row[2].strip(), values)))
        else:
            blocks[-1].lines.append(_filled(line, values))
    return [block for block in blocks if block.lines or block.rows]


def values_in(language: str, facts: Facts) -> dict[str, str]:
    """What stands in for the placeholders on the page of one language."""
    conference = facts.conference

    with override(language):
        return {
            "passport_name": facts.passport.name,
            "passport_number": facts.passport.number,
            "birth_date": moments.written_day(facts.passport.born_on, language=language),
            "citizenship": country_name(facts.passport.citizenship),
            "organisation": facts.organisation,
            "entry_day": moments.written_day(facts.entry_on, language=language),
            "departure_day": moments.written_day(facts.leave_on, language=language),
            "stay": moments.written_days(facts.entry_on, facts.leave_on, language=language),
            "host": facts.host,
            "conference": str(conference.name),
            "dates": moments.written_days(conference.starts_on, conference.ends_on, language=language),
            "site": str(conference.site.name),
            "city": str(conference.site.city),
            "fair": str(conference.fair.name),
        }


def country_name(code: str) -> str:
    """The official name of a country in the active language; the code of one that does not exist."""
    names = {
        "RU": gettext("Russian Federation"),
        "CN": gettext("People's Republic of China"),
        "BY": gettext("Belarus"),
        "KZ": gettext("Kazakhstan"),
        "KG": gettext("Kyrgyzstan"),
        "UZ": gettext("Uzbekistan"),
        "AM": gettext("Armenia"),
        "MN": gettext("Mongolia"),
    }
    return names.get(code) or _official_name(code, active_language())


@cache
def _official_name(code: str, language: str) -> str:
    import pycountry  # a process that writes no letters does without

    country = pycountry.countries.get(alpha_2=code)
    if country is None:
        return code
    name = str(getattr(country, "official_name", country.name))
    locale = {"ru": "ru", "zh-hans": "zh_CN"}.get(language)
    if locale is None:
        return name
    translated = translation("iso3166-1", pycountry.LOCALES_DIR, languages=[locale]).gettext(name)
    return translated.replace("\u0301", "")  # some Russian names show where the stress is


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _NAME.sub(lambda found: values[found[1]], text)
