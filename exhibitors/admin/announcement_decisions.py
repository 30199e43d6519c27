"""What an announcement tells, or has told: a page at a time, for it may be thousands of decisions."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from exhibitors.domain.step_texts import STEP_TEXTS
from exhibitors.enums import Step
from exhibitors.models import Announcement, ApplicationStep

PAGE_SIZE = 50


def decisions_of(request: HttpRequest, announcement: Announcement) -> dict[str, Any]:
    """For the announcement's page: how many decisions are told, and those of the page that is asked for."""
    rows = ApplicationStep.objects.filter(announcement=announcement)
    told, void = Q(announced_at__isnull=False), Q(announced_at=None, voided_at__isnull=False)
    counted = rows.aggregate(all=Count("pk"), told=Count("pk", filter=told), void=Count("pk", filter=void))
    related = rows.select_related("application__company", "placement__stand").order_by("application", "pk")
    shown = Paginator(related, PAGE_SIZE).get_page(request.GET.get("page"))
    return {
        "decision_counts": [
            (_("told"), counted["told"]),
            (_("not yet"), counted["all"] - counted["told"] - counted["void"]),
            (_("void"), counted["void"]),
        ],
        "shown_decisions": shown,
        "decisions": [{"step": step, "what": STEP_TEXTS[Step(step.step)].done, "told": _outcome(step)} for step in shown],
    }


def _outcome(step: ApplicationStep) -> Any:
    return _("yes") if step.announced_at else _("void") if step.voided_at else _("not yet")
