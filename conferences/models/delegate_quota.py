from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conferences.enums import DelegateKind
from conferences.models.conference import Conference


class DelegateQuota(models.Model):
    """On what terms a conference takes delegates of one kind. A kind without a row is taken as long as the conference has places."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="delegate_quotas", verbose_name=_("conference"))
    kind = models.CharField(_("kind"), max_length=20, choices=DelegateKind)
    is_taken = models.BooleanField(_("may register"), default=True)
    places = models.PositiveIntegerField(_("places at most"), null=True, blank=True, help_text=_("Empty: as many as the conference has."))
    needs_approval = models.BooleanField(_("organisers approve"), default=False)

    class Meta:
        verbose_name = _("places for a kind of delegates")
        verbose_name_plural = _("kinds of delegates")
        ordering = ["conference_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "kind"], name="delegate_quota_once", violation_error_message=_("This kind is in the list already.")
            ),
            models.CheckConstraint(condition=Q(kind__in=DelegateKind.values), name="delegate_quota_kind_known"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
