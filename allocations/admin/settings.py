from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from allocations.domain.settings import follow_preset
from allocations.models import AllocationSettings
from allocations.models.settings import WEIGHTS
from fairs import access
from fairs.admin.base import FairAdminBase
from fairs.roles import Right


@admin.register(AllocationSettings)
class AllocationSettingsAdmin(FairAdminBase):
    """What runs of a fair weigh. A fair without rules of its own has the balanced weights."""

    view_right = edit_right = Right.PLACE
    may_delete = False
    kept = ("fair",)
    empty_hint = _("No rules of allocation yet: runs weigh as the balanced set does, and stands that fall free are proposed to you.")
    list_display = ("fair", "preset", "points_preset", "freed_rule")
    ordering = ("fair",)
    list_filter = (("fair", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("fair",)
    fieldsets = (
        (None, {"fields": ("fair", "preset")}),
        (
            _("What a placement gains"),
            {
                "fields": (("preference", "open_sides"), ("area", "zone"), ("priority", "near")),
                "description": _("Points from 0 to 1000; 0 leaves the aim out. Only how they stand to each other matters."),
            },
        ),
        (_("What it loses"), {"fields": (("away", "products"), ("moved_offered", "moved_planned"))}),
        (_("Order and freed stands"), {"fields": ("points_preset", "freed_rule")}),
    )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The fair, where the reader has one that has no rules yet."""
        fairs = access.fairs_with(request.user, Right.PLACE).filter(allocation_settings=None)[:2]  # type: ignore[arg-type]
        usual = {"fair": fairs[0].pk} if len(fairs) == 1 else {}
        return {**usual, **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: AllocationSettings, form: Any, change: bool) -> None:
        is_first_choice = not change and not set(form.changed_data) & set(WEIGHTS)
        follow_preset(obj, changed={*form.changed_data, *(("preset",) if is_first_choice else ())})
        super().save_model(request, obj, form, change)
