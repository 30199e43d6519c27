from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fairs.admin.base import FairAdminBase, TextsForm, list_link, texts
from fairs.models import Building
from fairs.roles import Right


@admin.register(Building)
class BuildingAdmin(FairAdminBase):
    """A house of a site with several halls."""

    form = TextsForm
    fair_path = "site__fair"
    edit_right = Right.EDIT_FLOOR
    kept = ("site",)
    empty_hint = _("No buildings: only a site with several houses needs them.")
    list_display = ["name", "site", "slug", "hall_list"]
    ordering = ("site__fair", "site", "slug")
    list_filter = [("site__fair", admin.RelatedOnlyFieldListFilter), ("site", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["site__fair"]
    search_fields = ["slug", *texts("name")]
    fieldsets = [(None, {"fields": ["site", texts("name"), "slug"]})]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Building]:
        return super().get_queryset(request).annotate(hall_count=Count("halls"))

    def get_prepopulated_fields(self, request: HttpRequest, obj: Building | None = None) -> dict[str, Any]:
        return {"slug": ["name_en"]} if obj is None else {}

    @admin.display(description=_("halls"))
    def hall_list(self, building: Any) -> str:
        text = ngettext("%(count)d hall", "%(count)d halls", building.hall_count) % {"count": building.hall_count}
        return list_link("fairs_hall", text, building__id__exact=building.pk)
