"""Which companies may be one and the same: a person's claim for staff to decide, and what is found by itself."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from exhibitors.enums import ClaimStatus, DuplicateReason
from exhibitors.models.company import Company


class CompanyClaim(models.Model):
    """Somebody entered a company whose tax number another one has. The person is not told; staff decide whether it is the same."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person"))
    entered = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="claims", verbose_name=_("company entered"))
    existing = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="claimed", verbose_name=_("company there before"))
    status = models.CharField(_("status"), max_length=8, choices=ClaimStatus, default=ClaimStatus.OPEN)
    opened_at = models.DateTimeField(_("opened"))
    told_at = models.DateTimeField(_("staff told"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    note = models.TextField(_("note"), max_length=2000, blank=True, help_text=_("For colleagues; the person does not see it."))

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["entered", "existing"], name="company_claim_once"),
            models.CheckConstraint(condition=~Q(entered=F("existing")), name="company_claim_of_another_company"),
            models.CheckConstraint(condition=Q(status__in=ClaimStatus.values), name="company_claim_status_known"),
            models.CheckConstraint(
                condition=Q(status="open", decided_at=None) | ~Q(status="open") & Q(decided_at__isnull=False),
                name="company_claim_decided_has_moment",
            ),
        ]
        indexes = [models.Index(fields=["opened_at"], name="company_claim_untold", condition=Q(told_at=None))]

    def __str__(self) -> str:
        return f"{self.pk}: {self.entered} → {self.existing}"


class DuplicateFlag(models.Model):
    """Two companies that may be the same one in another spelling. Shown to staff of a fair that both have to do with; never merged."""

    company_a = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+", verbose_name=_("company"))
    company_b = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+", verbose_name=_("other company"))
    reason = models.CharField(_("reason"), max_length=8, choices=DuplicateReason)
    found_at = models.DateTimeField(_("found"))
    dismissed_at = models.DateTimeField(_("dismissed"), null=True, blank=True)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("dismissed by")
    )
    note = models.TextField(_("note"), max_length=2000, blank=True, help_text=_("Why these are two companies."))

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        ordering = ["-found_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["company_a", "company_b"], name="duplicate_flag_once_per_pair"),
            models.CheckConstraint(condition=Q(company_a__lt=F("company_b")), name="duplicate_flag_in_order"),
            models.CheckConstraint(condition=Q(reason__in=DuplicateReason.values), name="duplicate_flag_reason_known"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.company_a} – {self.company_b}"
