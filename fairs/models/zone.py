from django.db import models
from django.utils.translation import gettext_lazy as _

from fairs.models.deadline import validate_category_codes
from fairs.models.fair import hall_slug
from fairs.models.site import Hall


class Zone(models.Model):
    """A part of a hall that is meant for some kinds of goods; its stands name it. A small hall has none."""

    hall = models.ForeignKey(Hall, on_delete=models.CASCADE, related_name="zones", verbose_name=_("hall"))
    slug = models.CharField(_("short name for addresses"), max_length=60, validators=[hall_slug])
    name = models.CharField(_("name"), max_length=100)
    category_codes = models.JSONField(
        _("product categories"),
        default=list,
        blank=True,
        validators=[validate_category_codes],
        help_text=_("Whose exhibitors it is meant for; none chosen: anybody's."),
    )

    class Meta:
        verbose_name = _("zone")
        verbose_name_plural = _("zones")
        ordering = ["hall", "slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["hall", "slug"],
                name="zone_slug_once_per_hall",
                violation_error_message=_("Another zone of this hall has this short name."),
            )
        ]

    def __str__(self) -> str:
        return str(self.name or self.slug)
