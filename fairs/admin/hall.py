from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fairs.admin.base import FairAdminBase, TextsForm, list_link, texts
from fairs.admin.floor_preview import floor_preview
from fairs.domain.stands import check_hall
from fairs.models import Hall
from fairs.roles import Right


class HallForm(TextsForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "outline" in self.fields and cleaned.get("outline") is not None:
            stands = self.instance.stands.all() if self.instance.pk else []
            for problem in check_hall(outline=cleaned["outline"], stands=list(stands)):
                self.add_error(problem.field, problem.message)
        return cleaned


@admin.register(Hall)
class HallAdmin(FairAdminBase):
    """A hall with its floor plan: every stand in it is a link to its page."""

    form = HallForm
    edit_right = Right.EDIT_FLOOR
    kept = ("site", "slug")
    empty_hint = _("No halls yet: add one to a site, then load its stands with import_stands or draw them one by one.")
    list_display = ["name", "site", "slug", "stand_list", "fair"]
    list_filter = [("fair", admin.RelatedOnlyFieldListFilter), ("site", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["fair", "site"]
    search_fields = ["slug", *texts("name")]
    readonly_fields = ["floor_plan", "stand_list"]
    fieldsets = [
        (None, {"fields": ["site", texts("name"), "slug"]}),
        (_("Floor"), {"fields": ["floor_plan", "stand_list", "outline"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Hall]:
        return super().get_queryset(request).annotate(stand_count=Count("stands"))

    def get_fieldsets(self, request: HttpRequest, obj: Hall | None = None) -> Any:
        if obj is not None:
            return super().get_fieldsets(request, obj)
        return [(None, {"fields": ["site", texts("name"), "slug", "outline"]})]

    @admin.display(description=_("stands"))
    def stand_list(self, hall: Any) -> str:
        text = ngettext("%(count)d stand", "%(count)d stands", hall.stand_count) % {"count": hall.stand_count}
        return list_link("fairs_stand", text, hall__id__exact=hall.pk)

    @admin.display(description=_("floor plan"))
    def floor_plan(self, hall: Hall) -> str:
        return render_to_string("fairs/admin/floor_preview.html", floor_preview(hall))
