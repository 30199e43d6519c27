"""How fast letters may leave, and whether they may leave at all."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

_LABEL = "[a-z0-9]([a-z0-9-]*[a-z0-9])?"
MOST_PER_MINUTE = 100_000
DOMAIN = rf"\A{_LABEL}(\.{_LABEL})+\Z"


class DomainLimit(models.Model):
    """How many letters a minute one mail provider takes from us, over all workers together."""

    domain = models.CharField(
        _("domain"),
        max_length=253,
        unique=True,
        help_text=_("The part behind the @, such as qq.com."),
        validators=[RegexValidator(DOMAIN, _("Write a domain in small letters, such as qq.com."))],
    )
    per_minute = models.PositiveIntegerField(_("letters per minute"), validators=[MinValueValidator(1), MaxValueValidator(MOST_PER_MINUTE)])

    class Meta:
        verbose_name = _("limit of a domain")
        verbose_name_plural = _("limits of domains")
        ordering = ["domain"]
        constraints = [models.CheckConstraint(condition=Q(per_minute__gte=1, per_minute__lte=MOST_PER_MINUTE), name="domainlimit_in_range")]

    def __str__(self) -> str:
        return f"{self.pk}: {self.domain}"


class Pace(models.Model):
    """When the next letter to a domain may leave (``key`` is its name; '' is the provider's own limit). Counted for all workers."""

    key = models.CharField(max_length=253, unique=True)
    free_at = models.BigIntegerField(default=0)  # microseconds since 1970: numbers compare alike in every database

    class Meta:
        verbose_name = "pace"
        verbose_name_plural = "paces"

    def __str__(self) -> str:
        return f"{self.pk}: {self.key or 'all'}"


class SendingPause(models.Model):
    """The mail server took nothing from us, whatever the letter: at most one such time is open."""

    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()  # the next letter after this is a try
    reason = models.TextField()
    is_refusal = models.BooleanField(default=False)  # 5xx: a password or a sender that no waiting mends
    is_open = models.BooleanField(default=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "pause of the outbox"
        verbose_name_plural = "pauses of the outbox"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["is_open"], condition=Q(is_open=True), name="sendingpause_one_open"),
            models.CheckConstraint(
                condition=Q(is_open=True, ended_at=None) | Q(is_open=False, ended_at__isnull=False), name="sendingpause_open_or_ended"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.since:%Y-%m-%d %H:%M}"
