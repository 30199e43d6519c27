"""What the API itself remembers: the answers to requests that a client may repeat, and how often something limited was tried."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class IdempotencyKey(models.Model):
    """One creating request under a client's key: claimed while it runs, then holding its answer for 24 hours."""

    scope = models.CharField(max_length=64, help_text=_("Hash of who asked and where"))
    key = models.CharField(max_length=255)
    person = models.CharField(max_length=64, blank=True, default="", db_index=True, help_text=_("Id of who asked, for erasure"))
    body_hash = models.CharField(max_length=64)
    claim = models.CharField(max_length=32, help_text=_("Drawn by the request that works on it"))
    claimed_until = models.DateTimeField()
    created_at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    content_type = models.CharField(max_length=100, blank=True, default="")
    headers = models.JSONField(default=dict, blank=True)
    body = models.TextField(blank=True, default="")

    class Meta:
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="idempotency_key_once_per_scope")]

    def __str__(self) -> str:
        return f"{self.pk}: {self.key}"


class Try(models.Model):
    """How often something limited was tried within one window (api/limits.py)."""

    key = models.CharField(max_length=200, unique=True, help_text=_("What, who, and which window"))
    count = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True, help_text=_("When the window is over"))

    class Meta:
        verbose_name = _("try")
        verbose_name_plural = _("tries")

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
