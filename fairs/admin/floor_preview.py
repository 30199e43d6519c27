"""A hall drawn for the desk: not the public floor plan, but a picture to find and check stands by."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _

from api.text import labelled
from fairs import floor_labels
from fairs.domain.stand_queries import with_taken
from fairs.enums import StandKind
from fairs.models import Hall, Stand
from fairs.units import area_text

# Fills that hold apart for colour-blind eyes too (Okabe and Ito, lightened), under dark letters.
FILLS = {StandKind.ROW: "#cfe3f3", StandKind.CORNER: "#fbe3b3", StandKind.HEAD: "#c5e8dc", StandKind.ISLAND: "#ecd0e0"}
BLOCKED = "#c4c4c4"
# Not in the template, which takes ten times as long for each of thousands of stands.
_STAND = (
    '<a href="{url}" aria-label="{title}"><title>{title}</title>'
    '<polygon points="{points}" fill="{fill}" stroke="#1f2937" stroke-width="{stroke}"/>'
    '<text x="{x}" y="{y}" font-size="{size}">{number}</text></a>'
)


def floor_preview(hall: Hall) -> dict[str, Any]:
    """What templates/fairs/admin/floor_preview.html draws. The picture's y runs downward, the hall's upward."""
    xs, ys = [corner[0] for corner in hall.outline], [corner[1] for corner in hall.outline]
    left, top, width, height = min(xs), max(ys), max(xs) - min(xs), max(ys) - min(ys)
    blocked = _("blocked")
    stands = list(with_taken(Stand.objects.filter(hall=hall)).order_by("number"))

    return {
        "hall": hall,
        "view_box": f"-0.5 -0.5 {width + 1:g} {height + 1:g}",
        "outline": points(hall.outline, left, top),
        "stands": format_html_join("\n", _STAND, (_drawn(stand, left, top) for stand in stands)),
        "legend": [
            *({"fill": fill, "label": labelled(kind.label, _count(stands, kind))} for kind, fill in FILLS.items()),
            {"fill": BLOCKED, "label": labelled(blocked, sum(stand.blocked for stand in stands))},
        ],
        "taken": sum(stand.taken for stand in stands),  # type: ignore[attr-defined]
    }


def _count(stands: list[Stand], kind: StandKind) -> int:
    return sum(stand.kind == kind and not stand.blocked for stand in stands)


def points(outline: Iterable[Sequence[float]], left: float, top: float) -> str:
    """Corners as SVG wants them, seen from the picture's upper left corner."""
    return " ".join(f"{x - left:g},{top - y:g}" for x, y in outline)


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
        "points": points(stand.outline, left, top),
        "fill": BLOCKED if stand.blocked else FILLS[stand.kind],
        "stroke": "0.3" if stand.taken else "0.06",
        "title": ", ".join(facts),
        "x": f"{box.x - left:g}",
        "y": f"{top - box.y:g}",
        "size": f"{min(1.1, 1.5 * width / max(len(stand.number), 1)):.2f}",
    }
