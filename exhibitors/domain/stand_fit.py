"""How well each stand of a hall would suit an application, in points and in words: what a planner weighs when placing by hand.

Points follow the soft rules of DOMAIN part 3 in simple steps; they order a list, and no more. Whether a stand is free, planning says.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exhibitors.enums import NeighbourKind
from exhibitors.models import Application, SiteWish
from fairs.domain import neighbours
from fairs.models import Stand
from fairs.units import area_text, power_text


class Weight(StrEnum):
    GOOD = "good"
    FAIR = "fair"
    BAD = "bad"


@dataclass(frozen=True)
class Reason:
    """One thing that speaks for a stand, or against it."""

    weight: Weight
    text: str
    points: float = 0


@dataclass(frozen=True)
class Occupant:
    """Who has a stand, or shall have it, as far as a neighbour cares."""

    company_id: int
    name: str
    region_id: int | None
    categories: frozenset[str]
    near: frozenset[int] = frozenset()
    away: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Fit:
    stand: Stand
    reasons: tuple[Reason, ...]

    @property
    def points(self) -> float:
        return sum(reason.points for reason in self.reasons)

    @property
    def is_suitable(self) -> bool:
        """Whether nothing that was asked for as a must is missing."""
        return all(reason.weight != Weight.BAD for reason in self.reasons)


@dataclass
class Hall:
    """The stands of a hall, which of them are beside each other, and who is on them."""

    stands: Sequence[Stand]
    occupants: Mapping[int, Sequence[Occupant]] = field(default_factory=dict)
    beside: dict[int, set[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        outlines = {stand.pk: stand.outline for stand in self.stands}
        for one, other in (*neighbours.neighbours(outlines), *neighbours.across_aisle(outlines)):
            self.beside.setdefault(one, set()).add(other)
            self.beside.setdefault(other, set()).add(one)

    def around(self, stand_id: int, *, besides: int) -> list[Occupant]:
        """Who stands beside it or across the aisle, without the company itself."""
        found = (one for place in sorted(self.beside.get(stand_id, ())) for one in self.occupants.get(place, ()))
        return [one for one in found if one.company_id != besides]


def occupant_of(application: Application) -> Occupant:
    """From an application with ``company``, ``categories`` and ``neighbour_wishes`` at hand."""
    wished: dict[str, set[int]] = {kind.value: set() for kind in NeighbourKind}
    for wish in application.neighbour_wishes.all():
        if wish.company_id is not None:
            wished[wish.kind].add(wish.company_id)
    return Occupant(
        company_id=application.company_id,
        name=str(application.company),
        region_id=application.company.region_id,
        categories=frozenset(category.code for category in application.categories.all()),
        near=frozenset(wished[NeighbourKind.NEAR]),
        away=frozenset(wished[NeighbourKind.AWAY]),
    )


def fit(stand: Stand, *, wish: SiteWish, who: Occupant, hall: Hall, preferred: Mapping[int, int]) -> Fit:
    """``preferred``: the rank of the stands that the application names."""
    found = [*_of_area(stand, wish), *_of_sides(stand, wish), *_of_services(stand, wish), *_of_zone(stand, who)]
    found += [
        *_of_preference(preferred.get(stand.pk), bool(preferred)),
        *_of_neighbours(hall.around(stand.pk, besides=who.company_id), who),
    ]
    return Fit(stand=stand, reasons=tuple(found))


def ranked(fits: Collection[Fit]) -> list[Fit]:
    """The suitable first, and among them the one with the most points; as its number says where two are alike."""
    return sorted(fits, key=lambda one: (not one.is_suitable, -one.points, one.stand.number))


def _of_area(stand: Stand, wish: SiteWish) -> Iterator[Reason]:
    least, wished, most = wish.area_min_m2, wish.area_wished_m2, wish.area_max_m2
    shown = area_text(stand.area_m2)
    if least is not None and stand.area_m2 < least:
        yield Reason(Weight.BAD, _("%(area)s: less than the %(least)s needed") % {"area": shown, "least": area_text(least)}, -60)
    elif most is not None and stand.area_m2 > most:
        yield Reason(Weight.BAD, _("%(area)s: more than the %(most)s allowed") % {"area": shown, "most": area_text(most)}, -60)
    elif wished is None or stand.area_m2 == wished:
        yield Reason(Weight.GOOD, _("%(area)s, as wished") % {"area": shown} if wished is not None else shown, 20)
    else:
        off = float(abs(stand.area_m2 - wished) / wished)
        text = _("%(area)s, wished %(wished)s") % {"area": shown, "wished": area_text(wished)}
        yield Reason(Weight.GOOD if off <= 0.1 else Weight.FAIR, text, 20 * max(0.0, 1 - off))


def _of_sides(stand: Stand, wish: SiteWish) -> Iterator[Reason]:
    if wish.open_sides is None:
        return
    has = ngettext("%(count)d open side", "%(count)d open sides", stand.open_sides) % {"count": stand.open_sides}
    if stand.open_sides == wish.open_sides:
        yield Reason(Weight.GOOD, _("%(sides)s, as wished") % {"sides": has}, 10)
    else:
        text = _("%(sides)s, wished %(wished)d") % {"sides": has, "wished": wish.open_sides}
        yield Reason(Weight.FAIR, text, -4 * abs(stand.open_sides - wish.open_sides))


def _of_services(stand: Stand, wish: SiteWish) -> Iterator[Reason]:
    if wish.power_kw:
        has, asked = power_text(stand.power_kw), power_text(wish.power_kw)
        if stand.power_kw >= wish.power_kw:
            yield Reason(Weight.GOOD, _("power %(has)s, needed %(asked)s") % {"has": has, "asked": asked}, 4)
        else:
            yield Reason(Weight.BAD, _("power %(has)s: less than the %(asked)s needed") % {"has": has, "asked": asked}, -40)
    if wish.water:
        if stand.water and stand.drain:
            yield Reason(Weight.GOOD, _("water and drain"), 4)
        else:
            yield Reason(Weight.BAD, _("no water and drain, which are needed"), -40)
    elif stand.water:
        yield Reason(Weight.FAIR, _("has water, which others may need"), -2)


def _of_zone(stand: Stand, who: Occupant) -> Iterator[Reason]:
    if stand.zone is None or not stand.zone.category_codes:
        return
    if who.categories & set(stand.zone.category_codes):
        yield Reason(Weight.GOOD, _("in the zone of these goods: %(zone)s") % {"zone": stand.zone}, 8)
    else:
        yield Reason(Weight.FAIR, _("in a zone of other goods: %(zone)s") % {"zone": stand.zone}, -8)


def _of_preference(rank: int | None, has_any: bool) -> Iterator[Reason]:
    if rank is not None:
        yield Reason(Weight.GOOD, _("the exhibitor's choice no. %(rank)d") % {"rank": rank}, {1: 30, 2: 20}.get(rank, 12))
    elif has_any:
        yield Reason(Weight.FAIR, _("not among the exhibitor's choices"))


def _of_neighbours(around: Sequence[Occupant], who: Occupant) -> Iterator[Reason]:
    near = [one for one in around if one.company_id in who.near or who.company_id in one.near]
    away = [one for one in around if one.company_id in who.away or who.company_id in one.away]
    if near:
        yield Reason(Weight.GOOD, _("near to %(names)s, as wished") % {"names": _names(near)}, 15)
    if away:
        yield Reason(Weight.BAD, _("beside %(names)s, whom it wishes to be away from, or who wishes that") % {"names": _names(away)}, -30)
    region = [one for one in around if one not in away and who.region_id is not None and one.region_id == who.region_id]
    if region:
        yield Reason(Weight.GOOD, _("beside its region: %(names)s") % {"names": _names(region)}, 6)
    rivals = [one for one in around if one not in (*near, *away, *region) and one.categories & who.categories]
    if rivals:
        yield Reason(Weight.FAIR, _("beside the same goods: %(names)s") % {"names": _names(rivals)}, -5)


def _names(some: Sequence[Occupant], most: int = 3) -> str:
    names = list(dict.fromkeys(one.name for one in some))
    return ", ".join(names[:most]) + (" …" if len(names) > most else "")
