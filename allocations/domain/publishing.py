"""A proposal is published: taken over, and offered with the letters, at once or at a moment that the organiser sets.

Whatever happens in between, each application's offer is a transaction of its own within a short batch: a worker that dies leaves the rest
to the next tick, and of two workers one has a proposal at a time.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy

from accounts.models import User
from allocations.domain import swaps, take_over
from allocations.domain.lines import Change, by_name, changes_of, lines_of
from allocations.domain.take_over import AlreadyPublished
from allocations.enums import Difference, LineState
from allocations.models import Proposal, ProposalLine
from api.problems import Conflict
from exhibitors.domain import announcements, plan_offers
from exhibitors.enums import STEPS, ApplicationStatus, PlacementStatus, Step
from exhibitors.models import ApplicationStep, Placement
from fairs.one_by_one import one_by_one

OFFERS_A_TRANSACTION = 25


class NothingToPublish(Conflict):
    """The proposal places nobody, or everything of it has been offered."""

    code = "nothing-to-publish"
    message = gettext_lazy("There is nothing to offer: no line of this proposal has a stand.")


class NotScheduled(Conflict):
    """The proposal has no moment at which its offers go, or they have gone."""

    code = "not-scheduled"
    message = gettext_lazy("No moment is set for the offers of this proposal, or they have gone.")


@transaction.atomic
def publish(*, proposal_id: int, by: User | None, now: datetime, at: datetime | None = None) -> Proposal:
    """Take over and offer at ``at``, or with the next tick. Where lines were taken over already, those are offered and no others.

    Raises Invalid for a moment that is past, NothingToPublish, AlreadyPublished.
    """
    proposal = take_over.locked(proposal_id)
    if proposal.published_at is not None:
        raise AlreadyPublished
    announcements.require_moment(proposal.run.fair, at, now=now)
    if not proposal.lines.filter(stand__isnull=False).exists():
        raise NothingToPublish
    proposal.publish_at, proposal.publish_by = at or now, by
    proposal.save(update_fields=["publish_at", "publish_by"])
    return proposal


@transaction.atomic
def call_off(*, proposal_id: int, now: datetime) -> Proposal:
    """No offers go by themselves; what was taken over stays planned. Raises NotScheduled."""
    proposal = take_over.locked(proposal_id)
    if proposal.publish_at is None or proposal.published_at is not None:
        raise NotScheduled
    proposal.publish_at = proposal.publish_by = None
    proposal.save(update_fields=["publish_at", "publish_by"])
    return proposal


@dataclass(frozen=True)
class ToOffer:
    """What publishing would offer as things stand, and the plans of those who are not admitted, which stay plans; both by company."""

    offered: list[ProposalLine]
    early: list[ProposalLine]


def to_offer(proposal: Proposal) -> ToOffer:
    """What is neither accepted nor offered as it is. Where lines were taken over already, of those what is planned, and no others."""
    lines = _new_lines(proposal)
    may_be = {line.pk: line.application.status in STEPS[Step.OFFER_STAND] for line in lines}
    return ToOffer([line for line in lines if may_be[line.pk]], [line for line in lines if not may_be[line.pk]])


def _new_lines(proposal: Proposal) -> list[ProposalLine]:
    rows = lines_of(proposal).filter(stand__isnull=False).exclude(application__status__in=ApplicationStatus.ended)
    lines = by_name(rows)
    if proposal.taken_over_at is not None:
        return [line for line in lines if line.state == LineState.WAITING or _is_planned(line.placement)]
    changes = changes_of(lines)
    return [line for line in lines if _is_offered(changes[line.pk])]


def _is_planned(placement: Placement | None) -> bool:
    return placement is not None and placement.status == PlacementStatus.PLANNED


def _is_offered(change: Change) -> bool:
    if change.there is None or _is_planned(change.there):
        return True
    return change.difference == Difference.MOVED and change.there.status == PlacementStatus.OFFERED


def publish_due(*, now: datetime) -> int:
    """Publish everything whose moment has come. Returns how many offers were made. May run twice, or die in the middle."""
    ids = list(Proposal.objects.due(now=now).order_by("publish_at", "pk").values_list("pk", flat=True))
    return one_by_one(lambda pk: _publish(pk, now=now), ids, what="Proposal")


def _publish(proposal_id: int, *, now: datetime) -> int:
    _begin(proposal_id, now=now)
    made = _offer_all(proposal_id, now=now)
    while _go_on(proposal_id, now=now):
        made += _offer_all(proposal_id, now=now)
    return made


@transaction.atomic
def _begin(proposal_id: int, *, now: datetime) -> None:
    """Take over, unless somebody has: what an organiser ticked is what is offered."""
    proposal = _mine(proposal_id, now=now)
    if proposal is not None and proposal.taken_over_at is None:
        take_over.take_over(proposal_id=proposal_id, by=proposal.publish_by, now=now)


def _offer_all(proposal_id: int, *, now: datetime) -> int:
    made = 0
    while (offered := _offer_some(proposal_id, now=now)) is not None:
        made += offered
    return made


def _go_on(proposal_id: int, *, now: datetime) -> bool:
    """Tell those who move, then take over the lines that waited for their stands. False when nothing waits."""
    if not ProposalLine.objects.filter(proposal=proposal_id, state=LineState.WAITING).exists():
        return False
    announcements.announce_due(now=now)
    return _take_over_waiting(proposal_id, now=now)


@transaction.atomic
def _take_over_waiting(proposal_id: int, *, now: datetime) -> bool:
    """Those who have each other's stands exchange them; whoever waits for nothing that comes is refused. Each round has fewer that wait."""
    proposal = _mine(proposal_id, now=now)
    waiting = [] if proposal is None else list(proposal.lines.filter(state=LineState.WAITING).values_list("pk", flat=True))
    if proposal is None or not waiting:
        return False
    done = take_over.take_over(proposal_id=proposal_id, by=proposal.publish_by, now=now, line_ids=waiting)
    exchanged = [swaps.exchange(ring, by=proposal.publish_by, now=now) for ring in swaps.rings(done.waiting, changes_of(done.waiting))]
    if not done.new and not done.moved and not any(exchanged):
        proposal.lines.filter(state=LineState.WAITING).update(state=LineState.REFUSED)
    return True


