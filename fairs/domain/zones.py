"""Zones of a hall and the stands in them, named by their numbers."""

import re
from collections.abc import Collection, Iterator, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from fairs.models import Hall, Stand, Zone

_SEPARATORS = re.compile(r"[,;\n]+")
_RANGE = re.compile(r"\s*(?:–|—|\.\.|\s-\s)\s*")


def numbers_in(hall_id: int) -> list[str]:
    """The numbers of a hall's stands in order."""
    return list(Stand.objects.filter(hall=hall_id).order_by("number").values_list("number", flat=True))


def numbers_named(text: str, *, among: Sequence[str]) -> list[str]:
    """The numbers that ``text`` names ("A01–A20, B05"), of those ``among``, in order. Raises ValueError for one that is not there.

    A range is all numbers between its two ends in the order of ``among``.
    """
    found: set[str] = set()
    places = {number: place for place, number in enumerate(among)}
    for piece in filter(None, (piece.strip() for piece in _SEPARATORS.split(text))):
        ends = [piece] if piece in places else _RANGE.split(piece, maxsplit=1)
        ends = _plain_hyphen(piece, places) if len(ends) == 1 and piece not in places else ends
        unknown = [end for end in ends if end not in places]
        if unknown:
            raise ValueError(_("This hall has no stand %(number)s.") % {"number": unknown[0][:40]})
        first, last = sorted((places[ends[0]], places[ends[-1]]))
        found.update(among[first : last + 1])
    return [number for number in among if number in found]


def _plain_hyphen(piece: str, places: Collection[str]) -> list[str]:
    """A01-A20 where both are numbers: a number may hold a hyphen itself."""
    for place, letter in enumerate(piece):
        ends = [piece[:place].strip(), piece[place + 1 :].strip()]
        if letter == "-" and all(end in places for end in ends):
            return ends
    return [piece]


def as_ranges(among: Sequence[str], zone: Zone) -> Iterator[str]:
    """The numbers of the zone's stands as :func:`numbers_named` reads them, runs of three and more as ranges."""
    of_zone = set(zone.stands.values_list("number", flat=True))
    run: list[str] = []
    for number in [*among, None]:
        if number is not None and number in of_zone:
            run.append(number)
            continue
        yield from [f"{run[0]}–{run[-1]}"] if len(run) > 2 else run
        run = []


@transaction.atomic
def save_zone(*, zone: Zone, numbers: Collection[str]) -> Zone:
    """Save a zone that was checked, with exactly the stands of its hall that ``numbers`` name; they leave the zones they were in."""
    Hall.objects.select_for_update(of=("self",)).get(pk=zone.hall_id)  # as whoever draws there
    zone.save()
    Stand.objects.filter(zone=zone).exclude(number__in=numbers).update(zone=None)
    Stand.objects.filter(hall=zone.hall_id, number__in=numbers).exclude(zone=zone).update(zone=zone)
    return zone
