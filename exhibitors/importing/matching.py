"""Which company a row means: one that is known already, one of the same table, or a new one."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.models import User
from api.text import fold
from exhibitors.domain.company_queries import companies_for_staff
from exhibitors.domain.company_values import CompanyValues, clean_code
from exhibitors.models import Application, CoExhibitor, Company, CompanyMember
from fairs.models import Fair
from fairs.roles import Right
from fairs.tables import Row, RowError

_ONCE = ("inn", "ogrn", "uscc", "legal_name")


def doubled_rows(rows: Iterable[Row]) -> list[RowError]:
    """An error for every row that has the tax number or the legal name of an earlier one."""
    seen: dict[tuple[str, str], int] = {}
    errors = []
    for row in rows:
        for column in _ONCE:
            text = row.values.get(column, "")
            key = (column, fold(text) if column == "legal_name" else clean_code(text))
            if not key[1]:
                continue
            if key in seen:
                errors.append(row.error(column, _("This is in row %(row)s already.") % {"row": seen[key]}))
            seen.setdefault(key, row.number)
    return errors


class AmbiguousCompany(Exception):
    """A number that several companies have, or a ``name``; ``column`` is where the table has it."""

    def __init__(self, column: str, count: int, *, name: str = "") -> None:
        if name:
            super().__init__(_("“%(name)s” are several companies: write the tax number.") % {"name": name[:80]})
        else:
            super().__init__(_("%(count)d companies have this number: leave one of them with it, or take the row out.") % {"count": count})
        self.column = column


class KnownCompanies:
    """The companies that a table of this fair may mean, by tax number, and by legal name and region.

    Those with an application or a co-exhibitor's place at the fair, and those that nobody acts for yet, as far as the importer sees
    them. A company that its people entered themselves is theirs: whoever claims a tax number there neither gets what a table says of
    it, nor is changed. The same holds of one that only other organisers have to do with: the row makes a new one, as if there were no
    other. Two with the same number are for a person to tell apart.
    """

    def __init__(self, fair: Fair, by: User | None) -> None:
        beside = CoExhibitor.objects.filter(company=OuterRef("pk"), application__fair=fair)
        at_fair = Exists(Application.objects.filter(company=OuterRef("pk"), fair=fair)) | Exists(beside.of_known_companies())
        is_theirs = Exists(CompanyMember.objects.filter(company=OuterRef("pk")))
        # A command has no importer: whoever runs it keeps the whole database.
        seen = Q() if by is None else Q(Exists(beside)) | Q(pk__in=companies_for_staff(by, Right.EDIT_APPLICATIONS).values("pk"))
        self._by_number: dict[tuple[str, str], set[int]] = {}
        self._by_name: dict[tuple[str, str], set[int]] = {}
        self._numbers: dict[int, tuple[str, str]] = {}
        self._at_fair: set[int] = set()
        meant = Company.objects.annotate(at_fair=at_fair).filter(Q(at_fair=True) | (~is_theirs & seen), retired_into=None)
        rows = meant.values_list("pk", "at_fair", "legal_name", "region__code", "inn", "uscc")
        for pk, is_at_fair, legal_name, region, inn, uscc in rows.iterator(chunk_size=2000):
            for name, number in (("inn", inn), ("uscc", uscc)):
                if number:
                    self._by_number.setdefault((name, number), set()).add(pk)
            self._by_name.setdefault((fold(legal_name), region or ""), set()).add(pk)
            self._numbers[pk] = (inn, uscc)
            if is_at_fair:
                self._at_fair.add(pk)

    def find(self, values: CompanyValues) -> int | None:
        """The id of the same company: by INN or USCC, else by legal name and region unless its numbers are others.

        Of several of one name, those at the fair come first; a row whose number none of them has is one more. Raises AmbiguousCompany
        where several companies have the number, or the name and the row has no number to tell them apart.
        """
        numbers = {name: clean_code(str(values.get(name, ""))) for name in ("inn", "uscc")}
        for name, number in numbers.items():
            if number and (name, number) in self._by_number:
                if len(found := self._by_number[name, number]) > 1:
                    raise AmbiguousCompany(name, len(found))
                return next(iter(found))
        legal_name = values.get("legal_name", "")
        named = self._by_name.get((fold(legal_name), clean_code(values.get("region") or "")), set())
        found = {pk for pk in named if not self._has_other_number(pk, numbers)}
        found = found & self._at_fair or found
        if len(found) > 1 and not any(numbers.values()):
            raise AmbiguousCompany("legal_name", len(found), name=legal_name)
        return next(iter(found)) if len(found) == 1 else None

    def _has_other_number(self, pk: int, numbers: dict[str, str]) -> bool:
        there = dict(zip(("inn", "uscc"), self._numbers[pk], strict=True))
        return any(number and there[name] and number != there[name] for name, number in numbers.items())
