"""A proposal as a picture of each hall: who would stand where, and what that changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allocations.domain.lines import Change, sharing_text
from allocations.enums import Difference
from allocations.models import ProposalLine
from exhibitors.models import Placement
from fairs.floor_drawing import DrawnStand, LegendEntry, Sheet
from fairs.models import Hall, Stand
from fairs.units import area_text, number_text

# Fills that hold apart for colour-blind eyes and in grey, under dark letters.
FREE, BLOCKED, OTHERS = "#ffffff", "#d1d5db", "#e5e7eb"
FILLS = {Difference.NEW: "#bbf7d0", Difference.MOVED: "#bfdbfe", Difference.SAME: "#fef3c7"}
_LABELS = {
    Difference.NEW: gettext_lazy("new here"),
    Difference.MOVED: gettext_lazy("moved here"),
    Difference.SAME: gettext_lazy("as it is"),
}


@dataclass(frozen=True)
class _Seat:
    fill: str
    name: str
    title: str


def sheets_of(halls: Iterable[Hall], lines: Iterable[ProposalLine], changes: Mapping[int, Change]) -> list[tuple[Hall, Sheet]]:
    """A sheet for each hall, in two queries for all. ``lines`` come with company and stand; who takes no part any more is on none."""
    chosen = list(halls)
    stands = list(Stand.objects.filter(hall__in=chosen).order_by("number", "pk"))
    placed = [(line.stand_id, line) for line in lines if line.stand_id is not None and changes[line.pk].difference in FILLS]
    seats = {stand_id: _seat(line, changes[line.pk]) for stand_id, line in placed}
    there = Placement.objects.known_or_held().filter(stand__in=stands).select_related("application__company")
    others = {placement.stand_id: str(placement.application.company) for placement in there}
    return [(hall, _sheet(hall, [stand for stand in stands if stand.hall_id == hall.pk], seats, others)) for hall in chosen]


def _seat(line: ProposalLine, change: Change) -> _Seat:
    company, difference = str(line.application.company), change.difference
    score = _("score %(score)s") % {"score": number_text(round(line.score, 1))}
    words = (company, str(difference.label), score, sharing_text(line))
    return _Seat(FILLS[difference], company, ", ".join(word for word in words if word))


def _sheet(hall: Hall, stands: list[Stand], seats: Mapping[int, _Seat], others: Mapping[int, str]) -> Sheet:
    drawn = [_drawn(stand, seats.get(stand.pk), others.get(stand.pk, "")) for stand in stands]
    fills = {stand.fill for stand in drawn}
    legend = [(FILLS[difference], str(label)) for difference, label in _LABELS.items()]
    legend += [(OTHERS, _("taken by others")), (FREE, _("free"))]
    entries = [LegendEntry(fill, label) for fill, label in legend if fill in fills]
    if any(stand.is_hatched for stand in drawn):
        entries.append(LegendEntry(BLOCKED, _("blocked"), is_hatched=True))
    return Sheet(title=str(hall), subtitle=str(hall.site), hall_outline=hall.outline, stands=drawn, legend=entries)


def _drawn(stand: Stand, seat: _Seat | None, other: str) -> DrawnStand:
    if stand.blocked:
        fill, name, title = BLOCKED, "", stand.blocked_reason
    elif seat is not None:
        fill, name, title = seat.fill, seat.name, seat.title
    else:
        fill, name, title = (OTHERS, other, other) if other else (FREE, "", _("free"))
    words = ", ".join(word for word in (stand.number, area_text(stand.area_m2), title) if word)
    return DrawnStand(number=stand.number, outline=stand.outline, fill=fill, name=name, title=words, is_hatched=stand.blocked)
