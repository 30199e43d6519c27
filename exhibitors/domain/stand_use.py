"""Which stands somebody has: those are neither blocked (exhibitors/rules.py holds it) nor held for others."""

from collections.abc import Collection

from exhibitors.models import Placement


def given_away(stand_ids: Collection[int]) -> set[int]:
    """Those of the stands that are planned for, offered to or accepted by an application, on whatever days."""
    return set(Placement.objects.live().filter(stand__in=stand_ids).values_list("stand", flat=True))
