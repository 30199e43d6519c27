"""What belongs to an application and is only looked at on its page: stands, co-exhibitors, history."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

import clock
from exhibitors.admin.held import outcome
from exhibitors.admin.placement import answer_awaited_until
from exhibitors.domain.seen_state import taker_of
from exhibitors.domain.step_texts import STEP_TEXTS
from exhibitors.enums import Step
from exhibitors.models import ApplicationStep, CoExhibitor, DeadlineExtension, Placement, StandHold
from fairs.admin.base import link
from fairs.admin_scope import FairScopedInline
from fairs.moments import moment_text
from fairs.roles import Right
from fairs.units import number_text


class ReadOnlyInline(FairScopedInline):
    parent_fair_path = "fair"
    view_right, edit_right = Right.VIEW_APPLICATIONS, None
    can_delete = False
    hide_title = True
    template_after = "fairs/admin/inline_add_link.html"  # says so where there are no rows


class PlacementInline(ReadOnlyInline):
    model = Placement
    fields = readonly_fields = ("site", "stand", "hall", "area", "first_day", "last_day", "status", "answer_until")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Placement]:
        return super().get_queryset(request).select_related("site__fair", "stand__hall")

    @admin.display(description=_("hall"))
    def hall(self, placement: Placement) -> str:
        return str(placement.stand.hall)

    @admin.display(description=_("area, m²"))
    def area(self, placement: Placement) -> str:
        return number_text(placement.stand.area_m2)

    @admin.display(description=_("answer by"))
    def answer_until(self, placement: Placement) -> str:
        return answer_awaited_until(placement)


class StandHoldInline(ReadOnlyInline):
    """The stands that are kept for it now."""

    model = StandHold
    fields = readonly_fields = ("stand_page", "hall", "area", "until_moment", "note", "by")

    def get_queryset(self, request: HttpRequest) -> QuerySet[StandHold]:
        return super().get_queryset(request).live(now=clock.now()).select_related("stand__hall__fair", "by")  # type: ignore[attr-defined, no-any-return]

    @admin.display(description=_("stand"))
    def stand_page(self, hold: StandHold) -> str:
        return link(reverse("admin:fairs_stand_change", args=[hold.stand_id]), hold.stand)

    @admin.display(description=_("hall"))
    def hall(self, hold: StandHold) -> str:
        return str(hold.stand.hall)

    @admin.display(description=_("area, m²"))
    def area(self, hold: StandHold) -> str:
        return number_text(hold.stand.area_m2)

    @admin.display(description=_("held until"))
    def until_moment(self, hold: StandHold) -> str:
        return moment_text(hold.until, hold.stand.hall.fair.zone)


class CoExhibitorInline(ReadOnlyInline):
    model = CoExhibitor
    fk_name = "application"
    fields = readonly_fields = ("page", "status", "declared_at", "confirmed_at", "decided_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CoExhibitor]:
        return super().get_queryset(request).select_related("company")

    @admin.display(description=_("company"))
    def page(self, co_exhibitor: CoExhibitor) -> str:
        return link(reverse("admin:exhibitors_coexhibitor_change", args=[co_exhibitor.pk]), co_exhibitor.shown_name)


class StepInline(ReadOnlyInline):
    model = ApplicationStep
    verbose_name_plural = _("history")
    fields = readonly_fields = ("at", "what", "stand", "who", "reason", "to_status", "outcome")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApplicationStep]:
        return super().get_queryset(request).select_related("by", "placement__stand__hall").order_by("-at", "-pk")

    @admin.display(description=_("step"))
    def what(self, step: ApplicationStep) -> Any:
        return STEP_TEXTS[Step(step.step)].done

    @admin.display(description=_("stand"))
    def stand(self, step: ApplicationStep) -> str:
        return f"{step.placement.stand.number}, {step.placement.stand.hall}" if step.placement else "–"

    @admin.display(description=_("told later"))
    def outcome(self, step: ApplicationStep) -> Any:
        return outcome(step)

    @admin.display(description=_("by"))
    def who(self, step: ApplicationStep) -> Any:
        name = taker_of(step)
        return format_lazy("{}, {}", name, _("for the exhibitor")) if step.on_behalf else name


class DeadlineExtensionInline(ReadOnlyInline):
    model = DeadlineExtension
    verbose_name_plural = _("extended deadlines")
    fields = readonly_fields = ("deadline", "until", "by", "reason")

    def get_queryset(self, request: HttpRequest) -> QuerySet[DeadlineExtension]:
        return super().get_queryset(request).select_related("deadline__fair", "by")

    @admin.display(description=_("due"))
    def until(self, extension: DeadlineExtension) -> str:
        return moment_text(extension.due_at, extension.deadline.fair.zone)
