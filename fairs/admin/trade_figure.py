from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import numberformat
from django.utils.formats import get_format
from django.utils.translation import gettext_lazy as _

from fairs.admin.base import FairAdminBase, TextsForm, texts
from fairs.models import TradeFigure
from fairs.region_names import with_region_name
from fairs.roles import Right


class TradeFigureForm(TextsForm):
    needed_texts = ("source",)


@admin.register(TradeFigure)
class TradeFigureAdmin(FairAdminBase):
    """What the provinces of the fair trade with Russia: each figure with its source."""

    form = TradeFigureForm
    edit_right = Right.EDIT_FAIR
    kept = ("fair",)
    empty_hint = _("No trade figures yet: they tell exhibitors what market the fair opens.")
    list_display = ["province_named", "year", "flow", "goods_named", "amount_named", "growth_percent", "fair"]
    ordering = ("fair", "province", "-year", "pk")
    list_filter = [("fair", admin.RelatedOnlyFieldListFilter), "province", "year", "flow"]
    list_select_related = ["fair"]
    search_fields = ["province", *texts("goods"), *texts("source")]
    fieldsets = [
        (None, {"fields": ["fair", ("province", "year", "flow"), texts("goods")]}),
        (_("Figure"), {"fields": [("amount", "currency", "amount_usd"), "growth_percent", texts("source")]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[TradeFigure]:
        return with_region_name(super().get_queryset(request), "province")

    @admin.display(description=_("province"), ordering="province")
    def province_named(self, figure: Any) -> str:
        return str(figure.region_name)

    @admin.display(description=_("goods"), ordering="goods")
    def goods_named(self, figure: TradeFigure) -> str:
        return figure.goods or str(_("all goods"))

    @admin.display(description=_("amount"), ordering="amount")
    def amount_named(self, figure: TradeFigure) -> str:
        """Billions can be read by their groups of three; cents are shown where there are some."""
        decimals = 0 if figure.amount == figure.amount.to_integral_value() else 2
        comma = get_format("THOUSAND_SEPARATOR") or ","  # Django's Chinese has none
        number = numberformat.format(figure.amount, get_format("DECIMAL_SEPARATOR"), decimals, 3, comma, force_grouping=True)
        return f"{number} {figure.currency}"
