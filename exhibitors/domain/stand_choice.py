"""Which stands an application can be offered now, the best fitting first."""

from dataclasses import dataclass
from decimal import Decimal

from exhibitors.models import Application, PlacementDay, SiteWish
from fairs.models import Stand


@dataclass(frozen=True)
class StandChoice:
    """A free stand at a wished site, with how it fits: area differences in m²."""

    stand: Stand
    wish: SiteWish
    is_too_small: bool
    is_too_large: bool

    @property
    def fits(self) -> bool:
        return not (self.is_too_small or self.is_too_large)


def free_stands(application: Application, *, at_placed_sites: bool) -> list[StandChoice]:
    """Stands that are free on the days asked for, at the sites where the application has no stand yet (or, to relocate, has one)."""
    placed = set(application.placements.live().values_list("site", flat=True))
    found: list[StandChoice] = []
    for wish in application.site_wishes.select_related("site"):
        if (wish.site_id in placed) != at_placed_sites:
            continue
        taken = PlacementDay.objects.filter(day__range=(wish.first_day, wish.last_day)).values("stand")
        stands = Stand.objects.filter(hall__site=wish.site, blocked=False).exclude(pk__in=taken).select_related("hall")
        choices = [_choice(stand, wish) for stand in stands]
        found += sorted(choices, key=lambda choice: (not choice.fits, _distance(choice), choice.stand.hall.slug, choice.stand.number))
    return found


def _choice(stand: Stand, wish: SiteWish) -> StandChoice:
    return StandChoice(
        stand=stand,
        wish=wish,
        is_too_small=wish.area_min_m2 is not None and stand.area_m2 < wish.area_min_m2,
        is_too_large=wish.area_max_m2 is not None and stand.area_m2 > wish.area_max_m2,
    )


def _distance(choice: StandChoice) -> tuple[Decimal, int]:
    """First the area wished, then the open sides wished."""
    wished = choice.wish.area_wished_m2
    sides = choice.wish.open_sides or choice.stand.open_sides
    return abs(choice.stand.area_m2 - wished) if wished is not None else Decimal(0), abs(choice.stand.open_sides - sides)
