"""What the engine is given, read from the database in a fixed number of queries.

An applicant of the engine is one application at one site: its id is that of the ``SiteWish``. Who takes part: applications with an
offer or an accepted stand, and those whose state the run names. Stands that others have, or that are held for others, are not in play.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from allocations.domain import floor, priority
from allocations.engine import instance as engine
from allocations.engine.weights import Weights
from allocations.models import ApartPair, Proposal, StandLock
from exhibitors.enums import ApplicationStatus, NeighbourKind, PlacementStatus
from exhibitors.models import CoExhibitor, NeighbourWish, Placement, SiteWish, StandHold, StandPreference
from fairs.models import Fair, Hall, Stand

# Whoever has an offer or a stand takes part anyway.
PLACED = (ApplicationStatus.STAND_OFFERED, ApplicationStatus.ACCEPTED)
USUAL_STATUSES = (ApplicationStatus.ADMITTED,)
POSSIBLE_STATUSES = (ApplicationStatus.SUBMITTED, ApplicationStatus.IN_REVIEW, ApplicationStatus.ADMITTED, ApplicationStatus.WAITLISTED)


@dataclass
class Input:
    """The engine's instance with the rows that its ids stand for; ``present`` is where each wish stands now, if anywhere."""

    instance: engine.Instance
    wishes: dict[int, SiteWish]
    stands: dict[int, Stand]
    present: dict[int, Placement]
    points: dict[int, priority.PriorityPoints] = field(default_factory=dict)

    def hash(self) -> str:
        """The same for the same instance, whenever and wherever it was read."""
        return hashlib.sha256(json.dumps(_plain(asdict(self.instance)), sort_keys=True).encode()).hexdigest()


def read(
    *,
    fair: Fair,
    halls: Collection[Hall],
    statuses: Collection[str],
    weights: Weights,
    now: datetime,
    base: Proposal | None = None,
) -> Input:
    """Everything that a run of these halls needs. Lines of ``base`` count as planned where nothing else is, its fixed ones as locks."""
    stands = {stand.pk: stand for stand in floor.stands_of(halls)}
    sites = {hall.site_id for hall in halls}
    wishes = _wishes(fair, sites, statuses)
    live = _live(sites)
    wishes, present, others = _sort_out(wishes, live, stands)
    applications = {wish.application_id: wish.application for wish in wishes.values()}
    points = priority.points_of(fair, applications.values())
    locks, kept_out = _locks(wishes, present, stands, now=now)
    states = {wish_id: PlacementStatus(placement.status) for wish_id, placement in present.items()}
    by_state = {
        status: {pk: present[pk].stand_id for pk, state in states.items() if state == status and not _is_held(present[pk])}
        for status in PlacementStatus.live
    }
    locks |= {pk: placement.stand_id for pk, placement in present.items() if _is_held(placement)}
    planned, fixed = _of_base(base, wishes, stands)
    locks = {**fixed, **locks}
    instance = engine.Instance(
        stands=tuple(_stands(stands, others)),
        applicants=tuple(_applicants(wishes, points, stands, fair)),
        weights=weights,
        zones=floor.zones_of(stands.values()),
        products_apart=_products_apart(fair),
        locks={pk: stand_id for pk, stand_id in locks.items() if pk not in by_state[PlacementStatus.ACCEPTED]},
        kept_out=frozenset(kept_out),
        accepted=by_state[PlacementStatus.ACCEPTED],
        offered=by_state[PlacementStatus.OFFERED],
        planned={**{pk: stand_id for pk, stand_id in planned.items() if pk not in present}, **by_state[PlacementStatus.PLANNED]},
    )
    return Input(instance=instance, wishes=wishes, stands=stands, present=present, points=points)


def _of_base(base: Proposal | None, wishes: Mapping[int, SiteWish], stands: Mapping[int, Stand]) -> tuple[dict[int, int], dict[int, int]]:
    """Where the wishes stand in an earlier proposal, and which of its lines are fixed."""
    by_place = {(wish.application_id, wish.site_id): wish.pk for wish in wishes.values()}
    planned, fixed = dict[int, int](), dict[int, int]()
    for line in base.lines.filter(stand__in=stands) if base else ():
        pk = by_place.get((line.application_id, line.site_id))
        if pk is not None and line.stand_id is not None:
            (fixed if line.locked else planned)[pk] = line.stand_id
    return planned, fixed


