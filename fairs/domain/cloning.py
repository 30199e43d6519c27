"""The next edition of a fair: a draft with all that lasts of it, moved by whole days. What happened at the old one stays there.

Each app says what of its models is copied (fairs/cloning.py). Nothing is sent: a new fair has no applications, so nobody to write to.
"""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from graphlib import TopologicalSorter
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Field, Model, Q
from django.db.models.base import ModelState
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from api.problems import Conflict, Invalid, field_error
from fairs import cloning
from fairs.cloning import Copied, Edition, Wish
from fairs.domain import ladders, staff
from fairs.enums import FairStatus, StaffRole
from fairs.models import Fair, QuietDays
from fairs.quiet_time import usual_quiet_days
from notifications.models import LetterTemplate

MOST_EDITIONS = 999
LATEST_YEARS = 10  # from the first day of one edition to that of the next
_BATCH = 1000
_MOMENTS = ("applications_open_at", "applications_close_at")


class SourceChanged(Conflict):
    code = "source_changed"
    message = gettext_lazy("The fair was changed while it was copied. Nothing was made: please try again.")


@dataclass(frozen=True)
class NewFair:
    """What an organiser says of the next edition; ``names`` by column, such as ``name_en``."""

    slug: str
    names: Mapping[str, str]
    edition: int
    starts_on: date
    wishes: frozenset[Wish] = frozenset()


@dataclass(frozen=True)
class Made:
    """The new fair, and how many rows of which model it got."""

    fair: Fair
    counts: dict[type[Model], int]


@transaction.atomic
def clone(*, source: Fair, new: NewFair, by: User | None, now: datetime) -> Made:
    """Make the next edition of ``source`` as a draft; ``by`` owns it. Raises Invalid, SourceChanged."""
    edition = edition_of(source, new, by=by, now=now)
    _check(edition)
    try:
        with transaction.atomic():
            edition.fair.save(force_insert=True)
    except IntegrityError as error:  # somebody made one of this short name between the check and here
        raise Invalid([field_error("/slug", "unique", _("Another fair has this short name."))]) from error
    copies = _Copying(edition)
    for each in _in_order():
        if each.wish is None or each.wish in new.wishes:
            copies.copy(each)
    _give_quiet_days(edition)
    if copies.counts.get(LetterTemplate):
        edition.fair.letters_version = 1
        edition.fair.save(update_fields=["letters_version"])
    if by is not None and not by.is_superuser:
        staff.appoint(fair=edition.fair, user=by, role=StaffRole.OWNER)
    return Made(edition.fair, copies.counts)


def edition_of(source: Fair, new: NewFair, *, by: User | None, now: datetime) -> Edition:
    """The new fair as it would be, not saved. Raises Invalid where the first day is none to move to."""
    if not source.starts_on < new.starts_on or new.starts_on.year - source.starts_on.year > LATEST_YEARS:
        text = _("The next edition begins after this one, within %(years)d years.") % {"years": LATEST_YEARS}
        raise Invalid([field_error("/starts_on", "first_day", text)])
    fair = _copy_of(source)
    edition = Edition(source=source, fair=fair, days=(new.starts_on - source.starts_on).days, by=by, now=now)
    given = {**new.names, "slug": new.slug, "edition": new.edition, "starts_on": new.starts_on, "ends_on": edition.day(source.ends_on)}
    given |= {name: edition.moment(getattr(source, name)) for name in _MOMENTS}
    for name, value in {**given, "status": FairStatus.DRAFT, "letters_version": 0}.items():
        setattr(fair, name, value)
    return edition


def _check(edition: Edition) -> None:
    errors = []
    if not any((getattr(edition.fair, f"name_{column}") or "").strip() for column in ("ru", "zh_hans", "en")):
        errors.append(field_error("/name_en", "required", _("Write it in one language at the least.")))
    if not 1 <= edition.fair.edition <= MOST_EDITIONS:
        errors.append(field_error("/edition", "range", _("Count from 1, for the first time it is held.")))
    try:
        edition.fair.full_clean(exclude=["name"], validate_constraints=False)
    except ValidationError as error:
        found = error.message_dict
        errors += [field_error(f"/{name}", "invalid", text) for name, texts in found.items() for text in texts]
    if errors:
        raise Invalid(errors)


