from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

import clock
from fairs.admin.base import FairAdminBase
from fairs.domain.stand_queries import with_status
from fairs.domain.stands import FloorRefused, check_among_others, save_stand, why_not_blocked, why_not_shortened
from fairs.enums import StandStatus
from fairs.models import Stand
from fairs.roles import Right


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return StandStatus.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Stand]) -> QuerySet[Stand]:
        return queryset.filter(status=self.value()) if self.value() in StandStatus.values else queryset


class StandForm(forms.ModelForm):
    """Says beside the field what is wrong on the floor, before domain/stands.py refuses it."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
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
    empty_hint = _("No stands yet: load a table with import_stands, or draw the first one here.")
    list_display = ["number", "hall", "site", "area_m2", "kind", "power_kw", "water", "state"]
    list_filter = [
        ("hall__fair", admin.RelatedOnlyFieldListFilter),
        ("hall__site", admin.RelatedOnlyFieldListFilter),
        ("hall", admin.RelatedOnlyFieldListFilter),
        StateFilter,
        "open_sides",
        "water",
    ]
    list_select_related = ["hall__site", "hall__fair"]
    list_per_page = 100
    search_fields = ["number", "hall__slug", "blocked_reason"]
    ordering = ["hall", "number"]
    fieldsets = [
        (None, {"fields": ["hall", "zone", ("number", "area_m2", "open_sides"), "outline"]}),
        (_("Services"), {"fields": [("power_kw", "water", "drain", "internet"), ("floor_load_kg_m2", "height_limit_m")]}),
        (_("Days"), {"fields": [("first_day", "last_day")]}),
        (_("Blocked"), {"fields": ["blocked", "blocked_reason"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Stand]:
        return with_status(super().get_queryset(request))

    @admin.display(description=_("site"), ordering="hall__site")
    def site(self, stand: Stand) -> str:
        return str(stand.hall.site)

    @admin.display(description=_("kind"), ordering="open_sides")
    def kind(self, stand: Stand) -> str:
        return str(stand.kind.label)

    @admin.display(description=_("state"))
    def state(self, stand: Any) -> str:
        return str(StandStatus(stand.status).label)

    def save_model(self, request: HttpRequest, obj: Stand, form: Any, change: bool) -> None:
        save_stand(stand=obj, now=clock.now())

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except FloorRefused as refusal:  # somebody drew or gave away a stand there between the form's check and the lock
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
