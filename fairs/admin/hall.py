from itertools import islice
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.widgets import UnfoldAdminDecimalFieldWidget

from fairs.admin.base import FairAdminBase, LinkedInline, TextsForm, list_link, texts
from fairs.admin.floor_preview import floor_preview
from fairs.admin.outline_field import OutlineField
from fairs.admin.stand_rows import rows_page
from fairs.admin_scope import may_edit_floor
from fairs.domain import drawn_sides
from fairs.domain.halls import save_hall
from fairs.domain.stand_layout import rectangle
from fairs.domain.stands import FloorRefused, check_hall
from fairs.models import Hall, Zone
from fairs.roles import Right

_NOTICES_SHOWN = 20


class HallForm(TextsForm):
    """A rectangular hall is as wide and deep as written; any other has an outline."""

    width = forms.DecimalField(label=_("Width, m"), required=False, min_value=1, max_value=2000, widget=UnfoldAdminDecimalFieldWidget)
    depth = forms.DecimalField(label=_("Depth, m"), required=False, min_value=1, max_value=2000, widget=UnfoldAdminDecimalFieldWidget)
    outline = OutlineField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "building" in self.fields:
            self.fields["building"].queryset = self.instance.site.buildings.all()  # type: ignore[attr-defined]
        if self.instance.pk and "outline" in self.fields:
            self.fields["outline"].required = True
        elif "outline" in self.fields:
            self.fields["outline"].help_text = _("Or, where it is no rectangle, its corners: 0 0; 30 0; 30 20; 0 20")
        if "north_degrees" in self.fields:
            self.fields["north_degrees"].required = False

    def clean_north_degrees(self) -> int:
        return self.cleaned_data["north_degrees"] or 0

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        width, depth = cleaned.get("width"), cleaned.get("depth")
        if width and depth and not cleaned.get("outline"):
            cleaned["outline"] = rectangle(0, 0, float(width), float(depth))
        if "outline" in self.fields and cleaned.get("outline") is None and not self.errors:
            self.add_error("outline", _("Write the hall's width and depth, or its corners."))
        if "outline" in self.fields and cleaned.get("outline") is not None:
            stands = self.instance.stands.all() if self.instance.pk else []
            for problem in check_hall(outline=cleaned["outline"], stands=list(stands)):
                self.add_error(problem.field, problem.message)
        return cleaned


class ZoneInline(LinkedInline):
    model = Zone
    fields = readonly_fields = ["page", "slug"]
    link_right = Right.EDIT_FLOOR
    parent_name = "hall"
    parent_fair_path = "fair"


@admin.register(Hall)
class HallAdmin(FairAdminBase):
    """A hall with its floor plan: every stand in it is a link to its page."""

    form = HallForm
    edit_right = Right.EDIT_FLOOR
    kept = ("site", "slug")
    empty_hint = _("No halls yet: add one to a site, then add rows of stands to it or import a table.")
    inlines = [ZoneInline]
    list_display = ["name", "site", "slug", "stand_list", "fair"]
    ordering = ("fair", "site", "slug")
    list_filter = [("fair", admin.RelatedOnlyFieldListFilter), ("site", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["fair", "site"]
    search_fields = ["slug", *texts("name")]
    change_form_before_template = "fairs/admin/hall_ways_in.html"
    readonly_fields = ["floor_plan", "stand_list"]
    fieldsets = [
        (None, {"fields": ["site", "building", texts("name"), "slug"]}),
        (_("Floor"), {"fields": ["floor_plan", "stand_list", "outline", "north_degrees"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Hall]:
        return super().get_queryset(request).annotate(stand_count=Count("stands"))

    def get_fieldsets(self, request: HttpRequest, obj: Hall | None = None) -> Any:
        if obj is not None:
            return super().get_fieldsets(request, obj)
        return [(None, {"fields": ["site", texts("name"), "slug", ("width", "depth"), "outline"]})]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Hall | None = None) -> dict[str, Any]:
        return {"slug": ["name_en"]} if obj is None else {}

    def response_add(self, request: HttpRequest, obj: Hall, post_url_continue: str | None = None) -> HttpResponse:
        if "_addanother" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        # A new hall is empty: what comes next is on its own page.
        messages.success(request, _("The hall was added. Now add its stands."))
        return HttpResponseRedirect(reverse("admin:fairs_hall_change", args=[obj.pk]))

    def get_urls(self) -> list[URLPattern]:
        rows = self.admin_site.admin_view(self.rows_view)
        return [path("<path:object_id>/rows/", rows, name="fairs_hall_rows"), *super().get_urls()]

    def rows_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Add rows of stands from a pattern."""
        return rows_page(self, request, object_id)

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None) -> Any:
        hall = self.get_object(request, object_id)
        ways_in: dict[str, Any] = {}
        if hall and may_edit_floor(request, hall.fair_id):
            ways_in = {"hall_id": hall.pk, "notices": list(islice(drawn_sides.notices(hall.stands.order_by("number")), _NOTICES_SHOWN))}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **ways_in})

    def get_inlines(self, request: HttpRequest, obj: Hall | None) -> Any:
        return super().get_inlines(request, obj) if obj else []

    def save_model(self, request: HttpRequest, obj: Hall, form: Any, change: bool) -> None:
        save_hall(hall=obj)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except FloorRefused as refusal:  # somebody drew a stand there between the form's check and the lock
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    @admin.display(description=_("stands"))
    def stand_list(self, hall: Any) -> str:
        text = ngettext("%(count)d stand", "%(count)d stands", hall.stand_count) % {"count": hall.stand_count}
        return list_link("fairs_stand", text, hall__id__exact=hall.pk)

    @admin.display(description=_("floor plan"))
    def floor_plan(self, hall: Any) -> str:
        if "drawn" not in vars(hall):  # the page asks for each of its fields five times
            hall.drawn = render_to_string("fairs/admin/floor_preview.html", floor_preview(hall))
        return str(hall.drawn)
