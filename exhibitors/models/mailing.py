"""What organisers write to many exhibitors at once."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exhibitors.enums import RecipientState
from exhibitors.models.application import Application
from fairs.models import Fair


class MailingQuerySet(models.QuerySet["Mailing"]):
    def open(self) -> "MailingQuerySet":
        """Neither done nor cancelled."""
        return self.filter(done_at=None, cancelled_at=None)

    def due(self, *, now: datetime) -> "MailingQuerySet":
        return self.open().filter(at__lte=now)


class Mailing(models.Model):
    """One text, in up to three languages, to the exhibitors that were chosen; ``recipients`` are fixed when it is made."""

    fair = models.ForeignKey(Fair, on_delete=models.CASCADE, related_name="mailings", verbose_name=_("fair"))
    # The fair, and what the page that writes it has drawn: the same page sent twice makes one mailing.
    token = models.CharField(max_length=40, unique=True, editable=False)
    subject = models.CharField(_("subject"), max_length=150, blank=True)
    text = models.TextField(_("text"), blank=True)
    at = models.DateTimeField(pgettext_lazy("mailing", "goes at"))
    holds = models.BooleanField(
        pgettext_lazy("mailing", "Hold the letters back"),
        default=False,
        help_text=_("Each can then be read, edited or dropped among the letters, and leaves when somebody releases it."),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created"))
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    unreached = models.PositiveIntegerField(_("exhibitors without an address"), default=0)

    objects = MailingQuerySet.as_manager()

    class Meta:
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")
        ordering = ["-at", "-pk"]
        indexes = [models.Index("at", name="mailing_open", condition=Q(done_at__isnull=True, cancelled_at__isnull=True))]
        constraints = [models.CheckConstraint(condition=Q(done_at=None) | Q(cancelled_at=None), name="mailing_done_or_cancelled")]

    def __str__(self) -> str:
        return f"{self.pk}: {self.subject}"


class MailingRecipient(models.Model):
    """One address of a mailing, about the application through which it was chosen."""

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="recipients", verbose_name=_("mailing"))
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+", verbose_name=_("application"))
    address = models.CharField(_("address"), max_length=254, help_text=_("In lower case: each gets one letter."))
    email = models.EmailField(_("email address"))
    name = models.CharField(_("recipient"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    time_zone = models.CharField(_("time zone"), max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("user"))
    state = models.CharField(_("state"), max_length=10, choices=RecipientState, default=RecipientState.WAITING)
    reason = models.TextField(_("why"), blank=True)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)  # workers that began with it, see domain/tries.py
    letter = models.ForeignKey("notifications.Letter", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("letter"))

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        ordering = ["pk"]
        indexes = [models.Index("mailing", "id", name="mailing_waiting", condition=Q(state="waiting"))]
        constraints = [
            models.UniqueConstraint(fields=["mailing", "address"], name="mailing_address_once"),
            models.CheckConstraint(condition=Q(state__in=RecipientState.values), name="mailing_recipient_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.email}"
