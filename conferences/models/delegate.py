from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import validate_time_zone
from conferences.enums import DelegateKind, DelegateStatus
from conferences.models.conference import Conference
from fairs.models.site import country_code


class DelegateQuerySet(models.QuerySet["Delegate"]):
    def living(self) -> "DelegateQuerySet":
        """Those who have a place, wait for one or for the organisers' word."""
        return self.filter(status__in=DelegateStatus.living)

    def with_place(self) -> "DelegateQuerySet":
        """Those who take up a place: it is theirs, or offered to them."""
        return self.filter(status__in=DelegateStatus.with_place)

    def unconfirmed_at(self, now: datetime) -> "DelegateQuerySet":
        """Those whose place was not confirmed, or whose offer was not answered, in time."""
        unanswered = Q(status=DelegateStatus.RESERVED, confirmed_at=None) | Q(status=DelegateStatus.OFFERED)
        return self.filter(unanswered, confirm_by__lt=now)


class Delegate(models.Model):
    """Somebody registered for a conference. Places go in the order of ``id``, which is taken under the conference's lock."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="delegates", verbose_name=_("conference"))
    kind = models.CharField(_("kind"), max_length=20, choices=DelegateKind)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=150)
    email = models.EmailField(_("email address"))
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True, validators=[country_code])
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True, validators=[validate_time_zone])
    status = models.CharField(_("status"), max_length=10, choices=DelegateStatus)
    registered_at = models.DateTimeField(_("registered"))
    confirm_by = models.DateTimeField(_("to be confirmed by"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    code_hash = models.CharField(max_length=64, blank=True, editable=False)
    calendar_hash = models.CharField(max_length=64, blank=True, editable=False)  # of the word in the link to the own calendar

    objects = DelegateQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegate")
        verbose_name_plural = _("delegates")
        ordering = ["conference_id", "pk"]
        indexes = [models.Index(fields=["conference", "status"], name="delegate_by_status")]
        constraints = [
            models.UniqueConstraint(
                "conference",
                Lower("email"),
                condition=Q(status__in=DelegateStatus.living),
                name="delegate_once_per_conference",
                violation_error_message=_("This address is registered for the conference already."),
            ),
            models.UniqueConstraint(fields=["calendar_hash"], condition=~Q(calendar_hash=""), name="delegate_calendar_once"),
            models.CheckConstraint(condition=Q(status__in=DelegateStatus.values), name="delegate_status_known"),
            models.CheckConstraint(
                condition=~Q(status=DelegateStatus.OFFERED) | Q(confirm_by__isnull=False) & ~Q(code_hash=""),
                name="delegate_offer_can_be_answered",
            ),
            models.CheckConstraint(condition=~Q(status__in=DelegateStatus.ended) | Q(code_hash=""), name="delegate_ended_without_code"),
            models.CheckConstraint(
                condition=~Q(status=DelegateStatus.REFUSED) | Q(decided_at__isnull=False) & ~Q(reason=""),
                name="delegate_refused_with_reason",
            ),
            models.CheckConstraint(condition=Q(kind__in=DelegateKind.values), name="delegate_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.name}"
