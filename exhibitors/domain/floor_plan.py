"""The public floor plan of a hall: which stands are taken, and by whom. Held, planned and offered ones read available."""

from collections import defaultdict
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from api.languages import ALL, COLUMNS, DEFAULT, pick
from api.text import labelled
from exhibitors.enums import ExhibitorRole
from exhibitors.models import Placement
from fairs.domain.stand_queries import with_status
from fairs.enums import StandStatus
from fairs.floor_drawing import DrawnStand, LegendEntry, Sheet
from fairs.models import Hall, Stand
from fairs.units import area_text

MARKED = "#fde68a"  # the stand that a link asks for, whatever its status
# Fills that hold apart for colour-blind eyes and in grey, under dark letters.
FILLS = {StandStatus.AVAILABLE: "#ffffff", StandStatus.TAKEN: "#cfe3f3", StandStatus.BLOCKED: "#d1d5db"}


def hall_of(fair_id: int, slug: str) -> Hall | None:
    """The hall with what its plan names beside it."""
    return Hall.objects.select_related("site__fair", "building").filter(fair=fair_id, slug=slug).first()


def stands_of(hall: Hall) -> list[Any]:
    """The hall's stands by number, each with ``status`` and ``exhibitors``: rows of the catalogue, the main exhibitors first."""
    stands: list[Any] = list(with_status(Stand.objects.filter(hall=hall).select_related("zone")).order_by("number", "pk"))
    names = [f"application__exhibitors__company__name_{column}" for column in COLUMNS.values()]
    columns = ("stand", "application__exhibitors", "application__exhibitors__role", "application__exhibitors__company__legal_name", *names)
    taken = Placement.objects.public().filter(stand__hall=hall, application__exhibitors__isnull=False)
    found: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    # role: MAIN comes after CO in the alphabet
    for row in taken.order_by("first_day", "-application__exhibitors__role", "application__exhibitors").values(*columns):
        texts = {code: row[f"application__exhibitors__company__name_{column}"] or "" for code, column in COLUMNS.items()}
        legal_name = row["application__exhibitors__company__legal_name"]
        is_main = row["application__exhibitors__role"] == ExhibitorRole.MAIN
        found[row["stand"]].append({"id": row["application__exhibitors"], "texts": texts, "legal_name": legal_name, "is_main": is_main})
    for stand in stands:
        stand.exhibitors = found[stand.pk]
    return stands


def name_of(exhibitor: dict[str, Any], language: str) -> Any:
    """As the catalogue writes it."""
    if language == ALL:
        return exhibitor["texts"]
    return pick(exhibitor["texts"], language) or exhibitor["legal_name"]


def sheet_of(hall: Hall, *, language: str, marked: str = "") -> Sheet:
    """What visitors and builders of web sites see, in the language of messages. ``marked``: the number of a stand to be found at a glance.

    A number that the hall has no more marks nothing: a link in an old letter still shows the plan.
    """
    stands = stands_of(hall)
    counts = {status: sum(stand.status == status for stand in stands) for status in StandStatus}
    legend = [
        LegendEntry(FILLS[status], labelled(status.label, counts[status]), is_hatched=status == StandStatus.BLOCKED)
        for status in StandStatus
        if counts[status] or status != StandStatus.BLOCKED
    ]
    if any(stand.number == marked for stand in stands):
        legend.append(LegendEntry(MARKED, _("Stand %(number)s") % {"number": marked}, is_framed=True))
    return Sheet(
        title=title_of(hall),
        subtitle=subtitle_of(hall),
        hall_outline=hall.outline,
        stands=[_drawn(stand, language if language != ALL else DEFAULT, is_marked=stand.number == marked) for stand in stands],
        legend=legend,
        north_degrees=hall.north_degrees,
    )


def title_of(hall: Hall) -> str:
    """Building and hall."""
    return f"{hall.building} · {hall}" if hall.building else str(hall)


def subtitle_of(hall: Hall) -> str:
    """Site and fair with the site's days."""
    site = hall.site
    days = _("%(first)s to %(last)s") % {
        "first": formats.date_format(site.starts_on, "DATE_FORMAT"),
        "last": formats.date_format(site.ends_on, "DATE_FORMAT"),
    }
    return f"{site} · {site.fair} · {days}"


def _drawn(stand: Any, language: str, *, is_marked: bool) -> DrawnStand:
    mains = [name_of(exhibitor, language) for exhibitor in stand.exhibitors if exhibitor["is_main"]]
    everybody = [name_of(exhibitor, language) for exhibitor in stand.exhibitors]
    facts = [stand.number, area_text(stand.area_m2), str(stand.kind.label), str(StandStatus(stand.status).label), *everybody]
    return DrawnStand(
        number=stand.number,
        outline=stand.outline,
        fill=MARKED if is_marked else FILLS[stand.status],
        name=" / ".join(mains),
        title=", ".join(facts),
        is_hatched=stand.blocked,
        is_framed=is_marked,
    )


def geojson_of(hall: Hall, *, language: str) -> dict[str, Any]:
    """Stands as features. Coordinates are metres on the hall's floor, x to the right and y upward, by the prior arrangement of RFC 7946."""
    site = hall.site
    outline = {"type": "Polygon", "coordinates": [_ring(hall.outline)]}
    return {
        "type": "FeatureCollection",
        "coordinates_in": "metres",
        "fair": site.fair.slug,
        "site": site.slug,
        "hall": {"slug": hall.slug, "name": _texts(hall, "name", language), "geometry": outline, "north_degrees": hall.north_degrees},
        "features": [_feature(stand, _properties(stand, hall, language)) for stand in stands_of(hall)],
    }


def _texts(row: Any, name: str, language: str) -> Any:
    texts = {code: getattr(row, f"{name}_{column}") or "" for code, column in COLUMNS.items()}
    return texts if language == ALL else pick(texts, language)


def _properties(stand: Any, hall: Hall, language: str) -> dict[str, Any]:
    return {
        "number": stand.number,
        "hall": hall.slug,
        "site": hall.site.slug,
        "area_m2": float(stand.area_m2),
        "kind": stand.kind.value,
        "open_sides": stand.open_sides,
        "zone": stand.zone.slug if stand.zone else None,
        "power_kw": float(stand.power_kw),
        "water": stand.water,
        "drain": stand.drain,
        "internet": stand.internet,
        "status": stand.status,
        "exhibitors": [{"id": exhibitor["id"], "name": name_of(exhibitor, language)} for exhibitor in stand.exhibitors],
    }


def _feature(stand: Any, properties: dict[str, Any]) -> dict[str, Any]:
    geometry = {"type": "Polygon", "coordinates": [_ring(stand.outline)]}
    return {"type": "Feature", "id": stand.pk, "geometry": geometry, "properties": properties}


def _ring(outline: list[list[float]]) -> list[list[float]]:
    """Closed and counterclockwise, as the format wants an outer ring."""
    doubled = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(outline, [*outline[1:], outline[0]], strict=True))
    corners = outline if doubled > 0 else [outline[0], *reversed(outline[1:])]
    return [*corners, corners[0]]
