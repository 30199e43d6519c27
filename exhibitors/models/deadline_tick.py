from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from exhibitors.models.application import Application
from fairs.models import Deadline


class DeadlineTick(models.Model):
    """Somebody says that an exhibitor has done what a deadline asks for: an organiser, or the exhibitor where the system cannot see it.

    The deadline is one of the application's fair (exhibitors/rules.py).
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="deadline_ticks", verbose_name=_("application"))
    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, related_name="ticks", verbose_name=_("deadline"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    by_exhibitor = models.BooleanField(_("by the exhibitor"), default=False)
    at = models.DateTimeField(_("at"))
    note = models.CharField(_("note"), max_length=300, blank=True, help_text=_("For colleagues, such as: came by post."))

    class Meta:
        verbose_name = _("deadline ticked off")
        verbose_name_plural = _("deadlines ticked off")
        ordering = ["application_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "deadline"],
                name="deadline_ticked_once_per_application",
                violation_error_message=_("This deadline is ticked off already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.deadline}"
