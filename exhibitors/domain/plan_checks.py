"""What a plan is checked against: read at one go for however many are planned, and looked up in memory."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from api.problems import Conflict, Invalid, Refused, field_error
from exhibitors.domain import offers, stand_holds, stand_use
from exhibitors.domain.offers import AlreadyPlaced
from exhibitors.domain.stand_use import StandTaken
from exhibitors.domain.steps import StepNotAllowed
from exhibitors.enums import ApplicationStatus
from exhibitors.models import Application, Placement, PlacementDay, PlanChange, SiteWish, StandHold
from fairs.domain import stands
from fairs.models import Stand

Days = tuple[date, date]


@dataclass(frozen=True)
class NewPlan:
    """A stand for an application, on the days asked for at its site unless other days are given."""

    application_id: int
    stand_id: int
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True)
class Asked:
    """One of those asked for that is right by itself; whether its stand is free the others say too (:func:`clashes`)."""

    place: int
    application: Application
    stand: Stand
    days: Days
    replaces: Placement | None


@dataclass
class Surroundings:
    """All that is there for the applications and stands of one go."""

    applications: Mapping[int, Application]
    stands: Mapping[int, Stand]
    wishes: Mapping[tuple[int, int], SiteWish]
    placements: Mapping[tuple[int, int], list[Placement]]
    holds: Mapping[int, StandHold]
    taken: Mapping[int, dict[date, Placement]] = field(default_factory=dict)


def surroundings(new: Sequence[NewPlan], *, applications: Mapping[int, Application], now: datetime) -> Surroundings:
    """Read it. The caller has locked the applications; the stands are locked here."""
    stand_ids = {one.stand_id for one in new}
    stands.lock(stand_ids)
    live: defaultdict[tuple[int, int], list[Placement]] = defaultdict(list)
    for placement in Placement.objects.live().filter(application__in=applications):
        live[placement.application_id, placement.site_id].append(placement)
    taken: defaultdict[int, dict[date, Placement]] = defaultdict(dict)
    for row in PlacementDay.objects.filter(stand__in=stand_ids).select_related("placement__application__company"):
        taken[row.stand_id][row.day] = row.placement
    return Surroundings(
        applications=applications,
        stands={stand.pk: stand for stand in Stand.objects.filter(pk__in=stand_ids).select_related("hall__site")},
        wishes={(wish.application_id, wish.site_id): wish for wish in SiteWish.objects.filter(application__in=applications)},
        placements=live,
        holds={hold.stand_id: hold for hold in StandHold.objects.live(now=now).filter(stand__in=stand_ids)},
        taken=taken,
    )


def plans_of(keys: Collection[tuple[int, int]]) -> dict[tuple[int, int], Placement]:
    """The plans of these applications at these sites."""
    rows = Placement.objects.plans().filter(application__in={application_id for application_id, _site in keys})
    return {(row.application_id, row.site_id): row for row in rows if (row.application_id, row.site_id) in keys}


def check(place: int, new: NewPlan, around: Surroundings, *, replace: bool) -> Asked:
    """What is wrong with one by itself is raised: state, stand, site, days, hold, and what the application has there already."""
    application = around.applications.get(new.application_id)
    if application is None:
        raise Invalid([field_error("/application", "unknown_application", _("This fair has no such application."))])
    status = ApplicationStatus(application.status)
    if status not in ApplicationStatus.live:
        text = _("Nobody is planned for an application that is “%(status)s”.") % {"status": status.label}
        raise StepNotAllowed(text, status=status.value)
    stand = around.stands.get(new.stand_id)
    stand = stand_use.usable(stand if stand is not None and stand.hall.fair_id == application.fair_id else None)
    wish = around.wishes.get((application.pk, stand.hall.site_id))
    days = offers.days_within(wish, first_day=new.first_day, last_day=new.last_day)
    stand_use.require_days(stand, first_day=days[0], last_day=days[1])
    hold = around.holds.get(stand.pk)
    if hold is not None and hold.application_id != application.pk:
        raise stand_holds.held_for_others(hold, stand, application.fair)
    there = around.placements.get((application.pk, stand.hall.site_id), [])
    return Asked(place, application, stand, days, replaces=_makes_room(there, replace=replace))


def _makes_room(there: Sequence[Placement], *, replace: bool) -> Placement | None:
    """What is planned at the site already, where it may be replaced. Raises AlreadyPlaced."""
    known = {placement.status for placement in there if not placement.is_plan}
    if known:
        raise offers.already_placed(known)
    if there and not replace:
        text = _("A stand at this site is planned for this application already: move it.")
        raise AlreadyPlaced(text, placement=there[0].pk)
    return there[0] if there else None


def clashes(asked: Sequence[Asked], around: Surroundings) -> dict[int, Refused]:
    """Those of the go that cannot have their stand, by their place: somebody has it, or an earlier one of the go takes it.

    A stand that is left in the same go is free, as long as the one that leaves it may go: asked until nothing changes.
    """
    refused: dict[int, Refused] = {}
    while True:
        leaving = {one.replaces.pk for one in asked if one.replaces is not None and one.place not in refused}
        found: dict[int, Refused] = {}
        wanted: dict[tuple[int, date], Asked] = {}
        placed: set[tuple[int, int]] = set()
        for one in (one for one in asked if one.place not in refused):
            key = (one.application.pk, one.stand.hall.site_id)
            in_the_way = next(_in_the_way(one, around, wanted, leaving), None)
            if key in placed:
                in_the_way = AlreadyPlaced(_("This application is named twice for the same site."))
            if in_the_way is not None:
                found[one.place] = in_the_way
                continue
            placed.add(key)
            wanted.update({(one.stand.pk, day): one for day in _each(one.days)})
        if not found:
            return refused
        refused |= found


def _in_the_way(one: Asked, around: Surroundings, wanted: Mapping[tuple[int, date], Asked], leaving: Collection[int]) -> Iterator[Conflict]:
    there = around.taken.get(one.stand.pk, {})
    for day in _each(one.days):
        placement = there.get(day)
        if placement is not None and placement.pk not in leaving:
            yield taken_by(one.stand, placement)
        earlier = wanted.get((one.stand.pk, day))
        if earlier is not None:
            yield stand_use.taken_by(one.stand, earlier.application)


def _each(days: Days) -> Iterator[date]:
    first, last = days
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def taken_by(stand: Stand, placement: Placement) -> StandTaken:
    """Who has the stand, and of a plan who planned it."""
    planner = ""
    if placement.is_plan:
        change = PlanChange.objects.filter(application=placement.application_id, to_stand=stand).select_related("by").first()
        planner = change.by.get_full_name() if change is not None and change.by is not None else ""
    return stand_use.taken_by(stand, placement.application, planner=planner)


def taken(wanted: Sequence[Stand]) -> StandTaken:
    """What the database refused: one of these stands has somebody."""
    there = Placement.objects.live().filter(stand__in=wanted).select_related("application__company", "stand").first()
    if there is not None and len(wanted) == 1:
        return taken_by(there.stand, there)
    return StandTaken(_("One of these stands is taken at this moment: look again."))
