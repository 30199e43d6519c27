"""Halls: what changes together with their walls, and when stands go."""

from collections.abc import Collection

from django.db import transaction

from fairs.domain import drawn_sides
from fairs.domain.stands import FloorRefused, check_hall
from fairs.models import Hall, Stand


@transaction.atomic
def save_hall(*, hall: Hall) -> Hall:
    """Save a new or changed hall and read the open sides of its stands from the new walls.

    Raises FloorRefused for an outline that is broken or leaves stands outside, ValidationError for single fields.
    """
    if hall.pk:
        Hall.objects.select_for_update(of=("self",)).get(pk=hall.pk)  # nobody draws a stand meanwhile (stands.save_stand)
    hall.full_clean()
    problems = check_hall(outline=hall.outline, stands=list(Stand.objects.filter(hall=hall)) if hall.pk else [])
    if problems:
        raise FloorRefused(problems)
    hall.save()
    drawn_sides.refresh(hall)
    return hall


@transaction.atomic
def remove_stands(*, stand_ids: Collection[int]) -> int:
    """Delete stands; those beside them open up. Raises ProtectedError for one that somebody has or had. The number of those deleted."""
    halls = list(Hall.objects.select_for_update(of=("self",)).filter(pk__in=_halls_of(stand_ids)).order_by("pk"))
    count = Stand.objects.filter(pk__in=stand_ids).delete()[1].get("fairs.Stand", 0)
    for hall in halls:
        drawn_sides.refresh(hall)
    return count


def _halls_of(stand_ids: Collection[int]) -> set[int]:
    return set(Stand.objects.filter(pk__in=stand_ids).values_list("hall", flat=True))
