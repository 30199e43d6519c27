"""Who changed a company, and for whom."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exhibitors.enums import ChangeSource, ChangeSubject
from exhibitors.models.application import Application
from exhibitors.models.company import Company


class CompanyChange(models.Model):
    """Who changed what of a company, for whom and when. Rows are added, never changed.

    ``fields`` names the columns; an import leaves alone what a person has changed (exhibitors/domain/changes.py). ``details`` holds
    before and after (exhibitors/domain/differences.py).
    """

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="changes", verbose_name=_("company"))
    # The application whose part was changed, where it was one.
    application = models.ForeignKey(Application, on_delete=models.CASCADE, null=True, related_name="changes", verbose_name=_("application"))
    subject = models.CharField(_("what"), max_length=12, choices=ChangeSubject)
    fields = models.JSONField(_("fields"), default=list)
    details = models.JSONField(_("before and after"), default=list)
    source = models.CharField(_("source"), max_length=8, choices=ChangeSource)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("moment"))

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["company", "at"], name="company_change_company_at"),
            models.Index(fields=["application", "at"], name="company_change_application_at"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(subject__in=ChangeSubject.values), name="company_change_subject_known"),
            models.CheckConstraint(condition=Q(source__in=ChangeSource.values), name="company_change_source_known"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.subject}"
