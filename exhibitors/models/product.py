from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from api.text import labelled
from exhibitors.enums import ProductFate, ProductUnit
from exhibitors.models.application import Application, SiteWish
from exhibitors.models.reference import ProductCategory

MOST_PRODUCTS = 500  # an application
LONGEST_SHELF_LIFE_DAYS = 3650
COLDEST_C, HOTTEST_C = -80, 100
_DIGITS = r"^([0-9]{6}|[0-9]{8}|[0-9]{10})$"
customs_code = RegexValidator(
    _DIGITS, _("Write the 10 digits of the TN VED, the 6 of the Harmonized System, or the 8 of China's tariff."), code="customs_code"
)
gacc_code = RegexValidator(
    r"^[A-Z0-9][A-Z0-9/.-]{3,39}$", _("Write the number as China's customs gave it: letters and digits."), code="gacc"
)


class Product(models.Model):
    """A product to be shown: what China's customs and the visitors have to know of it."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="products", verbose_name=_("application"))
    name = models.CharField(_("name"), max_length=200)
    code = models.CharField(_("TN VED or HS code"), max_length=10, validators=[customs_code])
    # The group of the code's chapter, kept so that lists by group need not look at codes.
    category = models.ForeignKey(ProductCategory, on_delete=models.PROTECT, related_name="products", verbose_name=_("product category"))
    brand = models.CharField(_("brand"), max_length=200, blank=True)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    gacc_number = models.CharField(_("GACC number"), max_length=40, blank=True, validators=[gacc_code])
    gacc_valid_until = models.DateField(_("GACC number valid until"), null=True, blank=True)
    shelf_life_days = models.PositiveSmallIntegerField(
        _("shelf life, days"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(LONGEST_SHELF_LIFE_DAYS)]
    )
    temperature_min_c = models.SmallIntegerField(
        _("kept at, °C at least"), null=True, blank=True, validators=[MinValueValidator(COLDEST_C), MaxValueValidator(HOTTEST_C)]
    )
    temperature_max_c = models.SmallIntegerField(
        _("kept at, °C at most"), null=True, blank=True, validators=[MinValueValidator(COLDEST_C), MaxValueValidator(HOTTEST_C)]
    )
    fate = models.CharField(_("what becomes of it"), max_length=8, choices=ProductFate)
    quantity = models.DecimalField(
        _("quantity"), max_digits=10, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0.01)]
    )
    unit = models.CharField(_("unit"), max_length=6, choices=ProductUnit, blank=True)
    wishes = models.ManyToManyField(
        SiteWish, through="ProductSite", related_name="products", verbose_name=_("sites"), help_text=_("None: at every site.")
    )

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["application_id", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=_DIGITS), name="product_code_six_eight_or_ten_digits"),
            models.CheckConstraint(condition=Q(fate__in=ProductFate.values), name="product_fate_known"),
            models.CheckConstraint(condition=Q(unit__in=["", *ProductUnit.values]), name="product_unit_known"),
            models.CheckConstraint(condition=Q(gacc_valid_until__isnull=True) | ~Q(gacc_number=""), name="product_gacc_end_with_number"),
            models.CheckConstraint(
                condition=Q(shelf_life_days__isnull=True) | Q(shelf_life_days__gte=1, shelf_life_days__lte=LONGEST_SHELF_LIFE_DAYS),
                name="product_shelf_life_in_range",
            ),
            models.CheckConstraint(
                condition=Q(temperature_min_c__isnull=True)
                | Q(temperature_max_c__isnull=True)
                | Q(temperature_max_c__gte=F("temperature_min_c")),
                name="product_temperatures_in_order",
                violation_error_message=_("The temperatures are not in order."),
            ),
            models.CheckConstraint(
                condition=(Q(quantity__isnull=True) & Q(unit="")) | (Q(quantity__isnull=False, quantity__gt=0) & ~Q(unit="")),
                name="product_quantity_with_unit",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name or self.code)


class ProductSite(models.Model):
    """A site of its application where a product is shown; the two belong to one application, by trigger."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="site_links")
    wish = models.ForeignKey(SiteWish, on_delete=models.CASCADE, related_name="product_links", verbose_name=_("site"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "wish"], name="product_site_once")]

    def __str__(self) -> str:
        return labelled(self.product, self.wish)
