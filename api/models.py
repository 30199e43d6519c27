"""What the API itself remembers: answers that a client may ask for again, files it was given, how often a limited thing was tried."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from api.file_kinds import FileKind


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


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def unreferenced(self) -> "StoredFileQuerySet":
        """Those that no row of any app points to."""
        return self.filter(**{f"{relation.name}__isnull": True for relation in self.model._meta.related_objects})


class StoredFile(models.Model):
    """A file that somebody handed in, as we keep it: see api/files.py. Who points to it uses ``on_delete=PROTECT``."""

    name = models.CharField(_("name in the store"), max_length=100, unique=True)
    original_name = models.CharField(_("file name"), max_length=150)
    kind = models.CharField(_("kind of file"), max_length=8, choices=FileKind)
    size = models.PositiveBigIntegerField(_("size, bytes"))
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded"))
    kept_at = models.DateTimeField(editable=False, help_text=_("By the machine's clock."))

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=FileKind.values), name="file_kind_known"),
            models.CheckConstraint(condition=Q(size__gt=0), name="file_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.original_name}"
