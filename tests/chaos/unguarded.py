"""The control of the stand race: the product without its lock, and with a look at the table where it relies on a constraint.

Served by ``make chaos`` on a database that lacks the constraint: more than one gets the stand. Nothing in the product can do this.
"""

from typing import Any

from config.wsgi import application as application
from exhibitors.domain import placements
from exhibitors.models import Application, PlacementDay
from fairs.models import Stand


def _stand_without_lock(application: Application, stand_id: int) -> Any:
    stand = Stand.objects.of_fair(application.fair_id).select_related("hall__site").get(pk=stand_id)
    if PlacementDay.objects.filter(stand=stand).exists():
        raise placements.StandTaken("taken", stand=stand.number)
    return stand


placements._stand_of = _stand_without_lock
