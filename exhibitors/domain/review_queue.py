"""The reviewers' queue: which applications wait for what, the oldest first."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Count, DateTimeField, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from accounts.models import User
from exhibitors.domain.review_looks import with_unseen
from exhibitors.domain.reviews import with_mean_score
from exhibitors.domain.search import matching
from exhibitors.enums import ApplicationStatus
from exhibitors.models import Application, ApplicationStep, Company

_S = ApplicationStatus
DECIDED_WITHIN = timedelta(days=14)  # what waits for a decision longer is overdue

# The tabs of the queue, in the order of an application's life. Drafts are the exhibitors' own business.
GROUPS: dict[str, tuple[ApplicationStatus, ...]] = {
    "to-decide": (_S.SUBMITTED, _S.IN_REVIEW),
    "changes": (_S.CHANGES_REQUESTED,),
    "admitted": (_S.ADMITTED,),
    "waitlist": (_S.WAITLISTED,),
    "offered": (_S.STAND_OFFERED,),
    "accepted": (_S.ACCEPTED,),
    "ended": (_S.REJECTED, _S.WITHDRAWN, _S.CANCELLED),
}
FLAGS = ("mine", "unassigned", "overdue", "held", "changed")


@dataclass(frozen=True)
class QueueFilter:
    """What the reader has chosen; '' and None are no choice."""

    group: str = "to-decide"
    flag: str = ""
    search: str = ""
    fair_id: int | None = None


def queue(seen: QuerySet[Application], chosen: QueueFilter, *, reader: User, now: datetime) -> QuerySet[Application]:
    """The applications of ``seen`` that were chosen, the longest waiting first; ``since`` is when each came into its state."""
    found = _narrowed(seen, chosen, reader=reader, now=now)
    if chosen.group in GROUPS:
        found = found.filter(status__in=GROUPS[chosen.group])
    changes = ApplicationStep.objects.filter(application=OuterRef("pk")).exclude(from_status=F("to_status"))
    latest = changes.order_by("-at", "-pk").values("at")[:1]
    moment = Coalesce(Subquery(latest), F("submitted_at"), F("created_at"), output_field=DateTimeField())
    return with_mean_score(found.annotate(since=moment)).order_by("since", "pk")


def counts(seen: QuerySet[Application], chosen: QueueFilter, *, reader: User, now: datetime) -> Counter[str]:
    """How many there are in each tab, whatever tab is open, in one query."""
    cases = [When(status__in=statuses, then=Value(place)) for place, statuses in enumerate(GROUPS.values())]
    rows = _narrowed(seen, chosen, reader=reader, now=now).order_by()
    by_place = rows.values_list(Case(*cases, default=Value(-1), output_field=IntegerField())).annotate(Count("pk"))
    found = dict(by_place)
    return Counter({group: found.get(place, 0) for place, group in enumerate(GROUPS)})


def _narrowed(seen: QuerySet[Application], chosen: QueueFilter, *, reader: User, now: datetime) -> QuerySet[Application]:
    found = seen.exclude(status=_S.DRAFT)
    if chosen.fair_id is not None:
        found = found.filter(fair=chosen.fair_id)
    if chosen.search:
        found = found.filter(company__in=matching(Company.objects.all(), chosen.search, numbers=True).values("pk"))
    if chosen.flag == "changed":
        found = with_unseen(found, reader=reader).filter(has_unseen=True)
    elif chosen.flag in FLAGS:
        found = found.filter(_flag(chosen.flag, reader=reader, now=now))
    return found


def _flag(flag: str, *, reader: User, now: datetime) -> Q:
    if flag == "mine":
        return Q(responsible=reader)
    if flag == "unassigned":
        return Q(responsible__isnull=True)
    if flag == "held":
        return ~Q(told_status=F("status"))
    waits = Q(status__in=GROUPS["to-decide"], submitted_at__lt=now - DECIDED_WITHIN)
    return waits | Q(status=_S.CHANGES_REQUESTED, changes_due_at__lt=now)


def neighbours(ids: list[int], current: int) -> tuple[int | None, int | None]:
    """The one before and the one after ``current``; after one that has left the queue comes the first."""
    if current not in ids:
        return None, next(iter(ids), None)
    place = ids.index(current)
    return (ids[place - 1] if place else None), (ids[place + 1] if place + 1 < len(ids) else None)
