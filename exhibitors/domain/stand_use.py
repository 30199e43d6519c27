"""Which stands somebody has: those are neither blocked (exhibitors/rules.py holds it) nor held for others."""

from collections.abc import Collection
from functools import cache

from django.utils.translation import gettext as _

from api.problems import Conflict, Invalid, field_error
from api.statements import ASKER, MARKER, RowStatement
from exhibitors.models import Placement
from fairs.models import Stand


class StandTaken(Conflict):
    """Somebody else has the stand on one of these days."""

    code = "stand-taken"


class StandBlocked(Conflict):
    """Nobody is placed on a blocked stand."""

    code = "stand-blocked"


def given_away(stand_ids: Collection[int]) -> set[int]:
    """Those of the stands that are planned for, offered to or accepted by an application, on whatever days."""
    return set(Placement.objects.live().filter(stand__in=stand_ids).values_list("stand", flat=True))


def stand_of(fair_id: int, stand_id: int) -> Stand:
    """The stand as it is now; who then takes it asks :func:`locked_stand`. Raises the same."""
    return _usable(_one(lock=False).first({MARKER: stand_id, ASKER: fair_id}))


def locked_stand(stand_id: int, *, fair_id: int) -> Stand:
    """The stand, locked until the transaction ends: whoever else offers, holds or blocks it comes before or after.

    Raises Invalid for a stand of another fair, StandBlocked.
    """
    return _usable(_one(lock=True).first({MARKER: stand_id, ASKER: fair_id}))


@cache
def _one(*, lock: bool) -> RowStatement[Stand]:
    stands = Stand.objects.select_for_update(of=("self",), no_key=True) if lock else Stand.objects.all()
    return RowStatement(stands.filter(pk=MARKER, hall__fair_id=ASKER).select_related("hall__site").order_by(), markers=(MARKER, ASKER))


def _usable(stand: Stand | None) -> Stand:
    if stand is None:
        text = _("This fair has no such stand; its stands are listed at the fair's address, under stands/.")
        raise Invalid([field_error("/stand", "unknown_stand", text)])
    if stand.blocked:
        raise StandBlocked(_("Stand %(number)s is blocked: choose another.") % {"number": stand.number}, stand=stand.number)
    return stand
