from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exhibitors.enums import ReminderOutcome
from exhibitors.models.application import Application
from fairs.enums import RungAct, RungUnit
from fairs.models import Deadline


class DeadlineReminder(models.Model):
    """What became of one step of a deadline's ladder for one application and one reader: written with the letter, so that nobody is
    told twice, or instead of one. Rows are added, never changed.

    The due moment is part of it: a deadline that is moved, or extended for one, is reminded anew. The step stands here by its values: a
    ladder that is written anew reminds of nothing that was told.
    """

    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, related_name="reminders", verbose_name=_("deadline"))
    due_at = models.DateTimeField(_("due"))
    offset = models.SmallIntegerField(_("days from the due day"))
    unit = models.CharField(_("counted in"), max_length=12, choices=RungUnit)
    act = models.CharField(pgettext_lazy("reminder", "what"), max_length=12, choices=RungAct)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="reminders", verbose_name=_("application"))
    email = models.EmailField(_("address"), help_text=_("In lower case."))
    outcome = models.CharField(_("outcome"), max_length=8, choices=ReminderOutcome, default=ReminderOutcome.TOLD)
    reminded_at = models.DateTimeField(_("reminded"))

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-reminded_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["deadline", "due_at", "offset", "unit", "act", "application", "email"], name="reminder_once_per_reader"
            ),
            models.CheckConstraint(condition=Q(outcome__in=ReminderOutcome.values), name="reminder_outcome_known"),
        ]
        indexes = [models.Index(fields=["email", "reminded_at"], name="reminder_latest")]

    def __str__(self) -> str:
        return f"{self.pk}: {self.deadline} → {self.email}"
