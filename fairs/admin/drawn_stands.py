"""Stands that are not written yet, drawn for the desk: beside those that are there, and in red where they cannot stand."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.utils.html import format_html_join
from django.utils.translation import gettext as _

from api.text import labelled
from fairs import floor_labels, geometry
from fairs.admin.floor_preview import FILLS, points
from fairs.enums import StandKind
from fairs.models import Hall

THERE, MISFIT = "there", "misfit"
_FILLS = {**FILLS, THERE: "#e5e7eb", MISFIT: "#f4b6b0"}
_STAND = (
    '<polygon points="{points}" fill="{fill}" stroke="#1f2937" stroke-width="0.06" stroke-dasharray="{dashes}">'
    "<title>{number}</title></polygon>"
    '<text x="{x}" y="{y}" font-size="{size}">{number}</text>'
)


def drawn(number: str, outline: geometry.Outline, *, kind: str) -> dict[str, Any]:
    """One stand; ``kind`` is a StandKind, ``there`` or ``misfit``."""
    box = floor_labels.box_of(outline)
    size = min(1.1, 0.9 * box.width / max(floor_labels.ems(number), 1), 0.8 * box.height)
    return {"number": number, "outline": outline, "kind": kind, "place": (box.x, box.y), "size": f"{size:.2f}", "fill": _FILLS[kind]}


def picture(hall: Hall, stands: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What stand_rows_preview.html draws. The picture's y runs downward, the hall's upward; misfits may stand out of the hall."""
    boxes = [geometry.bounds(outline) for outline in (hall.outline, *(stand["outline"] for stand in stands))]
    left, low = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, top = max(box[2] for box in boxes), max(box[3] for box in boxes)

    counts = Counter(str(stand["kind"]) for stand in stands)
    labels = {**{kind: kind.label for kind in StandKind}, THERE: _("there already"), MISFIT: _("does not fit")}
    return {
        "view_box": f"-0.5 -0.5 {right - left + 1:g} {top - low + 1:g}",
        "hall_points": points(hall.outline, left, top),
        "stands": format_html_join("\n", _STAND, (_placed(stand, left, top) for stand in stands)),
        "legend": [{"fill": _FILLS[kind], "label": labelled(labels[kind], counts[kind])} for kind in _FILLS if counts[kind]],
    }


def _placed(stand: dict[str, Any], left: float, top: float) -> dict[str, Any]:
    x, y = stand["place"]
    dashes = "0.3 0.2" if stand["kind"] == MISFIT else "none"
    return {**stand, "points": points(stand["outline"], left, top), "x": f"{x - left:g}", "y": f"{top - y:g}", "dashes": dashes}
