from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from conferences.enums import InvitationStatus
from conferences.models.delegate import Delegate


class VisaInvitation(models.Model):
    """A letter for a delegate's visa. What the passport says lies sealed in ``passport`` and is erased some weeks after the fair."""

    delegate = models.OneToOneField(Delegate, on_delete=models.CASCADE, related_name="visa_invitation", verbose_name=_("delegate"))
    status = models.CharField(_("status"), max_length=10, choices=InvitationStatus)
    passport = models.TextField(blank=True, editable=False)
    entry_on = models.DateField(_("entry"))
    leave_on = models.DateField(_("departure"))
    host = models.CharField(_("host organisation"), max_length=200)
    asked_at = models.DateTimeField(_("asked for"))
    issued_at = models.DateTimeField(_("issued"), null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("issued by")
    )

    class Meta:
        verbose_name = _("visa invitation")
        verbose_name_plural = _("visa invitations")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=InvitationStatus.values), name="visa_invitation_status_known"),
            models.CheckConstraint(condition=Q(leave_on__gte=F("entry_on")), name="visa_invitation_days_in_order"),
            models.CheckConstraint(
                condition=~Q(status=InvitationStatus.ISSUED) | Q(issued_at__isnull=False), name="visa_invitation_issued_at_a_moment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.delegate_id}"
