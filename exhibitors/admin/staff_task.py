"""What staff have to see to, at the desk: those of a deadline come and go by themselves, others are written here."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import action

import clock
from accounts.models import User
from api.text import labelled
from exhibitors.domain import staff_tasks
from exhibitors.domain.staff_tasks import Level
from exhibitors.models import StaffTask
from fairs import access
from fairs.admin.base import FairAdminBase, link
from fairs.models import StaffMembership
from fairs.moments import moment_text
from fairs.roles import Right


class WhoseFilter(admin.SimpleListFilter):
    title = _("whose")
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("mine", _("mine")), ("nobodys", _("nobody's"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "mine":
            return queryset.filter(assignee=request.user.pk)
        return queryset.filter(assignee=None) if self.value() == "nobodys" else queryset


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("to be done")), ("done", _("done"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(done_at__isnull=self.value() == "open") if self.value() in ("open", "done") else queryset


class LevelFilter(admin.SimpleListFilter):
    """How far an exhibitor's missed deadline has gone."""

    title = _("overdue")
    parameter_name = "level"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            (Level.STAFF.value, _("with staff")),
            (Level.COORDINATOR.value, _("with the region's coordinator")),
            (Level.CONSEQUENCE.value, _("the consequence was told")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in set(Level):
            return queryset
        return queryset.filter(pk__in=staff_tasks.overdue(StaffTask.objects.all()).filter(level=self.value()).values("pk"))


class StaffTaskForm(forms.ModelForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("title") and self.instance.deadline_due_at is None:
            self.add_error("title", ValidationError(_("Write what is to be done."), code="required"))
        return cleaned


@admin.register(StaffTask)
class StaffTaskAdmin(FairAdminBase):
    """The list of what is to be done, by whom."""

    form = StaffTaskForm
    view_right, edit_right = Right.VIEW_APPLICATIONS, Right.EDIT_APPLICATIONS
    kept = ("fair", "application")
    empty_hint = _("Nothing to do: tasks come when exhibitors miss a deadline, and you can write your own.")
    list_display = ["what", "exhibitor", "assignee", "due_on", "state"]
    list_filter = [WhoseFilter, StateFilter, LevelFilter, ("fair", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["fair", "application__company", "deadline", "assignee"]
    search_fields = ["title", "application__company__search_text"]
    ordering = ["due_on", "pk"]
    actions = ["mark_done"]
    readonly_fields = ["exhibitor", "deadline_due", "state"]
    fieldsets = [(None, {"fields": ["fair", "title", "note", ("assignee", "due_on"), ("exhibitor", "deadline_due", "state")]})]

    def get_queryset(self, request: HttpRequest) -> QuerySet[StaffTask]:
        user: Any = request.user
        return super().get_queryset(request).filter(pk__in=staff_tasks.seen_by(user).values("pk"))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "assignee":
            # whoever can see a task can have it, such as the coordinator who is responsible for an application
            at = StaffMembership.objects.filter(access.within(request.user, Right.EDIT_APPLICATIONS, fair="fair"))  # type: ignore[arg-type]
            at = at.with_right(Right.VIEW_APPLICATIONS)
            kwargs["queryset"] = User.objects.filter(pk__in=at.values("user"), is_active=True).order_by("email")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=_("title"))
    def what(self, task: StaffTask) -> str:
        return task.title or str(task.deadline or "–")

    @admin.display(description=_("exhibitor"))
    def exhibitor(self, task: StaffTask) -> str:
        if task.application is None:
            return "–"
        return link(reverse("admin:exhibitors_application_change", args=[task.application_id]), task.application.company)

    @admin.display(description=_("was due"))
    def deadline_due(self, task: StaffTask) -> str:
        return moment_text(task.deadline_due_at, task.fair.zone)

    @admin.display(description=_("state"))
    def state(self, task: StaffTask) -> Any:
        if task.done_at is None:
            return _("to be done")
        return labelled(_("done"), moment_text(task.done_at, task.fair.zone))

    def save_model(self, request: HttpRequest, obj: StaffTask, form: Any, change: bool) -> None:
        if not change:
            obj.created_at, obj.created_by = clock.now(), request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)

    def has_finish_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    @action(description=_("Mark as done"), permissions=["finish"])
    def mark_done(self, request: HttpRequest, queryset: QuerySet[StaffTask]) -> None:
        user: Any = request.user
        chosen = set(queryset.values_list("pk", flat=True))
        own = set(staff_tasks.finishable_by(user).filter(pk__in=chosen).values_list("pk", flat=True))
        count = staff_tasks.finish(task_ids=sorted(own), now=clock.now(), by=user)
        if count or own:
            messages.success(request, ngettext("%(count)d task is done.", "%(count)d tasks are done.", count) % {"count": count})
        if others := len(chosen - own):
            text = ngettext(
                "%(count)d task is not yours and stays: you can finish those that you are named for.",
                "%(count)d tasks are not yours and stay: you can finish those that you are named for.",
                others,
            )
            messages.warning(request, text % {"count": others})
