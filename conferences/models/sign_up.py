from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conferences.enums import SignUpStatus
from conferences.models.delegate import Delegate
from conferences.models.session import Session


class SignUpQuerySet(models.QuerySet["SignUp"]):
    def with_place(self) -> "SignUpQuerySet":
        """Those that take up a place: it is the delegate's, or offered to them."""
        return self.filter(status__in=SignUpStatus.with_place)

    def unanswered_at(self, now: datetime) -> "SignUpQuerySet":
        """Those whose offer was not answered in time."""
        return self.filter(status=SignUpStatus.OFFERED, confirm_by__lt=now)


class SignUp(models.Model):
    """A delegate's place in a session, or in its waiting list. Places go in the order of ``id``, taken under the session's lock."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="sign_ups", verbose_name=_("session"))
    delegate = models.ForeignKey(Delegate, on_delete=models.CASCADE, related_name="sign_ups", verbose_name=_("delegate"))
    status = models.CharField(_("status"), max_length=10, choices=SignUpStatus)
    signed_up_at = models.DateTimeField(_("signed up"))
    confirm_by = models.DateTimeField(_("to be confirmed by"), null=True, blank=True)

    objects = SignUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-up")
        verbose_name_plural = _("sign-ups")
        ordering = ["session__starts_at", "session_id", "pk"]
        indexes = [models.Index(fields=["session", "status"], name="sign_up_by_status")]
        constraints = [
            models.UniqueConstraint(fields=["session", "delegate"], name="sign_up_once"),
            models.CheckConstraint(condition=Q(status__in=SignUpStatus.values), name="sign_up_status_known"),
            models.CheckConstraint(
                condition=Q(status=SignUpStatus.OFFERED, confirm_by__isnull=False)
                | ~Q(status=SignUpStatus.OFFERED) & Q(confirm_by__isnull=True),
                name="sign_up_offer_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.session_id} · {self.delegate_id}"
