"""The plan of a hall as its planners see it now: who has which stand, what is held, who has none yet. Read in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import pgettext_lazy

from exhibitors.domain.stand_fit import Fit, Occupant, fit, occupant_of, ranked
from exhibitors.domain.stand_fit import Hall as FitHall
from exhibitors.enums import ApplicationStatus, PlacementStatus
from exhibitors.models import Application, NeighbourWish, Placement, SiteWish, StandHold
from fairs.models import Hall, Stand


class PlanState(StrEnum):
    """What a stand is to those who place exhibitors; the furthest of what is there counts."""

    FREE = "free"
    BLOCKED = "blocked"
    HELD = "held"
    PLANNED = "planned"
    WAITING = "waiting"
    OFFERED = "offered"
    ACCEPTED = "accepted"


STATE_TEXTS = {
    PlanState.FREE: pgettext_lazy("stand on the plan", "free"),
    PlanState.PLANNED: pgettext_lazy("stand on the plan", "planned"),
    PlanState.WAITING: pgettext_lazy("stand on the plan", "offer not announced yet"),
    PlanState.OFFERED: pgettext_lazy("stand on the plan", "offered"),
    PlanState.ACCEPTED: pgettext_lazy("stand on the plan", "accepted"),
    PlanState.HELD: pgettext_lazy("stand on the plan", "held"),
    PlanState.BLOCKED: pgettext_lazy("stand on the plan", "blocked"),
}


@dataclass
class StandNow:
    """A stand with what is on it: placements by their first day."""

    stand: Stand
    placements: list[Placement]
    hold: StandHold | None

    @property
    def state(self) -> PlanState:
        if self.stand.blocked:
            return PlanState.BLOCKED
        found = {state_of(placement) for placement in self.placements}
        for state in (PlanState.ACCEPTED, PlanState.OFFERED, PlanState.WAITING, PlanState.PLANNED):
            if state in found:
                return state
        return PlanState.HELD if self.hold else PlanState.FREE


def state_of(placement: Placement) -> PlanState:
    if placement.status == PlacementStatus.ACCEPTED:
        return PlanState.ACCEPTED
    if placement.status == PlacementStatus.OFFERED:
        return PlanState.OFFERED
    return PlanState.PLANNED if placement.is_plan else PlanState.WAITING


class HallPlan:
    """``seen``: which applications the reader may see; of the others only that somebody is there."""

    def __init__(self, hall: Hall, *, seen: Q, now: datetime) -> None:
        self.hall, self.seen, self.now = hall, seen, now

    @cached_property
    def stands(self) -> list[StandNow]:
        stands = Stand.objects.filter(hall=self.hall).select_related("zone").order_by("number", "pk")
        holds = {hold.stand_id: hold for hold in self._holds()}
        return [StandNow(stand, self._placements[stand.pk], holds.get(stand.pk)) for stand in stands]

    @cached_property
    def _placements(self) -> defaultdict[int, list[Placement]]:
        found: defaultdict[int, list[Placement]] = defaultdict(list)
        rows = Placement.objects.live().filter(stand__hall=self.hall).order_by("first_day", "pk")
        for row in rows.prefetch_related(Prefetch("application", self._all())):
            found[row.stand_id].append(row)
        return found

    def _holds(self) -> QuerySet[StandHold]:
        return StandHold.objects.live(now=self.now).filter(stand__hall=self.hall).select_related("application__company", "by")

    def _all(self) -> QuerySet[Application]:
        """Applications with all that a row of the plan tells of them."""
        wishes = SiteWish.objects.filter(site=self.hall.site_id).prefetch_related("preferences__stand")
        near = NeighbourWish.objects.select_related("company")
        return Application.objects.select_related("company__region", "pavilion").prefetch_related(
            Prefetch("site_wishes", wishes, to_attr="wishes_here"), Prefetch("neighbour_wishes", near), "categories"
        )

    @cached_property
    def seen_ids(self) -> set[int]:
        """Of those who are placed in this hall."""
        ids = {placement.application_id for rows in self._placements.values() for placement in rows}
        return set(Application.objects.filter(self.seen, pk__in=ids).values_list("pk", flat=True))

    def unplaced(self) -> list[Application]:
        """Those who ask for this site and have nothing there, nor a plan; who applied first comes first."""
        there = Placement.objects.live().filter(application=OuterRef("pk"), site=self.hall.site_id)
        rows = self._all().filter(self.seen, ~Exists(there), fair=self.hall.fair_id, site_wishes__site=self.hall.site_id)
        return list(rows.filter(status__in=ApplicationStatus.live).order_by("submitted_at", "pk"))

    def application(self, pk: int) -> Application | None:
        """One that the reader may see and that asks for this site, with all that is told of it."""
        rows = self._all().filter(self.seen, pk=pk, fair=self.hall.fair_id, site_wishes__site=self.hall.site_id)
        return rows.first()

    def fits(self, application: Any) -> list[Fit]:
        """All stands of the hall that the application could have, the best first: free ones, those held for it, and its own."""
        (wish,) = application.wishes_here
        preferred = {one.stand_id: one.rank for one in wish.preferences.all()}
        who, hall = occupant_of(application), FitHall([one.stand for one in self.stands], self._occupants())
        possible = (one.stand for one in self.stands if self._is_open_to(application, wish, one))
        return ranked([fit(stand, wish=wish, who=who, hall=hall, preferred=preferred) for stand in possible])

    def _is_open_to(self, application: Application, wish: SiteWish, one: StandNow) -> bool:
        others = [placement for placement in one.placements if placement.application_id != application.pk]
        overlapping = any(placement.first_day <= wish.last_day and wish.first_day <= placement.last_day for placement in others)
        is_held = one.hold is not None and one.hold.application_id != application.pk
        is_for_rent = one.stand.is_for_rent(first_day=wish.first_day, last_day=wish.last_day)
        return not (one.stand.blocked or overlapping or is_held) and is_for_rent

    def _occupants(self) -> dict[int, list[Occupant]]:
        return {stand_id: [occupant_of(row.application) for row in rows] for stand_id, rows in self._placements.items()}

    def placements_on(self, stand_id: int) -> list[Placement]:
        """What is on a stand, without another query."""
        return self._placements[stand_id]

    def plans(self) -> Iterable[Placement]:
        """What is planned in this hall and not offered yet."""
        return (placement for one in self.stands for placement in one.placements if placement.is_plan)
