"""Lines of a proposal whose exhibitors have each other's stands: two, or a ring of more. None can wait, so they go together."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from allocations.domain.lines import Change
from allocations.enums import LineState
from allocations.models import ProposalLine
from api.problems import Refused
from api.text import sentences
from exhibitors.domain import exchanges, readers
from exhibitors.domain.exchanges import NewStand
from exhibitors.enums import PlacementStatus


def rings(lines: Iterable[ProposalLine], changes: Mapping[int, Change]) -> list[list[ProposalLine]]:
    """The rings among these lines: each has the stand that the one before it in its ring is to have, by an open offer or a plan."""
    of_stand = {there.stand_id: line for line in lines if (there := changes[line.pk].there) is not None and _can_leave(changes[line.pk])}
    found, seen = [], set[int]()
    for line in of_stand.values():
        way: list[ProposalLine] = []
        step: ProposalLine | None = line
        while step is not None and step.pk not in seen:
            seen.add(step.pk)
            way.append(step)
            step = of_stand.get(step.stand_id or 0)
        if step in way:
            found.append(way[way.index(step) :])
    return found


def _can_leave(change: Change) -> bool:
    there = change.there
    return there is not None and (there.is_plan or there.status == PlacementStatus.OFFERED)


def text_of_ring(ring: list[ProposalLine], line: ProposalLine) -> str:
    """Why a line of the ring waits, in words."""
    next_one = ring[(ring.index(line) + 1) % len(ring)]
    facts = {"company": next_one.application.company, "stand": line.stand}
    if len(ring) == 2:
        return _("%(company)s has stand %(stand)s: the two exchange their stands when the offers go.") % facts
    return _("%(company)s has stand %(stand)s, and moves on too: they exchange their stands when the offers go.") % facts


def exchange(ring: list[ProposalLine], *, by: User | None, now: datetime) -> bool:
    """Offer each of the ring its new stand; where that cannot be, all keep theirs and the lines say why. True when it was done."""
    wanted = [NewStand(line.application_id, line.stand_id, line.first_day, line.last_day, reason_of(line)) for line in ring]  # type: ignore[arg-type]
    try:
        with transaction.atomic():
            offers = exchanges.exchange(wanted=wanted, by=by, now=now)
    except Refused as refusal:
        errors = refusal.facts.get("errors")
        text = sentences(*(error["detail"] for error in errors)) if errors else str(refusal)
        for line in ring:
            line.state, line.refusal, line.placement = LineState.REFUSED, text, None
    else:
        for line, offer in zip(ring, offers, strict=True):
            line.state, line.refusal, line.placement = LineState.TAKEN, "", offer
    ProposalLine.objects.bulk_update(ring, ["state", "refusal", "placement"])
    return all(line.state == LineState.TAKEN for line in ring)


def reason_of(line: ProposalLine) -> str:
    """Why it is offered another stand, which the exhibitor reads: in the language of its first reader."""
    to = readers.exhibitor_readers(line.application)
    with translation.override(to[0].language if to else "en"):
        return _("The plan of the hall has changed, and this stand fits better into it.")
