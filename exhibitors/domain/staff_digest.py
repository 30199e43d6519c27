"""What staff read at 18 o'clock in the fair's zone: what came in, what waits, what is overdue and how far that went, which mail failed.

Each gets what the own roles show, and nothing on a day without any of it. One a person, fair and day: the letter's key says so.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import User
from exhibitors.domain.readers import Reader
from exhibitors.enums import ApplicationStatus, ClaimStatus, CoExhibitorStatus, DocumentState, ReminderOutcome, Step
from exhibitors.models import Application, ApplicationStep, CoExhibitor, CompanyClaim, DeadlineReminder, Document, StaffTask
from fairs import access
from fairs.enums import FairStatus, RungAct
from fairs.models import Fair, StaffMembership
from fairs.roles import Right
from notifications.enums import LetterStatus
from notifications.models import Letter
from notifications.outbox import NewLetter, write_letters

HOUR = time(18)
AFTERWARDS = timedelta(days=30)  # after the last day there is still something to be done
NAMED = 10  # new applications; the rest is a number


_NEEDS = {
    "waiting": Right.DECIDE_APPLICATIONS,
    "documents": Right.REVIEW_DOCUMENTS,
    "moves": Right.PLACE,
    "co_exhibitors": Right.DECIDE_APPLICATIONS,
    "claims": Right.EDIT_APPLICATIONS,
}
_STEPS = {
    "answered": (Step.ACCEPT_OFFER, Step.DECLINE_OFFER, Step.LAPSE),
    "withdrawn": (Step.WITHDRAW, Step.CANCEL),
    "decided": (Step.ADMIT, Step.REJECT),
}


@dataclass(frozen=True)
class Day:
    """The day that is told of: from 18 o'clock the day before."""

    fair: Fair
    since: datetime
    now: datetime


def write(*, now: datetime) -> int:
    """Write the digests that are due and were not written yet. Returns how many; may run as often as it likes."""
    fairs = Fair.objects.filter(status=FairStatus.PUBLISHED, applications_open_at__lte=now, ends_on__gte=(now - AFTERWARDS).date())
    return sum(_write_at(fair, now=now) for fair in fairs.order_by("pk"))


def _write_at(fair: Fair, *, now: datetime) -> int:
    local = now.astimezone(fair.zone)
    if local.time() < HOUR:
        return 0
    yesterday = datetime.combine(local.date() - timedelta(days=1), HOUR, tzinfo=fair.zone)
    facts = _Facts(Day(fair, yesterday, now))
    letters = (_letter(fair, user, facts.of(user, roles), key_day=local.date().isoformat()) for user, roles in _people(fair).items())
    return write_letters([letter for letter in letters if letter is not None])


def _people(fair: Fair) -> dict[User, list[StaffMembership]]:
    rows = StaffMembership.objects.filter(fair=fair, user__is_active=True, user__daily_digest=True)
    found: dict[User, list[StaffMembership]] = defaultdict(list)
    for row in rows.select_related("user").order_by("pk"):
        found[row.user].append(row)
    return found


def _letter(fair: Fair, user: User, facts: dict[str, Any], *, key_day: str) -> NewLetter | None:
    if not any(facts.values()):
        return None
    reader = Reader.of(user)
    desk = f"{settings.SITE_URL}/admin/"
    return NewLetter(
        key=f"staff_digest:{fair.pk}:{key_day}:{reader.address}",
        to=reader.email,
        name=reader.name,
        user_id=reader.user_id,
        fair_id=fair.pk,
        occasion="exhibitors.staff_digest",
        language=reader.language,
        time_zone=reader.time_zone,
        about=f"fair:{fair.pk}",
        reply_to=fair.reply_to,
        context={"fair": fair, "fair_zone": fair.time_zone, "desk_url": desk, "settings_url": f"{desk}accounts/user/my-notices/", **facts},
    )


