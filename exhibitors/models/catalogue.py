from django.db import models
from django.utils.translation import gettext_lazy as _

from exhibitors.enums import ExhibitorRole
from exhibitors.models.application import Application
from exhibitors.models.company import Company
from fairs.models import Fair


class Exhibitor(models.Model):
    """A company in the public catalogue of a fair: it has accepted, or stands with a main exhibitor that has.

    One row a company and fair, written by ``domain/catalogue.py`` whenever an application, a co-exhibitor or a name
    changes. The ``sort_…`` columns hold the name in each language, folded, so that a page is one walk of an index.
    """

    fair = models.ForeignKey(Fair, on_delete=models.CASCADE, related_name="exhibitors", verbose_name=_("fair"))
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="exhibits", verbose_name=_("company"))
    # The application whose stands it has: its own, or that of the main exhibitor it stands with.
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="exhibitors", verbose_name=_("application"))
    role = models.CharField(_("role"), max_length=4, choices=ExhibitorRole)
    sort_ru = models.CharField(max_length=200)
    sort_zh_hans = models.CharField(max_length=200)
    sort_en = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("exhibitor")
        verbose_name_plural = _("exhibitors")
        ordering = ["fair_id", "sort_en", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["fair", "company"], name="exhibitor_once_per_fair"),
            models.CheckConstraint(condition=models.Q(role__in=ExhibitorRole.values), name="exhibitor_role_known"),
        ]
        indexes = [
            models.Index(fields=["fair", "sort_ru", "id"], name="exhibitor_by_name_ru"),
            models.Index(fields=["fair", "sort_zh_hans", "id"], name="exhibitor_by_name_zh"),
            models.Index(fields=["fair", "sort_en", "id"], name="exhibitor_by_name_en"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.company}"
