"""Stands on a hall's floor: no outline is broken, none leaves the hall, no two overlap, and the stated area is the drawn one.

A stand that somebody has is not blocked under them (exhibitors/rules.py holds it), nor is one that is kept for somebody.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from api.problems import Refused
from api.text import sentences
from fairs import geometry
from fairs.domain import drawn_sides
from fairs.domain.open_sides import open_sides
from fairs.models import Hall, Stand
from fairs.units import day_text, number_text
from fairs.validators import validate_outline

SMALLEST_STAND_M2 = 0.5  # in other units a stand would be smaller than anybody's
LARGEST_HALL_M2 = 1_000_000  # the largest halls of the world have some 200,000
AREA_TOLERANCE = 0.01  # of the drawn area

# Who stands where is known on a floor above (exhibitors), which says here which stands it has given away.
Use = Callable[[Collection[int], datetime], set[int]]
_uses: list[tuple[Use, Any]] = []


def register_in_use(given: Use, sentence: Any) -> None:
    """``given`` takes ids of stands and a moment and returns those that somebody has; ``sentence`` says what to do before one is blocked.

    Call it in ``AppConfig.ready``.
    """
    if given not in [known for known, _sentence in _uses]:
        _uses.append((given, sentence))


# ... and on which days: a stand is not taken off the days of somebody who has it.
DaysInUse = Callable[[Collection[int]], Mapping[int, tuple[date, date]]]
_days_in_use: list[tuple[DaysInUse, Any]] = []


def register_days_in_use(given: DaysInUse, sentence: Any) -> None:
    """``given`` takes ids of stands and returns the first and last day that somebody has them; ``sentence`` has %(first)s and %(last)s.

    Call it in ``AppConfig.ready``.
    """
    if given not in [known for known, _sentence in _days_in_use]:
        _days_in_use.append((given, sentence))


@dataclass(frozen=True)
class FloorProblem:
    """What is wrong with one stand (by its number) or with the hall itself (number ''); ``field`` is the model's field."""

    number: str
    field: str
    code: str
    message: str


class FloorRefused(Refused):
    """A hall or a stand cannot be laid out like this; ``problems`` names every reason."""

    code = "floor_refused"

    def __init__(self, problems: Iterable[FloorProblem]) -> None:
        self.problems = list(problems)
        super().__init__(sentences(*(problem.message for problem in self.problems)))


def outline_problem(outline: Any) -> str:
    """Why ``outline`` is no polygon, or ''."""
    try:
        validate_outline(outline)
    except ValidationError as error:
        return sentences(*error.messages)
    if geometry.encloses_a_floor(outline):
        return ""
    place = geometry.crossing(outline)
    if place is None:
        return _("The outline encloses no floor: write its corners in the order in which they follow each other.")
    facts = {name: number_text(round(number, 2)) for name, number in zip("xy", place, strict=True)}
    return _("The outline crosses itself at %(x)s; %(y)s: write its corners in the order in which they follow each other.") % facts


def drawn_area(outline: geometry.Outline) -> Decimal:
    """The area of a valid outline in m², as it is kept."""
    return Decimal(f"{geometry.area(outline):.2f}")


def check_stand(*, hall_outline: geometry.Outline, number: str, outline: Any, area_m2: Decimal | None) -> list[FloorProblem]:
    """The problems of one stand by itself in its hall (the others are :func:`check_overlaps`)."""
    flaw = outline_problem(outline)
    if flaw:
        return [FloorProblem(number, "outline", "outline", flaw)]
    problems = []
    if not geometry.lies_within(outline, hall_outline):
        told = sentences(_("The stand reaches beyond the hall's outline."), _likely_cause(outline, hall_outline))
        problems.append(FloorProblem(number, "outline", "outside_hall", told))
    drawn = geometry.area(outline)
    if area_m2 is not None and abs(float(area_m2) - drawn) > AREA_TOLERANCE * drawn:
        sentence = _("The stated area of %(stated)s m² is not that of the outline: %(drawn)s m².")
        problems.append(
            FloorProblem(number, "area_m2", "area_differs", sentence % {"stated": f"{float(area_m2):g}", "drawn": f"{drawn:.2f}"})
        )
    return problems


def _likely_cause(outline: geometry.Outline, hall_outline: geometry.Outline) -> str:
    """Why an outline outside the hall may be there: it is measured in something else, or x and y are exchanged. '' where neither fits."""
    drawn = geometry.area(outline)
    for scale, sentence in (
        (1000, _("These look like millimetres: write metres.")),
        (100, _("These look like centimetres: write metres.")),
    ):
        scaled = [[x / scale, y / scale] for x, y in outline]
        if drawn / scale**2 >= SMALLEST_STAND_M2 and geometry.lies_within(scaled, hall_outline):
            return sentence
    if geometry.lies_within([[y, x] for x, y in outline], hall_outline):
        return _("With x and y exchanged it would be inside: write x first, then y.")
    return ""


