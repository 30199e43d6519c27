"""Rows of stands into a hall: looked at first, then written, all of them or (where one wishes) those that fit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fairs import geometry
from fairs.domain import drawn_sides, stand_pattern
from fairs.domain.open_sides import open_sides
from fairs.domain.stand_pattern import Pattern
from fairs.domain.stands import FloorProblem, FloorRefused, drawn_area
from fairs.models import Hall, Stand

SERVICES = ("zone", "power_kw", "water", "drain", "internet", "floor_load_kg_m2", "height_limit_m")
_NAMED = 20  # numbers in a sentence


@dataclass(frozen=True)
class Rows:
    """What a pattern draws in a hall: ``fitting`` stands, ``misfits`` that cannot stand there, and why, with the numbers."""

    fitting: dict[str, list[list[float]]]
    misfits: dict[str, list[list[float]]]
    open_sides: dict[str, int]  # of the fitting ones, beside those that are there
    problems: list[FloorProblem] = field(default_factory=list)


def look(*, hall: Hall, pattern: Pattern) -> Rows:
    """What the pattern would draw, with nothing written. Raises FloorRefused for a pattern that makes no sense."""
    drawn = stand_pattern.draw(pattern, hall=hall.outline)
    there = dict(Stand.objects.filter(hall=hall).values_list("number", "outline"))
    outside = [number for number, outline in drawn.items() if not geometry.lies_within(outline, hall.outline)]
    twice = [number for number in drawn if number in there]
    # Keys of two kinds: the same number may be there already, and overlap or not.
    floor = {**{("", number): outline for number, outline in there.items()}, **{("new", n): outline for n, outline in drawn.items()}}
    pairs = [(one[1], other[1]) for one, other, _area in geometry.overlaps(floor) if (one[0], other[0]) == ("", "new")]
    problems = [
        *_problem("outside_hall", _("These would stand out of the hall: %(numbers)s."), outside),
        *_problem("overlap", _("These would overlap stands that are there: %(numbers)s."), [f"{new} ({old})" for old, new in pairs]),
        *_problem("number", _("These numbers are there already: %(numbers)s."), twice),
    ]
    wrong = {*outside, *twice, *(new for _old, new in pairs)}
    fitting = {number: outline for number, outline in drawn.items() if number not in wrong}
    sides = open_sides({**there, **fitting}, hall=hall.outline)
    misfits = {number: outline for number, outline in drawn.items() if number in wrong}
    return Rows(fitting, misfits, {number: sides[number] for number in fitting}, problems)


@transaction.atomic
def add(*, hall: Hall, pattern: Pattern, services: Mapping[str, Any], only_fitting: bool = False) -> list[Stand]:
    """Write the stands of the pattern with ``services`` (those of SERVICES); the new stands in their order.

    ``only_fitting`` leaves out what has no room. Raises FloorRefused with the numbers that do not fit, ValidationError for single fields.
    """
    hall = Hall.objects.select_for_update(of=("self",)).select_related("site").get(pk=hall.pk)  # as in stands.save_stand
    rows = look(hall=hall, pattern=pattern)
    if rows.problems and not only_fitting:
        raise FloorRefused(rows.problems)
    if not rows.fitting:
        raise FloorRefused(rows.problems or [FloorProblem("", "rows", "empty", _("The pattern draws no stand."))])
    made = [
        Stand(
            hall=hall,
            number=number,
            outline=outline,
            area_m2=drawn_area(outline),
            open_sides=max(rows.open_sides[number], drawn_sides.FEWEST),
            open_sides_drawn=rows.open_sides[number],
            **services,
        )
        for number, outline in rows.fitting.items()
    ]
    made[0].full_clean(exclude=["hall"], validate_unique=False, validate_constraints=False)  # they differ in place and number alone
    Stand.objects.bulk_create(made, batch_size=500)
    drawn_sides.refresh(hall)
    return made


def _problem(code: str, sentence: str, numbers: list[str]) -> list[FloorProblem]:
    if not numbers:
        return []
    named = ", ".join(numbers[:_NAMED])
    if len(numbers) > _NAMED:
        named = _("%(numbers)s and %(count)d more") % {"numbers": named, "count": len(numbers) - _NAMED}
    return [FloorProblem("", "", code, sentence % {"numbers": named})]
