from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fairs.enums import Currency, TradeFlow
from fairs.models.fair import Fair
from fairs.models.site import province_code


class TradeFigure(models.Model):
    """What a province trades with Russia in a year: the market that the fair addresses, with its source."""

    fair = models.ForeignKey(Fair, on_delete=models.CASCADE, related_name="trade_figures", verbose_name=_("fair"))
    province = models.CharField(_("province"), max_length=6, validators=[province_code], help_text=_("ISO 3166-2 code, such as CN-LN."))
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(1990), MaxValueValidator(2100)])
    flow = models.CharField(_("flow"), max_length=20, choices=TradeFlow)
    goods = models.CharField(_("goods"), max_length=200, blank=True, help_text=_("Empty: all goods."))
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, choices=Currency, default=Currency.CNY)
    amount_usd = models.DecimalField(_("amount, US dollars"), max_digits=18, decimal_places=2, null=True, blank=True)
    growth_percent = models.DecimalField(
        _("growth, %"), max_digits=7, decimal_places=1, null=True, blank=True, help_text=_("Change on the year before: ×6.2 is 520.")
    )
    source = models.CharField(_("source"), max_length=300)

    class Meta:
        verbose_name = _("trade figure")
        verbose_name_plural = _("trade figures")
        ordering = ["fair_id", "province", "-year", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["fair", "province", "year", "flow", "goods"], name="trade_figure_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="trade_figure_not_negative"),
            models.CheckConstraint(condition=Q(flow__in=TradeFlow.values), name="trade_figure_flow_known"),
            models.CheckConstraint(condition=~Q(source=""), name="trade_figure_has_source"),
        ]

    def __str__(self) -> str:
        return f"{self.province} {self.year} {self.get_flow_display()}"