class _Facts:
    """What there is to tell at one fair; what several people may see is counted once."""

    def __init__(self, day: Day) -> None:
        self.day = day
        self._of_applications: dict[frozenset[str] | None, dict[str, Any]] = {}
        self._mine = dict(
            StaffTask.objects.open().filter(fair=day.fair, assignee__isnull=False).order_by().values_list("assignee").annotate(Count("pk"))
        )
        failed = Letter.objects.filter(fair_id=day.fair.pk, status=LetterStatus.FAILED)
        self._failed = failed.filter(next_attempt_at__gte=day.since - timedelta(days=1)).count()

    def of(self, user: User, roles: list[StaffMembership]) -> dict[str, Any]:
        rights = access.rights_of(user, roles)
        facts: dict[str, Any] = {"tasks": self._mine.get(user.pk, 0)}
        if Right.VIEW_LETTERS in rights:
            facts["failed"] = self._failed
        if Right.VIEW_APPLICATIONS in rights:
            regions = access.regions_of(roles, Right.VIEW_APPLICATIONS)
            facts |= self._seen(None if regions is None else frozenset(regions))
            if regions is None:
                facts["decided"] = 0  # by themselves
        for name, right in _NEEDS.items():
            if right not in rights:
                facts.pop(name, None)
        return facts

    def _seen(self, regions: frozenset[str] | None) -> dict[str, Any]:
        if regions not in self._of_applications:
            self._of_applications[regions] = self._read(regions)
        return self._of_applications[regions]

    def _read(self, regions: frozenset[str] | None) -> dict[str, Any]:
        def within(path: str) -> Q:
            return Q() if regions is None else Q(**{f"{path}company__region__code__in": regions})

        here = Application.objects.filter(within(""), fair=self.day.fair)
        new = here.filter(submitted_at__gt=self.day.since, submitted_at__lte=self.day.now).exclude(status__in=ApplicationStatus.ended)
        companies = [application.company for application in new.select_related("company").order_by("submitted_at", "pk")]
        waiting = here.filter(status__in=(ApplicationStatus.SUBMITTED, ApplicationStatus.IN_REVIEW)).count()
        documents = Document.objects.current().filter(
            within("application__"), application__fair=self.day.fair, state=DocumentState.UPLOADED, requirement__isnull=False
        )
        return {
            "new": companies[:NAMED],
            "new_count": len(companies),
            "new_more": max(0, len(companies) - NAMED),
            "waiting": waiting,
            "documents": documents.count(),
            **self._stepped(within("application__")),
            **self._asked(here, within("application__")),
            **self._overdue(within("application__")),
        }

    def _stepped(self, within: Q) -> dict[str, int]:
        """What happened to applications since yesterday; a held decision counts when it is told."""
        since, until = self.day.since, self.day.now
        happened = Q(held=False, at__gt=since, at__lte=until) | Q(announced_at__gt=since, announced_at__lte=until)
        steps = ApplicationStep.objects.filter(within, happened, application__fair=self.day.fair)
        return steps.aggregate(**{name: Count("pk", filter=Q(step__in=which)) for name, which in _STEPS.items()})

    def _asked(self, here: QuerySet[Application], within: Q) -> dict[str, int]:
        """What waits for a decision, beside the applications themselves."""
        co_exhibitors = CoExhibitor.objects.filter(within, application__fair=self.day.fair, status=CoExhibitorStatus.CONFIRMED)
        claims = CompanyClaim.objects.filter(status=ClaimStatus.OPEN, existing__in=here.values("company"))
        return {
            "moves": here.filter(move_requested_at__isnull=False).count(),
            "co_exhibitors": co_exhibitors.count(),
            "claims": claims.count(),
        }

    def _overdue(self, within: Q) -> dict[str, int]:
        """Deadlines that exhibitors have missed, each at the furthest level that it has reached."""
        told = DeadlineReminder.objects.filter(
            application=OuterRef("application"),
            deadline=OuterRef("deadline"),
            due_at=OuterRef("deadline_due_at"),
            offset__gt=0,
            outcome=ReminderOutcome.TOLD,
        )
        rows = StaffTask.objects.open().filter(within, fair=self.day.fair, deadline_due_at__isnull=False)
        levels = rows.annotate(
            is_told=Exists(told.filter(act=RungAct.CONSEQUENCE)), is_coordinators=Exists(told.filter(act=RungAct.REMIND))
        ).values_list("is_told", "is_coordinators")
        return _counted(levels)


def _counted(levels: Iterable[tuple[bool, bool]]) -> dict[str, int]:
    found = {"overdue_tasks": 0, "overdue_coordinators": 0, "overdue_told": 0}
    for is_told, is_coordinators in levels:
        found["overdue_told" if is_told else "overdue_coordinators" if is_coordinators else "overdue_tasks"] += 1
    return found
