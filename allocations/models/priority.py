from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exhibitors.models import Application

MOST_CORRECTION = 1000
MOST_PAID_USD = 10_000_000


class PriorityCorrection(models.Model):
    """What people know and the database does not: what a company has paid at earlier fairs, and points given or taken by hand."""

    application = models.OneToOneField(
        Application, on_delete=models.CASCADE, related_name="priority_correction", verbose_name=_("application")
    )
    paid_usd = models.DecimalField(
        _("paid at earlier fairs, US dollars"),
        max_digits=12,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(MOST_PAID_USD)],
    )
    points = models.SmallIntegerField(
        _("points given by hand"),
        default=0,
        validators=[MinValueValidator(-MOST_CORRECTION), MaxValueValidator(MOST_CORRECTION)],
        help_text=_("Added to the points that were counted; a number below zero takes some away."),
    )
    reason = models.CharField(
        _("reason"), max_length=500, blank=True, help_text=_("Needed where points are given by hand. Only staff read it.")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("changed"), editable=False)

    class Meta:
        verbose_name = _("correction of priority points")
        verbose_name_plural = _("corrections of priority points")
        ordering = ["application_id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(points=0) | ~Q(reason=""),
                name="priority_correction_has_reason",
                violation_error_message=_("Write why points are given or taken by hand."),
            ),
            models.CheckConstraint(condition=Q(paid_usd__gte=0), name="priority_paid_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.application}"
