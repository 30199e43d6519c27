"""The control of the stand race: the product without its lock, and with a look at the table where it relies on a constraint.

Served by ``make chaos`` on a database that lacks the constraint: more than one gets the stand. Nothing in the product can do this.
"""

from config.wsgi import application as application
from exhibitors.domain import stand_use
from exhibitors.models import PlacementDay
from fairs.models import Stand


def _stand_without_lock(stand_id: int, *, fair_id: int) -> Stand:
    stand = Stand.objects.of_fair(fair_id).select_related("hall__site").get(pk=stand_id)
    if PlacementDay.objects.filter(stand=stand).exists():
        raise stand_use.StandTaken("taken", stand=stand.number)
    return stand


if not callable(stand_use.locked_stand):  # renamed: what is patched below would guard nothing
    raise TypeError("The lock of a stand is elsewhere now.")
stand_use.locked_stand = _stand_without_lock
