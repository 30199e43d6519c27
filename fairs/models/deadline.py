from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from fairs.enums import Audience
from fairs.models.fair import Fair


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def due_within(self, *, now: datetime, until: datetime) -> "DeadlineQuerySet":
        return self.filter(due_at__gt=now, due_at__lte=until)


class Deadline(models.Model):
    """A moment by which something must be done; written and shown in the fair's time zone."""

    fair = models.ForeignKey(Fair, on_delete=models.CASCADE, related_name="deadlines", verbose_name=_("fair"))
    code = models.SlugField(_("code"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    due_at = models.DateTimeField(_("due"))
    audience = models.CharField(_("whom it concerns"), max_length=12, choices=Audience, default=Audience.ACCEPTED)
    is_public = models.BooleanField(_("shown to everybody"), default=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        ordering = ["fair", "due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["fair", "code"],
                name="deadline_code_once_per_fair",
                violation_error_message=_("Another deadline of this fair has this code."),
            ),
            models.CheckConstraint(condition=models.Q(audience__in=Audience.values), name="deadline_audience_known"),
        ]

    def __str__(self) -> str:
        return str(self.title or self.code)
