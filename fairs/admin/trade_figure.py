from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from fairs.admin.base import FairAdminBase, texts
from fairs.models import TradeFigure
from fairs.roles import Right


@admin.register(TradeFigure)
class TradeFigureAdmin(FairAdminBase):
    """What the provinces of the fair trade with Russia: each figure with its source."""

    edit_right = Right.EDIT_FAIR
    kept = ("fair",)
    empty_hint = _("No trade figures yet: they tell exhibitors what market the fair opens.")
    list_display = ["province", "year", "flow", "goods", "amount", "currency", "growth_percent", "fair"]
    list_filter = [("fair", admin.RelatedOnlyFieldListFilter), "province", "year", "flow"]
    list_select_related = ["fair"]
    search_fields = ["province", "source", *texts("goods")]
    fieldsets = [
        (None, {"fields": ["fair", ("province", "year", "flow"), texts("goods")]}),
        (_("Figure"), {"fields": [("amount", "currency", "amount_usd"), "growth_percent", "source"]}),
    ]
