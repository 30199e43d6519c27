"""What the list of applications and one application show of decisions that are held, wishes to move and days that have passed."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

import clock
from api.text import labelled
from exhibitors.domain.day_events import Event, span_of, with_event
from exhibitors.models import Application, ApplicationStep
from fairs.models import Fair
from fairs.moments import moment_text

EVENTS = {
    Event.NEW: _("applied"),
    Event.ANSWERED: _("an offer was answered or lapsed"),
    Event.WITHDRAWN: _("withdrawn or cancelled"),
    Event.DECIDED: _("admitted or rejected"),
    Event.IMPORTED: _("brought in by a table"),
}


class AttentionFilter(admin.SimpleListFilter):
    """Applications that wait for somebody."""

    title = _("waits for")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("held", _("held: an announcement")),
            ("undated", _("held, no moment yet")),
            ("overdue", _("changes: the day has passed")),
            ("moving", _("another stand: the exhibitor asked")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Application]) -> QuerySet[Application]:
        match self.value():
            case "held":
                return queryset.filter(pk__in=Application.objects.with_held().values("pk"))
            case "undated":
                undated = ApplicationStep.objects.pending().filter(announcement=None)
                return queryset.filter(pk__in=undated.values("application"))
            case "overdue":
                return queryset.filter(pk__in=Application.objects.overdue(now=clock.now()).values("pk"))
            case "moving":
                return queryset.filter(move_requested_at__isnull=False)
        return queryset


class EventFilter(admin.SimpleListFilter):
    """What people did in a day of the desk: what the digest of that day counts. A value is such as ``new-2023-12-12``."""

    title = _("what happened")
    parameter_name = "happened"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        user: Any = request.user
        today = clock.now().astimezone(ZoneInfo(user.time_zone)).date()
        asked = self._asked(request.GET.get(self.parameter_name, ""))
        days = [today, *([asked[1]] if asked and asked[1] != today else [])]
        return [
            (f"{event}-{day:%Y-%m-%d}", format_lazy("{} · {}", date_format(day, "SHORT_DATE_FORMAT"), words))
            for day in days
            for event, words in EVENTS.items()
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Application]) -> QuerySet[Application]:
        asked = self._asked(self.value() or "")
        if asked is None:
            return queryset
        event, day = asked
        at_fairs = Q(pk__in=[])
        for fair in Fair.objects.filter(pk__in=queryset.order_by().values("fair")):
            found = with_event(Application.objects.filter(fair=fair), event, span_of(fair, day))
            at_fairs |= Q(pk__in=found.values("pk"))
        return queryset.filter(at_fairs)

    @staticmethod
    def _asked(value: str) -> tuple[Event, date] | None:
        event, _dash, day = value.partition("-")
        try:
            return Event(event), date.fromisoformat(day)
        except ValueError:
            return None


def ids_in(text: str) -> list[int]:
    """The ids that a link names: "4,8,15". What is no id is left out."""
    return [int(part) for part in text.split(",") if part.isascii() and part.isdigit() and len(part) < 19]


def told_text(application: Application) -> Any:
    """What the exhibitor knows, and when it will know more."""
    held = ApplicationStep.objects.pending().filter(application=application).select_related("announcement").order_by("pk").first()
    if held is None:
        return _("everything")
    at = moment_text(held.announcement.at, application.fair.zone) if held.announcement else _("no moment yet")
    announced = labelled(_("to be announced"), at)
    return f"{application.get_told_status_display()} · {announced}"


def move_text(application: Application) -> str:
    """Since when the exhibitor has wished for another stand, which it would leave, why, and where to."""
    if application.move_requested_at is None:
        return "–"
    stand = application.move_placement.stand.number if application.move_placement else ""
    since = moment_text(application.move_requested_at, application.fair.zone)
    return " · ".join(part for part in (since, stand, application.move_reason, application.move_wish) if part)


def outcome(step: ApplicationStep) -> Any:
    """Whether the exhibitor knows of a step."""
    if not step.held:
        return "–"
    if step.announced_at:
        return _("announced")
    return _("void") if step.voided_at else _("held")
