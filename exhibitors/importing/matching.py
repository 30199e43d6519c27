"""Which company a row means: one that is known already, one of the same table, or a new one."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.models import User
from exhibitors.domain.company_queries import companies_for_staff
from exhibitors.domain.company_values import CompanyValues, clean_code
from exhibitors.domain.search import fold
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
            super().__init__(_("“%(name)s” are several companies of this fair: write the tax number.") % {"name": name[:80]})
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
        self._by_name: dict[tuple[str, str], int] = {}
        self._numbers: dict[int, tuple[str, str]] = {}
        meant = Company.objects.annotate(at_fair=at_fair).filter(Q(at_fair=True) | (~is_theirs & seen), retired_into=None)
        rows = meant.order_by("at_fair", "-pk").values_list("pk", "legal_name", "region__code", "inn", "uscc")
        for pk, legal_name, region, inn, uscc in rows.iterator(chunk_size=2000):
            for name, number in (("inn", inn), ("uscc", uscc)):
                if number:
                    self._by_number.setdefault((name, number), set()).add(pk)
            self._by_name[fold(legal_name), region or ""] = pk
            self._numbers[pk] = (inn, uscc)

    def find(self, values: CompanyValues) -> int | None:
        """The id of the same company: by INN or USCC, else by legal name and region unless its numbers are others.

        Raises AmbiguousCompany where several companies have the number.
        """
        numbers = {name: clean_code(str(values.get(name, ""))) for name in ("inn", "uscc")}
        for name, number in numbers.items():
            if number and (name, number) in self._by_number:
                if len(found := self._by_number[name, number]) > 1:
                    raise AmbiguousCompany(name, len(found))
                return next(iter(found))
        pk = self._by_name.get((fold(values.get("legal_name", "")), clean_code(values.get("region") or "")))
        if pk is None:
            return None
        there = dict(zip(("inn", "uscc"), self._numbers[pk], strict=True))
        is_other = any(number and there[name] and number != there[name] for name, number in numbers.items())
        return None if is_other else pk
