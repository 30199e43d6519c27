"""How the plan of a hall looks to its planners: colours by state, zone, region or category, and the words of each row."""

import colorsys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from api.text import labelled
from exhibitors.domain.floor_plan import subtitle_of, title_of
from exhibitors.domain.plan_state import STATE_TEXTS, HallPlan, PlanState, StandNow, state_of
from exhibitors.enums import NeighbourKind
from exhibitors.models import Application, Placement
from fairs.floor_drawing import DrawnStand, LegendEntry, Sheet
from fairs.moments import moment_text
from fairs.units import area_text, number_text, power_text

# Fills that hold apart for colour-blind eyes (Okabe and Ito, lightened), under dark letters.
STATE_FILLS = {
    PlanState.FREE: "#ffffff",
    PlanState.PLANNED: "#fbe3b3",
    PlanState.WAITING: "#f3cfe2",
    PlanState.OFFERED: "#bcdcf5",
    PlanState.ACCEPTED: "#b8e2cf",
    PlanState.HELD: "#dcd6f7",
    PlanState.BLOCKED: "#d1d5db",
}
_PALETTE = (
    *("#f6c9a8", "#bcdcf5", "#b8e2cf", "#f6ef9e", "#f3cfe2", "#cfd8f5", "#dfd0b8", "#c7ecee"),
    *("#f7b7b7", "#cbe7a3", "#e3cdf2", "#ffdf9a", "#a9d6d0", "#e9e1d6", "#c5d3e8", "#f2d3c9"),
)
NOBODY = "#ffffff"
MODES = {
    "state": gettext_lazy("by state"),
    "region": gettext_lazy("by region"),
    "category": gettext_lazy("by category"),
    "zone": gettext_lazy("by zone"),
}


def fill_of(place: int) -> str:
    """A colour of its own for each of many: chosen ones first, then pale ones round the circle, in turn lighter and darker."""
    if place < len(_PALETTE):
        return _PALETTE[place]
    red, green, blue = colorsys.hls_to_rgb(place * 0.381966 % 1, (0.84, 0.74, 0.9)[place % 3], 0.6)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"


@dataclass(frozen=True)
class Key:
    """One colour and what it means."""

    key: str
    label: str
    fill: str


def _key_of_state(state: PlanState, count: int) -> Key:
    return Key(state.value, labelled(STATE_TEXTS[state], count), STATE_FILLS[state])


class Looks:
    """One hall's plan in one colouring: ``mode`` is one of MODES."""

    def __init__(self, plan: HallPlan, mode: str = "state") -> None:
        self.plan, self.mode = plan, mode if mode in MODES else "state"

    def key_of(self, one: StandNow) -> str:
        return self.keys_of(one)[self.mode]

    def keys_of(self, one: StandNow) -> dict[str, str]:
        """The key of a stand in each colouring; '' where nobody is whom the reader may see. A blocked one looks blocked in all of them."""
        if one.state == PlanState.BLOCKED:
            return dict.fromkeys(MODES, PlanState.BLOCKED.value)
        found = dict.fromkeys(MODES, "") | {"state": one.state.value, "zone": one.stand.zone.slug if one.stand.zone else ""}
        for placement in one.placements:
            if placement.application_id in self.plan.seen_ids:
                return {**found, **application_keys(placement.application)}
        return found

    def legend(self, mode: str = "") -> list[Key]:
        """The colours that are in use, with how many stands have each."""
        mode = mode or self.mode
        counts = Counter(self.keys_of(one)[mode] for one in self.plan.stands)
        if mode == "state":
            return [_key_of_state(state, counts[state.value]) for state in STATE_TEXTS if counts[state.value]]
        names = self._names(mode)
        blocked = counts.pop(PlanState.BLOCKED.value, 0)
        keys = sorted(key for key in counts if key)
        found = [Key(key, labelled(names.get(key, key), counts[key]), fill_of(place)) for place, key in enumerate(keys)]
        if counts[""]:
            rest = _("in no zone: %(count)d") if mode == "zone" else _("nobody, or not stated: %(count)d")
            found.append(Key("", rest % {"count": counts[""]}, NOBODY))
        return [*found, _key_of_state(PlanState.BLOCKED, blocked)] if blocked else found

    def _names(self, mode: str) -> dict[str, str]:
        if mode == "zone":
            return {one.stand.zone.slug: str(one.stand.zone) for one in self.plan.stands if one.stand.zone}
        names: dict[str, str] = {}
        for one in self.plan.stands:
            for placement in one.placements:
                company = placement.application.company
                if mode == "region" and company.region is not None:
                    names[company.region.code] = str(company.region.name)
                if mode == "category":
                    names |= {category.code: str(category.name) for category in placement.application.categories.all()}
        return names

    def sheet(self) -> Sheet:
        """To be drawn: with every company that the reader may see."""
        legend = self.legend()
        fills = {key.key: key.fill for key in legend}
        return Sheet(
            title=title_of(self.plan.hall),
            subtitle=subtitle_of(self.plan.hall),
            hall_outline=self.plan.hall.outline,
            stands=[self._drawn(one, fills) for one in self.plan.stands],
            north_degrees=self.plan.hall.north_degrees,
            legend=[LegendEntry(key.fill, key.label, is_hatched=key.key == PlanState.BLOCKED) for key in legend],
            note=_("For the organisers alone · as of %(moment)s") % {"moment": moment_text(self.plan.now, self.plan.hall.fair.zone)},
        )

    def _drawn(self, one: StandNow, fills: dict[str, str]) -> DrawnStand:
        return DrawnStand(
            number=one.stand.number,
            outline=one.stand.outline,
            fill=fills[self.key_of(one)],
            name=" / ".join(name for name in (self.name_of(row) for row in one.placements) if name),
            title=f"{one.stand.number}, {facts_of(one)}",
            is_hatched=one.stand.blocked,
            attributes={"data-stand": str(one.stand.pk)},
        )

    def name_of(self, placement: Placement) -> str:
        return str(placement.application.company) if placement.application_id in self.plan.seen_ids else ""


