"""One step taken with thousands of applications, by a worker.

Which ones is fixed when the decision is made, with the state in which each was shown. Each is decided in a transaction of its own together
with the note that it is: a worker that dies in the middle leaves the rest to the next tick, decides none twice, and of two workers one is
at it. An application that cannot be decided says why and holds up no other, also one that each worker dies with (tries.py): every turn is
noted at the application that it begins with, and one at the head of too many turns is left out.
"""

import hashlib
import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from api.problems import Conflict, Refused
from exhibitors.domain import steps, tries
from exhibitors.domain.reasons import require_reason
from exhibitors.domain.seen_state import require_seen
from exhibitors.domain.take_step import take_step
from exhibitors.enums import MassItemState, Step
from exhibitors.models import Application, MassDecision, MassDecisionItem
from fairs import access
from fairs.models import Fair
from fairs.roles import Right

log = logging.getLogger(__name__)

AT_ONCE = 50  # applications: so many the desk decides in the request itself
MOST = 20_000  # applications of one decision
SECONDS_A_TURN = 20.0  # then the worker's other tasks have their turn
_ROWS = 1000

Now = Callable[[], datetime]


class MassDecisionOver(Conflict):
    """Everything of it is decided, or it was stopped before."""

    code = "mass-decision-over"
    message = gettext_lazy("This mass decision is over: nothing of it is left to stop.")


def create(
    *, fair: Fair, step: Step, seen: Mapping[int, str], by: User, now: datetime, hold: bool = False, reason: str = ""
) -> MassDecision:
    """Take ``step`` soon with these applications of the fair, in the order of their submission, for ``by``.

    ``seen``: the state in which each was shown, by its id. The same once more, while the first is under way, is the first. Raises
    ReasonMissing for a rejection without one.
    """
    if step == Step.REJECT:
        require_reason(reason, pointer="/reason", detail=_("Write why the applications are rejected; the exhibitors read it."))
    token = _token(fair, step, seen, by=by, hold=hold, reason=reason)
    there = MassDecision.objects.open().filter(token=token).first()
    if there is not None:
        return there
    chosen = Application.objects.filter(fair=fair, pk__in=list(seen)).order_by("submitted_at", "pk")
    try:
        with transaction.atomic():
            decision = MassDecision.objects.create(
                fair=fair,
                step=step.value,
                hold=hold,
                reason=reason,
                token=token,
                language=translation.get_language() or "en",
                created_by=by,
                created_at=now,
            )
            ids = chosen.values_list("pk", flat=True)[:MOST]
            items = [MassDecisionItem(decision=decision, application_id=pk, seen=seen[pk]) for pk in ids]
            MassDecisionItem.objects.bulk_create(items, batch_size=_ROWS)
    except IntegrityError:  # the same page, sent twice at the same moment
        return MassDecision.objects.open().get(token=token)
    return decision


def _token(fair: Fair, step: Step, seen: Mapping[int, str], *, by: User, hold: bool, reason: str) -> str:
    said = [f"{by.pk}:{fair.pk}:{step}:{hold}", reason, *(f"{pk}:{state}" for pk, state in sorted(seen.items()))]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


@transaction.atomic
def stop(*, decision_id: int, now: datetime) -> int:
    """Decide no further one; what is decided stays. Returns how many were left. Raises MassDecisionOver."""
    decision = MassDecision.objects.select_for_update(no_key=True).get(pk=decision_id)
    if decision.done_at is not None or decision.stopped_at is not None:
        raise MassDecisionOver
    decision.stopped_at = now
    decision.save(update_fields=["stopped_at"])
    return decision.items.filter(state=MassItemState.WAITING).update(state=MassItemState.STOPPED)


def take_turn(*, now: Now, seconds: float = SECONDS_A_TURN) -> bool:
    """Decide what waits, for some time (``seconds``). Returns whether that was too short; may run twice, or die in the middle."""
    until = time.monotonic() + seconds
    for decision_id in list(MassDecision.objects.open().order_by("pk").values_list("pk", flat=True)):
        try:
            _note_try(decision_id)
            while _decide_next(decision_id, now=now()):
                if time.monotonic() >= until:
                    return True
        except (OperationalError, InterfaceError):  # the database is away or busy, which says nothing about the application
            log.exception("Mass decision %s waits for the next tick.", decision_id)
            _take_back_try(decision_id)
    return False


@transaction.atomic
def _note_try(decision_id: int) -> None:
    """Before anything is decided, so that it is known to those who come after a worker that died; leaves out what too many died with."""
    decision = _lock(decision_id)
    if decision is None:
        return
    while (item := _waiting(decision).first()) is not None and item.tries >= tries.MOST_TRIES:
        log.error("Application %s of mass decision %s is left out: each worker died with it.", item.application_id, decision_id)
        with translation.override(decision.language):
            item.reason = _(
                "The program broke off at this one again and again: decide it by hand, and tell whoever looks after the program."
            )
        item.state = MassItemState.REFUSED
        item.save(update_fields=["state", "reason"])
    if item is not None:
        tries.note(decision.items.filter(pk=item.pk))


def _take_back_try(decision_id: int) -> None:
    head = MassDecisionItem.objects.filter(decision=decision_id, state=MassItemState.WAITING, tries__gt=0).order_by("pk")[:1]
    tries.take_back(MassDecisionItem.objects.filter(pk__in=head.values("pk")))


def _lock(decision_id: int) -> MassDecision | None:
    """The decision, kept to the end of the transaction; None when it is over, or somebody else is at it."""
    rows = MassDecision.objects.select_for_update(of=("self",), no_key=True, skip_locked=True).select_related("fair")
    return rows.filter(pk=decision_id, done_at=None, stopped_at=None).first()


def _waiting(decision: MassDecision) -> QuerySet[MassDecisionItem]:
    return decision.items.filter(state=MassItemState.WAITING).order_by("pk")


@transaction.atomic
def _decide_next(decision_id: int, *, now: datetime) -> bool:
    """Decide the next application; False when none is left, or somebody else is at it."""
    decision = _lock(decision_id)
    if decision is None:
        return False
    item = _waiting(decision).first()
    if item is None:
        decision.done_at = now
        decision.save(update_fields=["done_at"])
        return False
    with translation.override(decision.language):
        item.reason = _decide(decision, item, now=now)
    item.state = MassItemState.REFUSED if item.reason else MassItemState.DONE
    item.save(update_fields=["state", "reason"])
    return True


def _decide(decision: MassDecision, item: MassDecisionItem, *, now: datetime) -> str:
    """Take the step. Returns why it was not taken, '' when it was."""
    by = decision.created_by
    if by is None or not by.is_active or not access.has_right(by, fair_id=decision.fair_id, right=Right.DECIDE_APPLICATIONS):
        return _("Whoever began this may not decide at this fair any more.")
    step = Step(decision.step)
    values: dict[str, object] = {"hold": True} if decision.hold else {}
    if step == Step.REJECT:
        values["reason"] = decision.reason
    try:
        with transaction.atomic():
            require_seen(steps.locked(item.application_id), item.seen)
            take_step(step, application_id=item.application_id, by=by, now=now, for_exhibitor=False, **values)
    except Refused as refusal:
        return str(refusal)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # an error of ours with this one: the others are decided all the same
        log.exception("Application %s of mass decision %s could not be decided.", item.application_id, decision.pk)
        return _("An error of the program (%(name)s): decide this one by hand, and tell whoever looks after the program.") % {
            "name": type(error).__name__
        }
    return ""
