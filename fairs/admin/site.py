from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fairs.admin.base import FairAdminBase, LinkedInline, TextsForm, list_link, texts
from fairs.admin_scope import FairScopedInline
from fairs.domain import sites
from fairs.models import Building, Hall, OpeningHours, Site
from fairs.roles import Right


class OpeningHoursInline(FairScopedInline):
    model = OpeningHours
    fields = ["day", "opens", "closes"]
    edit_right = Right.EDIT_FAIR
    fair_path = "site__fair"
    parent_fair_path = "fair"
    tab = True


class BuildingInline(LinkedInline):
    model = Building
    fields = readonly_fields = ["page", "slug"]
    link_right = Right.EDIT_FLOOR
    parent_name = "site"
    parent_fair_path = "fair"


class HallInline(LinkedInline):
    model = Hall
    fields = readonly_fields = ["page", "slug"]
    link_right = Right.EDIT_FLOOR
    parent_name = "site"
    parent_fair_path = "fair"


@admin.register(Site)
class SiteAdmin(FairAdminBase):
    """Where a part of the fair takes place, with its opening hours and halls."""

    form = TextsForm
    edit_right = Right.EDIT_FAIR
    kept = ("fair",)
    empty_hint = _("No sites yet: a fair has one or more, each with its own days and halls.")
    inlines = [OpeningHoursInline, HallInline, BuildingInline]
    list_display = ["name", "city", "kind", "starts_on", "ends_on", "hall_list", "stand_list", "fair"]
    ordering = ("fair", "starts_on", "pk")
    list_filter = [("fair", admin.RelatedOnlyFieldListFilter), "kind"]
    list_select_related = ["fair"]
    search_fields = ["slug", *texts("name"), *texts("city")]
    fieldsets = [
        (None, {"fields": ["fair", texts("name"), ("slug", "kind"), ("starts_on", "ends_on")]}),
        (_("Place"), {"fields": [texts("city"), ("country", "province"), texts("address"), ("latitude", "longitude")]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Site]:
        counts = {"hall_count": Count("halls", distinct=True), "stand_count": Count("halls__stands", distinct=True)}
        return super().get_queryset(request).annotate(**counts)

    def get_inlines(self, request: HttpRequest, obj: Site | None) -> Any:
        return super().get_inlines(request, obj) if obj else [OpeningHoursInline]

    def save_model(self, request: HttpRequest, obj: Site, form: Any, change: bool) -> None:
        # The form has seen that every day outside is marked to be deleted; those rows are deleted after the site is saved.
        sites.save(obj)

    @admin.display(description=_("halls"))
    def hall_list(self, site: Any) -> str:
        text = ngettext("%(count)d hall", "%(count)d halls", site.hall_count) % {"count": site.hall_count}
        return list_link("fairs_hall", text, site__id__exact=site.pk)

    @admin.display(description=_("stands"))
    def stand_list(self, site: Any) -> str:
        text = ngettext("%(count)d stand", "%(count)d stands", site.stand_count) % {"count": site.stand_count}
        return list_link("fairs_stand", text, hall__site__id__exact=site.pk)
