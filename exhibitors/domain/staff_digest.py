"""What staff read at 18 o'clock in the fair's zone: what came in, what waits, what is overdue and how far that went, which mail failed.

Each gets what the own roles show, and nothing on a day without any of it. One a person, fair and day: the letter's key says so. Every
figure is a link to the page of the desk that lists what was counted. What a table brought in is named as such.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet

import clock
from accounts.models import User
from exhibitors.domain import staff_tasks
from exhibitors.domain.day_events import HOUR, Event, Span, span_of, with_event
from exhibitors.domain.readers import Reader
from exhibitors.domain.staff_digest_links import links, page_of
from exhibitors.domain.staff_tasks import Level
from exhibitors.enums import ApplicationStatus, ClaimStatus, CoExhibitorStatus, DocumentState
from exhibitors.models import Application, CoExhibitor, CompanyClaim, Document, StaffTask
from fairs import access
from fairs.enums import FairStatus
from fairs.models import Fair, StaffMembership
from fairs.one_by_one import one_by_one
from fairs.roles import Right
from notifications.models import Letter
from notifications.outbox import NewLetter, write_letters

AFTERWARDS = timedelta(days=30)  # after the last day there is still something to be done
NAMED = 10  # new applications; the rest is a number


_NEEDS = {
    "waiting": Right.DECIDE_APPLICATIONS,
    "documents": Right.REVIEW_DOCUMENTS,
    "moves": Right.PLACE,
    "co_exhibitors": Right.DECIDE_APPLICATIONS,
    "claims": Right.EDIT_APPLICATIONS,
}


@dataclass(frozen=True)
class Day:
    """The day of the desk that is told of."""

    fair: Fair
    span: Span


def write(*, now: datetime) -> int:
    """Write the digests that are due and were not written yet. Returns how many; may run as often as it likes."""
    fairs = Fair.objects.filter(status=FairStatus.PUBLISHED, applications_open_at__lte=now).lasting(now, after=AFTERWARDS)
    return one_by_one(lambda fair: _write_at(fair, now=now), fairs.order_by("pk"), what="The staff's digest of")


def _write_at(fair: Fair, *, now: datetime) -> int:
    local = now.astimezone(fair.zone)
    if local.time() < HOUR:
        return 0
    facts = _Facts(Day(fair, span_of(fair, local.date())))
    letters = (_letter(fair, user, facts.of(user, roles), day=local.date()) for user, roles in _people(fair).items())
    return write_letters([letter for letter in letters if letter is not None])


def _people(fair: Fair) -> dict[User, list[StaffMembership]]:
    rows = StaffMembership.objects.filter(fair=fair, user__is_active=True, user__daily_digest=True)
    found: dict[User, list[StaffMembership]] = defaultdict(list)
    for row in rows.select_related("user").order_by("pk"):
        found[row.user].append(row)
    return found


def _letter(fair: Fair, user: User, facts: dict[str, Any], *, day: date) -> NewLetter | None:
    if not any(facts.values()):
        return None
    reader = Reader.of(user)
    desk = f"{settings.SITE_URL}/admin/"
    return NewLetter(
        key=f"staff_digest:{fair.pk}:{day:%Y-%m-%d}:{reader.address}",
        to=reader.email,
        name=reader.name,
        user_id=reader.user_id,
        fair_id=fair.pk,
        occasion="exhibitors.staff_digest",
        language=reader.language,
        time_zone=reader.time_zone,
        about=f"fair:{fair.pk}",
        reply_to=fair.reply_to,
        context={
            "fair": fair,
            "fair_zone": fair.time_zone,
            "desk_url": desk,
            "settings_url": f"{desk}accounts/user/my-notices/",
            "urls": links(fair, day),
            **facts,
        },
    )


class _Facts:
    """What there is to tell at one fair; what several people may see is counted once."""

    def __init__(self, day: Day) -> None:
        self.day = day
        self._of_applications: dict[frozenset[str] | None, dict[str, Any]] = {}
        self._mine = dict(
            StaffTask.objects.open().filter(fair=day.fair, assignee__isnull=False).order_by().values_list("assignee").annotate(Count("pk"))
        )
        since, until = (moment - clock.offset() for moment in (day.span.since, day.span.until))  # letters go by real time
        self._failed = Letter.objects.filter(fair_id=day.fair.pk).missed(since=since, until=until).count()

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
        new = with_event(here, Event.NEW, self.day.span).select_related("company").order_by("submitted_at", "pk")
        found = [{"name": application.company, "url": page_of(application)} for application in new]
        waiting = here.filter(status__in=(ApplicationStatus.SUBMITTED, ApplicationStatus.IN_REVIEW)).count()
        documents = Document.objects.current().filter(
            within("application__"), application__fair=self.day.fair, state=DocumentState.UPLOADED, requirement__isnull=False
        )
        return {
            "new": found[:NAMED],
            "new_count": len(found),
            "new_more": max(0, len(found) - NAMED),
            "waiting": waiting,
            "documents": documents.count(),
            **{event.value: with_event(here, event, self.day.span).count() for event in Event if event != Event.NEW},
            **self._asked(here, within("application__")),
            **self._overdue(within("application__")),
        }

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
        tasks = staff_tasks.overdue(StaffTask.objects.filter(within, fair=self.day.fair)).order_by()
        counts = dict(tasks.values_list("level").annotate(Count("pk")))
        names = {"overdue_tasks": Level.STAFF, "overdue_coordinators": Level.COORDINATOR, "overdue_told": Level.CONSEQUENCE}
        return {name: counts.get(level.value, 0) for name, level in names.items()}
