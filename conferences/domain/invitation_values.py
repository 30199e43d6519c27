"""What a delegate tells for a visa invitation, checked."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from api.problems import Invalid, field_error
from conferences.models import Conference
from fairs.models.site import country_code
from notifications.cleaning import one_line

LONGEST_STAY = timedelta(days=90)
OLDEST = 120  # years
_LATIN = re.compile(r"[A-Z](?:[A-Z '-]*[A-Z])?")
_NUMBER = re.compile(r"(?=.*\d)[A-Z0-9]{5,20}")
_APOSTROPHES = str.maketrans("’‘`", "'''")


@dataclass(frozen=True)
class Passport:
    """As the passport says it."""

    name: str
    number: str
    born_on: date
    citizenship: str


@dataclass(frozen=True)
class Request:
    """What the invitation is to say."""

    passport: Passport
    entry_on: date
    leave_on: date
    host: str


def checked(request: Request, *, conference: Conference, today: date) -> Request:
    """The request as it is kept: in capitals, without blanks too many. Raises Invalid for everything that is wrong with it."""
    passport = Passport(
        name=one_line(request.passport.name, longest=1000).translate(_APOSTROPHES).upper(),
        number=re.sub(r"[\s№-]", "", request.passport.number).upper(),
        born_on=request.passport.born_on,
        citizenship=request.passport.citizenship.strip().upper(),
    )
    kept = Request(passport, request.entry_on, request.leave_on, one_line(request.host, longest=1000))
    if errors := [*_wrong_in(passport, today=today), *_wrong_days(kept, conference=conference, today=today), *_wrong_host(kept.host)]:
        raise Invalid(errors)
    return kept


def _wrong_in(passport: Passport, *, today: date) -> list[dict[str, Any]]:
    errors = []
    if len(passport.name) > 100 or not _LATIN.fullmatch(passport.name):
        said = _("Write it as in the passport: only A–Z, spaces, hyphens and apostrophes.")
        errors.append(field_error("/passport_name", "script", said))
    if not _NUMBER.fullmatch(passport.number):
        errors.append(field_error("/passport_number", "passport_number", _("A passport number has 5 to 20 digits and Latin letters.")))
    if not today.year - OLDEST <= passport.born_on.year or passport.born_on >= today:
        errors.append(field_error("/birth_date", "birth_date", _("Nobody who travels was born on this day.")))
    try:
        country_code(passport.citizenship)
    except ValidationError as error:
        errors.append(field_error("/citizenship", "country", error.messages[0]))
    return errors


def _wrong_days(request: Request, *, conference: Conference, today: date) -> list[dict[str, Any]]:
    if request.entry_on < today:
        return [field_error("/entry_on", "past", _("This day is over."))]
    if request.entry_on > conference.ends_on:
        return [field_error("/entry_on", "after_conference", _("The conference is over by then."))]
    if request.leave_on < max(request.entry_on, conference.starts_on):
        return [
            field_error("/leave_on", "before_conference", _("The departure comes after the entry and the first day of the conference."))
        ]
    if request.leave_on - request.entry_on > LONGEST_STAY:
        return [field_error("/leave_on", "too_long", _("A stay is at most %(days)d days long.") % {"days": LONGEST_STAY.days})]
    return []


def _wrong_host(host: str) -> list[dict[str, Any]]:
    if not host:
        return [field_error("/host", "required", _("Nothing is written here."))]
    if len(host) > 200:
        return [field_error("/host", "max_length", _("At most %(longest)d characters.") % {"longest": 200})]
    return []
