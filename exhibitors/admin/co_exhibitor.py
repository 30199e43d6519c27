"""Co-exhibitors on the organisers' desk."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextareaWidget

import clock
from api.problems import Refused
from api.text import labelled
from exhibitors.admin import kept_choice
from exhibitors.domain import co_exhibitor_letters, co_exhibitors
from exhibitors.enums import CoExhibitorStatus
from exhibitors.models import CoExhibitor
from fairs import access
from fairs.admin_scope import FairScopedAdmin
from fairs.moments import moment_text
from fairs.roles import Right
from notifications.admin.confirm_all import Line, confirmation, confirmed_by


class RefusalForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}))


@admin.register(CoExhibitor)
class CoExhibitorAdmin(FairScopedAdmin):
    """Companies on a main exhibitor's stand; the organiser admits or refuses them."""

    fair_path = "application__fair"
    region_path = "company__region__code"
    view_right, edit_right = Right.VIEW_APPLICATIONS, None
    list_display = ("name", "main_exhibitor", "status_chip", "declared")
    ordering = ("application", "pk")
    list_filter = (("application__fair", admin.RelatedOnlyFieldListFilter), "status")
    list_select_related = ("company", "application__company", "application__fair")
    search_fields = ("declared_legal_name", "company__search_text", "application__company__search_text")
    actions = ("admit", "refuse")
    fields = (
        ("name", "application"),
        ("declared_country", "declared_tax_number", "contact_email"),
        ("status", "reason"),
        ("declared", "confirmed", "decided"),
    )
    readonly_fields = tuple(name for row in fields for name in row)

    @admin.display(description=_("company"), ordering="company__legal_name")
    def name(self, co_exhibitor: CoExhibitor) -> str:
        return co_exhibitor.shown_name

    @admin.display(description=_("main exhibitor"))
    def main_exhibitor(self, co_exhibitor: CoExhibitor) -> str:
        url = reverse("admin:exhibitors_application_change", args=[co_exhibitor.application_id])
        return format_html('<a href="{}">{}</a>', url, co_exhibitor.application.company)

    @admin.display(description=_("declared"), ordering="declared_at")
    def declared(self, co_exhibitor: CoExhibitor) -> str:
        return moment_text(co_exhibitor.declared_at, co_exhibitor.application.fair.zone)

    @admin.display(description=_("confirmed"))
    def confirmed(self, co_exhibitor: CoExhibitor) -> str:
        return moment_text(co_exhibitor.confirmed_at, co_exhibitor.application.fair.zone)

    @admin.display(description=_("decided"))
    def decided(self, co_exhibitor: CoExhibitor) -> str:
        return moment_text(co_exhibitor.decided_at, co_exhibitor.application.fair.zone)

    @display(
        description=_("status"),
        label={
            **dict.fromkeys(CoExhibitorStatus),  # the theme shows a state without an entry by its value
            CoExhibitorStatus.ADMITTED: "success",
            CoExhibitorStatus.CONFIRMED: "info",
            CoExhibitorStatus.REFUSED: "danger",
        },
    )
    def status_chip(self, co_exhibitor: CoExhibitor) -> tuple[str, Any]:
        return co_exhibitor.status, co_exhibitor.get_status_display()

    @action(description=_("Admit, and tell both companies by letter"), permissions=["decide"])
    def admit(self, request: HttpRequest, queryset: QuerySet[CoExhibitor]) -> HttpResponse | None:
        shown = confirmed_by(request)
        if shown is None:
            rows = queryset.select_related("company", "application__company", "application__fair").order_by("pk")
            return confirmation(self, request, [_line(request, row) for row in rows])
        self._take_all(request, self.get_queryset(request).filter(pk__in=shown), co_exhibitors.admit)
        return None

    @action(description=_("Refuse with a reason, and tell both companies by letter"), permissions=["decide"])
    def refuse(self, request: HttpRequest, queryset: QuerySet[CoExhibitor]) -> HttpResponse:
        ids = list(queryset.values_list("pk", flat=True))
        chosen = kept_choice.written(ids, purpose=kept_choice.REFUSE, user_id=request.user.pk)
        return HttpResponseRedirect(f"{reverse('admin:exhibitors_coexhibitor_refuse')}?{urlencode({'ids': chosen})}")

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.refuse_view)
        return [path("refuse/", page, name="exhibitors_coexhibitor_refuse"), *super().get_urls()]

    def refuse_view(self, request: HttpRequest) -> HttpResponse:
        """Both companies read why: the reason is asked for first."""
        if not self.has_decide_permission(request):
            raise PermissionDenied
        back = reverse("admin:exhibitors_coexhibitor_changelist")
        ids = kept_choice.read(request.GET.get("ids", ""), purpose=kept_choice.REFUSE, user_id=request.user.pk)
        if ids is None:
            messages.warning(request, kept_choice.GONE)
            return HttpResponseRedirect(back)
        chosen = self.get_queryset(request).filter(pk__in=ids)
        form = RefusalForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            self._take_all(request, chosen, partial(co_exhibitors.refuse, reason=form.cleaned_data["reason"]))
            return HttpResponseRedirect(back)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Refuse"),
            "opts": self.opts,
            "chosen": chosen.select_related("company", "application__company"),
            "form": form,
            "back": back,
        }
        return TemplateResponse(request, "admin/exhibitors/coexhibitor/refuse.html", context)

    def has_decide_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self._allows(request, Right.DECIDE_APPLICATIONS, None)

    def _take_all(self, request: HttpRequest, queryset: QuerySet[CoExhibitor], step: Any) -> None:
        user: Any = request.user
        for co_exhibitor in queryset.select_related("application", "company").order_by("pk"):
            if not access.has_right(user, fair_id=co_exhibitor.application.fair_id, right=Right.DECIDE_APPLICATIONS):
                messages.warning(request, _("%(company)s: you may not decide at this fair.") % {"company": co_exhibitor.shown_name})
                continue
            try:
                changed = step(co_exhibitor_id=co_exhibitor.pk, by=user, now=clock.now())
                messages.success(request, labelled(co_exhibitor.shown_name, changed.get_status_display()))
            except Refused as refusal:
                messages.warning(request, labelled(co_exhibitor.shown_name, refusal))


def _line(request: HttpRequest, co_exhibitor: CoExhibitor) -> Line:
    """What admitting it would do."""
    user: Any = request.user
    reason = ""
    if not access.has_right(user, fair_id=co_exhibitor.application.fair_id, right=Right.DECIDE_APPLICATIONS):
        reason = gettext("You may not decide at this fair.")
    else:
        try:
            co_exhibitors.require_possible(co_exhibitor, co_exhibitor.application, CoExhibitorStatus.ADMITTED)
        except Refused as refusal:
            reason = str(refusal)
    return Line(
        number=co_exhibitor.pk,
        name=f"{co_exhibitor.shown_name} ({co_exhibitor.application.company})",
        url=reverse("admin:exhibitors_coexhibitor_change", args=[co_exhibitor.pk]),
        state=co_exhibitor.get_status_display(),
        readers=[] if reason else co_exhibitor_letters.readers_of_decision(co_exhibitor),
        reason=reason,
    )
