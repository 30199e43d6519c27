"""A hall drawn for the desk: not the public floor plan, but a picture to find and check stands by."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from fairs import floor_labels
from fairs.domain.stand_queries import with_taken
from fairs.enums import StandKind
from fairs.models import Hall, Stand
from fairs.units import area_text

# Fills that hold apart for colour-blind eyes too (Okabe and Ito, lightened), under dark letters.
FILLS = {StandKind.ROW: "#cfe3f3", StandKind.CORNER: "#fbe3b3", StandKind.HEAD: "#c5e8dc", StandKind.ISLAND: "#ecd0e0"}
BLOCKED = "#c4c4c4"


def floor_preview(hall: Hall) -> dict[str, Any]:
    """What templates/fairs/admin/floor_preview.html draws. The picture's y runs downward, the hall's upward."""
    xs, ys = [corner[0] for corner in hall.outline], [corner[1] for corner in hall.outline]
    left, top, width, height = min(xs), max(ys), max(xs) - min(xs), max(ys) - min(ys)
    blocked = _("blocked")
    stands = list(with_taken(Stand.objects.filter(hall=hall)).order_by("number"))

    def points(outline: list[list[float]]) -> str:
        return " ".join(f"{x - left:g},{top - y:g}" for x, y in outline)

    return {
        "hall": hall,
        "view_box": f"-0.5 -0.5 {width + 1:g} {height + 1:g}",
        "outline": points(hall.outline),
        "stands": [{**_drawn(stand, left, top), "points": points(stand.outline)} for stand in stands],
        "legend": [
            *({"fill": fill, "label": f"{kind.label}: {_count(stands, kind)}"} for kind, fill in FILLS.items()),
            {"fill": BLOCKED, "label": f"{blocked}: {sum(stand.blocked for stand in stands)}"},
        ],
        "taken": sum(stand.taken for stand in stands),  # type: ignore[attr-defined]
    }


def _count(stands: list[Stand], kind: StandKind) -> int:
    return sum(stand.kind == kind and not stand.blocked for stand in stands)


def _drawn(stand: Any, left: float, top: float) -> dict[str, Any]:
    xs = [corner[0] for corner in stand.outline]
    width = max(xs) - min(xs)
    box = floor_labels.box_of(stand.outline)
    facts = [stand.number, area_text(stand.area_m2), str(stand.kind.label)]
    facts += [stand.blocked_reason or _("blocked")] if stand.blocked else []
    facts += [_("taken")] if stand.taken else []
    return {
        "url": reverse("admin:fairs_stand_change", args=[stand.pk]),
        "number": stand.number,
        "fill": BLOCKED if stand.blocked else FILLS[stand.kind],
        "taken": stand.taken,
        "title": ", ".join(facts),
        "x": f"{box.x - left:g}",
        "y": f"{top - box.y:g}",
        "size": f"{min(1.1, 1.5 * width / max(len(stand.number), 1)):.2f}",
    }