def check_overlaps(outlines: Mapping[str, geometry.Outline], *, only: str | None = None) -> list[FloorProblem]:
    """The pairs of stands that overlap, each reported once, at the later one (or at ``only``, ignoring the other pairs)."""
    problems = []
    for earlier, later, shared in geometry.overlaps(outlines):
        if only is not None and only not in (earlier, later):
            continue
        number, other = (later, earlier) if only in (None, later) else (earlier, later)
        sentence = _("Stands %(number)s and %(other)s overlap by %(area)s m².")
        message = sentence % {"number": number, "other": other, "area": f"{shared:.2f}"}
        problems.append(FloorProblem(number, "outline", "overlap", message))
    return problems


def check_among_others(
    *, hall: Hall, number: str, outline: Any, area_m2: Decimal | None, stand_id: int | None = None
) -> list[FloorProblem]:
    """All that is wrong with a stand as it would stand in ``hall`` beside the stands that are there."""
    problems = check_stand(hall_outline=hall.outline, number=number, outline=outline, area_m2=area_m2)
    if any(problem.code == "outline" for problem in problems):
        return problems
    others = dict(Stand.objects.filter(hall=hall).exclude(pk=stand_id).exclude(number=number).values_list("number", "outline"))
    return problems + check_overlaps({**others, number: outline}, only=number)


def why_not_blocked(stand_ids: Collection[int], *, now: datetime) -> dict[int, str]:
    """The stands that cannot be blocked because somebody has them, each with what to do first; nobody is named."""
    return {pk: str(sentence) for given, sentence in _uses for pk in given(stand_ids, now)}


def why_not_shortened(stands: Collection[Stand]) -> dict[int, str]:
    """The stands, as they would be, that somebody has on days which they leave out; each with what stands in the way."""
    ids = [stand.pk for stand in stands if stand.pk and stand.first_day and stand.last_day]
    found = {}
    for given, sentence in _days_in_use if ids else []:
        days = given(ids)
        for stand in stands:
            if stand.pk in days and not stand.is_for_rent(first_day=days[stand.pk][0], last_day=days[stand.pk][1]):
                found[stand.pk] = str(sentence) % {"first": day_text(days[stand.pk][0]), "last": day_text(days[stand.pk][1])}
    return found


def check_use(*, stand: Stand, now: datetime) -> list[FloorProblem]:
    """What those who have the stand say to its being blocked or rented on fewer days."""
    blocked = why_not_blocked([stand.pk], now=now) if stand.blocked and stand.pk else {}
    problems = [FloorProblem(stand.number, "blocked", "in_use", why) for why in blocked.values()]
    return problems + [FloorProblem(stand.number, "first_day", "days_in_use", why) for why in why_not_shortened([stand]).values()]


def check_hall(*, outline: Any, stands: Sequence[Stand] = ()) -> list[FloorProblem]:
    """The problems of a hall's outline, alone and with the stands that are in it."""
    flaw = outline_problem(outline)
    if flaw:
        return [FloorProblem("", "outline", "outline", flaw)]
    if geometry.area(outline) > LARGEST_HALL_M2:
        sentence = _("The hall would have %(area)s km². These look like millimetres: write metres.")
        message = sentence % {"area": f"{geometry.area(outline) / 1e6:.0f}"}
        return [FloorProblem("", "outline", "too_large", message)]
    outside = [stand.number for stand in stands if not geometry.lies_within(stand.outline, outline)]
    if not outside:
        return []
    message = _("These stands would be outside: %(numbers)s.") % {"numbers": ", ".join(outside[:20])}
    return [FloorProblem("", "outline", "stands_outside", message)]


def lock(stand_ids: Collection[int]) -> None:
    """Whoever gives one of these stands to somebody comes before or after the caller's transaction."""
    rows = Stand.objects.filter(pk__in=stand_ids).order_by("pk").select_for_update(of=("self",), no_key=True)
    list(rows.values_list("pk"))


@transaction.atomic
def save_stand(*, stand: Stand, now: datetime) -> Stand:
    """Save a new or changed stand; ``open_sides`` None: those of the plan. Its neighbours' open sides follow the plan too.

    Raises FloorRefused, and ValidationError for single fields.
    """
    # The hall's row is the lock: of two people who draw at once the second sees the first one's stand.
    hall = Hall.objects.select_for_update(of=("self",)).get(pk=stand.hall_id)
    stand.full_clean(exclude=["open_sides"] if stand.open_sides is None else [])
    problems = check_among_others(hall=hall, number=stand.number, outline=stand.outline, area_m2=stand.area_m2, stand_id=stand.pk)
    if stand.pk and (stand.blocked or stand.first_day):
        lock([stand.pk])
        problems += check_use(stand=stand, now=now)
    if problems:
        raise FloorRefused(problems)
    _draw_sides(stand, hall)
    stand.save()
    drawn_sides.refresh(hall)
    return stand


def _draw_sides(stand: Stand, hall: Hall) -> None:
    """Read the stand's open sides from the plan, so that it has some when it is written."""
    others = dict(Stand.objects.filter(hall=hall).exclude(pk=stand.pk).values_list("number", "outline"))
    drawn = open_sides({**others, stand.number: stand.outline}, hall=hall.outline)[stand.number]
    stand.open_sides = drawn_sides.settled(stand.open_sides, before=stand.open_sides_drawn, drawn=drawn)
    stand.open_sides_drawn = drawn
