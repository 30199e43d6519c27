"""An organiser's table of companies into the database and onto a fair: all of it or nothing, every error with its place."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, TypeVar

from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from accounts.models import User
from api.problems import Refused
from api.text import fold
from exhibitors.domain import changes, companies, steps
from exhibitors.domain.company_values import CheckedCompany, CompanyValues, Reference, check
from exhibitors.enums import ApplicationStatus, ChangeSource, ExhibitorRole
from exhibitors.importing.columns import REQUIRED, columns_of
from exhibitors.importing.desk import CellRefused, Desk
from exhibitors.importing.kept import Kept, in_order
from exhibitors.importing.matching import AmbiguousCompany, KnownCompanies, doubled_rows
from exhibitors.importing.participation import advance, begin_many, bring_co_exhibitor, bring_forward, gets_first_stands
from exhibitors.importing.placing import Placing, Refusal
from exhibitors.importing.reading import Reading
from exhibitors.importing.report import Report, errors_of
from exhibitors.importing.rows import CompanyRow, RowReader
from exhibitors.models import Application, Company
from fairs.models import Fair, StaffMembership, Stand
from fairs.tables import Table, TableError, read_table
from notifications.outbox import counted

Progress = Callable[[int, int], None]
Item = TypeVar("Item")
_ROWS_AT_ONCE = 500


def import_companies(
    *,
    fair: Fair,
    source: str | Path | IO[bytes],
    by: User | None,
    now: datetime,
    name: str = "",
    dry_run: bool = False,
    tell: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Make and change the companies of a CSV or XLSX table, and their applications to ``fair``.

    ``name`` is the file's name where ``source`` is an open file; ``tell`` writes the letters that go with each step. With
    any error, and in a dry run, nothing is kept. Empty cells leave alone what is there. docs/import-companies.md names the columns.
    """
    try:
        table = read_table(source, name=name, columns=columns_of(fair.sites.all()), required=REQUIRED, keep_errors=True)
    except TableError as error:
        return Report(errors=error.errors, dry_run=dry_run)
    with transaction.atomic():
        wait_for_other_imports(fair)
        with steps.from_a_table(now=now), counted() as count:
            report = _Import(Desk(fair, by, now, tell), table, progress).run()
        report.dry_run, report.letters = dry_run, count.letters
        report.assumed_encoding = table.assumed_encoding
        report.reading = Reading.of(table, named=[cell.row for cell in [*report.errors, *report.kept]])
        transaction.set_rollback(dry_run or bool(report.errors))
    return report


def wait_for_other_imports(fair: Fair) -> None:
    """Two imports into one fair wait for each other, so that the second finds what the first has made; nobody else waits for minutes."""
    if connection.vendor == "postgresql":  # SQLite has one writer
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('companies into a fair', %s))", [fair.pk])


@dataclass
class _Planned:
    """A readable row with its company: ``known`` is the id of one that is there."""

    row: CompanyRow
    checked: CheckedCompany
    known: int | None


# Whether the row changed anything, and its application where that waits for its first stands.
TakePart = Callable[[_Planned, Company, Application | None], tuple[bool, Application | None]]


