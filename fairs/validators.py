"""Checks of single values that models, forms and the API share."""

import math
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LARGEST_COORDINATE_M = 10_000
MOST_CORNERS = 1000


@lru_cache(maxsize=1)
def _time_zones() -> set[str]:
    return available_timezones()  # walks through hundreds of files: once a process


def validate_time_zone(value: str) -> None:
    """``value`` is an IANA time zone such as Asia/Shanghai."""
    if value not in _time_zones():
        raise ValidationError(_("“%(zone)s” is no time zone: write one like Asia/Shanghai."), code="time_zone", params={"zone": value})


def validate_outline(value: Any) -> None:
    """``value`` is a polygon's outline: three corners or more, each ``[x, y]`` in metres; the last is joined to the first."""
    if not isinstance(value, list) or len(value) < 3 or not all(_is_corner(corner) for corner in value):
        raise ValidationError(_("Write the outline as a list of three or more corners [x, y] in metres."), code="outline")
    if len(value) > MOST_CORNERS:
        raise ValidationError(_("An outline has at most %(most)d corners."), code="outline", params={"most": MOST_CORNERS})
    if any(abs(number) > LARGEST_COORDINATE_M for corner in value for number in corner):
        raise ValidationError(
            _("A corner lies more than 10 km away. Write metres from the hall's lower left corner, not millimetres and not degrees."),
            code="outline",
        )


def _is_corner(corner: Any) -> bool:
    return isinstance(corner, list) and len(corner) == 2 and all(_is_coordinate(number) for number in corner)


def _is_coordinate(number: Any) -> bool:
    return isinstance(number, (int, float)) and not isinstance(number, bool) and (isinstance(number, int) or math.isfinite(number))
