"""The control of the room race: the product without the lock of a conference, on a database without the exclusion.

Both organisers look whether the room is free before either has it: the look waits a while, for processors are few and requests reach
that point one after the other. Nothing in the product can do this.
"""

import time
from contextlib import nullcontext

from config.wsgi import application as application  # isort: skip  # sets Django up: the models need that first
from conferences.domain import delegates, programme
from conferences.models import Conference, Session

GAP = 0.5  # seconds
_refuse_clashes = programme.refuse_clashes


def _refuse_clashes_of_a_while_ago(session: Session) -> None:
    _refuse_clashes(session)
    time.sleep(GAP)


def _conference_without_lock(conference_id: int) -> Conference:
    return Conference.objects.select_related("fair").get(pk=conference_id)


if not (callable(delegates.lock) and callable(programme.placing_freely)):  # renamed: what is patched below would guard nothing
    raise TypeError("The guards of a room are elsewhere now.")
delegates.lock = _conference_without_lock
programme.placing_freely = nullcontext
programme.refuse_clashes = _refuse_clashes_of_a_while_ago
