"""The first stands of applications that a table names: given to many at one go, and where one is refused, to fewer until it is alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count

from django.db import transaction

from api.problems import Refused
from exhibitors.domain import applications, placements
from exhibitors.enums import ApplicationStatus
from exhibitors.importing.desk import CellRefused, Desk
from exhibitors.importing.rows import WITH_STAND, CompanyRow, SiteCells
from exhibitors.models import Application
from fairs.models import Stand

Stands = dict[tuple[str, str], Stand]  # by the hall's short name and the stand's number
Refusal = Refused | CellRefused


@dataclass(frozen=True)
class _Waiting:
    row: CompanyRow
    application_id: int
    is_admitted: bool
    done: Callable[[Refusal | None], None]


class Placing:
    """Applications that wait for their stands, in the order of the table.

    The outcome is that of one row after the other: what a row in between may change for those who wait comes after them (``comes_first``).
    """

    def __init__(self, desk: Desk, stands: Stands) -> None:
        self._desk = desk
        self._stands = stands
        self._waiting: list[_Waiting] = []
        self._companies: set[int] = set()
        self._frees_ranks = False

    def add(self, row: CompanyRow, application: Application, *, done: Callable[[Refusal | None], None]) -> None:
        """``done`` is told why the row is refused, or None."""
        is_admitted = application.status == ApplicationStatus.ADMITTED
        self._waiting.append(_Waiting(row, application.pk, is_admitted, done))
        self._companies.add(application.company_id)
        self._frees_ranks |= application.status == ApplicationStatus.WAITLISTED

    def comes_first(self, row: CompanyRow, company_id: int, application: Application | None) -> bool:
        """Whether those who wait come before ``row``: it may free a stand that one of them asks for, or take a rank that one leaves."""
        if company_id in self._companies or (self._frees_ranks and row.status == ApplicationStatus.WAITLISTED):
            return True
        if not self._waiting or application is None or application.status in ApplicationStatus.ended:
            return False
        if row.status not in WITH_STAND:
            return row.status != application.status
        if application.status not in WITH_STAND:
            return False
        there = set(application.placements.live().values_list("stand", flat=True))
        return any(self._stands[cells.stand].pk not in there for cells in row.sites if cells.stand)

    def run(self) -> None:
        """Place those who wait."""
        waiting, self._waiting = self._waiting, []
        self._companies.clear()
        self._frees_ranks = False
        for one, refusal in zip(waiting, self._try(waiting), strict=True):
            one.done(refusal)

    def _try(self, waiting: Sequence[_Waiting]) -> list[Refusal | None]:
        """Why each is refused, or None: together, or half by half."""
        if not waiting:
            return []
        try:
            with transaction.atomic():  # a savepoint: of those who are refused nothing stays
                self._place(waiting)
        except (Refused, CellRefused) as refusal:
            if len(waiting) == 1:
                self._desk = replace(self._desk, tell=False)  # of a table with an error nothing stays, nor do its letters
                return [refusal]
        else:
            return [None] * len(waiting)
        half = len(waiting) // 2
        return [*self._try(waiting[:half]), *self._try(waiting[half:])]

    def _place(self, waiting: Sequence[_Waiting]) -> None:
        """Admit them, and give each its stands, at one site after the other."""
        if new := [one.application_id for one in waiting if not one.is_admitted]:
            applications.admit_many(application_ids=new, **self._desk.step)
        named = [(one, [cells for cells in one.row.sites if cells.stand]) for one in waiting]
        for turn in count():
            now = [(one, cells[turn]) for one, cells in named if turn < len(cells)]
            if not now:
                return
            try:
                self._place_at(now)
            except Refused as refusal:
                raise CellRefused(f"{now[0][1].site.slug}_stand", refusal) from refusal

    def _place_at(self, places: Sequence[tuple[_Waiting, SiteCells]]) -> None:
        stands_of = {one.application_id: self._stands[cells.stand].pk for one, cells in places if cells.stand}
        accepting = {one.application_id for one, _cells in places if one.row.status == ApplicationStatus.ACCEPTED}
        offered = placements.offer_many(stands_of=stands_of, **self._desk.step)
        if offers_of := {offer.application_id: offer.pk for offer in offered if offer.application_id in accepting}:
            placements.accept_many(offers_of=offers_of, on_behalf=True, **self._desk.step)
