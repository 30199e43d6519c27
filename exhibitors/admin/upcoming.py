"""What will be sent in the next 14 days, if nothing changes: letters that are written for later, announcements, reminders of deadlines."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

import clock
from exhibitors.domain.reminders_ahead import reminders_ahead
from exhibitors.enums import RecipientState
from exhibitors.models import Announcement, Mailing
from fairs import access
from fairs.models import Fair
from fairs.moments import moment_text
from fairs.roles import Right
from notifications.access import letters_seen_by, may_see_letters
from notifications.enums import LetterStatus
from notifications.occasions import title_of

if TYPE_CHECKING:
    from exhibitors.admin.application import ApplicationAdmin

AHEAD = timedelta(days=14)


@dataclass(frozen=True)
class Planned:
    """Something that goes at ``at`` (the business clock's), to ``count`` readers or about ``count`` applications."""

    at: datetime
    fair: Fair
    what: str
    count: int
    of: str
    url: str = ""

    @property
    def day(self) -> str:
        return date_format(self.at.astimezone(self.fair.zone), "SHORT_DATE_FORMAT")

    @property
    def moment(self) -> str:
        return moment_text(self.at, self.fair.zone)


def upcoming_page(page: "ApplicationAdmin", request: HttpRequest) -> HttpResponse:
    """By day, each in its fair's zone, for those who read letters; the number of queries follows the fairs, not the letters."""
    user: Any = request.user
    if not may_see_letters(user):
        raise PermissionDenied
    now = clock.now()
    until = now + AHEAD
    fairs = {fair.pk: fair for fair in access.fairs_with(user, Right.VIEW_LETTERS)}
    planned = [
        *_letters(user, fairs, until=until),
        *_announcements(user, now=now, until=until),
        *_mailings(user, now=now, until=until),
        *_reminders(fairs, now=now, until=until),
    ]
    planned.sort(key=lambda one: (one.at, one.fair.pk, one.what))
    held = letters_seen_by(user).filter(is_held=True).count()
    context = {
        **page.admin_site.each_context(request),
        "title": _("What will be sent in the next 14 days"),
        "opts": page.opts,
        "days": [(day, list(those)) for day, those in groupby(planned, key=lambda one: one.day)],
        "several_fairs": len(fairs) > 1,
        "held": held,
        "held_url": f"{reverse('admin:notifications_letter_changelist')}?outcome=held",
        "letters_url": reverse("admin:notifications_letter_changelist"),
    }
    return TemplateResponse(request, "admin/exhibitors/application/upcoming.html", context)


def _letters(user: Any, fairs: dict[int, Fair], *, until: datetime) -> Iterator[Planned]:
    """Written and waiting. Their moments are of real time: shown where they fall on the business clock."""
    offset, real_now = clock.offset(), timezone.now()
    waiting = letters_seen_by(user).filter(status__in=LetterStatus.resting, is_held=False, due_at__lte=until - offset, fair__in=fairs)
    rows = waiting.order_by().values_list("fair", "occasion", "due_at").annotate(Count("pk"))
    counted: dict[tuple[int, str, datetime], int] = {}
    for fair, occasion, due_at, count in rows:
        key = (fair, occasion, max(due_at, real_now))  # what is due goes now
        counted[key] = counted.get(key, 0) + count
    for (fair, occasion, due_at), count in counted.items():
        state = "later" if due_at > real_now else "queued"
        url = f"{reverse('admin:notifications_letter_changelist')}?occasion={occasion}&fair__id__exact={fair}&outcome={state}"
        yield Planned(due_at + offset, fairs[fair], str(title_of(occasion)), count, _("letters, written"), url)


def _announcements(user: Any, *, now: datetime, until: datetime) -> Iterator[Planned]:
    rows = Announcement.objects.open().filter(access.within(user, Right.VIEW_LETTERS, fair="fair"), at__lte=until).select_related("fair")
    pending = Q(steps__announced_at=None, steps__voided_at=None)
    for row in rows.annotate(told=Count("steps__application", filter=pending, distinct=True)).filter(told__gt=0):
        url = reverse("admin:exhibitors_announcement_change", args=[row.pk])
        yield Planned(max(row.at, now), row.fair, _("announcement of held decisions"), row.told, _("applications"), url)


def _mailings(user: Any, *, now: datetime, until: datetime) -> Iterator[Planned]:
    rows = Mailing.objects.open().filter(access.within(user, Right.VIEW_LETTERS, fair="fair"), at__lte=until).select_related("fair")
    waiting = Q(recipients__state=RecipientState.WAITING)
    for row in rows.annotate(waiting=Count("recipients", filter=waiting)).filter(waiting__gt=0):
        url = reverse("admin:exhibitors_mailing_change", args=[row.pk])
        yield Planned(max(row.at, now), row.fair, _("mailing: %(subject)s") % {"subject": row.subject}, row.waiting, _("letters"), url)


def _reminders(fairs: dict[int, Fair], *, now: datetime, until: datetime) -> Iterator[Planned]:
    """As many applications as have it to do today; who has done it by then hears nothing."""
    for fair in fairs.values():
        for row in reminders_ahead(fair, now=now, until=until):
            url = reverse("admin:fairs_deadline_change", args=[row.deadline.pk])
            yield Planned(row.at, fair, _("reminder: %(deadline)s") % {"deadline": row.deadline}, row.applications, _("applications"), url)
