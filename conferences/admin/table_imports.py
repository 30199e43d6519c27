"""The tables that a conference is brought in from at the desk: its delegates, and its programme."""

from collections.abc import Sequence
from typing import IO, Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

import clock
from conferences.domain import delegates_import, programme_import
from conferences.domain.programme_import import ProgrammeError, import_programme
from conferences.models import Conference, Delegate, Room, Session, Speaker, Track
from fairs import access
from fairs.admin.table_import import Columns, Outcome, SheetImport, TableImport, count_line, errors_of
from fairs.domain.tally import Tally
from fairs.roles import Right
from fairs.tables import Table

_SHEETS = {"Rooms": Room, "Tracks": Track, "Speakers": Speaker, "Sessions": Session}


def _conferences(user: Any, right: Right) -> QuerySet[Conference]:
    return Conference.objects.filter(access.within(user, right, fair="fair")).select_related("fair").order_by("-starts_on", "pk")


class DelegatesImport(SheetImport):
    purpose, right = "delegates-import", Right.EDIT_DELEGATES
    title = _("Import delegates")
    of_label = _("Conference")
    tell_label = _("Write to every new delegate that a place is reserved")
    columns = (Columns(delegates_import.REQUIRED, delegates_import.COLUMNS),)
    hints = (
        _("A table (XLSX or CSV) with a delegate a row, who is known by the address. Whom you name counts as confirmed and approved."),
        _("Headers, countries, languages, kinds and states may be written in English, Russian or Chinese."),
    )
    row_names = Delegate._meta.verbose_name_plural
    naming = ("name",)

    def choices(self, user: Any) -> QuerySet[Conference]:
        return _conferences(user, self.right)

    def read(self, source: IO[bytes], name: str) -> Table:
        return delegates_import.read_delegates(source, name=name)

    def bring_in(self, of: Conference, table: Table, *, tell: bool, by: Any) -> tuple[Tally, Sequence[str]]:
        report = delegates_import.import_delegates(conference=of, table=table, now=clock.now(), notify=tell)
        return _tally(report.counts), report.warnings


class ProgrammeImport(TableImport):
    purpose, right = "programme-import", Right.EDIT_CONFERENCE
    title = _("Import a programme")
    of_label = _("Conference")
    accept = ".xlsx"
    columns = tuple(Columns(programme_import.REQUIRED[sheet], programme_import.COLUMNS[sheet], sheet) for sheet in _SHEETS)
    hints = (
        _("One workbook (XLSX) with the sheets Rooms, Tracks, Speakers and Sessions. Rows are known by their code."),
        _("What is not in the workbook stays as it is. The programme comes into the draft: everybody sees it once it is released."),
        _("Kinds, roles, layouts, equipment, languages and countries may be written in English, Russian or Chinese."),
    )

    def choices(self, user: Any) -> QuerySet[Conference]:
        return _conferences(user, self.right)

    def take(self, of: Conference, source: IO[bytes], name: str, *, tell: bool, dry_run: bool, by: Any) -> Outcome:
        try:
            report = import_programme(conference=of, source=source, name=name, now=clock.now(), dry_run=dry_run)
        except ProgrammeError as refusal:
            return Outcome(errors=[error for one in refusal.errors for error in errors_of([one.error], sheet=one.sheet)])
        counts = [count_line(_SHEETS[sheet]._meta.verbose_name_plural, _tally(counter)) for sheet, counter in report.counts.items()]
        return Outcome(counts, report.changes, report.warnings)


def _tally(counts: Any) -> Tally:
    return Tally(counts["new"], counts["changed"], counts["same"])
