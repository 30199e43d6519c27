from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from exhibitors.models.application import Application
from fairs.models import Deadline


class DeadlineExtension(models.Model):
    """One exhibitor has longer than the others. The deadline is one of the application's fair, and earlier (exhibitors/rules.py)."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="deadline_extensions", verbose_name=_("application")
    )
    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, related_name="extensions", verbose_name=_("deadline"))
    due_at = models.DateTimeField(_("due"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    reason = models.TextField(_("reason"), max_length=4000, blank=True)

    class Meta:
        verbose_name = _("extension of a deadline")
        verbose_name_plural = _("extensions of deadlines")
        ordering = ["application_id", "due_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["application", "deadline"], name="deadline_extended_once_per_application")]

    def __str__(self) -> str:
        return f"{self.pk}: {self.deadline}"
