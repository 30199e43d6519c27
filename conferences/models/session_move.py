from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from conferences.models.conference import Room
from conferences.models.session import Session


class SessionMove(models.Model):
    """A session got another place in the draft, its first one, or none any more: from where to where, who did it, and when."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="moves", verbose_name=_("session"))
    from_room = models.ForeignKey(Room, on_delete=models.SET_NULL, null=True, related_name="+")
    from_starts_at = models.DateTimeField(null=True)
    from_ends_at = models.DateTimeField(null=True)
    to_room = models.ForeignKey(Room, on_delete=models.SET_NULL, null=True, related_name="+")
    to_starts_at = models.DateTimeField(null=True)
    to_ends_at = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("move of a session")
        verbose_name_plural = _("moves of sessions")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.pk}: {self.session_id}"
