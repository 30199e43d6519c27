"""What the list of applications and one application show of decisions that are held, wishes to move and days that have passed."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

import clock
from exhibitors.models import Application, ApplicationStep
from fairs.moments import moment_text


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


def ids_in(text: str) -> list[int]:
    """The ids that a link names: "4,8,15". What is no id is left out."""
    return [int(part) for part in text.split(",") if part.isascii() and part.isdigit() and len(part) < 19]


def told_text(application: Application) -> Any:
    """What the exhibitor knows, and when it will know more."""
    held = ApplicationStep.objects.pending().filter(application=application).select_related("announcement").order_by("pk").first()
    if held is None:
        return _("everything")
    at = moment_text(held.announcement.at, application.fair.zone) if held.announcement else _("no moment yet")
    return format_lazy("{} · {}: {}", application.get_told_status_display(), _("to be announced"), at)


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