@transaction.atomic
def _offer_some(proposal_id: int, *, now: datetime) -> int | None:
    """The next offers of a proposal; None when nothing is left but what waits for others, or somebody else is at it."""
    proposal = _mine(proposal_id, now=now)
    if proposal is None:
        return None
    waiting = proposal.lines.filter(state=LineState.TAKEN, placement__status=PlacementStatus.PLANNED).select_related("placement")
    plans = list(waiting.filter(placement__is_plan=True).order_by("application", "pk")[:OFFERS_A_TRANSACTION])
    if plans:
        return _send(plans, proposal, now=now)
    _announce(proposal, list(waiting.filter(placement__is_plan=False)), now=now)
    if not proposal.lines.filter(state=LineState.WAITING).exists():
        proposal.published_at = now
        proposal.save(update_fields=["published_at"])
    return None


def _mine(proposal_id: int, *, now: datetime) -> Proposal | None:
    due = Proposal.objects.due(now=now).filter(pk=proposal_id)
    return due.select_for_update(of=("self",), no_key=True, skip_locked=True).select_related("run__fair", "publish_by").first()


def _send(lines: list[ProposalLine], proposal: Proposal, *, now: datetime) -> int:
    by_plan = {line.placement_id: line for line in lines}
    results = plan_offers.send_offers(placement_ids=[pk for pk in by_plan if pk is not None], by=proposal.publish_by, now=now)
    for placement_id, result in results.items():
        line = by_plan[placement_id]
        if isinstance(result, Placement):
            line.placement = result
        else:
            line.state, line.refusal = LineState.REFUSED, take_over.text_of(result)
    ProposalLine.objects.bulk_update(lines, ["state", "refusal", "placement"])
    return sum(isinstance(result, Placement) for result in results.values())


def _announce(proposal: Proposal, lines: list[ProposalLine], *, now: datetime) -> None:
    """Those who get another stand than was offered have a held offer: it is told now, by the announcements' own tick."""
    placements = {line.placement_id for line in lines}
    held = ApplicationStep.objects.pending().filter(placement__in=placements, announcement=None)
    applications = sorted(set(held.values_list("application", flat=True)))
    if applications:
        announcements.create(fair=proposal.run.fair, by=proposal.publish_by, now=now, application_ids=applications)
