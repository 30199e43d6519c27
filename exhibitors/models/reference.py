from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from fairs.models.site import country_code, province_code
from fairs.validators import validate_time_zone


def validate_time_zones(value: object) -> None:
    """A list of one or more IANA time zones."""
    if not isinstance(value, list) or not value:
        raise ValidationError(_("Write one or more time zones, such as Asia/Vladivostok."), code="time_zones")
    for zone in value:
        validate_time_zone(zone)


class Region(models.Model):
    """A region of a country by its ISO 3166-2 code, with the time zones it lives in, the main one first."""

    code = models.CharField(_("code"), max_length=6, unique=True, validators=[province_code])
    country = models.CharField(_("country"), max_length=2, validators=[country_code])
    name = models.CharField(_("name"), max_length=120)
    time_zones = models.JSONField(_("time zones"), validators=[validate_time_zones], help_text=_("The main one first."))

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ProductCategory(models.Model):
    """A product group of the catalogue, by chapter of the Harmonized System."""

    code = models.CharField(_("HS chapter"), max_length=10, unique=True)
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        verbose_name = _("product category")
        verbose_name_plural = _("product categories")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
