from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exhibitors.models.application import Application
from fairs.models import Deadline, Fair


class StaffTaskQuerySet(models.QuerySet["StaffTask"]):
    def open(self) -> "StaffTaskQuerySet":
        return self.filter(done_at=None)


class StaffTask(models.Model):
    """Something a staff member has to see to. Those of a deadline come by themselves when an exhibitor has not done it in time, and are
    done with it (domain/staff_tasks.py); others are written by hand. Application and deadline are of its fair (exhibitors/rules.py)."""

    fair = models.ForeignKey(Fair, on_delete=models.CASCADE, related_name="staff_tasks", verbose_name=_("fair"))
    title = models.CharField(_("title"), max_length=200, blank=True, help_text=_("Empty: the deadline's own."))
    note = models.TextField(_("note"), max_length=2000, blank=True)
    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, null=True, blank=True, related_name="staff_tasks", verbose_name=_("application")
    )
    deadline = models.ForeignKey(
        Deadline, on_delete=models.SET_NULL, null=True, blank=True, related_name="staff_tasks", verbose_name=_("deadline")
    )
    deadline_due_at = models.DateTimeField(null=True, blank=True, editable=False)  # the moment that passed: a moved deadline escalates anew
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="staff_tasks", verbose_name=_("assignee")
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("created by")
    )
    done_at = models.DateTimeField(_("done"), null=True, blank=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("done by")
    )

    objects = StaffTaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["fair", "assignee"], name="staff_task_open", condition=Q(done_at=None))]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "deadline", "deadline_due_at"],
                condition=Q(deadline_due_at__isnull=False),
                name="staff_task_once_per_deadline",
            ),
            models.CheckConstraint(
                condition=~Q(title="") | Q(deadline_due_at__isnull=False),
                name="staff_task_says_what",
                violation_error_message=_("Write what is to be done."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.title or self.deadline}"
