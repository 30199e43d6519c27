"""An organiser's table of stands into a fair's halls: all of it or nothing."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fairs import tables
from fairs.domain import stands
from fairs.domain.tally import Tally
from fairs.models import Fair, Hall, Stand
from fairs.tables import Row, RowError, Table, TableError

COLUMNS = {
    "hall": ["зал", "展馆", "馆"],
    "number": ["stand", "stand number", "номер", "номер стенда", "стенд", "展位号"],
    "outline": ["контур", "corners", "轮廓"],
    "area_m2": ["area", "area, m²", "площадь", "площадь, м²", "面积"],
    "open_sides": ["открытых сторон", "открытые стороны", "开口"],
    "power_kw": ["power", "power, kW", "мощность", "мощность, кВт", "功率"],
    "water": ["вода", "水"],
    "drain": ["слив", "канализация", "排水"],
    "blocked": ["закрыт", "занят организатором", "停用"],
    "blocked_reason": ["причина", "why", "原因"],
}
REQUIRED = ["hall", "number", "outline", "area_m2", "open_sides"]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class _Planned:
    row: Row
    stand: Stand
    values: dict[str, Any]


@transaction.atomic
def import_stands(*, fair: Fair, table: Table, now: datetime, progress: Progress | None = None) -> Tally:
    """Make and change the stands of ``fair``; those that the table does not name stay. Raises TableError with every error."""
    # Whoever draws a stand by hand locks its hall too (stands.save_stand).
    halls = {hall.slug: hall for hall in Hall.objects.select_for_update(of=("self",)).filter(fair=fair).order_by("pk")}
    known = {(stand.hall.slug, stand.number): stand for stand in Stand.objects.of_fair(fair.pk).select_related("hall")}
    errors: list[RowError] = []
    planned: dict[tuple[str, str], _Planned] = {}
    for row in table.rows:
        values = _values(row, halls, errors)
        key = (row.values["hall"], row.values["number"])
        if key in planned:
            first = planned[key].row.number
            errors.append(row.error("number", _("This stand is in row %(row)s already.") % {"row": first}))
        elif values is not None:
            planned[key] = _Planned(row, known.get(key) or Stand(hall=halls[key[0]], number=key[1]), values)
    errors += _floor_errors(halls, known, planned)
    errors += _blocking_errors(planned, now=now)
    tally = Tally()
    for done, plan in enumerate(planned.values(), start=1):
        if tally.count(plan.stand, plan.values):
            _save(plan, errors)
        if progress:
            progress(done, len(planned))
    if errors:
        raise TableError(sorted(set(errors), key=lambda error: (error.row, error.column, error.message)))
    return tally


def _save(plan: _Planned, errors: list[RowError]) -> None:
    """Save what is sound by itself; after any error nothing is kept anyway."""
    try:
        plan.stand.clean_fields(exclude=["hall"])
        plan.stand.clean()
    except ValidationError as error:
        for column, messages in error.message_dict.items():
            errors.extend(plan.row.error(column, message) for message in messages)
        return
    if not errors:
        plan.stand.save()


def _values(row: Row, halls: Mapping[str, Hall], errors: list[RowError]) -> dict[str, Any] | None:
    """The row's cells as a stand's fields, or None with every cell's error noted."""
    found: dict[str, Any] = {}
    before = len(errors)
    if row.values["hall"] not in halls:
        sentence = _("This fair has no hall “%(hall)s”. It has: %(halls)s.")
        errors.append(row.error("hall", sentence % {"hall": row.values["hall"], "halls": ", ".join(halls) or "–"}))
    if not row.values["number"]:
        errors.append(row.error("number", _("The number is missing.")))
    for column, read in _READERS.items():
        if column not in row.values:
            continue  # a column the table does not have leaves the stand as it is
        try:
            found[column] = read(row.values[column])
        except ValueError as error:
            errors.append(row.error(column, str(error)))
    return found if len(errors) == before else None


def _outline(text: str) -> list[list[float]]:
    try:
        corners = [[float(tables.as_decimal(number)) for number in corner.split()] for corner in text.split(";")]
    except ValueError:
        corners = []
    corners = [[_plain(number) for number in corner] for corner in corners]
    problem = stands.outline_problem(corners) if corners else _("Write the corners as “0 0; 3 0; 3 3; 0 3”, in metres.")
    if problem:
        raise ValueError(problem)
    return corners


def _plain(number: float) -> float:
    """3 rather than 3.0, so that the same outline is the same JSON."""
    return int(number) if number.is_integer() else number


_READERS: dict[str, Callable[[str], Any]] = {
    "outline": _outline,
    "area_m2": tables.as_decimal,
    "open_sides": tables.as_whole_number,
    "power_kw": lambda text: tables.as_decimal(text or "0"),
    "water": tables.as_flag,
    "drain": tables.as_flag,
    "blocked": tables.as_flag,
    "blocked_reason": str,
}


def _floor_errors(
    halls: Mapping[str, Hall], known: Mapping[tuple[str, str], Stand], planned: Mapping[tuple[str, str], _Planned]
) -> list[RowError]:
    """What the floor says to the planned stands, hall by hall, beside those that stay."""
    floors: dict[str, dict[str, Any]] = defaultdict(dict)
    for (hall, number), stand in known.items():
        floors[hall][number] = stand.outline
    for (hall, number), plan in planned.items():
        floors[hall].pop(number, None)  # to the end: a pair is reported at the row that brought it
        floors[hall][number] = plan.values["outline"]
    errors = []
    for (hall, number), plan in planned.items():
        values = plan.values
        for problem in stands.check_stand(
            hall_outline=halls[hall].outline, number=number, outline=values["outline"], area_m2=values["area_m2"]
        ):
            errors.append(plan.row.error(problem.field, problem.message))
    for hall in {hall for hall, _number in planned}:
        for problem in stands.check_overlaps(floors[hall]):
            if (hall, problem.number) in planned:
                errors.append(planned[hall, problem.number].row.error(problem.field, problem.message))
    return errors


def _blocking_errors(planned: Mapping[tuple[str, str], _Planned], *, now: datetime) -> list[RowError]:
    """The rows that would block a stand which somebody has, or which is kept for somebody."""
    newly = {plan.stand.pk: plan for plan in planned.values() if plan.stand.pk and plan.values.get("blocked") and not plan.stand.blocked}
    if not newly:
        return []
    stands.lock(newly)
    return [newly[pk].row.error("blocked", why) for pk, why in stands.why_not_blocked(newly, now=now).items()]
