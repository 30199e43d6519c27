"""The control of the session race: the product without the lock on a session. Nothing in the product can do this.

The look at the free places and the taking of one are milliseconds apart, and requests reach that point one after the other, each when a
processor is free: by itself the race would be lost only now and then. So the place is taken a good while after the look.
"""

import time
from collections.abc import Sequence

from config.wsgi import application as application  # isort: skip  # sets Django up: the models need that first
from conferences.domain import sign_ups
from conferences.models import Session

GAP = 0.5  # seconds: several requests get to the look meanwhile
_free_places = sign_ups.free_places


def _sessions_without_lock(pks: Sequence[int]) -> list[Session]:
    return list(Session.objects.filter(pk__in=pks).select_related("room").order_by("pk"))


def _free_places_a_while_ago(session: Session) -> int:
    free = _free_places(session)
    if free > 0:
        time.sleep(GAP)
    return free


if not callable(sign_ups.locked_sessions):  # renamed: what is patched below would guard nothing
    raise TypeError("The lock of a session is elsewhere now.")
sign_ups.locked_sessions = _sessions_without_lock
sign_ups.free_places = _free_places_a_while_ago
