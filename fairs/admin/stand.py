from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

import clock
from fairs.admin.base import FairAdminBase
from fairs.admin.outline_field import OutlineField
from fairs.admin.stand_import import import_page
from fairs.domain import drawn_sides, halls
from fairs.domain.stand_queries import with_status
from fairs.domain.stands import (
    FloorRefused,
    check_among_others,
    drawn_area,
    outline_problem,
    save_stand,
    why_not_blocked,
    why_not_shortened,
)
from fairs.enums import STAND_KIND_BY_OPEN_SIDES, StandStatus
from fairs.models import Stand
from fairs.roles import Right
from fairs.units import number_text

STAND_KINDS = [(sides, kind.label) for sides, kind in STAND_KIND_BY_OPEN_SIDES.items()]


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return StandStatus.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Stand]) -> QuerySet[Stand]:
        return queryset.filter(status=self.value()) if self.value() in StandStatus.values else queryset


class DrawnFilter(admin.SimpleListFilter):
    title = _("open sides and plan")
    parameter_name = "drawn"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("differ", _("stated otherwise than drawn")), ("closed", _("closed in"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Stand]) -> QuerySet[Stand]:
        if self.value() == "differ":
            return queryset.exclude(open_sides_drawn=None).exclude(open_sides=F("open_sides_drawn")).exclude(open_sides_drawn=0)
        return queryset.filter(open_sides_drawn=0) if self.value() == "closed" else queryset


class StandForm(forms.ModelForm):
    """Says beside the field what is wrong on the floor, before domain/stands.py refuses it."""

    outline = OutlineField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "open_sides" in self.fields:  # not for those who only look
            self.fields["open_sides"].required = False
            self.fields["open_sides"].choices = [("", _("as the plan shows")), *STAND_KINDS]  # type: ignore[attr-defined]
            self.fields["open_sides"].help_text = _("Leave this empty: as the plan shows.")
            self.fields["area_m2"].required = False
            self.fields["area_m2"].help_text = _("Leave this empty: as drawn.")
        if "zone" in self.fields and self.instance.pk:
            self.fields["zone"].queryset = self.instance.hall.zones.all()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["open_sides"] = cleaned.get("open_sides") or None  # empty: those of the plan
        if cleaned.get("blocked") and self.instance.pk:
            for why in why_not_blocked([self.instance.pk], now=clock.now()).values():
                self.add_error("blocked", why)
        if self.instance.pk and cleaned.get("first_day") and cleaned.get("last_day"):
            changed = Stand(pk=self.instance.pk, first_day=cleaned["first_day"], last_day=cleaned["last_day"])
            for why in why_not_shortened([changed]).values():
                self.add_error("first_day", why)
        hall = self.instance.hall if self.instance.pk else cleaned.get("hall")
        if hall is None or cleaned.get("outline") is None or not cleaned.get("number"):
            return cleaned
        if cleaned.get("area_m2") is None and not outline_problem(cleaned["outline"]):
            cleaned["area_m2"] = drawn_area(cleaned["outline"])
        problems = check_among_others(
            hall=hall,
            number=cleaned["number"],
            outline=cleaned["outline"],
            area_m2=cleaned.get("area_m2"),
            stand_id=self.instance.pk,
        )
        for problem in problems:
            self.add_error(problem.field, problem.message)
        return cleaned


@admin.register(Stand)
class StandAdmin(FairAdminBase):
    """Stands with their place, area and services."""

    form = StandForm
    fair_path = "hall__fair"
    edit_right = Right.EDIT_FLOOR
    kept = ("hall",)
    empty_hint = _("No stands yet: open a hall to add rows of stands or to import a table, or draw the first one here.")
    list_display = ["number", "hall", "city", "area", "kind", "power", "water", "state"]
    list_filter = [
        ("hall__fair", admin.RelatedOnlyFieldListFilter),
        ("hall__site", admin.RelatedOnlyFieldListFilter),
        ("hall", admin.RelatedOnlyFieldListFilter),
        ("zone", admin.RelatedOnlyFieldListFilter),
        StateFilter,
        DrawnFilter,
        "open_sides",
        "water",
    ]
    list_select_related = ["hall__site", "hall__fair"]
    actions_list = ("import_table",)
    list_per_page = 100
    search_fields = ["number", "hall__slug", "blocked_reason"]
    ordering = ["hall__fair", "hall", "number"]
    fieldsets = [
        (None, {"fields": ["hall", "zone", ("number", "area_m2", "open_sides"), "outline"]}),
        (_("Services"), {"fields": [("power_kw", "water", "drain", "internet"), ("floor_load_kg_m2", "height_limit_m")]}),
        (_("Days"), {"fields": [("first_day", "last_day")]}),
        (_("Blocked"), {"fields": ["blocked", "blocked_reason"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Stand]:
        return with_status(super().get_queryset(request))

    def get_urls(self) -> list[URLPattern]:
        return [path("import/", self.admin_site.admin_view(self.import_view), name="fairs_stand_import"), *super().get_urls()]

    @action(description=_("Import stands"), url_path="import-stands", permissions=["add"], icon="upload_file")
    def import_table(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:fairs_stand_import"))

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Import stands from a file."""
        return import_page(self, request)

    @admin.display(description=_("city"), ordering="hall__site")
    def city(self, stand: Stand) -> str:
        """Short: a site's whole name would make each row five lines high; the filter has it."""
        return stand.hall.site.city

    @admin.display(description=_("area, m²"), ordering="area_m2")
    def area(self, stand: Stand) -> str:
        return number_text(stand.area_m2)

    @admin.display(description=_("power, kW"), ordering="power_kw")
    def power(self, stand: Stand) -> str:
        return number_text(stand.power_kw)

    @admin.display(description=_("kind"), ordering="open_sides")
    def kind(self, stand: Stand) -> str:
        return str(stand.kind.label)

    @admin.display(description=_("state"))
    def state(self, stand: Any) -> str:
        return str(StandStatus(stand.status).label)

    def save_model(self, request: HttpRequest, obj: Stand, form: Any, change: bool) -> None:
        save_stand(stand=obj, now=clock.now())

        for notice in drawn_sides.notices([obj]):
            self.message_user(request, notice, messages.WARNING)

    def delete_model(self, request: HttpRequest, obj: Stand) -> None:
        halls.remove_stands(stand_ids=[obj.pk])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Stand]) -> None:
        halls.remove_stands(stand_ids=list(queryset.values_list("pk", flat=True)))

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except FloorRefused as refusal:  # somebody drew or gave away a stand there between the form's check and the lock
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
