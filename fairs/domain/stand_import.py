"""An organiser's table of stands into a fair's halls: all of it or nothing."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fairs import geometry
from fairs.domain import drawn_sides, stand_layout, stands
from fairs.domain.open_sides import open_sides
from fairs.domain.stand_columns import PLACE, READERS
from fairs.domain.tally import Tally
from fairs.models import Fair, Hall, Stand, Zone
from fairs.tables import Row, RowError, Table, TableError

Progress = Callable[[int, int], None]
_BATCH = 500


@dataclass(frozen=True)
class Imported:
    """What an import did, and what the organiser should look at. ``halls`` are those whose stands the table named."""

    tally: Tally
    notices: list[str]
    halls: list[Hall]


@dataclass
class _Planned:
    row: Row
    stand: Stand
    values: dict[str, Any]
    place: dict[str, float | None] = field(default_factory=dict)  # x, y, width, depth as written


@transaction.atomic
def import_stands(*, fair: Fair, table: Table, now: datetime, hall: Hall | None = None, progress: Progress | None = None) -> Imported:
    """Make and change the stands of ``fair``; those that the table does not name stay.

    ``hall`` is that of the rows that name none. A stand is where its corners are, or as wide and deep as written at x, y; of those
    without a place each finds one in rows of the hall. Raises TableError with every error.
    """
    run = _Import(fair, hall, now)
    for row in table.rows:
        run.plan(row)
    run.draw()
    run.check_use()
    tally = run.save(progress)
    touched = [hall for slug, hall in run.halls.items() if slug in {slug for slug, _number in run.planned}]
    for one in touched:
        drawn_sides.refresh(one)
    looked_at = Stand.objects.filter(hall__in=touched).only("number", "open_sides", "open_sides_drawn").order_by("hall", "number")
    return Imported(tally, list(drawn_sides.notices(looked_at)), touched)


class _Import:
    """One run: the halls and stands that are there, the rows as stands, and what is wrong with them."""

    def __init__(self, fair: Fair, hall: Hall | None, now: datetime) -> None:
        # Whoever draws a stand by hand locks its hall too (stands.save_stand).
        halls = Hall.objects.select_for_update(of=("self",)).filter(fair=fair).select_related("site").order_by("pk")
        self.halls = {one.slug: one for one in halls}
        self.default = self.halls.get(hall.slug, None) if hall else next(iter(self.halls.values())) if len(self.halls) == 1 else None
        self.known = {(stand.hall.slug, stand.number): stand for stand in Stand.objects.of_fair(fair.pk).select_related("hall__site")}
        self.zones = {(zone.hall_id, zone.slug): zone for zone in Zone.objects.filter(hall__fair=fair)}
        self.now = now
        self.errors: list[RowError] = []
        self.planned: dict[tuple[str, str], _Planned] = {}

    def plan(self, row: Row) -> None:
        before = len(self.errors)
        hall, number = self._hall(row), row.values["number"]
        if not number:
            self.errors.append(row.error("number", _("The number is missing.")))
        values = self._values(row)
        if hall is None:
            return
        if "zone" in row.values:
            values["zone"] = self._zone(row, hall)
        place = {name: values.pop(name, None) for name in PLACE}
        first = self.planned.get((hall.slug, number))
        if first is not None:
            self.errors.append(row.error("number", _("This stand is in row %(row)s already.") % {"row": first.row.number}))
        elif len(self.errors) == before:
            stand = self.known.get((hall.slug, number)) or Stand(hall=hall, number=number)
            self.planned[hall.slug, number] = _Planned(row, stand, values, place)
        else:  # it is not written: what else is wrong with it should come in the same round
            self._clean(_Planned(row, Stand(hall=hall, number=number or "?", **values), values, place))

    def _hall(self, row: Row) -> Hall | None:
        slug = row.values.get("hall", "")
        hall = self.halls.get(slug) if slug else self.default
        if hall is not None:
            return hall
        sentence = _("This fair has no hall “%(hall)s”. It has: %(halls)s.") if slug else _("Name the hall. The fair has: %(halls)s.")
        self.errors.append(row.error("hall", sentence % {"hall": slug, "halls": ", ".join(self.halls) or "–"}))
        return None

    def _zone(self, row: Row, hall: Hall) -> Zone | None:
        slug = row.values["zone"]
        zone = self.zones.get((hall.pk, slug))
        if slug and zone is None:
            known = ", ".join(name for hall_id, name in self.zones if hall_id == hall.pk) or "–"
            sentence = _("This hall has no zone “%(zone)s”. It has: %(zones)s.")
            self.errors.append(row.error("zone", sentence % {"zone": slug, "zones": known}))
        return zone

    def _values(self, row: Row) -> dict[str, Any]:
        """The row's cells as a stand's fields, every wrong cell noted."""
        found: dict[str, Any] = {}
        for column, read in READERS.items():
            if column not in row.values:
                continue  # a column the table does not have leaves the stand as it is
            try:
                found[column] = read(row.values[column])
            except ValueError as error:
                self.errors.append(row.error(column, str(error)))
        return found

    def draw(self) -> None:
        """Give every planned stand its outline, area and open sides, and note what the floor says to them, hall by hall."""
        floors: dict[str, dict[str, geometry.Outline]] = defaultdict(dict)
        plans: dict[str, dict[str, _Planned]] = defaultdict(dict)
        for (slug, number), plan in self.planned.items():
            plans[slug][number] = plan
        for (slug, number), stand in self.known.items():
            if number not in plans[slug]:
                floors[slug][number] = stand.outline
        for slug, of_hall in plans.items():
            self._place(of_hall, self.halls[slug], there=floors[slug])
            # Behind those that stay: a pair is reported at the row that brought it.
            drawn = {number: plan.values["outline"] for number, plan in of_hall.items() if plan.values.get("outline")}
            self._check_floor(self.halls[slug], of_hall, {**floors[slug], **drawn})

    def _place(self, plans: Mapping[str, _Planned], hall: Hall, *, there: Mapping[str, geometry.Outline]) -> None:
        """Outlines for the rows without corners: at x and y, where the stand is already, or in rows."""
        unplaced: dict[str, tuple[float, float]] = {}
        for number, plan in plans.items():
            x, y, width, depth = (plan.place[name] for name in PLACE)
            if plan.values.get("outline"):
                if not plan.stand._state.adding and geometry.is_same(plan.values["outline"], plan.stand.outline):
                    plan.values["outline"] = plan.stand.outline  # another program begins at another corner
                continue
            plan.values.pop("outline", None)
            if width is not None and depth is not None and x is not None and y is not None:
                plan.values["outline"] = stand_layout.rectangle(x, y, width, depth)
            elif not plan.stand._state.adding and (width is None or depth is None or _is_as_large(plan.stand, width, depth)):
                plan.values["outline"] = plan.stand.outline
            elif width is not None and depth is not None:
                unplaced[number] = (width, depth)
            else:
                column = "outline" if "outline" in plan.row.values else "depth" if width is not None else "width"
                self.errors.append(plan.row.error(column, _("Write the corners of the stand, or its width and depth.")))
        standing = [*there.values(), *(plan.values["outline"] for plan in plans.values() if "outline" in plan.values)]
        found = stand_layout.lay_out(unplaced, hall=hall.outline, there=standing) if unplaced else {}
        for number in unplaced:
            if number in found:
                plans[number].values["outline"] = found[number]
            else:
                self.errors.append(plans[number].row.error("number", _("There is no room left in the hall for this stand.")))

    def _check_floor(self, hall: Hall, plans: Mapping[str, _Planned], floor: Mapping[str, geometry.Outline]) -> None:
        before = len(self.errors)
        for number, plan in plans.items():
            if plan.values.get("outline"):
                if plan.values.get("area_m2") is None and ("area_m2" in plan.values or plan.values["outline"] != plan.stand.outline):
                    plan.values["area_m2"] = stands.drawn_area(plan.values["outline"])
                area_m2 = plan.values.get("area_m2", plan.stand.area_m2)
                problems = stands.check_stand(hall_outline=hall.outline, number=number, outline=plan.values["outline"], area_m2=area_m2)
                self.errors += [plan.row.error(problem.field, problem.message) for problem in problems]
        for problem in stands.check_overlaps(floor):
            if problem.number in plans:
                self.errors.append(plans[problem.number].row.error(problem.field, problem.message))
        if len(self.errors) == before:
            drawn = open_sides(floor, hall=hall.outline)
            for number, plan in plans.items():
                if number in drawn:
                    stated = plan.values.get("open_sides", None if plan.stand._state.adding else plan.stand.open_sides)
                    holds = drawn_sides.settled(stated, before=plan.stand.open_sides_drawn, drawn=drawn[number])
                    plan.values["open_sides"] = holds
                    if plan.stand._state.adding:  # of those that are there it is no news: refresh() keeps it
                        plan.values["open_sides_drawn"] = drawn[number]

    def check_use(self) -> None:
        """Note the rows that would block a stand which somebody has or which is kept for somebody, or take it off their days."""
        there = {plan.stand.pk: plan for plan in self.planned.values() if plan.stand.pk}
        newly = {pk: plan for pk, plan in there.items() if plan.values.get("blocked") and not plan.stand.blocked}
        shorter = {pk: plan for pk, plan in there.items() if plan.values.get("first_day") and plan.values.get("last_day")}
        if newly or shorter:
            stands.lock({**newly, **shorter})
        for pk, why in stands.why_not_blocked(newly, now=self.now).items() if newly else ():
            self.errors.append(newly[pk].row.error("blocked", why))
        would_be = [Stand(pk=pk, first_day=plan.values["first_day"], last_day=plan.values["last_day"]) for pk, plan in shorter.items()]
        for pk, why in stands.why_not_shortened(would_be).items():
            self.errors.append(shorter[pk].row.error("first_day", why))

    def save(self, progress: Progress | None) -> Tally:
        """Write all stands, or raise TableError with every error and write none."""
        tally = Tally()
        new, changed = [], []
        for done, plan in enumerate(self.planned.values(), start=1):
            is_new = plan.stand._state.adding
            if tally.count(plan.stand, plan.values):
                self._clean(plan)
                (new if is_new else changed).append(plan.stand)
            if progress:
                progress(done, len(self.planned))
        if self.errors:
            raise TableError(sorted(set(self.errors), key=lambda error: (error.row, error.column, error.message)))
        Stand.objects.bulk_create(new, batch_size=_BATCH)
        fields = sorted({name for plan in self.planned.values() for name in plan.values})
        if changed:
            Stand.objects.bulk_update(changed, fields, batch_size=_BATCH)
        return tally

    def _clean(self, plan: _Planned) -> None:
        """Note what is wrong with the stand by itself, beyond what was found before."""
        # The outline was checked where it was read; what is read from it is sound, or is not there when the floor refused it.
        told = {"open_sides": plan.stand.open_sides is not None, "area_m2": bool(plan.row.values.get("area_m2"))}
        unread = READERS.keys() & plan.row.values.keys() - plan.values.keys()  # each has an error already
        skipped = {"hall", "zone", "outline", *unread, *(name for name, is_told in told.items() if not is_told)}
        try:
            plan.stand.clean_fields(exclude=skipped)
            plan.stand.clean()
        except ValidationError as error:
            for column, messages in error.message_dict.items():
                texts = [_("A stand has 1 to 4 open sides.")] if column == "open_sides" else messages
                self.errors.extend(plan.row.error(column, text) for text in texts)
        if (plan.stand.first_day is None) != (plan.stand.last_day is None) or (
            plan.stand.first_day and plan.stand.last_day and plan.stand.first_day > plan.stand.last_day
        ):
            self.errors.append(plan.row.error("first_day", _("Write both days, the first before the last, or none.")))


def _is_as_large(stand: Stand, width: float, depth: float) -> bool:
    """Whether the stand is such a rectangle already: then it stays where it is."""
    xs, ys = [corner[0] for corner in stand.outline], [corner[1] for corner in stand.outline]
    size = (round(max(xs) - min(xs), 2), round(max(ys) - min(ys), 2))
    return size == (round(width, 2), round(depth, 2)) and len(stand.outline) == 4