class _Import:
    """One table on its way into one fair. It goes on after an error, to find the others."""

    def __init__(self, desk: Desk, table: Table, progress: Progress | None) -> None:
        self.desk = desk
        self.table = table
        self.progress = progress
        self.report = Report()
        self.kept = Kept(desk.fair.zone)
        self.sites = list(desk.fair.sites.all())
        self.reference = Reference.load()
        self.known = KnownCompanies(desk.fair, desk.by)
        stands = Stand.objects.of_fair(desk.fair.pk).select_related("hall").only("number", "area_m2", "hall__slug", "hall__site")
        self.stands = {(stand.hall.slug, stand.number): stand for stand in stands}
        staff = StaffMembership.objects.filter(fair=desk.fair).select_related("user")
        self.staff = {membership.user.email: membership.user for membership in staff}
        self.placing = Placing(desk, self.stands)
        self.done = 0

    def run(self) -> Report:
        self.report.errors += self.table.errors
        doubled = doubled_rows(self.table.rows)
        reader = RowReader(self.desk.fair, self.sites, self.reference)
        read = [reader.read(row) for row in self.table.rows]
        self.report.errors += reader.errors
        wrong = {error.row for error in [*self.report.errors, *doubled]}
        for row in read:
            if row.row.number in wrong:
                self._plan(row)  # for the other errors of its values
        self.report.errors += doubled  # a number that is none says more than that it is there twice
        rows = [row for row in read if row.row.number not in wrong]
        mains = [row for row in rows if row.role == ExhibitorRole.MAIN]
        for some in _in_parts(mains):
            self._apply(some, self._bring_forward)
        self.mains = self._main_applications()
        for some in _in_parts([row for row in rows if row.role == ExhibitorRole.CO]):
            self._apply(some, self._bring_beside)
        order = {header: place for place, header in enumerate(self.table.headers)}
        first = {(error.row, error.column): error for error in reversed(self.report.errors)}  # one a cell: the others follow from it
        self.report.kept = list(in_order(self.kept.cells, order))
        self._count_applications()
        self.report.errors = sorted(first.values(), key=lambda error: (error.row, order.get(error.column, -1), error.message))
        return self.report

    def _apply(self, rows: Sequence[CompanyRow], take_part: TakePart) -> None:
        """Write some rows: the new companies in one go, then each row's part in the fair."""
        plans = [plan for row in rows if (plan := self._plan(row))]
        known = [plan.known for plan in plans if plan.known]
        there = Company.objects.filter(pk__in=known).select_related("region").prefetch_related("categories", "contacts").in_bulk()
        new = [plan for plan in plans if plan.known is None]
        rows_made = companies.create_many([plan.checked for plan in new], now=self.desk.now)
        made = {id(plan): company for plan, company in zip(new, rows_made, strict=True)}
        self.report.created_ids += [company.pk for company in rows_made]
        at_fair = self._applications(known)
        self.kept.edits = changes.edited_by_people([pk for pk in known if pk])
        begun = self._begin([plan for plan in new if plan.row.role == ExhibitorRole.MAIN], made)
        for plan in plans:
            company = made.get(id(plan)) or there[plan.known]  # type: ignore[index]
            self._bring(plan, company, begun.get(id(plan)) or at_fair.get(company.pk), take_part)
        self.placing.run()

    def _bring(self, plan: _Planned, company: Company, application: Application | Refused | None, take_part: TakePart) -> None:
        """One row's part in the fair. What has no stand yet waits for the others of these rows."""
        if isinstance(application, Refused):
            return self._end(plan, application)
        if plan.known is None and application is not None and gets_first_stands(plan.row, application):
            return self._wait(plan, application)  # begun just now, as the row says
        if self.placing.comes_first(plan.row, company.pk, application if plan.known else None):
            self.placing.run()
        changed, waiting = False, None
        try:
            if application is None or plan.known or application.status != plan.row.status:
                with transaction.atomic():  # a savepoint: the rows after a refused one are still tried
                    changed = plan.known is not None and self._update(plan, company)
                    has_more, waiting = take_part(plan, company, application)
                    changed |= has_more
        except (Refused, CellRefused) as refusal:
            return self._end(plan, refusal)
        return self._wait(plan, waiting) if waiting else self._end(plan, None, changed=changed)

    def _wait(self, plan: _Planned, application: Application) -> None:
        self.placing.add(plan.row, application, done=lambda refusal: self._end(plan, refusal, changed=True))

    def _end(self, plan: _Planned, refusal: Refusal | None, *, changed: bool = False) -> None:
        if refusal is not None:
            self._refuse(plan.row, refusal)
        self._count(plan, changed=changed and refusal is None)

    def _begin(self, plans: Sequence[_Planned], made: dict[int, Company]) -> dict[int, Application | Refused]:
        """The applications of new companies by their plan, made in one go."""
        rows = [(plan.row, made[id(plan)], plan.checked.categories or []) for plan in plans]
        results = begin_many(self.desk, rows, stands=self.stands, staff=self.staff)
        return {id(plan): result for plan, result in zip(plans, results, strict=True)}

    def _plan(self, row: CompanyRow) -> _Planned | None:
        """Check the row's values, or note what is wrong with them."""
        count = len(self.report.errors)
        pk = None
        try:
            pk = self.known.find(row.company)
        except AmbiguousCompany as error:
            self.report.errors.append(row.row.error(error.column, str(error)))
        values: CompanyValues = {**row.company}
        if row.contact:
            values["contacts"] = [row.contact]
        checked = CheckedCompany()
        try:
            there = Company.objects.select_related("region").get(pk=pk) if pk and not {"region", "country"} <= values.keys() else None
            checked = check(values, reference=self.reference, company=there)
        except Refused as refusal:
            self._refuse(row, refusal)
        for cells in row.sites:
            stand = self.stands.get(cells.stand) if cells.stand else None
            if cells.stand and (stand is None or stand.hall.site_id != cells.site.pk):
                name = "/".join(cells.stand)
                detail = _("There is no stand “%(stand)s” at this site.") % {"stand": name}
                self.report.errors.append(row.row.error(f"{cells.site.slug}_stand", detail))
            elif stand and not cells.fits(stand.area_m2):
                detail = _("This stand has %(area)s m²: that is not the area that the row asks for.") % {"area": f"{stand.area_m2:g}"}
                self.report.errors.append(row.row.error(f"{cells.site.slug}_stand", detail))
        if row.responsible and row.responsible not in self.staff:
            detail = _("Nobody of this fair's staff has this address.")
            self.report.errors.append(row.row.error("responsible", detail))
        return _Planned(row, checked, pk) if len(self.report.errors) == count else None

    def _update(self, plan: _Planned, company: Company) -> bool:
        """The company as the row has it. True when anything changed."""
        values = self.kept.of_company(plan.row.row, company, plan.checked, plan.row.company)
        if values:
            companies.update(company_id=company.pk, by=self.desk.by, source=ChangeSource.IMPORT, now=self.desk.now, **values)
        return self._update_contact(plan, company) or bool(values)

    def _update_contact(self, plan: _Planned, company: Company) -> bool:
        if not plan.row.contact or not plan.checked.contacts:
            return False
        fields = plan.checked.contacts[0]
        there = companies.same_contact(list(company.contacts.all()), fields)
        if there is not None and all(getattr(there, name) == fields[name] for name in plan.row.contact):
            return False
        if self.kept.keeps_contact(plan.row.row, company, there, fields, list(plan.row.contact)):
            return False
        return companies.put_contact(company_id=company.pk, contact=plan.row.contact, now=self.desk.now)

    def _bring_forward(self, plan: _Planned, company: Company, application: Application | None) -> tuple[bool, Application | None]:
        waits = gets_first_stands(plan.row, application)
        application, changed = bring_forward(
            self.desk,
            plan.row,
            company=company,
            application=application,
            categories=plan.checked.categories or [],
            stands=self.stands,
            responsible=self.staff.get(plan.row.responsible),
            kept=self.kept,
        )
        changed |= advance(self.desk, plan.row, application, stands=self.stands)
        return changed, application if waits else None

    def _bring_beside(self, plan: _Planned, company: Company, application: Application | None) -> tuple[bool, None]:
        written = plan.row.main_company
        mains = self.mains.get(fold(written)) or self.mains.get(written) or []
        if len(mains) == 1:
            return bring_co_exhibitor(self.desk, plan.row, company=company, main=mains[0]), None
        if mains:
            meant = AmbiguousCompany("main_company", len(mains), name="" if written.isdigit() else written)
            self.report.errors.append(plan.row.row.error(meant.column, str(meant)))
        elif not self._is_in_table(written):  # a main exhibitor of the table without an application has its own error
            detail = _("No main exhibitor of this fair has this legal name or INN: “%(name)s”.") % {"name": written[:80]}
            self.report.errors.append(plan.row.row.error("main_company", detail))
        return False, None

    def _is_in_table(self, main: str) -> bool:
        wrong = {error.row for error in self.report.errors}
        rows = [row for row in self.table.rows if row.number in wrong]
        return any(fold(row.values["legal_name"]) == fold(main) or row.values.get("inn") == main for row in rows)

    def _main_applications(self) -> dict[str, list[Application]]:
        """The fair's live applications by folded legal name and by INN."""
        live = Application.objects.filter(fair=self.desk.fair).exclude(told_status__in=ApplicationStatus.ended)
        found: dict[str, list[Application]] = {}
        for application in live.select_related("company").order_by("pk"):
            for key in {fold(application.company.legal_name), application.company.inn} - {""}:
                found.setdefault(key, []).append(application)
        return found

    def _applications(self, company_ids: Sequence[int | None]) -> dict[int, Application]:
        """Of each company its live application to the fair, else the latest that has ended."""
        rows = Application.objects.filter(fair=self.desk.fair, company__in=company_ids).order_by("pk")
        found: dict[int, Application] = {}
        for application in rows.prefetch_related("categories", "site_wishes__site"):
            there = found.get(application.company_id)
            if there is None or there.told_status in ApplicationStatus.ended:
                found[application.company_id] = application
        return found

    def _count_applications(self) -> None:
        """What has become of the companies that are new or changed: co-exhibitors have no application."""
        brought = [*self.report.created_ids, *self.report.updated_ids]
        rows = Application.objects.filter(fair=self.desk.fair, company__in=brought)
        counts = rows.values_list("status").annotate(count=Count("pk"), late=Count("pk", filter=Q(late=True))).order_by()
        for status, count, late in counts:
            self.report.states[status] = count
            self.report.late += late

    def _refuse(self, row: CompanyRow, refusal: Refusal) -> None:
        slugs = [cells.site.slug for cells in row.sites] or [site.slug for site in self.sites]
        self.report.errors += errors_of(row, refusal, site_slugs=slugs)

    def _count(self, plan: _Planned, *, changed: bool) -> None:
        if plan.known is None:
            self.report.created += 1
        elif changed:
            self.report.updated += 1
            self.report.updated_ids.append(plan.known)
        else:
            self.report.unchanged += 1
        self.done += 1
        if self.progress:
            self.progress(self.done, len(self.table.rows))


def _in_parts(rows: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        yield rows[start : start + _ROWS_AT_ONCE]
