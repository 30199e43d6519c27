from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from exhibitors.models import Pavilion
from fairs.admin.base import FairAdminBase, TextsForm, texts
from fairs.roles import Right


@admin.register(Pavilion)
class PavilionAdmin(FairAdminBase):
    """Named groups of main exhibitors; an application chooses one."""

    form = TextsForm
    edit_right = Right.EDIT_FAIR
    kept = ("fair",)
    empty_hint = _("No pavilions yet: add one for each region or institution whose exhibitors stand together.")
    list_display = ["name", "slug", "region", "institution", "fair"]
    list_filter = [("fair", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["fair", "region"]
    search_fields = ["slug", *texts("name")]
    fieldsets = [(None, {"fields": [("fair", "slug"), texts("name"), "region", texts("institution")]})]