def _is_held(placement: Placement) -> bool:
    """A held offer: it stays where it is until it is announced or taken back."""
    return placement.status == PlacementStatus.PLANNED and not placement.is_plan


def _wishes(fair: Fair, sites: Collection[int], statuses: Collection[str]) -> dict[int, SiteWish]:
    rows = SiteWish.objects.filter(application__fair=fair, site__in=sites, application__status__in=[*PLACED, *statuses])
    rows = rows.select_related("application__company__region", "site").prefetch_related("application__categories").order_by("pk")
    return {row.pk: row for row in rows}


def _live(sites: Collection[int]) -> list[Placement]:
    rows = Placement.objects.live().filter(site__in=sites).select_related("stand__hall")
    return list(rows.order_by("pk"))


def _sort_out(
    wishes: Mapping[int, SiteWish], live: Iterable[Placement], stands: Mapping[int, Stand]
) -> tuple[dict[int, SiteWish], dict[int, Placement], list[Placement]]:
    """The wishes in play, where they stand now, and the placements that only keep their stands from others.

    Who has a stand in a hall that the run does not cover is content there. Of a relocation the accepted stand counts, the new one is kept.
    """
    by_place = {(wish.application_id, wish.site_id): wish.pk for wish in wishes.values()}
    there: dict[int, list[Placement]] = defaultdict(list)
    others = []
    for placement in live:
        pk = by_place.get((placement.application_id, placement.site_id))
        if pk is None:
            others.append(placement)
        else:
            there[pk].append(placement)
    present = {}
    elsewhere = set()
    for pk, placements in there.items():
        placements.sort(key=lambda one: (one.status != PlacementStatus.ACCEPTED, one.status != PlacementStatus.OFFERED, one.pk))
        if placements[0].stand_id in stands:
            present[pk] = placements[0]
            others += placements[1:]
        else:
            elsewhere.add(pk)
            others += placements
    return {pk: wish for pk, wish in wishes.items() if pk not in elsewhere}, present, others


def _locks(
    wishes: Mapping[int, SiteWish], present: Mapping[int, Placement], stands: Mapping[int, Stand], *, now: datetime
) -> tuple[dict[int, int], set[int]]:
    """What organisers have fixed, and the stands that nobody gets: kept out, or held for somebody who is not in play."""
    by_place = {(wish.application_id, wish.site_id): wish.pk for wish in wishes.values()}
    locks, kept_out = dict[int, int](), set[int]()
    for row in StandLock.objects.filter(stand__in=stands):
        pk = by_place.get((row.application_id or 0, row.site_id))
        if pk is None:
            kept_out.add(row.stand_id)
        else:
            locks[pk] = row.stand_id
    for hold in StandHold.objects.live(now=now).filter(stand__in=stands).order_by("pk"):
        pk = by_place.get((hold.application_id or 0, stands[hold.stand_id].hall.site_id))
        if pk is not None and pk not in locks and pk not in present and hold.stand_id not in locks.values():
            locks[pk] = hold.stand_id
        elif pk is None or locks.get(pk) != hold.stand_id:
            kept_out.add(hold.stand_id)
    return locks, kept_out - {placement.stand_id for placement in present.values()}


def _stands(stands: Mapping[int, Stand], others: Sequence[Placement]) -> Iterable[engine.Stand]:
    taken: dict[int, set[date]] = defaultdict(set)
    for placement in others:
        taken[placement.stand_id].update(days_between(placement.first_day, placement.last_day))
    close = floor.closeness(stands.values())
    for stand in stands.values():
        yield engine.Stand(
            id=stand.pk,
            site=stand.hall.site.slug,
            hall=stand.hall.slug,
            zone=floor.zone_of(stand),
            centre=floor.centre(stand),
            area_m2=float(stand.area_m2),
            open_sides=stand.open_sides,
            days=frozenset(days_between(*floor.days_of(stand))) - frozenset(taken[stand.pk]),
            power_kw=float(stand.power_kw),
            water=stand.water,
            drain=stand.drain,
            blocked=stand.blocked,
            neighbours=close.neighbours[stand.pk],
            across=close.across[stand.pk],
        )


