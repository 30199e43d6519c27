"""What will be sent in the next 14 days, if nothing changes, and to whom: letters that are written for later, announcements, mailings,
letters about drafts, documents and offers, and reminders, each as the one letter that its reader will get."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

import clock
from api.text import fold
from exhibitors.admin.upcoming_parts import NAMED, Line, Planned, digests, line_of
from exhibitors.domain.letters_ahead import Coming, letters_ahead
from exhibitors.domain.readers import exhibitor_readers_of
from exhibitors.domain.search import matching as companies_matching
from exhibitors.enums import RecipientState
from exhibitors.models import Announcement, ApplicationStep, Company, Mailing, MailingRecipient
from fairs import access
from fairs.models import Fair
from fairs.roles import Right
from notifications.access import letters_seen_by, may_see_letters
from notifications.admin.letter_filters import matching
from notifications.enums import LetterStatus
from notifications.models import Letter
from notifications.occasions import title_of

if TYPE_CHECKING:
    from exhibitors.admin.application import ApplicationAdmin

AHEAD = timedelta(days=14)
PAGE_SIZE = 100


def upcoming_page(page: "ApplicationAdmin", request: HttpRequest) -> HttpResponse:
    """By day, each in its fair's zone, for those who read letters; the number of queries follows the fairs, not the letters.

    ``q`` finds readers and companies; ``of`` opens one row, with all its readers.
    """
    user: Any = request.user
    if not may_see_letters(user):
        raise PermissionDenied
    now = clock.now()
    until = now + AHEAD
    query, opened = request.GET.get("q", "")[:200].strip(), request.GET.get("of", "")[:60]
    fairs = {fair.pk: fair for fair in access.fairs_with(user, Right.VIEW_LETTERS)}
    looking = _Looking(user, fairs, now=now, until=until, query=query)
    planned = sorted(looking.planned(), key=lambda one: (one.at, one.fair.pk, one.what))
    one = next((each for each in planned if opened and each.key == opened), None)
    shown = Paginator(one.readers, PAGE_SIZE).get_page(request.GET.get("p")) if one else None
    held = letters_seen_by(user).filter(is_held=True).count()
    context = {
        **page.admin_site.each_context(request),
        "title": _("What will be sent in the next 14 days"),
        "opts": page.opts,
        "days": [(day, list(those)) for day, those in groupby([one] if one else planned, key=lambda each: each.day)],
        "several_fairs": len(fairs) > 1,
        "held": held,
        "held_url": f"{reverse('admin:notifications_letter_changelist')}?outcome=held",
        "letters_url": reverse("admin:notifications_letter_changelist"),
        "query": query,
        "one": one,
        "shown": shown,
        "kept": urlencode({"q": query}) if query else "",
        "named": NAMED,
    }
    return TemplateResponse(request, "admin/exhibitors/application/upcoming.html", context)


class _Looking:
    """What is planned at the fairs of one person; with ``query`` what concerns such readers and companies."""

    def __init__(self, user: Any, fairs: dict[int, Fair], *, now: datetime, until: datetime, query: str) -> None:
        self.user, self.fairs, self.now, self.until, self.query = user, fairs, now, until, query
        self.words = fold(query).split()

    def planned(self) -> Iterator[Planned]:
        yield from self._letters()
        yield from self._announcements()
        yield from self._mailings()
        for fair in self.fairs.values():
            yield from self._by_themselves(fair)
            yield from digests(fair, now=self.now, until=self.until, words=self.words)

    def _letters(self) -> Iterator[Planned]:
        """Written and waiting. Their moments are of real time: shown where they fall on the business clock."""
        offset, real_now = clock.offset(), timezone.now()
        waiting: QuerySet[Letter] = letters_seen_by(self.user).filter(
            status__in=LetterStatus.resting, is_held=False, due_at__lte=self.until - offset, fair__in=self.fairs
        )
        waiting = matching(waiting, self.query)
        rows = waiting.order_by().values_list("fair", "occasion", "due_at").annotate(Count("pk"))
        counted: dict[tuple[int, str, datetime], int] = {}
        for fair, occasion, due_at, count in rows:
            key = (fair, occasion, max(due_at, real_now))  # what is due goes now
            counted[key] = counted.get(key, 0) + count
        named: dict[tuple[int, str, datetime], list[Line]] = {}
        place = Window(RowNumber(), partition_by=[F("fair"), F("occasion"), F("due_at")], order_by=F("pk").asc())
        first = waiting.order_by("pk").annotate(place=place).filter(place__lte=NAMED)
        for row in first.values("fair", "occasion", "due_at", "recipient_name", "recipient_email", "language", "time_zone", "subject"):
            key = (row["fair"], row["occasion"], max(row["due_at"], real_now))
            at = key[2] + offset
            line = line_of(row["recipient_name"], row["recipient_email"], row["language"], row["time_zone"], at=at, about=[row["subject"]])
            named.setdefault(key, []).append(line)
        for (fair, occasion, due_at), count in counted.items():
            state = "later" if due_at > real_now else "queued"
            narrowed = urlencode({"occasion": occasion, "fair__id__exact": fair, "outcome": state, "q": self.query})
            url = f"{reverse('admin:notifications_letter_changelist')}?{narrowed}"
            readers = named.get((fair, occasion, due_at), [])[:NAMED]
            yield Planned(due_at + offset, self.fairs[fair], str(title_of(occasion)), count, _("letters, written"), url, readers)

    def _by_themselves(self, fair: Fair) -> Iterator[Planned]:
        """Letters about drafts, documents and offers, a row for each day and kind."""
        coming = letters_ahead(fair, now=self.now, until=self.until)
        if self.query and coming:
            companies = companies_matching(Company.objects.all(), self.query, numbers=True)
            found = set(companies.filter(pk__in={each.application.company_id for each in coming}).values_list("pk", flat=True))
            coming = [each for each in coming if each.application.company_id in found]
        rows: dict[tuple[date, str], list[Coming]] = {}
        for each in coming:
            rows.setdefault((fair.day_of(each.at), each.occasion), []).append(each)
        named = {each.application.company_id for those in rows.values() for each in those[:NAMED]}
        readers = exhibitor_readers_of(named) if named else {}
        for (_day, occasion), those in rows.items():
            lines = [
                line_of(one.name, one.email, one.language, one.time_zone, at=each.at, about=[str(each.application.company)])
                for each in those[:NAMED]
                for one in readers[each.application.company_id]
            ]
            first, last = those[0].at, those[-1].at
            yield Planned(first, fair, str(title_of(occasion)), len(those), _("applications"), readers=lines, until=last)

    def _announcements(self) -> Iterator[Planned]:
        rows = Announcement.objects.open().filter(access.within(self.user, Right.VIEW_LETTERS, fair="fair"), at__lte=self.until)
        steps = ApplicationStep.objects.filter(announcement__in=rows, announced_at=None, voided_at=None)
        if self.query:
            companies = companies_matching(Company.objects.all(), self.query, numbers=True)
            steps = steps.filter(application__company__in=companies.values("pk"))
        told: dict[int, dict[int, str]] = {}
        for step in steps.select_related("application__company").order_by("pk"):
            told.setdefault(step.announcement_id or 0, {})[step.application.company_id] = str(step.application.company)
        readers = exhibitor_readers_of({company for those in told.values() for company in list(those)[:NAMED]})
        for row in rows.select_related("fair"):
            if row.pk in told:
                at = max(row.at, self.now)
                lines = [
                    line_of(one.name, one.email, one.language, one.time_zone, at=at, about=[name])
                    for company, name in list(told[row.pk].items())[:NAMED]
                    for one in readers[company]
                ]
                url = reverse("admin:exhibitors_announcement_change", args=[row.pk])
                count = len(told[row.pk])
                yield Planned(at, row.fair, _("announcement of held decisions"), count, _("applications"), url, lines)

    def _mailings(self) -> Iterator[Planned]:
        rows = Mailing.objects.open().filter(access.within(self.user, Right.VIEW_LETTERS, fair="fair"), at__lte=self.until, holds=False)
        waiting = MailingRecipient.objects.filter(mailing__in=rows, state=RecipientState.WAITING)
        for word in self.words:
            waiting = waiting.filter(Q(email__icontains=word) | Q(name__icontains=word))
        counts = dict(waiting.order_by().values_list("mailing").annotate(Count("pk")))
        place = Window(RowNumber(), partition_by=F("mailing"), order_by=F("pk").asc())
        named: dict[int, list[MailingRecipient]] = {}
        for recipient in waiting.order_by("pk").annotate(place=place).filter(place__lte=NAMED):
            named.setdefault(recipient.mailing_id, []).append(recipient)
        for row in rows.select_related("fair"):
            if row.pk in counts:
                at = max(row.at, self.now)
                lines = [line_of(one.name, one.email, one.language, one.time_zone, at=at, about=[]) for one in named.get(row.pk, [])]
                url = reverse("admin:exhibitors_mailing_change", args=[row.pk])
                what = _("mailing: %(subject)s") % {"subject": row.subject}
                yield Planned(at, row.fair, what, counts[row.pk], _("letters"), url, lines)
