"""Whom an applicant wishes to stand near to, or far from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from api.places import by_place
from api.problems import Findings, Invalid, field_error
from api.text import clean_line
from exhibitors.domain.company_values import clean_code
from exhibitors.domain.differences import Diff
from exhibitors.enums import NeighbourKind
from exhibitors.models import Application, Company, Exhibitor, NeighbourWish
from exhibitors.models.wishes import MOST_NEIGHBOURS
from exhibitors.validators import is_inn


@dataclass(frozen=True)
class Neighbour:
    """Somebody of the public catalogue, or by name (and INN). Nobody learns who else has applied."""

    exhibitor: Exhibitor | None = None
    name: str = ""
    inn: str = ""


def write(application: Application, wished: Mapping[NeighbourKind, Sequence[Neighbour]], diff: Diff) -> None:
    """Replace the lists that are given; what staff linked stays for whoever stays. Raises Invalid with pointers."""
    there = list(application.neighbour_wishes.all())
    found, rows = Findings(), list[NeighbourWish]()
    for kind, some in wished.items():
        with found.more():
            rows += _rows(application, kind, some)
    found.errors += _named_twice(rows, [row for row in there if row.kind not in wished])
    found.refuse()
    old = {(row.kind, _key(row)): row for row in there if row.kind in wished}
    if list(old) == [(row.kind, _key(row)) for row in rows]:
        return
    for kind in wished:
        diff.note(kind.value, *([row.name for row in some if row.kind == kind] for some in (there, rows)))
    for row in rows:
        known = old.get((row.kind, _key(row)))
        row.company_id = row.company_id or (known.company_id if known else None)
    if old:
        application.neighbour_wishes.filter(kind__in=wished).delete()
    NeighbourWish.objects.bulk_create(rows)


def link(*, neighbour_id: int, company: Company | None, by: User | None) -> NeighbourWish:
    """Staff say which company a name means; None takes that back. Raises Invalid for the applicant itself."""
    row = NeighbourWish.objects.select_related("application").get(pk=neighbour_id)
    if company is not None and company.pk == row.application.company_id:
        raise Invalid([field_error("/company", "same_company", _("A company cannot stand near to itself."))])
    row.company = company
    row.save(update_fields=["company"])
    return row


def check(application: Application, one: Neighbour) -> None:
    """Raise Invalid for what is wrong with one neighbour, with a pointer of its own columns."""
    _row(application, one, pointer="")


def _rows(application: Application, kind: NeighbourKind, wished: Sequence[Neighbour]) -> list[NeighbourWish]:
    if len(wished) > MOST_NEIGHBOURS:
        raise Invalid([field_error(f"/{kind.value}", "max_length", _("Name %(most)d at the most.") % {"most": MOST_NEIGHBOURS})])
    rows, found = [], Findings()
    for place, one in by_place(wished):
        with found.more():
            row = _row(application, one, pointer=f"/{kind.value}/{place}")
            row.kind, row.position = kind, place
            rows.append(row)
    found.refuse()
    return rows


def _row(application: Application, one: Neighbour, *, pointer: str) -> NeighbourWish:
    if one.exhibitor is None:
        name, inn = check_named(one, pointer=pointer)
        return NeighbourWish(application=application, name=name, inn=inn)
    exhibitor = one.exhibitor
    if exhibitor.fair_id != application.fair_id:
        raise Invalid([field_error(f"{pointer}/exhibitor", "unknown_exhibitor", _("The catalogue has no such exhibitor."))])
    if exhibitor.company_id == application.company_id:
        raise Invalid([field_error(f"{pointer}/exhibitor", "same_company", _("A company cannot stand near to itself."))])
    name = str(exhibitor.company)[:300]
    return NeighbourWish(application=application, exhibitor=exhibitor, company=exhibitor.company, name=name)


def check_named(one: Neighbour, *, pointer: str, may_lack_name: bool = False) -> tuple[str, str]:
    """Name and INN of a neighbour that is named as text, in their normal form. Raises Invalid."""
    name, inn = clean_line(one.name)[:300], clean_code(one.inn)
    found = Findings()
    if not name and not may_lack_name:
        found.errors.append(field_error(f"{pointer}/name", "required", _("Write a name, or the id of an exhibitor of the catalogue.")))
    if inn and not is_inn(inn):
        detail = _("This is no INN: it has 10 digits (12 for a sole trader) and a checksum.")
        found.errors.append(field_error(f"{pointer}/inn", "inn", detail))
    found.refuse()
    return name, inn


def _named_twice(rows: Sequence[NeighbourWish], others: Sequence[NeighbourWish]) -> Iterator[dict[str, Any]]:
    """For each of those that mean the same: a company is wished near or away, and once."""
    kinds: dict[Any, list[str]] = {}
    for row in (*rows, *others):
        kinds.setdefault(_key(row), []).append(row.kind)
    for row in rows:
        found = kinds[_key(row)]
        if len(found) > 1:
            is_in_both = len(set(found)) > 1
            text = _("This one is in both lists, near and away: keep it in one.") if is_in_both else _("This one is named twice.")
            yield field_error(f"/{row.kind}/{row.position}", "unique", text)


def _key(row: NeighbourWish) -> tuple[int | None, str, str]:
    return (row.exhibitor_id, "" if row.exhibitor_id else row.name.casefold(), row.inn)