def application_keys(application: Application) -> dict[str, str]:
    categories = sorted(category.code for category in application.categories.all())
    region = application.company.region
    return {"region": region.code if region else "", "category": categories[0] if categories else ""}


def facts_of(one: StandNow) -> str:
    """Area, kind, services: what a stand is."""
    stand = one.stand
    facts = [area_text(stand.area_m2), str(stand.kind.label), power_text(stand.power_kw)]
    facts += [_("water")] if stand.water else []
    facts += [str(stand.zone)] if stand.zone else []
    if stand.first_day and stand.last_day:
        facts.append(_("for rent %(days)s only") % {"days": _days_text(stand.first_day, stand.last_day)})
    return ", ".join([*facts, str(STATE_TEXTS[one.state])])


def wishes_of(application: Any) -> str:
    """What an application asks for at the site, in a line; nothing where it asks no more for it."""
    wish = next(iter(application.wishes_here), None)
    if wish is None:
        return ""
    areas = [_area_line(wish)]
    if wish.open_sides:
        areas.append(ngettext("%(count)d open side", "%(count)d open sides", wish.open_sides) % {"count": wish.open_sides})
    areas += [power_text(wish.power_kw)] if wish.power_kw else []
    areas += [_("water")] if wish.water else []
    preferred = [one.stand.number for one in sorted(wish.preferences.all(), key=lambda one: one.rank)]
    areas += [_("would like %(numbers)s") % {"numbers": ", ".join(preferred)}] if preferred else []
    for kind, text in ((NeighbourKind.NEAR, _("near to %(names)s")), (NeighbourKind.AWAY, _("away from %(names)s"))):
        names = [row.name for row in application.neighbour_wishes.all() if row.kind == kind]
        areas += [text % {"names": ", ".join(names)}] if names else []
    return " · ".join(areas)


def _area_line(wish: Any) -> str:
    least, wished, most = wish.area_min_m2, wish.area_wished_m2, wish.area_max_m2
    if wished is None and least is None and most is None:
        return _("no area stated")
    if wished is not None and least is None and most is None:
        return area_text(wished)
    span = {"least": number_text(least or wished or 0), "most": area_text(most or wished or least)}
    text = _("%(least)s to %(most)s") % span
    return text if wished is None else _("%(span)s, wished %(wished)s") % {"span": text, "wished": area_text(wished)}


def state_json(looks: Looks, *, unplaced: Sequence[Application]) -> dict[str, Any]:
    """All that the page of the plan shows, and that changes."""
    return {
        "stands": [_stand_json(looks, one) for one in looks.plan.stands],
        "unplaced": [unplaced_json(application) for application in unplaced],
        "legend": {mode: [vars(key) for key in looks.legend(mode)] for mode in MODES},
        "planned": sum(1 for _one in looks.plan.plans()),
    }


def _stand_json(looks: Looks, one: StandNow) -> dict[str, Any]:
    return {
        "id": one.stand.pk,
        "number": one.stand.number,
        "facts": facts_of(one),
        "state": one.state.value,
        "state_text": str(STATE_TEXTS[one.state]),
        "keys": looks.keys_of(one),
        "blocked": one.stand.blocked_reason if one.stand.blocked else "",
        "placements": [_placement_json(looks, placement) for placement in one.placements],
        "hold": _hold_json(looks, one),
        "url": reverse("admin:fairs_stand_change", args=[one.stand.pk]),
    }


def _placement_json(looks: Looks, placement: Placement) -> dict[str, Any]:
    name = looks.name_of(placement)
    state = state_of(placement)
    found = {
        "id": placement.pk,
        "company": name or _("somebody whom you may not see"),
        "state": state.value,
        "state_text": str(STATE_TEXTS[state]),
        "days": _days_text(placement.first_day, placement.last_day),
    }
    if not name:
        return {**found, "application": None}
    zone = looks.plan.hall.fair.zone
    return {
        **found,
        "application": placement.application_id,
        "wishes": wishes_of(placement.application),
        "answer_by": moment_text(placement.answer_by, zone) if state == PlanState.OFFERED else "",
        "url": reverse("admin:exhibitors_application_change", args=[placement.application_id]),
    }


def _days_text(first: date, last: date) -> str:
    return f"{date_format(first, 'SHORT_DATE_FORMAT')} – {date_format(last, 'SHORT_DATE_FORMAT')}"


def _hold_json(looks: Looks, one: StandNow) -> dict[str, Any] | None:
    if one.hold is None:
        return None
    company = str(one.hold.application.company) if one.hold.application else one.hold.note
    until = moment_text(one.hold.until, looks.plan.hall.fair.zone)
    return {"text": _("held until %(until)s for %(whom)s") % {"until": until, "whom": company}, "application": one.hold.application_id}


def unplaced_json(application: Application) -> dict[str, Any]:
    """A row of the list of those who have no stand here yet."""
    marks: Iterable[Any] = [
        application.get_status_display(),
        *([application.company.region.name] if application.company.region else []),
        *([application.pavilion] if application.pavilion else []),
        *([_("late")] if application.late else []),
    ]
    return {
        "id": application.pk,
        "company": str(application.company),
        "marks": " · ".join(map(str, marks)),
        "wishes": wishes_of(application),
        "search": f"{application.company.search_text} {application.pk} {application.company.legal_name}".casefold(),
        "url": reverse("admin:exhibitors_application_change", args=[application.pk]),
    }
