from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from exhibitors.models import Application, Pavilion
from fairs import access
from fairs.admin.base import FairAdminBase, TextsForm, list_link, texts
from fairs.roles import Right


@admin.register(Pavilion)
class PavilionAdmin(FairAdminBase):
    """Named groups of main exhibitors; an application chooses one."""

    form = TextsForm
    edit_right = Right.EDIT_FAIR
    kept = ("fair",)
    empty_hint = _("No pavilions yet: add one for each region or institution whose exhibitors stand together.")
    list_display = ["name", "slug", "region", "institution", "application_count", "fair"]
    ordering = ("fair", "slug")
    list_filter = [("fair", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["fair", "region"]
    search_fields = ["slug", *texts("name")]
    fieldsets = [(None, {"fields": [("fair", "slug"), texts("name"), "region", texts("institution")]})]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Pavilion]:
        user: Any = request.user
        seen = access.within(user, Right.VIEW_APPLICATIONS, fair="fair", region="company__region__code")
        members = Count("applications", filter=Q(applications__in=Application.objects.filter(seen)))
        return super().get_queryset(request).annotate(members=members)

    @admin.display(description=_("applications"), ordering="members")
    def application_count(self, pavilion: Any) -> str:
        return list_link("exhibitors_application", pavilion.members, pavilion__id__exact=pavilion.pk)
