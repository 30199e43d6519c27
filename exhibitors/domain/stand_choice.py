"""Which stands an application can be offered now, the best fitting first."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from exhibitors.models import Application, PlacementDay, SiteWish, StandHold
from fairs.models import Stand


@dataclass(frozen=True)
class StandChoice:
    """A free stand at a wished site, with how it fits. ``held_until`` is set while it is held, ``is_kept``: for this application."""

    stand: Stand
    wish: SiteWish
    is_too_small: bool
    is_too_large: bool
    held_until: datetime | None = None
    is_kept: bool = False

    @property
    def fits(self) -> bool:
        return not (self.is_too_small or self.is_too_large)

    @property
    def is_held_for_others(self) -> bool:
        return self.held_until is not None and not self.is_kept


def free_stands(application: Application, *, at_placed_sites: bool, now: datetime) -> list[StandChoice]:
    """Stands that are free on the days asked for, at the sites where the application has no stand yet (or, to relocate, has one).

    Those that are held for the application come first at each site, those that are held for others last: they cannot be offered.
    """
    placed = set(application.placements.known_or_held().values_list("site", flat=True))
    found: list[StandChoice] = []
    for wish in application.site_wishes.select_related("site__fair"):
        if (wish.site_id in placed) != at_placed_sites:
            continue
        days = PlacementDay.objects.filter(day__range=(wish.first_day, wish.last_day))
        taken = days.exclude(placement__application=application, placement__is_plan=True).values("stand")
        stands = Stand.objects.filter(hall__site=wish.site, blocked=False).for_rent(wish.first_day, wish.last_day).exclude(pk__in=taken)
        holds = {hold.stand_id: hold for hold in StandHold.objects.live(now=now).filter(stand__hall__site=wish.site)}
        found += sorted((_choice(stand, wish, holds.get(stand.pk)) for stand in stands.select_related("hall")), key=_order)
    return found


def _order(choice: StandChoice) -> tuple[Any, ...]:
    return (
        *(choice.is_held_for_others, not choice.is_kept, not choice.fits, _distance(choice)),
        *(choice.stand.hall.slug, choice.stand.number),
    )


def _choice(stand: Stand, wish: SiteWish, hold: StandHold | None) -> StandChoice:
    return StandChoice(
        stand=stand,
        wish=wish,
        is_too_small=wish.area_min_m2 is not None and stand.area_m2 < wish.area_min_m2,
        is_too_large=wish.area_max_m2 is not None and stand.area_m2 > wish.area_max_m2,
        held_until=hold.until if hold else None,
        is_kept=hold is not None and hold.application_id == wish.application_id,
    )


def _distance(choice: StandChoice) -> tuple[Decimal, int]:
    """First the area wished, then the open sides wished."""
    wished = choice.wish.area_wished_m2
    sides = choice.wish.open_sides or choice.stand.open_sides
    return abs(choice.stand.area_m2 - wished) if wished is not None else Decimal(0), abs(choice.stand.open_sides - sides)
