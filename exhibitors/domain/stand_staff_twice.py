"""The same person named twice for one stand: a mistake that costs a pass, unless two people are of one name."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from api.problems import field_error
from api.text import fold
from exhibitors.domain.stand_staff_values import NAMES
from exhibitors.models import Application, StandStaff

Days = Mapping[int, tuple[date, date]]  # by site
_TELL_APART = ("email", "phone")  # who has another address is somebody else of the same name


def find(application: Application, fields: Mapping[str, Any], days: Days, *, person: StandStaff | None = None) -> list[dict[str, Any]]:
    """An error where ``fields`` and ``days`` are those of somebody who is there: a name agrees and none differs, and a day is shared."""
    written = {name: fields.get(name, getattr(person, name) if person else "") for name in (*NAMES, *_TELL_APART)}
    if person and days == days_of(person) and all(value == getattr(person, name) for name, value in written.items()):
        return []  # nothing of it is new: another field can be mended all the same
    others = application.stand_staff.exclude(pk=person.pk if person else None).prefetch_related("days")
    if not any(_is_same(written, other) and _share_a_day(days, days_of(other)) for other in others):
        return []
    text = _(
        "This person is on the list already for these days. Change the entry that is there; "
        "of two people with one name, give each an email address or a phone."
    )
    return [field_error("/name_in_latin" if written["name_in_latin"] else "/name_in_cyrillic", "unique", text)]


def days_of(person: StandStaff) -> Days:
    """Where and when somebody is, as it is kept."""
    return {row.site_id: (row.first_day, row.last_day) for row in person.days.all()}


def _is_same(written: Mapping[str, Any], other: StandStaff) -> bool:
    names = _both(written, other, NAMES)
    return bool(names) and all(one == known for one, known in [*names, *_both(written, other, _TELL_APART)])


def _both(written: Mapping[str, Any], other: StandStaff, columns: Iterable[str]) -> list[tuple[str, str]]:
    """What both have, in the spelling in which it is compared."""
    return [(fold(written[name]), fold(getattr(other, name))) for name in columns if written[name] and getattr(other, name)]


def _share_a_day(days: Days, others: Days) -> bool:
    """Also when neither is anywhere yet."""
    if not days and not others:
        return True
    both = ((days[site], others[site]) for site in days.keys() & others.keys())
    return any(first <= last_there and first_there <= last for (first, last), (first_there, last_there) in both)
