from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exhibitors.models.application import Application
from fairs.models import Deadline


class DeadlineReminder(models.Model):
    """Somebody was told of a deadline: written with the letter, so that nobody is told twice. Rows are added, never changed.

    The due moment is part of it: a deadline that is moved is reminded anew.
    """

    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, related_name="reminders", verbose_name=_("deadline"))
    due_at = models.DateTimeField(_("due"))
    days_before = models.PositiveSmallIntegerField(_("days before"))
    application = models.ForeignKey(
        Application,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="reminders",
        verbose_name=_("application"),
        help_text=_("Empty: a staff member was told of all those that the deadline concerns."),
    )
    email = models.EmailField(_("address"), help_text=_("In lower case."))
    reminded_at = models.DateTimeField(_("reminded"))

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-reminded_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "deadline", "due_at", "days_before", "email"],
                condition=Q(application__isnull=False),
                name="reminder_once_per_exhibitor",
            ),
            models.UniqueConstraint(
                fields=["deadline", "due_at", "days_before", "email"],
                condition=Q(application__isnull=True),
                name="reminder_once_per_staff_member",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.deadline} → {self.email}"
