"""Delegates on the desk. Who has a place changes by actions only."""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from unfold.decorators import display

import clock
from api.problems import Refused
from api.text import clean_line, labelled
from conferences.admin.delegate_refusal import refusal_page
from conferences.admin.sign_ups import SessionFilter
from conferences.admin.table_imports import DelegatesImport
from conferences.domain import delegates, passes
from conferences.enums import DelegateStatus
from conferences.models import Delegate
from fairs import access
from fairs.admin.table_import import TableImportMixin
from fairs.admin_scope import FairScopedAdmin
from fairs.moments import moment_text
from fairs.roles import Right
from notifications.admin.confirm_all import Line, confirmation, confirmed_by

STATUS_COLOURS = {
    DelegateStatus.RESERVED: "success",
    DelegateStatus.WAITING: "warning",
    DelegateStatus.LAPSED: "danger",
    DelegateStatus.CANCELLED: "danger",
    DelegateStatus.REFUSED: "danger",
    DelegateStatus.APPLIED: "info",
    DelegateStatus.OFFERED: "info",
}


class DelegateForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_name(self) -> str:
        return clean_line(self.cleaned_data["name"])

    def clean_organisation(self) -> str:
        return clean_line(self.cleaned_data["organisation"])

    def clean_kind(self) -> str:
        kind = str(self.cleaned_data["kind"])
        if kind != self.instance.kind:
            delegates.check_kind(delegate=self.instance, kind=kind)
        return kind


