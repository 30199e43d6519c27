from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from exhibitors.models.reference import Region
from fairs.models import Fair

short_name = RegexValidator(r"^[a-z0-9][-a-z0-9]*$", _("Use lower-case Latin letters, digits and hyphens."), code="slug")


class Pavilion(models.Model):
    """A named group of main exhibitors who stand together: often a region's, with the institution that leads it."""

    fair = models.ForeignKey(Fair, on_delete=models.CASCADE, related_name="pavilions", verbose_name=_("fair"))
    slug = models.CharField(_("short name for addresses"), max_length=60, validators=[short_name])
    name = models.CharField(_("name"), max_length=200)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, related_name="pavilions", verbose_name=_("region"))
    institution = models.CharField(
        _("responsible institution"), max_length=200, blank=True, help_text=_("Who leads it, such as a region's export centre.")
    )

    class Meta:
        verbose_name = _("pavilion")
        verbose_name_plural = _("pavilions")
        ordering = ["fair_id", "slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["fair", "slug"],
                name="pavilion_slug_once_per_fair",
                violation_error_message=_("Another pavilion of this fair has this short name."),
            )
        ]

    def __str__(self) -> str:
        return str(self.name or self.slug)
