from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from fairs.admin.base import FairAdminBase, TextsForm, list_link, texts
from fairs.admin.deadline import CodesField
from fairs.domain import zones
from fairs.models import Hall, Zone
from fairs.roles import Right


class ZoneForm(TextsForm):
    """Its stands are named by their numbers, as on a plan: A01–A20, B05."""

    category_codes = CodesField(
        label=_("Product categories"),
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Codes such as 03, 16: whose exhibitors it is meant for; none: anybody's."),
    )
    numbers = forms.CharField(
        label=_("Stands"),
        required=False,
        max_length=20_000,
        help_text=_("Numbers of this hall, ranges too: A01–A20, B05. A stand is in one zone: those named here leave theirs."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial.setdefault("numbers", ", ".join(zones.as_ranges(zones.numbers_in(self.instance.hall_id), self.instance)))

    def clean_numbers(self) -> list[str]:
        hall = self.instance.hall if self.instance.pk else self.cleaned_data.get("hall")
        if not isinstance(hall, Hall):
            return []
        try:
            return zones.numbers_named(self.cleaned_data["numbers"], among=zones.numbers_in(hall.pk))
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


@admin.register(Zone)
class ZoneAdmin(FairAdminBase):
    """A part of a hall that is meant for some kinds of goods."""

    form = ZoneForm
    fair_path = "hall__fair"
    edit_right = Right.EDIT_FLOOR
    kept = ("hall",)
    empty_hint = _("No zones yet: a hall may have some, each for some kinds of goods.")
    list_display = ["name", "hall", "slug", "category_list", "stand_list"]
    ordering = ("hall__fair", "hall", "slug")
    list_filter = [("hall__fair", admin.RelatedOnlyFieldListFilter), ("hall", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["hall__fair"]
    search_fields = ["slug", *texts("name")]
    fieldsets = [(None, {"fields": ["hall", texts("name"), ("slug", "category_codes"), "numbers"]})]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Zone]:
        return super().get_queryset(request).annotate(stand_count=Count("stands"))

    def get_prepopulated_fields(self, request: HttpRequest, obj: Zone | None = None) -> dict[str, Any]:
        return {"slug": ["name_en"]} if obj is None else {}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        found = super().get_readonly_fields(request, obj)
        return found if self.has_change_permission(request, obj) else [*found, "stand_list"]

    def get_fieldsets(self, request: HttpRequest, obj: Zone | None = None) -> Any:
        if obj is None or self.has_change_permission(request, obj):
            return super().get_fieldsets(request, obj)
        return [(None, {"fields": ["hall", texts("name"), ("slug", "category_codes"), "stand_list"]})]

    @admin.display(description=_("product categories"))
    def category_list(self, zone: Zone) -> str:
        return ", ".join(zone.category_codes) or "–"

    @admin.display(description=_("stands"))
    def stand_list(self, zone: Any) -> str:
        text = ngettext("%(count)d stand", "%(count)d stands", zone.stand_count) % {"count": zone.stand_count}
        return list_link("fairs_stand", text, zone__id__exact=zone.pk)

    def save_model(self, request: HttpRequest, obj: Zone, form: Any, change: bool) -> None:
        zones.save_zone(zone=obj, numbers=form.cleaned_data["numbers"])
