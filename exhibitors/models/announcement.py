from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fairs.models import Fair


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def open(self) -> "AnnouncementQuerySet":
        """Neither done nor cancelled."""
        return self.filter(done_at__isnull=True, cancelled_at__isnull=True)

    def due(self, *, now: datetime) -> "AnnouncementQuerySet":
        return self.open().filter(at__lte=now)


class Announcement(models.Model):
    """The moment at which held decisions are told to the exhibitors together; its ``steps`` are what is to be told."""

    fair = models.ForeignKey(Fair, on_delete=models.CASCADE, related_name="announcements", verbose_name=_("fair"))
    at = models.DateTimeField(_("moment"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created"))
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index("at", name="announcement_open", condition=Q(done_at__isnull=True, cancelled_at__isnull=True)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(done_at__isnull=True) | Q(cancelled_at__isnull=True), name="announcement_done_or_cancelled"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.at:%Y-%m-%d %H:%M} UTC"
