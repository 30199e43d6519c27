"""Addresses that no mail goes to any more."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from notifications.enums import SuppressionReason


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    def in_force(self) -> "SuppressionQuerySet":
        return self.filter(lifted_at=None)


class Suppression(models.Model):
    """A mailbox that does not exist: letters to it fail at once, until somebody at the desk lifts this."""

    address = models.CharField(_("address"), max_length=254, help_text=_("In lower case, as letters are compared with it."))
    reason = models.CharField(_("reason"), max_length=20, choices=SuppressionReason.choices)
    answer = models.TextField(_("what the mail server said"), blank=True)
    since = models.DateTimeField(pgettext_lazy("suppression", "since"), default=timezone.now)
    letter = models.ForeignKey(
        "notifications.Letter", on_delete=models.SET_NULL, null=True, blank=True, related_name="suppressions", verbose_name=_("letter")
    )
    lifted_at = models.DateTimeField(pgettext_lazy("suppression", "lifted"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("suppression", "lifted by"),
    )

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        verbose_name = _("address without mail")
        verbose_name_plural = _("addresses without mail")
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["address"], condition=Q(lifted_at=None), name="suppression_once_in_force"),
            models.CheckConstraint(condition=Q(reason__in=SuppressionReason.values), name="suppression_reason_known"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.address}"