def _in_order() -> list[Copied]:
    """What is referred to before what refers to it."""
    known = {each.model: each for each in cloning.copied()}
    needs = {model: [field.related_model for field in _references(model) if field.related_model in known] for model in known}
    sorter = TopologicalSorter({model: [other for other in others if other is not model] for model, others in needs.items()})
    return [known[model] for model in sorter.static_order()]


def _references(model: type[Model]) -> Iterator[Any]:
    return (field for field in model._meta.concrete_fields if field.is_relation)


def _copy_of(row: Any) -> Any:
    """A row that is not saved yet, with the same values in every column."""
    new = copy.copy(row)
    new._state = ModelState()
    new.pk = None
    return new


class _Copying:
    """One run: which copy stands for which row. Reads and writes each table once, however many rows it has."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.copies: dict[type[Model], dict[Any, Any]] = {Fair: {edition.source.pk: edition.fair.pk}}
        self.counts: dict[type[Model], int] = {}
        self.known = {Fair, *(each.model for each in cloning.copied())}

    def copy(self, each: Copied) -> None:
        rows = list(each.model._base_manager.filter(each.only or Q(), **{each.path: self.edition.source}).order_by("pk"))
        references = list(_references(each.model))
        own = [field for field in references if field.related_model is each.model]
        new = [self._copy(row, each, [field for field in references if field not in own]) for row in rows]
        for row in new:
            for field in own:
                setattr(row, field.attname, None)
        if each.prepare is not None:
            each.prepare(new, self.edition)
        each.model._base_manager.bulk_create(new, batch_size=_BATCH)
        self.copies[each.model] = {row.pk: made.pk for row, made in zip(rows, new, strict=True)}
        self.counts[each.model] = len(new)
        self._refer_to_each_other(each, own, rows, new)
        for field in each.model._meta.local_many_to_many:
            self._copy_choices(each, field)

    def _copy(self, row: Any, each: Copied, references: list[Any]) -> Any:
        new = _copy_of(row)
        for field in references:
            setattr(new, field.attname, self._counterpart(field, getattr(row, field.attname)))
        for names, moved in ((each.days, self.edition.day), (each.moments, self.edition.moment)):
            for name in names:
                value = getattr(row, name)
                setattr(new, name, value and moved(value))  # type: ignore[operator]
        return new

    def _counterpart(self, field: Field, value: Any) -> Any:
        """The id that stands in the copy where ``value`` stands in the row."""
        if value is None or field.related_model not in self.known:
            return value
        try:
            return self.copies[field.related_model][value]  # type: ignore[index]
        except KeyError as error:  # it came after its table was read
            raise SourceChanged from error

    def _refer_to_each_other(self, each: Copied, own: list[Any], rows: list[Any], new: list[Any]) -> None:
        for field in own:
            referring = [(row, made) for row, made in zip(rows, new, strict=True) if getattr(row, field.attname) is not None]
            for row, made in referring:
                setattr(made, field.attname, self._counterpart(field, getattr(row, field.attname)))
            each.model._base_manager.bulk_update([made for _row, made in referring], [field.name], batch_size=_BATCH)

    def _copy_choices(self, each: Copied, field: Any) -> None:
        """The rows between: which sites a deadline is for."""
        through = field.remote_field.through
        ends = [through._meta.get_field(name) for name in (field.m2m_field_name(), field.m2m_reverse_field_name())]
        rows = list(through._base_manager.filter(**{f"{ends[0].name}__{each.path}": self.edition.source}).order_by("pk"))
        new = [through(**{end.attname: self._counterpart(end, getattr(row, end.attname)) for end in ends}) for row in rows]
        through._base_manager.bulk_create(new, batch_size=_BATCH)


def _give_quiet_days(edition: Edition) -> None:
    """The usual ones of the new year; those that the organiser added to the usual ones of the old year move with the fair."""
    ladders.give_usual_quiet_days(edition.fair)
    usual = {(days.country, days.first, days.last) for days in usual_quiet_days()}
    added = [days for days in QuietDays.objects.filter(fair=edition.source) if (days.country, days.first_day, days.last_day) not in usual]
    QuietDays.objects.bulk_create(
        (
            QuietDays(fair=edition.fair, country=days.country, first_day=edition.day(days.first_day), last_day=edition.day(days.last_day))
            for days in added
        ),
        ignore_conflicts=True,  # one that begins with a usual one
    )