@admin.register(Delegate)
class DelegateAdmin(TableImportMixin, FairScopedAdmin):
    form = DelegateForm
    table_import = DelegatesImport()
    fair_path = "conference__fair"
    view_right, edit_right = Right.VIEW_DELEGATES, Right.EDIT_DELEGATES
    may_add = may_delete = False
    list_display = ("person", "organisation", "kind", "status_chip", "is_confirmed", "registered")
    list_filter = (
        ("conference", admin.RelatedOnlyFieldListFilter),
        "status",
        "kind",
        "language",
        SessionFilter,
        ("confirmed_at", admin.EmptyFieldListFilter),
    )
    list_select_related = ("conference__fair",)
    list_per_page = 50
    ordering = ("conference", "pk")
    search_fields = ("name", "email", "organisation")
    actions = ("confirm", "approve", "refuse", "cancel")
    fieldsets = (
        (None, {"fields": (("conference", "email"), ("name", "organisation"), ("kind", "country"), ("language", "time_zone"))}),
        (_("Registration"), {"fields": (("status", "registered"), ("until", "confirmed"), ("decided", "reason"))}),
    )
    readonly_fields = ("conference", "email", "status", "registered", "until", "confirmed", "decided", "reason")

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Delegate], search_term: str) -> tuple[QuerySet[Delegate], bool]:
        """A pass scanned into the field finds its delegate."""
        if scanned := passes.delegate_with_pass(search_term):
            return queryset.filter(pk=scanned.pk), False
        return super().get_search_results(request, queryset, search_term)

    def save_model(self, request: HttpRequest, obj: Delegate, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "kind" in form.changed_data:
            delegates.fill_places(conference_id=obj.conference_id, now=clock.now())

    @admin.display(description=pgettext_lazy("person", "name"), ordering="name")
    def person(self, delegate: Delegate) -> SafeString:
        return format_html('{}<br><span class="text-sm">{}</span>', delegate.name, delegate.email)

    @display(description=_("status"), label=STATUS_COLOURS, ordering="status")
    def status_chip(self, delegate: Delegate) -> tuple[str, Any]:
        return delegate.status, delegate.get_status_display()

    @admin.display(description=_("registered"), ordering="registered_at")
    def registered(self, delegate: Delegate) -> str:
        return moment_text(delegate.registered_at, delegate.conference.fair.zone)

    @admin.display(description=_("confirm by"))
    def until(self, delegate: Delegate) -> str:
        return moment_text(delegate.confirm_by, delegate.conference.fair.zone)

    @admin.display(description=_("confirmed"))
    def confirmed(self, delegate: Delegate) -> str:
        return moment_text(delegate.confirmed_at, delegate.conference.fair.zone)

    @admin.display(description=_("decided"))
    def decided(self, delegate: Delegate) -> str:
        return moment_text(delegate.decided_at, delegate.conference.fair.zone)

    @admin.display(description=_("confirmed"), boolean=True, ordering="confirmed_at")
    def is_confirmed(self, delegate: Delegate) -> bool:
        return delegate.confirmed_at is not None

    @admin.action(description=_("Confirm the selected delegates"), permissions=["change"])
    def confirm(self, request: HttpRequest, queryset: QuerySet[Delegate]) -> HttpResponse | None:
        return self._asked_or_taken(request, queryset, delegates.confirm, _("Their places stay theirs."))

    @admin.action(description=_("Approve the selected delegates"), permissions=["change"])
    def approve(self, request: HttpRequest, queryset: QuerySet[Delegate]) -> HttpResponse | None:
        consequence = _("They get a place, or one in the waiting list where none is free.")
        return self._asked_or_taken(request, queryset, delegates.approve, consequence)

    @admin.action(description=_("Refuse the selected delegates with a reason"), permissions=["change"])
    def refuse(self, request: HttpRequest, queryset: QuerySet[Delegate]) -> HttpResponse:
        chosen = ",".join(str(pk) for pk in queryset.order_by("pk").values_list("pk", flat=True))
        return HttpResponseRedirect(f"{reverse('admin:conferences_delegate_refuse')}?{urlencode({'ids': chosen})}")

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(partial(refusal_page, self))
        return [path("refuse/", page, name="conferences_delegate_refuse"), *super().get_urls()]

    @admin.action(description=_("Cancel the selected delegates"), permissions=["change"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Delegate]) -> HttpResponse | None:
        consequence = _("Their registrations end. The places are offered to those who have waited longest.")
        return self._asked_or_taken(request, queryset, delegates.cancel, consequence)

    def _asked_or_taken(
        self, request: HttpRequest, queryset: QuerySet[Delegate], step: Callable[..., Delegate], consequence: Any
    ) -> HttpResponse | None:
        """First the page that asks, then the step with those that it named."""
        changeable = self.changeable(request)
        shown = confirmed_by(request)
        if shown is None:
            chosen = changeable.filter(pk__in=queryset.values("pk")).order_by("pk")
            return confirmation(self, request, [_line(one, step) for one in chosen], consequence=consequence)
        self.take_step(request, changeable.filter(pk__in=shown), step)
        return None

    def changeable(self, request: HttpRequest) -> QuerySet[Delegate]:
        """The list shows delegates of every fair where one may look; a step needs more than looking."""
        user: Any = request.user
        return self.get_queryset(request).filter(access.within(user, Right.EDIT_DELEGATES, fair="conference__fair"))

    def take_step(self, request: HttpRequest, queryset: QuerySet[Delegate], step: Callable[..., Delegate]) -> None:
        user: Any = request.user
        done, now = 0, clock.now()
        for delegate in queryset.order_by("pk"):
            try:
                step(delegate_id=delegate.pk, by=user, now=now)
                done += 1
            except Refused as refusal:
                self.message_user(request, labelled(delegate.name, refusal), messages.WARNING)
        if done:
            self.message_user(request, ngettext("%(count)s delegate done.", "%(count)s delegates done.", done) % {"count": done})


def _line(delegate: Delegate, step: Callable[..., Delegate]) -> Line:
    """What the step would do."""
    reason = ""
    if delegate.status in DelegateStatus.ended:
        reason = str(delegates.NotRegistered.message)
    elif step == delegates.approve and delegate.status != DelegateStatus.APPLIED:
        reason = str(delegates.NothingToDecide.message)
    is_done = step == delegates.confirm and delegate.confirmed_at and delegate.status != DelegateStatus.OFFERED
    return Line(
        number=delegate.pk,
        name=f"{delegate.name} ({delegate.organisation})" if delegate.organisation else delegate.name,
        url=reverse("admin:conferences_delegate_change", args=[delegate.pk]),
        state=delegate.get_status_display(),
        readers=[] if reason or is_done else [delegate],
        reason=reason,
    )
