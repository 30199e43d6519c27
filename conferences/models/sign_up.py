from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conferences.enums import SignUpStatus
from conferences.models.delegate import Delegate
from conferences.models.session import Session


class SignUp(models.Model):
    """A delegate's place in a session, or in its waiting list. Places go in the order of ``id``, taken under the session's lock."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="sign_ups", verbose_name=_("session"))
    delegate = models.ForeignKey(Delegate, on_delete=models.CASCADE, related_name="sign_ups", verbose_name=_("delegate"))
    status = models.CharField(_("status"), max_length=10, choices=SignUpStatus)
    signed_up_at = models.DateTimeField(_("signed up"))

    class Meta:
        verbose_name = _("sign-up")
        verbose_name_plural = _("sign-ups")
        ordering = ["session", "pk"]
        indexes = [models.Index(fields=["session", "status"], name="sign_up_by_status")]
        constraints = [
            models.UniqueConstraint(fields=["session", "delegate"], name="sign_up_once"),
            models.CheckConstraint(condition=Q(status__in=SignUpStatus.values), name="sign_up_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.session_id} · {self.delegate_id}"
