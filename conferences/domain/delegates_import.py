"""An organiser's list of delegates, from a table. All of it goes in, or nothing."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import normalise_address
from api.text import clean_line
from conferences.domain import delegate_letters, delegates
from conferences.domain.places import Places, lock
from conferences.enums import DelegateKind, DelegateStatus
from conferences.models import Conference, Delegate
from fairs.country_names import country_code_of
from fairs.table_words import language_of, unknown_word, value_of
from fairs.tables import Row, RowError, Table, TableError, read_table

COLUMNS: dict[str, list[str]] = {
    "name": ["имя", "ФИО", "имя и фамилия", "фамилия и имя", "姓名"],
    "email": ["email address", "e-mail", "почта", "электронная почта", "邮箱", "电子邮箱"],
    "organisation": ["organization", "организация", "компания", "单位", "公司"],
    "country": ["страна", "国家"],
    "language": ["язык", "语言"],
    "kind": ["type", "вид", "тип", "категория", "类别", "类型"],
    "status": ["статус", "состояние", "状态"],
    "time_zone": ["часовой пояс", "时区"],
}
REQUIRED = ["name", "email", "country", "language", "kind"]
IMPORTED = (DelegateStatus.RESERVED, DelegateStatus.WAITING)
DETAILS = ("name", "organisation", "country", "language", "kind", "time_zone")

_READ: dict[str, Callable[[str], str]] = {
    "country": lambda text: country_code_of(text) or text.upper(),
    "language": language_of,
    "kind": lambda text: value_of(DelegateKind, text) or text,
    "status": lambda text: value_of(DelegateStatus, text) or text,
}


@dataclass
class DelegatesReport:
    """How many rows were ``new``, ``changed`` or ``same``; ``warnings`` are for people to look at."""

    counts: Counter[str] = field(default_factory=Counter)
    warnings: list[str] = field(default_factory=list)
    freed: int = 0  # places of one kind, left by those who became of another


def read_delegates(source: Path | IO[bytes], *, name: str = "") -> Table:
    """The table in a file; ``name`` is the file's where ``source`` is an open one. Raises TableError."""
    return read_table(source, name=name, columns=COLUMNS, required=REQUIRED)


@transaction.atomic
def import_delegates(
    *,
    conference: Conference,
    table: Table,
    now: datetime,
    dry_run: bool = False,
    notify: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> DelegatesReport:
    """Bring delegates in, matching by address, in the order of the file; they count as confirmed, since the organiser names them.

    ``status`` (reserved or waiting; empty: what is free) counts for new ones only: afterwards places are moved by cancelling. Nobody
    comes back who has lapsed or was cancelled. Letters leave only with ``notify``. Raises TableError with every error.
    """
    conference = lock(conference.pk)
    present = {row.email.lower(): row for row in Delegate.objects.filter(conference=conference).order_by("pk")}
    places = Places(conference)
    errors: list[RowError] = []
    report = DelegatesReport()
    seen: set[str] = set()
    for done, row in enumerate(map(_cleaned, table.rows), start=1):
        email = normalise_address(row.values["email"])
        known = present.get(email)
        row_errors = [row.error("email", _("This address is there twice."))] if email in seen else []
        seen.add(email)
        if known is not None:
            row_errors += _update(known, row, report, places=places)
        else:
            delegate = Delegate(conference=conference, email=email, registered_at=now, confirmed_at=now)
            row_errors += _give_place(delegate, row, places=places) + _fill(delegate, row)
            if not row_errors:
                delegate.save()
                report.counts["new"] += 1
                if notify:
                    delegate_letters.write_confirmed(delegate)
        errors += row_errors
        if progress:
            progress(done, len(table.rows))
    if errors:
        raise TableError(errors)
    if report.freed:
        delegates.fill_places(conference_id=conference.pk, now=now)
    if dry_run:
        transaction.set_rollback(True)
    return report


def _cleaned(row: Row) -> Row:
    """Nothing invisible in names and addresses, as in a registration over the API; words for codes as the codes. What is none stays,
    for the checks to refuse.
    """
    values = {name: clean_line(text) for name, text in row.values.items()}
    return replace(row, values=values | {name: read(values[name]) for name, read in _READ.items() if values.get(name)})


def _update(delegate: Delegate, row: Row, report: DelegatesReport, *, places: Places) -> list[RowError]:
    if delegate.status not in DelegateStatus.living:
        report.warnings.append(str(row.error("email", _("This registration has ended and stays so."))))
        report.counts["same"] += 1
        return []
    wished = row.values.get("status", "")
    if wished and wished != delegate.status:
        report.warnings.append(str(row.error("status", _("It is “%(status)s” here and stays so.") % {"status": delegate.status})))
    before = {name: getattr(delegate, name) for name in DETAILS}
    errors = _fill(delegate, row)
    if delegate.kind != before["kind"] and not errors:
        errors = _becomes(delegate, before["kind"], row, places=places)
        report.freed += delegate.status in DelegateStatus.with_place
    is_changed = before != {name: getattr(delegate, name) for name in DETAILS}
    if is_changed and not errors:
        delegate.save(update_fields=DETAILS)
    report.counts["changed" if is_changed else "same"] += 1
    return errors


def _becomes(delegate: Delegate, kind: str, row: Row, *, places: Places) -> list[RowError]:
    """What is wrong with a delegate of ``kind`` becoming of another."""
    has_place = delegate.status in DelegateStatus.with_place
    if not places.has_room_for_one_of(delegate.kind, with_place=has_place):
        return [row.error("kind", _("There are no more places for this kind of delegates."))]
    if has_place:
        places.give_back(kind)
        places.take(delegate.kind)
    return []


def _fill(delegate: Delegate, row: Row) -> list[RowError]:
    """Take the row's details over; returns what is wrong with them. A column that the file does not have stays as it is."""
    for name in DETAILS:
        if name in row.values:
            setattr(delegate, name, row.values[name])
    try:
        delegate.clean_fields(exclude=["conference", "status"])
    except ValidationError as error:
        by_field: dict[str, Any] = error.message_dict
        return [row.error(name, message) for name, messages in by_field.items() for message in messages]
    return []


def _give_place(delegate: Delegate, row: Row, *, places: Places) -> list[RowError]:
    """Set the status of a new delegate; returns why it cannot be so."""
    delegate.status, errors = _status(row, places=places)
    if delegate.status == DelegateStatus.RESERVED:
        places.take(row.values["kind"])
    return errors


def _status(row: Row, *, places: Places) -> tuple[DelegateStatus, list[RowError]]:
    """The status of a new delegate, and why it cannot be so. Nobody approves whom an organiser names."""
    wished, kind = row.values.get("status", ""), row.values["kind"]
    if not places.takes(kind):
        return DelegateStatus.WAITING, [row.error("kind", _("The conference takes no delegates of this kind."))]
    if not wished:
        return (DelegateStatus.RESERVED if places.fit(kind) else DelegateStatus.WAITING), []
    if wished not in IMPORTED:
        return DelegateStatus.WAITING, [row.error("status", unknown_word(wished, IMPORTED))]
    if wished == DelegateStatus.RESERVED and places.free <= 0:
        return DelegateStatus.RESERVED, [row.error("status", _("There are no more places: all are reserved."))]
    if wished == DelegateStatus.RESERVED and not places.fit(kind):
        return DelegateStatus.RESERVED, [row.error("status", _("There are no more places for this kind of delegates."))]
    return DelegateStatus(wished), []
