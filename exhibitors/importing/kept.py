"""What a table would change and a person has changed since: left alone, and told by row and column."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from exhibitors.domain import companies
from exhibitors.domain.changes import Edit
from exhibitors.domain.company_values import CheckedCompany, CompanyValues
from exhibitors.models import Company, CompanyContact
from fairs.tables import Row, RowError

_HEADERS = {"zh_hans": "zh"}  # end of the column: end of the header
_DEPENDING_ON_COUNTRY = ("region", "inn", "ogrn", "kpp", "uscc")


@dataclass
class Kept:
    """The edits of the companies of a part of the table, and what was left alone because of them."""

    zone: tzinfo
    edits: dict[int, dict[str, Edit]] = field(default_factory=dict)
    cells: list[RowError] = field(default_factory=list)

    def of_company(self, row: Row, company: Company, checked: CheckedCompany, values: CompanyValues) -> CompanyValues:
        """The ``values`` that differ and that nobody has edited; those left out are noted."""
        edits = self.edits.get(company.pk, {})
        differing = companies.differences(company, checked)
        wanted = checked.categories
        if wanted is not None and {one.pk for one in wanted} != {one.pk for one in company.categories.all()}:
            differing.add("categories")
        edited = {name: edits[name] for name in differing if name in edits}
        if "country" in edited:  # a number or a region of another country would be refused
            edited |= {name: edited["country"] for name in _DEPENDING_ON_COUNTRY if name in differing}
        self._note(row, {_header(name): edit for name, edit in edited.items()})
        taken = differing - edited.keys()
        return {name: value for name, value in values.items() if name in taken}  # type: ignore[return-value]

    def keeps_contact(
        self, row: Row, company: Company, there: CompanyContact | None, fields: Mapping[str, str], given: Sequence[str]
    ) -> bool:
        """Whether the contacts of this role are the company's own by now; the cells that would change them are noted."""
        edit = self.edits.get(company.pk, {}).get(companies.contacts_of(fields["role"]))
        if edit is None:
            return False
        differing = [name for name in given if there is None or getattr(there, name) != fields[name]]
        self._note(row, {f"contact_{name}": edit for name in differing})
        return True

    def of_application(self, row: Row, company_id: int, application_id: int, name: str, columns: Sequence[str]) -> bool:
        """Whether a person has edited this part of the application since; its cells are noted."""
        edit = self.edits.get(company_id, {}).get(f"{application_id}:{name}")
        if edit is None:
            return False
        self._note(row, {column: edit for column in columns if row.values.get(column)})
        return True

    def _note(self, row: Row, edited: Mapping[str, Edit]) -> None:
        self.cells += [row.error(column, self._text(edit)) for column, edit in sorted(edited.items())]

    def _text(self, edit: Edit) -> str:
        day = {"day": date_format(edit.at.astimezone(self.zone), "SHORT_DATE_FORMAT")}
        if edit.by_staff:
            return _("Kept: edited by an organiser on %(day)s.") % day
        return _("Kept: edited by the company on %(day)s.") % day


def _header(column: str) -> str:
    for suffix, short in _HEADERS.items():
        if column.endswith(f"_{suffix}"):
            return f"{column.removesuffix(suffix)}{short}"
    return column


def in_order(cells: Sequence[RowError], order: Mapping[str, int]) -> Iterator[RowError]:
    """Row by row, and in the order of the table's columns."""
    yield from sorted(cells, key=lambda cell: (cell.row, order.get(cell.column, -1)))