def _applicants(
    wishes: Mapping[int, SiteWish], points: Mapping[int, priority.PriorityPoints], stands: Mapping[int, Stand], fair: Fair
) -> Iterable[engine.Applicant]:
    order = sorted(wishes.values(), key=lambda wish: (wish.application.submitted_at or fair.applications_close_at, wish.application_id))
    places = {application_id: place for place, application_id in enumerate(dict.fromkeys(wish.application_id for wish in order))}
    preferences = _preferences(wishes, stands)
    near, away = _neighbours(wishes, fair)
    for pk, wish in wishes.items():
        application = wish.application
        yield engine.Applicant(
            id=pk,
            site=wish.site.slug,
            days=frozenset(days_between(wish.first_day, wish.last_day)),
            area_min_m2=float(wish.area_min_m2 or 0),
            area_wished_m2=_number(wish.area_wished_m2),
            area_max_m2=_number(wish.area_max_m2),
            submitted=places[application.pk],
            open_sides=wish.open_sides,
            categories=frozenset(category.code for category in application.categories.all()),
            power_kw=float(wish.power_kw or 0),
            water=wish.water,
            drain=wish.water,  # one wish of the form: water and drain
            preferences=preferences[pk],
            near=frozenset(near[pk]),
            away=frozenset(away[pk]),
            points=points[application.pk].total,
            region=application.company.region.code if application.company.region else "",
            pavilion=application.pavilion_id,
        )


def _preferences(wishes: Mapping[int, SiteWish], stands: Mapping[int, Stand]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = defaultdict(tuple)
    for wish_id, stand_id in StandPreference.objects.filter(wish__in=wishes).order_by("wish", "rank").values_list("wish", "stand"):
        if stand_id in stands:
            found[wish_id] = (*found[wish_id], stand_id)
    return found


def _neighbours(wishes: Mapping[int, SiteWish], fair: Fair) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    """Whom each wish is near to and apart from, at its own site: what applicants wrote, as far as it is known whom they mean, and the
    organisers' pairs."""
    near, away = defaultdict[int, set[int]](set), defaultdict[int, set[int]](set)
    by_application: dict[int, list[SiteWish]] = defaultdict(list)
    for wish in wishes.values():
        by_application[wish.application_id].append(wish)
    of_company = _of_companies(by_application)
    named = NeighbourWish.objects.filter(application__in=by_application, company__isnull=False).order_by("pk")
    for application_id, kind, company_id in named.values_list("application", "kind", "company"):
        for wish in by_application[application_id]:
            (near if kind == NeighbourKind.NEAR else away)[wish.pk] |= of_company[company_id, wish.site_id] - {wish.pk}
    for first, second in ApartPair.objects.filter(fair=fair, company_a__isnull=False).values_list("company_a", "company_b"):
        for site_id in {wish.site_id for wish in wishes.values()}:
            for one in of_company[first, site_id]:
                away[one] |= of_company[second, site_id] - {one}
    return near, away


def _of_companies(by_application: Mapping[int, Sequence[SiteWish]]) -> dict[tuple[int, int], set[int]]:
    """By company and site the wishes whose stand it would be on: its own, and those of whom it is a co-exhibitor."""
    found: dict[tuple[int, int], set[int]] = defaultdict(set)
    shared = CoExhibitor.objects.confirmed().filter(application__in=by_application).values_list("application", "company")
    own = [(pk, wishes[0].application.company_id) for pk, wishes in by_application.items()]
    for application_id, company_id in [*own, *shared]:
        for wish in by_application[application_id]:
            found[company_id, wish.site_id].add(wish.pk)
    return found


def _products_apart(fair: Fair) -> frozenset[frozenset[str]]:
    pairs = ApartPair.objects.filter(fair=fair, category_a__isnull=False).values_list("category_a__code", "category_b__code")
    return frozenset(frozenset(pair) for pair in pairs)


def days_between(first: date, last: date) -> list[date]:
    """Each day from ``first`` to ``last``."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _plain(value: Any) -> Any:
    """What JSON can write, the same for equal sets and mappings."""
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted((_plain(part) for part in value), key=str)
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


__all__ = ["PLACED", "POSSIBLE_STATUSES", "USUAL_STATUSES", "Input", "days_between", "read"]
