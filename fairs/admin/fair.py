from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from fairs.admin.asks_before_letters import AsksBeforeLettersMixin
from fairs.admin.base import FairAdminBase, FairTimesMixin, LinkedInline, TextsForm, list_link, number_of, texts
from fairs.admin.next_edition import next_edition_page
from fairs.admin.staff import StaffInline
from fairs.admin_scope import FairScopedInline
from fairs.domain import ladders, staff
from fairs.enums import StaffRole
from fairs.models import Deadline, Fair, QuietDays, Site, StaffMembership, TradeFigure
from fairs.roles import Right


class FairForm(TextsForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if self.instance.pk and first and last:
            outside = self.instance.sites.exclude(starts_on__gte=first, ends_on__lte=last)
            if outside:
                names = ", ".join(str(site) for site in outside)
                self.add_error(None, _("These sites would be open outside the fair's days: %(names)s.") % {"names": names})
        return cleaned


class SiteInline(LinkedInline):
    model = Site
    fields = readonly_fields = ["page", "city", "kind", "starts_on", "ends_on"]
    link_right = Right.EDIT_FAIR


class DeadlineInline(LinkedInline):
    model = Deadline
    fields = readonly_fields = ["page", "due_at", "audience", "is_public"]
    link_right = Right.EDIT_FAIR


class TradeFigureInline(LinkedInline):
    model = TradeFigure
    fields = readonly_fields = ["page", "goods", "amount", "currency", "growth_percent"]
    link_right = Right.EDIT_FAIR


class QuietDaysInline(FairScopedInline):
    """When nobody is reminded of anything."""

    model = QuietDays
    fields = ["country", "first_day", "last_day"]
    hide_title = True
    tab = True


@admin.register(Fair)
class FairAdmin(FairTimesMixin, AsksBeforeLettersMixin, FairAdminBase):
    """A fair and, in tabs, what belongs to it. A fair that is over is archived, never deleted."""

    form = FairForm
    fair_path = "pk"
    edit_right = Right.EDIT_FAIR
    may_delete = False
    kept = ("slug",)
    empty_hint = _("No fair yet: add one here, or load one from a file with import_fair.")
    change_form_before_template = "fairs/admin/fair_ways_on.html"
    inlines = [SiteInline, DeadlineInline, QuietDaysInline, TradeFigureInline, StaffInline]
    list_display = ["name", "starts_on", "ends_on", "status", "site_list", "stand_list"]
    list_filter = ["status"]
    search_fields = ["slug", *texts("name")]
    fieldsets = [
        (None, {"fields": [texts("name"), ("slug", "edition", "status")]}),
        (_("Days and money"), {"fields": [("starts_on", "ends_on"), ("time_zone", "currency")]}),
        (
            _("Applications"),
            {
                "fields": [
                    "applications_open_at",
                    "applications_close_at",
                    "takes_late_applications",
                    "requires_products",
                    "silence_accepts",
                    "most_offers",
                    "reply_to",
                ],
                "description": _("Times on this page are in the fair's time zone."),
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Fair]:
        counts = {"site_count": Count("sites", distinct=True), "stand_count": Count("sites__halls__stands", distinct=True)}
        return super().get_queryset(request).annotate(**counts)

    def get_urls(self) -> list[URLPattern]:
        next_edition = self.admin_site.admin_view(self.next_edition_view)
        return [path("<path:object_id>/next-edition/", next_edition, name="fairs_fair_next_edition"), *super().get_urls()]

    def next_edition_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Make next year's fair from this one."""
        return next_edition_page(self, request, object_id)

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None) -> Any:
        fair = self.get_object(request, object_id)
        ways_on = {}
        if fair and self.has_change_permission(request, fair):
            ways_on = {"next_edition_url": reverse("admin:fairs_fair_next_edition", args=[fair.pk])}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **ways_on})

    def get_inlines(self, request: HttpRequest, obj: Fair | None) -> Any:
        return super().get_inlines(request, obj) if obj else []  # a new fair is saved first

    @admin.display(description=_("sites"))
    def site_list(self, fair: Any) -> str:
        text = ngettext("%(count)d site", "%(count)d sites", fair.site_count) % {"count": fair.site_count}
        return list_link("fairs_site", text, fair__id__exact=fair.pk)

    @admin.display(description=_("stands"))
    def stand_list(self, fair: Any) -> str:
        text = ngettext("%(count)d stand", "%(count)d stands", fair.stand_count) % {"count": fair.stand_count}
        return list_link("fairs_stand", text, hall__fair__id__exact=fair.pk)

    def fair_of_page(self, request: HttpRequest, pk: str | None) -> Fair | None:
        number = number_of(pk)
        return Fair.objects.filter(pk=number).first() if number is not None else None

    def save_model(self, request: HttpRequest, obj: Fair, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            ladders.give_usual_quiet_days(obj)
        if not change and isinstance(request.user, User) and not request.user.is_superuser:
            # Whoever makes a fair owns it; otherwise it would vanish from their own list.
            staff.appoint(fair=obj, user=request.user, role=StaffRole.OWNER)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        if formset.model is StaffMembership:
            for membership in formset.new_objects:
                staff.open_desk(user=membership.user)
