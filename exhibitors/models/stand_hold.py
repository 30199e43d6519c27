from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from exhibitors.enums import HoldEnd
from exhibitors.models.application import Application
from fairs.models import Stand


class StandHoldQuerySet(models.QuerySet["StandHold"]):
    def live(self, *, now: datetime) -> "StandHoldQuerySet":
        """Those that keep their stand at ``now``: neither ended nor expired."""
        return self.filter(ended_at__isnull=True, until__gt=now)

    def end(self, how: HoldEnd, *, now: datetime) -> int:
        """End all of these; returns how many there were."""
        return self.update(ended_at=now, how=how)


class StandHold(models.Model):
    """A stand kept for somebody until a moment: for an application, or for whom the note names.

    It expires by itself: a row whose ``until`` has passed keeps nothing, though nobody has written its end yet. Never public.
    """

    stand = models.ForeignKey(Stand, on_delete=models.CASCADE, related_name="holds", verbose_name=_("stand"))
    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, null=True, blank=True, related_name="stand_holds", verbose_name=_("application")
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    until = models.DateTimeField(_("held until"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    created_at = models.DateTimeField(_("created"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    how = models.CharField(_("how it ended"), max_length=20, choices=HoldEnd, blank=True)

    objects = StandHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("held stand")
        verbose_name_plural = _("held stands")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["stand"], condition=Q(ended_at__isnull=True), name="stand_held_once"),
            models.CheckConstraint(condition=Q(application__isnull=False) | ~Q(note=""), name="stand_hold_for_somebody"),
            models.CheckConstraint(condition=Q(until__gt=F("created_at")), name="stand_hold_lasts"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, how="") | Q(ended_at__isnull=False, how__in=HoldEnd.values),
                name="stand_hold_ends_somehow",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.stand} until {self.until:%Y-%m-%d %H:%M} UTC"

    def is_for(self, *, application_id: int | None, note: str) -> bool:
        """Whether it is kept for this application, or, where there is none, for whom this note names."""
        if self.application_id is not None or application_id is not None:
            return self.application_id == application_id
        return self.note == note
